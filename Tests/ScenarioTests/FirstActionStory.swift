// The rep is told by when the first action is due, and everybody who looks at the lead sees it.

import LeadCore
import LeadTestKit
import Testing

@Suite("The first action", .timeLimit(.minutes(5)))
struct FirstActionStory {
    @Test("the rep's message and page name the deadline; the manager's page names it too; a restart keeps it")
    func told() async throws {
        let policy = try EscalationPolicy(steps: Sample.standard.steps, firstAction: .seconds(14_400))
        let plan = HousePlan {
            $0.rulebook = Cast.rulebook(policy: policy)
            $0.hasPages = true
        }
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1)
            let asked = try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.settle()
            try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: ada)
            let handover = try await house.expect(.assigned, to: "jane", by: "mail")
            #expect(handover.briefing.sentences.contains("Take the first action by Mon 23 Nov 19:00 (UTC)."))
            let settled = try await house.expect(.settled, to: "dana", by: "mail", "teams")
            #expect(!settled.briefing.sentences.contains { $0.contains("first action") })
            // The promise stands whatever the rules become.
            try await house.stop()
            try await house.start()
            try house.reload(Cast.rulebook())
            try await Browser.open(house) { browser in
                let mine = try await browser.open(handover.path)
                #expect(mine.text.contains("Take the first action by Mon 23 Nov 19:00 (UTC)."))
                let managers = try await browser.open(asked.path)
                #expect(managers.text.contains("Jane Ortiz is to take the first action by Mon 23 Nov 19:00 (UTC)."))
            }
            try await house.decide(.start(by: "jane"), on: ada)
            try await Browser.open(house) { browser in
                let page = try await browser.open(asked.path)
                #expect(!page.text.contains("first action by"))
            }
        }
    }
}
