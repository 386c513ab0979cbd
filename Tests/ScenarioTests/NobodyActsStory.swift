// Nobody chooses: a reminder, the next manager, and in the end the fallback person has the lead, once.

import LeadCore
import LeadTestKit
import Testing

@Suite("Nobody acts", .timeLimit(.minutes(5)))
struct NobodyActsStory {
    @Test("a reminder, the second manager, the fallback person exactly once; then nobody is asked any more")
    func nobodyActs() async throws {
        try await House.open { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")

            try await house.pass(.milliseconds(899_999))
            try await house.expectSilence()
            try await house.pass(.milliseconds(1))
            try await house.expect(.remind, to: "dana", by: "mail", "teams")

            try await house.pass(.milliseconds(899_999))
            try await house.expectSilence()
            try await house.pass(.milliseconds(1))
            let escalation = try await house.expect(.escalate, to: "lee", by: "mail", "slack")
            #expect(escalation.briefing.sentences.contains { $0.contains("Dana Whitfield has not chosen since") })

            try await house.pass(.milliseconds(1_799_999))
            try await house.expectSilence()
            try await house.pass(.milliseconds(1))
            try await house.expect(.assigned, to: "jane", by: "mail")
            try await house.expect(.settled, to: "dana", by: "mail", "teams")
            let told = try await house.expect(.settled, to: "lee", by: "mail", "slack")
            #expect(told.briefing.sentences.contains { $0.contains("because nobody chose in time") })

            try await house.pass(.seconds(86_400))
            try await house.expectSilence()
            #expect(
                try await house.story(of: ada)
                    == ["opened", "notified dana", "reminded dana", "notified lee", "assigned to jane"])
            let file = try await house.file(ada)
            #expect(file.subject.assignment?.mode == .fallback)
            #expect(file.history.map { ($0.at - Sample.start).milliseconds } == [0, 0, 900_000, 1_800_000, 3_600_000])
        }
    }

    @Test("messages about choosing that still wait when the lead is given away are never sent")
    func overtaken() async throws {
        try await House.open { house in
            try house.channel("teams").answer { _, _ in .deferred(reason: "not now", retryAfter: .seconds(3000)) }
            try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail")
            try await house.pass(.seconds(900))
            try await house.expect(.remind, to: "dana", by: "mail")
            try await house.pass(.seconds(900))
            try await house.expect(.escalate, to: "lee", by: "mail", "slack")
            try await house.pass(.seconds(1800))
            try await house.expect(.assigned, to: "jane", by: "mail")
            try await house.expect(.settled, to: "dana", by: "mail")
            try await house.expect(.settled, to: "lee", by: "mail", "slack")

            // The chat works again: what is still worth telling comes, what has been overtaken doesn't.
            try house.channel("teams").answer { _, _ in .sent(detail: "taken") }
            try await house.pass(.seconds(7200))
            try await house.expect(.settled, to: "dana", by: "teams")
        }
    }

    @Test("messages about choosing that wait in hand when the choice is made are never sent")
    func overtakenInHand() async throws {
        try await House.open { house in
            try house.hold("teams")
            var ids: [CaseID] = []
            for number in 1...10 {
                ids.append(try await house.drop(lead: number))
                try await house.expect(.decide, to: "dana", by: "mail")
            }
            try await house.pass(.seconds(60))
            for id in ids { try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: id) }
            try house.release("teams")
            for id in ids {
                try await house.expect(.assigned, to: "jane", by: "mail", about: id)
                try await house.expect(.settled, to: "dana", by: "mail", "teams", about: id)
            }
            // Two were under way when the choices were made.
            for _ in 0..<2 { try await house.expect(.decide, to: "dana", by: "teams") }
            try await house.expectSilence()
        }
    }

    @Test("many leads escalate side by side, each at its own time")
    func many() async throws {
        try await House.open { house in
            for number in 1...30 {
                try await house.drop(lead: number)
                try await house.pass(.seconds(60))
            }
            try await house.pass(.seconds(7200))
            for _ in 1...30 {
                try await house.expect(.decide, to: "dana", by: "mail", "teams")
                try await house.expect(.remind, to: "dana", by: "mail", "teams")
                try await house.expect(.escalate, to: "lee", by: "mail", "slack")
                try await house.expect(.assigned, to: "jane", by: "mail")
                try await house.expect(.settled, to: "dana", by: "mail", "teams")
                try await house.expect(.settled, to: "lee", by: "mail", "slack")
            }
            for summary in try await house.cases() {
                let file = try await house.file(summary.id)
                let offsets = file.history.map { ($0.at - file.subject.openedAt).milliseconds }
                #expect(offsets == [0, 0, 900_000, 1_800_000, 3_600_000])
            }
        }
    }
}
