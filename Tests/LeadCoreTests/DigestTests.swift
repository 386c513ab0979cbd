// What a digest says: each lead once, by its newest message, the most urgent first, each with its link.

import LeadTestKit
import Testing

@testable import LeadCore

@Suite("A digest")
struct DigestTests {
    private let rulebook = Sample.rulebook()
    private var writer: BriefingWriter { BriefingWriter(rulebook: rulebook, keys: Sample.keys) }

    private func message(
        _ number: Int, minutes: Int64 = 0, _ fields: [FieldName: String] = [:], kind: MessageKind = .decide,
        sequence: Int = 2, remark: String? = nil
    ) -> (delivery: Delivery, subject: LeadCase) {
        let subject = Sample.opening(
            Sample.lead(number, fields), at: Sample.start + .seconds(minutes * 60), rulebook: rulebook
        ).result
        return (
            Delivery(
                caseID: subject.id, sequence: sequence, person: "dana", channel: "teams", lane: "teams/dana",
                kind: kind,
                createdAt: Sample.start, remark: remark), subject
        )
    }

    @Test("sorts by the time until somebody has to have chosen, then by value")
    func order() throws {
        let digest = try #require(
            writer.digest(of: [
                message(1, minutes: 9, [.company: "Late"]), message(2, [.company: "Small", .value: "100"]),
                message(3, [.company: "Large", .value: "90000"]), message(4, minutes: 1, [.company: "Middle"]),
            ]))
        let firms = digest.suggestions.map { $0.name.split(separator: " ").last.map(String.init) ?? "" }
        #expect(firms == ["Large", "Small", "Middle", "Late"])
        #expect(digest.headline == "4 leads for you")
        #expect(digest.kind == .digest && digest.link == nil)
        #expect(digest.suggestions.allSatisfy { $0.link.hasPrefix("https://leads.example.com/l/k1.") })
        #expect(Set(digest.suggestions.map(\.link)).count == 4)
        #expect(digest.suggestions[0].reason.hasPrefix("choose by Mon 23 Nov 16:00 (UTC); 90,000"))
    }

    @Test("a remark that says nothing leaves no mark")
    func emptyRemark() throws {
        let said = try #require(writer.digest(of: [message(1, remark: "passed on")]))
        #expect(said.suggestions[0].reason == "choose by Mon 23 Nov 16:00 (UTC); passed on")
        let silent = try #require(writer.digest(of: [message(1, remark: "")]))
        #expect(silent.suggestions[0].reason == "choose by Mon 23 Nov 16:00 (UTC)")
    }

    @Test("tells each lead once, by its newest message, and knows which messages that settles")
    func once() throws {
        let digest = try #require(
            writer.digest(of: [message(1), message(2), message(1, kind: .remind, sequence: 3)]))
        #expect(
            digest.suggestions.map(\.name) == [
                "Reminder: fine-art for Acme Arts", "fine-art for Acme Arts",
            ] || digest.suggestions.map(\.name) == ["fine-art for Acme Arts", "Reminder: fine-art for Acme Arts"])
        #expect(digest.digest?.flatMap(\.deliveries).count == 3)
        #expect(digest.deliveryID.text.hasSuffix(".digest"))
    }

    @Test("is German for a German reader, line by line, and knows one lead from several")
    func german() throws {
        let people = Sample.people.map { person in
            Person(
                id: person.id, name: person.name, isManager: person.isManager, rep: person.rep, reach: person.reach,
                language: .german)
        }
        let german = BriefingWriter(rulebook: Sample.rulebook(people: people), keys: Sample.keys)
        let digest = try #require(
            german.digest(of: [
                message(1, [.value: "90000", .currency: "EUR"], kind: .remind), message(2, minutes: 1, kind: .escalate),
            ]))
        #expect(digest.headline == "2 Leads für Sie" && digest.subject == digest.headline)
        #expect(digest.sentences.first?.hasPrefix("Sie sind innerhalb kurzer Zeit oder während Ihrer Ruhezeit") == true)
        #expect(
            digest.suggestions.map(\.name) == [
                "Erinnerung: fine-art für Acme Arts", "Jetzt sind Sie gefragt: fine-art für Acme Arts",
            ])
        #expect(digest.suggestions[0].reason == "zu entscheiden bis Mo., 23. Nov., 16:00 Uhr (UTC); 90.000 EUR")
        #expect(digest.brief.suggestions[0].name == "Erinnerung: Anfrage von Acme Arts")
        #expect(digest.phrases.language == .german && digest.brief.phrases.language == .german)
        let twice = [message(1), message(1, kind: .remind, sequence: 3)]
        #expect(try #require(german.digest(of: twice)).headline == "Ein Lead für Sie")
        #expect(try #require(writer.digest(of: twice)).headline == "A lead for you")
    }

    @Test("shows nothing of the person on a channel that is brief")
    func brief() throws {
        let lead: [FieldName: String] = [.company: "", .name: "Grace Hopper", .value: "5000"]
        let digest = try #require(writer.digest(of: [message(1, lead), message(2, [.company: "Acme Arts"])]))
        #expect(digest.suggestions.contains { $0.name.contains("Grace Hopper") })
        let brief = digest.brief
        #expect(!brief.suggestions.contains { ($0.name + $0.reason).contains("Hopper") || $0.reason.contains("5,000") })
        #expect(Set(brief.suggestions.map(\.name)) == ["a lead", "a lead for Acme Arts"])
        #expect(brief.suggestions.map(\.link) == digest.suggestions.map(\.link))
    }
}
