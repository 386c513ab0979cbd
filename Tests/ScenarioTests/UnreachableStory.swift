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

    @Test("a manager whom no channel reaches: the operator is alarmed and the plan goes on")
    func manager() async throws {
        let people = Cast.people.map { $0.id == "dana" ? Cast.with($0) : $0 }
        let plan = HousePlan { $0.rulebook = Cast.rulebook(people: people) }
        try await House.open(plan) { house in
            try await house.drop(lead: 1)
            let alarm = try await house.expect(.alarm, to: "lee", by: "mail", "slack")
            #expect(alarm.briefing.sentences.joined().contains("no way to reach Dana Whitfield"))
            try await house.expectSilence()
            try await house.pass(.seconds(900))
            try await house.expect(.alarm, to: "lee", by: "mail", "slack")
            try await house.pass(.seconds(900))
            try await house.expect(.escalate, to: "lee", by: "mail", "slack")
        }
    }
}
