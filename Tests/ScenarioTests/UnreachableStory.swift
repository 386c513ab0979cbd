// A lead that gives neither e-mail nor phone is a lead all the same: it is taken, and everybody is told what is missing.

import LeadCore
import LeadTestKit
import Testing

@Suite("An unreachable lead", .timeLimit(.minutes(5)))
struct UnreachableStory {
    @Test("a lead without e-mail and phone is taken, and every message says so")
    func unreachable() async throws {
        let plan = HousePlan { $0.hasPages = true }
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1, [.email: "", .phone: ""])
            let mark = "The lead gives neither e-mail nor phone."
            let asked = try await house.expect(.decide, to: "dana", by: "teams", "mail")
            #expect(asked.briefing.sentences.contains(mark))
            try await Browser.open(house) { browser in
                let page = try await browser.open(asked.path)
                #expect(page.text.contains("neither e-mail nor phone"))
            }
            try await house.pass(.seconds(1))
            try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: ada)
            let handover = try await house.expect(.assigned, to: "jane", by: "mail")
            #expect(handover.briefing.sentences.contains(mark))
            #expect(handover.briefing.facts.contains(Fact("E-mail", nil)))
            try await house.expect(.settled, to: "dana", by: "mail", "teams")
        }
    }

    @Test("a manager whom the configuration gives no channel: the operator is alarmed and the next one asked at once")
    func manager() async throws {
        let people = Cast.people.map { $0.id == "dana" ? Cast.with($0) : $0 }
        let plan = HousePlan { $0.rulebook = Cast.rulebook(people: people) }
        try await House.open(plan) { house in
            try await house.drop(lead: 1)
            let alarm = try await house.expect(.alarm, to: "lee", by: "mail", "slack")
            #expect(alarm.briefing.sentences.joined().contains("no way to reach Dana Whitfield"))
            try await house.expect(.escalate, to: "lee", by: "mail", "slack")
            try await house.pass(.seconds(1800))
            try await house.expectSilence()
        }
    }

    @Test("when no channel reaches the manager, the next one is asked at once, not at the deadline")
    func nextAtOnce() async throws {
        try await House.open { house in
            try house.channel("teams").answer { _, _ in .stopped(reason: "HTTP 404 from the webhook") }
            try house.channel("mail").answer { sent, _ in
                sent.address.revealed.hasPrefix("dana")
                    ? .failed(reason: "550 5.1.1 no such person") : .sent(detail: "ok")
            }
            let ada = try await house.drop(lead: 1)
            try await house.expect(.escalate, to: "lee", by: "mail", "slack")
            for _ in 1...2 { try await house.expect(.alarm, to: "lee", by: "mail", "slack") }
            try await house.settle()
            // When chat fails first, one more mail tries to say so, and its failure is told too.
            house.journal.readAll()
            let words = house.journal.now.letters.filter { $0.kind == .alarm }.flatMap(
                \.briefing.sentences)
            #expect(words.contains { $0.contains("No channel reached Dana Whitfield") })
            let story = try await house.story(of: ada)
            #expect(story.prefix(2) == ["opened", "notified dana"])
            #expect(story.contains("dana not reached"))
            // A mail that fails while the chat is known to be stopped, and the case hasn't heard of that yet, is as good.
            let silence = try #require(story.firstIndex { ["dana not reached", "dana out of reach"].contains($0) })
            #expect(story[silence...].dropFirst().prefix(2) == ["skipped 1", "notified lee"])
            try await house.pass(.seconds(3599))
            try await house.expectSilence()
            try await house.pass(.seconds(1))
            try await house.expect(.assigned, to: "jane", by: "mail")
            try await house.expect(.settled, to: "lee", by: "mail", "slack")
            // What Dana is told of the end fails as well.
            try await house.expect(.alarm, to: "lee", by: "mail", "slack")
        }
    }

    @Test("when no channel reaches anybody who may choose, the lead gets its owner at once")
    func ownerAtOnce() async throws {
        try await House.open { house in
            let refused = DeliveryOutcome.failed(reason: "550 5.1.1 no such person")
            try house.channel("teams").answer { _, _ in refused }
            try house.channel("slack").answer { _, _ in refused }
            try house.channel("mail").answer { sent, _ in
                ["dana", "lee"].contains { sent.address.revealed.hasPrefix($0) }
                    ? refused : .sent(detail: "ok")
            }
            let ada = try await house.drop(lead: 1)
            try await house.expect(.assigned, to: "jane", by: "mail")
            try await house.expectSilence()
            let story = try await house.story(of: ada)
            #expect(
                story.filter { $0.hasSuffix(" not reached") } == ["dana not reached", "lee not reached"])
            #expect(try await house.file(ada).subject.assignment?.rep == "jane")
        }
    }

    @Test("one dead channel hurries nothing, and the mails say that chat is dead")
    func oneDead() async throws {
        try await House.open { house in
            try house.channel("teams").answer { _, _ in .stopped(reason: "HTTP 404 from the webhook") }
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail")
            try await house.expect(.alarm, to: "lee", by: "mail", "slack")
            let mark = "teams takes no messages for you at the moment, so rely on this mail."
            // The mail that left at the same moment could not say so; one more does, once.
            let more = try await house.expect(.remind, to: "dana", by: "mail", about: ada)
            #expect(more.briefing.sentences.contains(mark))
            try await house.expectSilence()
            try await house.drop(lead: 2)
            let second = try await house.expect(.decide, to: "dana", by: "mail")
            #expect(second.briefing.sentences.contains(mark))
            try await house.pass(.seconds(900))
            let reminder = try await house.expect(.remind, to: "dana", by: "mail", about: ada)
            #expect(reminder.briefing.sentences.contains(mark))
            try await house.expect(.remind, to: "dana", by: "mail")
            try await house.expectSilence()
            #expect(
                try await house.story(of: ada).filter { $0.hasPrefix("notified") } == ["notified dana"])
        }
    }
}
