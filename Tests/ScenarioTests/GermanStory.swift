// A house whose people read German: every message that leaves it, and every answer in the chat, is German; with a text of
// their own where they have written one. What somebody has said in another language is passed on as it is.

import Foundation
import LeadCore
import LeadNotify
import LeadTestKit
import PeerKit
import Testing

@Suite("Messages in German", .timeLimit(.minutes(5)))
struct GermanStory {
    /// Dana is written to by Slack and by mail, Billy by mail and has room for one lead, Jane reads English.
    private static let people = [
        Person(
            id: "dana", name: "Dana Whitfield", isManager: true,
            reach: [Sample.reach("mail", "dana@example.com"), Sample.reach("bot", "U0DANA0001")],
            slackID: "U0DANA0001"),
        Person(
            id: "lee", name: "Lee Park", isManager: true, reach: [Sample.reach("mail", "lee@example.com")],
            slackID: "U0LEE00001"),
        Person(
            id: "billy", name: "Billy Moss", rep: Person.RepProfile(skills: ["fine-art"], capacity: 1),
            reach: [Sample.reach("mail", "billy@example.com")]),
        Person(
            id: "jane", name: "Jane Ortiz", rep: Person.RepProfile(skills: ["commercial"], capacity: 12),
            reach: [Sample.reach("mail", "jane@example.com")], language: .english),
    ]

    private func tell(
        digest: DigestRule = .off, _ story: (House, Workspace) async throws -> Void
    ) async throws {
        let shipped = try #require(Phrases.english.all.first { $0.name == "headline.decide" })
        let own = try shipped.template(of: "Bitte gleich ansehen: {{title}}")
        let phrases = PhraseBook(language: .german, templates: [.german: ["mail": ["headline.decide": own]]])
        try await Workspace.tell(
            rulebook: {
                Sample.rulebook(
                    people: Self.people, channels: $0, operators: ["jane"], digest: digest, phrases: phrases)
            }, story)
    }

    @Test("a lead's way from the question to the handover, with what is pressed in Slack and what is answered there")
    func way() async throws {
        try await tell { house, slack in
            try await house.drop(lead: 1)
            let asked = try await house.expect(.decide, to: "dana", by: "mail")
            #expect(asked.briefing.headline == "Bitte gleich ansehen: fine-art für Acme Arts")
            #expect(asked.briefing.sentences[0].hasPrefix("Sie entscheiden über diesen Lead. Grund: "))
            try await house.expect(.decide, to: "dana", by: "bot")
            let post = try slack.posts()[0]
            #expect(post.text.contains("Neuer Lead: fine-art für Acme Arts"))
            let body = String(decoding: post.blocks, as: UTF8.self)
            for words in [
                "Wer übernimmt den Lead?", "Ich entscheide", "Weitergeben …", "Ablehnen …", "Zuteilen", "Abbrechen",
                "Entscheidung · ",
            ] { #expect(body.contains(words), "\(words) in \(body)") }
            let form = try await slack.open("reject", in: post, by: "U0DANA0001", house)
            let shown = String(decoding: form.json, as: UTF8.self)
            for words in [
                "Lead ablehnen", "fine-art für Acme Arts", "Warum?", "Nicht für uns", "Dublette", "Anmerkung",
            ] {
                #expect(shown.contains(words), "\(words) in \(shown)")
            }

            #expect(try await slack.press("claim", in: post, by: "U0STRANGER", house) == 200)
            #expect(try await slack.nextAnswer(house).text.hasPrefix("leadbell kennt Sie nicht."))
            #expect(try await slack.press("claim", in: post, by: "U0DANA0001", house) == 200)
            _ = try await slack.posts(house, "to show the claim") { $0.text.contains("Dana Whitfield entscheidet: ") }
            #expect(try await slack.press("assign", "billy", in: post, by: "U0DANA0001", house) == 200)
            let handed = try await house.expect(.assigned, to: "billy", by: "mail")
            #expect(handed.briefing.headline == "Ihr Lead: fine-art für Acme Arts")
            let settled = try await house.expect(.settled, to: "dana", by: "mail")
            #expect(settled.briefing.headline == "Entschieden, Billy Moss hat den Lead: fine-art für Acme Arts")
            _ = try await slack.posts(house, "to show who has it") {
                $0.text.contains("Entschieden, Billy Moss hat den Lead")
            }
            #expect(try await slack.press("assign", "jane", in: post, by: "U0DANA0001", house) == 200)
            let late = try await slack.nextAnswer(house)
            #expect(late.text.contains("Jemand war schneller. Billy Moss hat den Lead seit Mo., 23. Nov., "))
            #expect(String(decoding: late.blocks, as: UTF8.self).contains("Lead öffnen"))

            // Billy is full now, which the question says in German; and Jane hears of hers in English.
            let second = try await house.drop(lead: 2)
            try await house.expect(.decide, to: "dana", by: "mail", "bot", about: second)
            let other = try #require(try slack.posts().last)
            #expect(try await slack.press("assign", "billy", in: other, by: "U0DANA0001", house) == 200)
            #expect(
                try await slack.nextAnswer(house).text.contains(
                    "Bevor Billy Moss den Lead erhält: ausgelastet: 1 von 1"))
            #expect(try await slack.press("assign", "jane", in: other, by: "U0DANA0001", house) == 200)
            let question = try await slack.nextAnswer(house)
            #expect(question.text.contains("Lead zu fine-art, spezialisiert auf commercial"))
            #expect(try await slack.press("confirm", in: question, by: "U0DANA0001", house, isPrompt: true) == 200)
            #expect(
                try await slack.nextAnswer(house).text == "Erledigt. Jane Ortiz hat den Lead und wird benachrichtigt.")
            let hers = try await house.expect(.assigned, to: "jane", by: "mail", about: second)
            #expect(hers.briefing.headline == "Your lead: fine-art for Acme Arts")
            house.journal.readAll()
        }
    }

    @Test("a storm is a digest in German")
    func storm() async throws {
        try await tell(digest: .on(DigestPolicy())) { house, slack in
            for number in 1...7 { try await house.drop(lead: number, [.company: "Firm \(number)"]) }
            for _ in 1...5 { try await house.expect(.decide, to: "dana", by: "mail", "bot") }
            try await house.pass(.seconds(120))
            let digest = try await house.expect(.digest, to: "dana", by: "mail")
            #expect(digest.briefing.headline == "2 Leads für Sie")
            #expect(
                digest.briefing.suggestions.allSatisfy { $0.reason.hasPrefix("zu entscheiden bis Mo., 23. Nov., ") })
            try await house.expect(.digest, to: "dana", by: "bot")
            #expect(try #require(try slack.posts().last).text.contains("Das Dringendste zuerst:"))
            house.journal.readAll()
        }
    }
}
