// Hostile words in messages of every kind: whatever stands in a text, nothing takes effect in a message that doesn't without
// it, as the program finds it in which the message is read.

import Foundation
import LeadTestKit
import Testing

@testable import LeadCore
@testable import LeadNotify

@Suite("Hostile words") struct HostileWordsTests {
    private static let kinds = ChannelKind.all.filter { $0.rendering != nil }.map(\.name)
    private static let pieces = SampleLead.marks + SampleLead.controls

    private static func settings(_ kind: ChannelKind) -> ChannelSettings {
        ChannelSettings(
            id: ChannelID(kind.name), kind: kind.name, isShared: kind.isShared, isMail: kind.isMail, concurrency: 1,
            isEditable: kind.isEditable)
    }

    private func kind(_ name: String) throws -> ChannelKind {
        try #require(ChannelKind.all.first { $0.name == name })
    }

    /// Expects that of `briefing` nothing takes effect that doesn't of `harmless`, and that the kind finds no flaw in it.
    private func expectHarmless(_ briefing: Briefing, as harmless: Briefing, on kind: ChannelKind, _ what: String)
        throws
    {
        let effects = try #require(
            MessageEffects.finders[kind.name], "it must be said what takes effect in \(kind.name)")
        let (found, known) = (try effects(briefing), try effects(harmless))
        #expect(!known.isEmpty, "\(what): what takes effect is found")
        #expect(found.subtracting(known) == [], "\(what)")
        #expect(try #require(kind.render(briefing, brief: false)).flaws == [], "\(what)")
    }

    @Test("no mark of any channel, no line end and no control has an effect in any text of a message", arguments: kinds)
    func pieces(_ name: String) throws {
        let kind = try kind(name)
        for piece in Self.pieces + [Self.pieces.joined()] {
            // Beside other words, alone, and once where it begins a line.
            for text in ["a\(piece)z", "a \(piece) z", "\(piece)z"] {
                let record = "https://crm.example.com/\(text)"
                func briefing(_ text: String) -> Briefing {
                    var briefing = Fixture.briefing(filledWith: text, description: 400, record: record)
                    let choice = ChatOffer.Choice(id: "billy", name: text, hint: text)
                    briefing.offer = ChatOffer(
                        target: ChatTarget(caseID: "7zq4m0c2d9xk1b5r", round: 1), reps: [choice], mayClaim: true,
                        mayRelease: true, mayPass: true)
                    briefing.mention = "dana@stoneworks.example"
                    return briefing
                }
                try expectHarmless(briefing(text), as: briefing("x"), on: kind, "\(text.debugDescription)")
            }
        }
    }

    @Test(
        "in messages about the hostile lead nothing takes effect that doesn't in those about the plain one",
        arguments: kinds, Language.shipped)
    func samples(_ name: String, _ language: Language) throws {
        let kind = try kind(name)
        let hostile = SampleMessages(.hostile, over: Self.settings(kind), in: language, phrases: .shipped)
        // All the same but for the words: this lead's own address is the CRM's too.
        var lead = SampleLead.plain.lead
        lead.fill(.recordURL, try #require(SampleLead.hostile.lead[.recordURL]), .given)
        let plain = SampleMessages(.plain, about: lead, over: Self.settings(kind), in: language, phrases: .shipped)
        for scene in SampleScene.all(isEditable: kind.isEditable) where scene != .test {
            let (hostile, plain) = (try #require(hostile.briefing(scene)), try #require(plain.briefing(scene)))
            try expectHarmless(hostile, as: plain, on: kind, "\(scene)")
            try expectHarmless(hostile.brief, as: plain.brief, on: kind, "\(scene), brief")
        }
    }

    /// The fields that some message shows, those that stand in for others included.
    private static let shown: Set<FieldName> = [
        .name, .firstName, .lastName, .title, .email, .phone, .company, .projectType, .product, .campaign, .industry,
        .source, .city, .state, .stateCode, .country, .countryCode, .urgency, .value, .currency, .language,
        .description,
        .id, .recordURL,
    ]

    @Test("each field by itself, which may stand in for others, has no effect in a message", arguments: kinds)
    func fields(_ name: String) throws {
        let kind = try kind(name)
        var seen: Set<FieldName> = []
        for (field, value) in SampleLead.hostile.lead.shown {
            let harm = value.text
            #expect(harm.contains("<!channel>"), "\(field)")
            func samples(_ text: String) -> SampleMessages {
                let fields: [FieldName: String] = field == .currency ? [.value: "12500"] : [:]
                let lead = Lead(given: fields.merging([field: text]) { $1 })
                return SampleMessages(.plain, about: lead, over: Self.settings(kind), in: .english, phrases: .shipped)
            }
            // An address is an effect of its own, and the same in both.
            let (hostile, plain) = (samples(harm), samples(field == .recordURL || field == .id ? harm : "x\ny"))
            for scene in [SampleScene.decide, .assigned, .inquiry] {
                let (hostile, plain) = (try #require(hostile.briefing(scene)), try #require(plain.briefing(scene)))
                try expectHarmless(hostile, as: plain, on: kind, "\(field.text), \(scene)")
                let texts = [hostile.headline, hostile.description, hostile.recordURL].compactMap(\.self)
                let all = texts + hostile.sentences + hostile.facts.map(\.text) + hostile.suggestions.map(\.reason)
                if all.contains(where: { $0.lowercased().contains("channel") }) { seen.insert(field) }
            }
        }
        #expect(seen == Self.shown)
    }
}
