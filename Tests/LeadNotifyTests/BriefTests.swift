// What a brief message tells of a lead whose every field is a word of its own: the firm and the place, on every kind of
// channel, in every message and language, and in what programs are posted.

import Foundation
import LeadTestKit
import Testing

@testable import LeadCore
@testable import LeadNotify

@Suite("Brief messages") struct BriefTests {
    /// The firm and the place.
    private static let told: Set<FieldName> = [.company, .city, .state, .stateCode, .country, .countryCode]

    private static let fields = FieldName.known.map(\.0) + [.joins, .enteredBy, "lucky_number", "eye_colour"]

    /// "Zqwphonekindwqz": in none of our texts, none within another, and no number or language that would be written in
    /// another way.
    private static func word(_ field: FieldName) -> String { "Zqw\(field.text.replacing("_", with: ""))wqz" }

    private static let lead = Lead(
        given: Dictionary(
            uniqueKeysWithValues: fields.map { field in
                (field, field == .recordURL ? "https://crm.example/\(word(field))" : word(field))
            }))

    private static func settings(_ kind: ChannelKind) -> ChannelSettings {
        ChannelSettings(
            id: ChannelID(kind.name), kind: kind.name, isShared: kind.isShared, isMail: kind.isMail, concurrency: 1,
            isEditable: kind.isEditable)
    }

    /// The fields whose words stand in a message, however it is encoded.
    private static func shown(_ bytes: [UInt8]) -> Set<FieldName> {
        let text = String(decoding: bytes, as: UTF8.self).replacing("=\r\n", with: "")
        let decoded = text.removingPercentEncoding ?? text
        return Set(fields.filter { text.contains(word($0)) || decoded.contains(word($0)) })
    }

    @Test(
        "a brief message of any kind shows of a lead its firm and its place alone", arguments: Language.shipped,
        ChannelKind.all.filter { $0.rendering != nil }.map(\.name))
    func messages(_ language: Language, _ name: String) throws {
        let kind = try #require(ChannelKind.all.first { $0.name == name })
        let samples = SampleMessages(
            .plain, about: Self.lead, over: Self.settings(kind), in: language, phrases: .shipped)
        var full: Set<FieldName> = []
        for scene in SampleScene.all(isEditable: kind.isEditable) {
            let briefing = try #require(samples.briefing(scene))
            full.formUnion(Self.shown(try #require(kind.render(briefing, brief: false)).bytes))
            let brief = try #require(kind.render(briefing, brief: true)).bytes
            let shown = Self.shown(brief)
            #expect(shown.isSubset(of: Self.told), "\(scene): \(shown.subtracting(Self.told))")
            #expect(scene == .test || shown.contains(.company), "\(scene)")
            // What colleagues wrote of it may be about the person.
            let text = String(decoding: brief, as: UTF8.self).replacing("=\r\n", with: "")
            #expect(!text.contains("lions"), "\(scene)")
        }
        let personal: Set<FieldName> = [.name, .email, .phone, .title, .projectType, .urgency, .value, .description]
        #expect(
            full.isSuperset(of: personal), "the words are found where they are shown: \(personal.subtracting(full))")
    }

    @Test("a brief event holds of a lead its firm and its place alone, and no words of anybody's")
    func events() throws {
        let rulebook = Sample.rulebook()
        let opening = Sample.opening(Self.lead, at: Sample.start, rulebook: rulebook)
        var subject = opening.result
        var history = opening.entries
        let manager = try #require(subject.opening.managers.first)
        for command in [
            CaseCommand.assign(rep: "billy", by: manager, note: "Zqwnote"), .undo(by: manager),
            .reject(reason: .spam, by: manager, note: "Zqwnote"),
        ] {
            let transition = try subject.decide(command, now: Sample.start + .seconds(1), rulebook: rulebook)
            history += transition.entries
            subject = transition.result
        }
        let file = CaseFile(subject: subject, history: history, deliveries: [])
        let notices = (1...history.count).compactMap { EventNotice(sequence: $0, in: file, by: rulebook) }
        #expect(notices.map(\.name) == [.opened, .notified, .assigned, .undone, .rejected])
        for notice in notices {
            let record = "https://crm.example/Zqwrecordurl"
            let brief = EventBody.bytes(for: notice, recordURL: record, detail: .brief)
            #expect(Self.shown(brief) == Self.told, "\(notice.name)")
            #expect(!String(decoding: brief, as: UTF8.self).contains("Zqwnote"))
            let full = EventBody.bytes(for: notice, recordURL: record, detail: .full)
            #expect(Self.shown(full).isSuperset(of: [.name, .email, .phone, .description, .industry, "eye_colour"]))
        }
    }
}
