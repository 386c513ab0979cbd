// An enricher that answers after the lead has gone out: what it knows comes to the open case, on the page and in the
// history, and nobody gets a second message for it.

import Foundation
import LeadCore
import LeadTestKit
import Synchronization
import Testing

@Suite("A late answer", .timeLimit(.minutes(5)))
struct LateAnswerStory {
    @Test(
        "the lead goes out when its time is over; the answer comes to the open case, without a message")
    func late() async throws {
        let slow = HeldEnricher()
        let plan = HousePlan {
            $0.enrichers = [slow]
            $0.hasPages = true
        }
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1, [.industry: "Charity"])
            try await house.waitFor("the budget to run") {
                house.clock.earliestDeadline == Sample.start + .seconds(3)
            }
            house.clock.advance(by: .seconds(3))
            let letter = try await house.expect(.decide, to: "dana", by: "mail", "teams")
            #expect(try await house.file(ada).subject.lead.gaps.map(\.reason) == ["took longer than 3 s"])

            house.clock.advance(by: .seconds(20))
            slow.answer([
                .init(.owner, "Lee Park", basis: "firm Acme Arts", confidence: 90),
                .init(.industry, "Stone"),
                .init(.id, "not theirs"),
            ])
            try await house.waitFor(ada, "the answer to come to the case") {
                $0.subject.lead[.owner] != nil
            }
            let file = try await house.file(ada)
            let learnt = Sample.start + .seconds(23)
            #expect(
                file.subject.lead.values[.owner]
                    == Lead.Value(
                        "Lee Park",
                        Provenance(origin: "held", basis: "firm Acme Arts", confidence: 90, at: learnt)))
            #expect(file.subject.lead[.industry] == "Charity", "what the lead says counts")
            #expect(
                file.subject.lead.others[.industry]?.map(\.text) == ["Museums and galleries", "Stone"])
            #expect(file.subject.lead[.id] == "L-1")
            #expect(file.subject.lead.gaps.isEmpty, "there is no gap any more")
            #expect(try await house.story(of: ada) == ["opened", "notified dana", "late answer of held"])
            try await Browser.open(house) { browser in
                let page = try await browser.open(letter.path)
                #expect(page.text.contains("Lee Park"))
                #expect(page.text.contains("added by held, by firm Acme Arts, 90 % sure, Mon 23 Nov 15:00"))
                #expect(
                    page.text.contains("held answered late: Owner in the CRM, Industry (another value)."))
            }
            try await house.expectSilence()
        }
    }

    @Test(
        "an answer that comes after the case is closed, or that the daemon doesn't live to hear, changes nothing"
    )
    func tooLate() async throws {
        let slow = HeldEnricher()
        try await House.open(HousePlan { $0.enrichers = [slow] }) { house in
            let ada = try await house.drop(lead: 1)
            try await house.waitFor("the budget to run") {
                house.clock.earliestDeadline == Sample.start + .seconds(3)
            }
            house.clock.advance(by: .seconds(3))
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.decide(.reject(reason: .spam, by: "dana", note: nil), on: ada)
            try await house.expect(.settled, to: "dana", by: "mail", "teams")
            slow.answer([.init(.owner, "Lee Park")])
            try await house.settle()

            let bob = try await house.drop(lead: 2)
            try await house.waitFor("the budget to run") {
                house.clock.earliestDeadline == Sample.start + .seconds(6)
            }
            house.clock.advance(by: .seconds(3))
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: bob)
            try await house.stop()
            slow.answer([.init(.owner, "Lee Park")])
            try await house.start()
            for id in [ada, bob] { #expect(try await house.file(id).subject.lead[.owner] == nil) }
            try await house.expectSilence()
        }
    }
}

/// Answers when it is told to.
private final class HeldEnricher: Enricher {
    let name = "held"
    let isImmediate = false
    private let findings = Mutex<[Enrichment.Finding]>([])
    private let bell = Bell()

    func answer(_ found: [Enrichment.Finding]) {
        findings.withLock { $0 = found }
        bell.ring()
    }

    func enrich(_ lead: Lead) async -> Enrichment {
        await bell.wait()
        return Enrichment(findings: findings.withLock { $0 })
    }
}
