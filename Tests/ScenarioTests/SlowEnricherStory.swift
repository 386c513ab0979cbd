// An enricher that takes its time, or for ever, never holds a lead back beyond the budget; what it could not say is shown
// as a gap.

import LeadCore
import LeadTestKit
import Testing

@Suite("A slow enricher", .timeLimit(.minutes(5)))
struct SlowEnricherStory {
    @Test("a lead waits for the budget and no longer; the gap is on its page")
    func budget() async throws {
        let plan = HousePlan {
            $0.enrichers = [StuckEnricher()]
            $0.hasPages = true
        }
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1)
            try await house.waitFor("the budget to run") {
                house.clock.earliestDeadline == Sample.start + .seconds(3)
            }
            house.clock.advance(by: .milliseconds(2999))
            #expect(house.journal.now.letters.isEmpty)
            house.clock.advance(by: .milliseconds(1))
            let letter = try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.settle()
            let lead = try await house.file(ada).subject.lead
            #expect(lead.gaps == [Lead.Gap(enricher: "stuck", reason: "took longer than 3 s")])
            #expect(lead[.industry] == "Museums and galleries", "what the others found is there")
            try await Browser.open(house) { browser in
                let page = try await browser.open(letter.path)
                #expect(page.text.contains("took longer than 3 s"))
            }
        }
    }

    @Test("many leads at once wait side by side and not one behind the other", arguments: ["single files", "one file"])
    func many(_ way: String) async throws {
        let plan = HousePlan { $0.enrichers = [StuckEnricher()] }
        try await House.open(plan) { house in
            let texts = try (1...100).map { try House.text(Sample.lead($0)) }
            if way == "one file" {
                try await house.drop("many.ndjson", texts.joined(separator: "\n"))
            } else {
                for (number, text) in texts.enumerated() { try house.place("lead-\(number).json", Array(text.utf8)) }
            }
            // One behind the other they would wait for three hundred seconds.
            for _ in 0..<30 {
                try await house.waitFor("enrichment to wait for time, or to be over") {
                    if house.journal.look({ $0.letters.count }) == 200 { return true }
                    return house.clock.earliestDeadline.map { $0 <= house.clock.now() + .seconds(3) } ?? false
                }
                if house.journal.look({ $0.letters.count }) == 200 { break }
                house.clock.advance(by: .seconds(3))
            }
            #expect(house.clock.now() <= Sample.start + .seconds(90))
            for _ in 1...100 { try await house.expect(.decide, to: "dana", by: "mail", "teams") }
        }
    }
}

/// An enricher that never answers, and doesn't heed that nobody waits any more.
private struct StuckEnricher: Enricher {
    let name = "stuck"
    let isImmediate = false

    func enrich(_ lead: Lead) async -> Enrichment {
        await Bell().wait()
        return Enrichment()
    }
}
