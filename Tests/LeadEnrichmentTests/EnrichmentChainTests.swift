// The chain: order, provenance, gaps, and a budget that no slow enricher can overrun.

import LeadCore
import LeadEnrichment
import LeadTestKit
import Testing

@Suite("EnrichmentChain")
struct EnrichmentChainTests {
    private let lead = Lead(given: [.company: "Acme Arts"])

    private func chain(_ enrichers: [any Enricher], _ clock: ScriptedClock = ScriptedClock()) -> EnrichmentChain {
        EnrichmentChain(enrichers: enrichers, budget: .seconds(3), clock: clock)
    }

    @Test("each enricher sees what those before it have filled")
    func order() async {
        let echo = ScriptedEnricher("echo") { lead in
            Enrichment(findings: [.init(.description, "industry \(lead[.industry] ?? "unknown")")])
        }
        let enriched = await chain([.filling(.industry, "Stone"), echo] as [ScriptedEnricher]).enrich(lead)
        #expect(enriched[.description] == "industry Stone")
        #expect(enriched.gaps.isEmpty)
    }

    @Test("a value carries the enricher's name and basis")
    func provenance() async {
        let enriched = await chain([ScriptedEnricher.filling(.industry, "Stone", by: "firms")]).enrich(lead)
        #expect(enriched.values[.industry] == Lead.Value("Stone", Provenance(origin: "firms", basis: "script")))
        #expect(enriched.values[.company]?.provenance == .given)
    }

    @Test("a value that is there stays, and the first finder wins")
    func keepsValues() async {
        let enrichers: [ScriptedEnricher] = [
            .filling(.company, "Other"), .filling(.industry, "First"), .filling(.industry, "Second"),
        ]
        let enriched = await chain(enrichers).enrich(lead)
        #expect(enriched[.company] == "Acme Arts")
        #expect(enriched[.industry] == "First")
    }

    @Test(
        "no enricher fills what is none's to fill, whether it is immediate or answers in time",
        arguments: [true, false])
    func foreignFields(isImmediate: Bool) async {
        let greedy = ScriptedEnricher("greedy", isImmediate: isImmediate) { _ in
            Enrichment(findings: [.init(.id, "8"), .init(.createdAt, "2001-01-01"), .init(.industry, "Stone")])
        }
        let enriched = await chain([greedy]).enrich(Lead(given: [.id: "7"]))
        #expect(enriched[.id] == "7" && enriched[.createdAt] == nil && enriched[.industry] == "Stone")
        #expect(enriched.others.isEmpty)
    }

    @Test("a failure is noted under the enricher's name and its findings are kept")
    func failure() async {
        let half = ScriptedEnricher("half") { _ in
            Enrichment(findings: [.init(.industry, "Stone")], failure: "the other half is missing")
        }
        let enriched = await chain([half, ScriptedEnricher.filling(.city, "Chicago")]).enrich(lead)
        #expect(enriched.gaps == [Lead.Gap(enricher: "half", reason: "the other half is missing")])
        #expect(enriched[.industry] == "Stone")
        #expect(enriched[.city] == "Chicago")
    }

    @Test("immediate enrichers neither ask the time nor wait")
    func immediate() async {
        let clock = ScriptedClock()
        let enriched = await chain([ScriptedEnricher.filling(.industry, "Stone"), Normaliser()], clock).enrich(lead)
        #expect(enriched[.industry] == "Stone")
        #expect(clock.readings == 0)
        #expect(clock.waits.isEmpty)
    }

    @Test("what answers within the budget is taken, with when it was learnt")
    func inTime() async {
        let clock = ScriptedClock()
        let filler = ScriptedEnricher.filling(.industry, "Stone", isImmediate: false)
        let enriched = await chain([filler], clock).enrich(lead)
        #expect(enriched[.industry] == "Stone")
        #expect(enriched.values[.industry]?.provenance.at == clock.now())
        #expect(enriched.gaps.isEmpty)
    }

    @Test("what takes longer is cut off and noted; immediate ones still run and waiting ones are not asked")
    func cutOff() async {
        let gate = Gate()
        let clock = ScriptedClock([.reachDeadline])
        let start = clock.now()
        let slow = ScriptedEnricher("slow", isImmediate: false) { _ in
            await gate.hold()
            return Enrichment(findings: [.init(.city, "Late")])
        }
        let enrichers: [any Enricher] = [
            slow, ScriptedEnricher.filling(.state, "IL", isImmediate: false),
            ScriptedEnricher.filling(.industry, "Stone"),
        ]
        let enriched = await chain(enrichers, clock).enrich(lead)
        #expect(
            enriched.gaps == [
                Lead.Gap(enricher: "slow", reason: "took longer than 3 s"),
                Lead.Gap(enricher: "filler", reason: "not asked, because the 3 s for enrichment were used up"),
            ])
        #expect(enriched[.city] == nil)
        #expect(enriched[.state] == nil)
        #expect(enriched[.industry] == "Stone")
        // The wait for late answers may have begun by now.
        #expect(clock.waits.first == start + .seconds(3))
        // The chain returned while the enricher was still held: it is told, not waited for.
        await gate.cancellation()
        gate.open()
    }

    @Test("the order of the configuration says whose word counts, and the others are kept")
    func precedence() async {
        let chain = EnrichmentChain(
            enrichers: [
                ScriptedEnricher.filling(.company, "Other", by: "crm"),
                .filling(.company, "Third", by: "web"),
            ],
            budget: .zero, precedence: Precedence(["crm", "given"]), clock: ScriptedClock())
        let enriched = await chain.enrich(lead)
        #expect(enriched[.company] == "Other")
        #expect(enriched.others[.company]?.map(\.text) == ["Acme Arts", "Third"])
    }

    @Test("the budget is the chain's: the second gets what the first has left")
    func sharedBudget() async {
        let gate = Gate()
        let clock = ScriptedClock()
        let start = clock.now()
        let first = ScriptedEnricher("first", isImmediate: false) { _ in
            clock.advance(by: .seconds(2))
            return Enrichment(findings: [.init(.industry, "Stone")])
        }
        let second = ScriptedEnricher("second", isImmediate: false) { _ in
            clock.advance(by: .seconds(1))
            await gate.hold()
            return Enrichment()
        }
        let held = ScriptedClockAfterFirst(clock)
        let chain = EnrichmentChain(enrichers: [first, second], budget: .seconds(3), clock: held)
        let enriched = await chain.enrich(lead)
        #expect(enriched[.industry] == "Stone")
        #expect(enriched.gaps == [Lead.Gap(enricher: "second", reason: "took longer than what was left of 3 s")])
        #expect(clock.now() >= start + .seconds(3))
        gate.open()
    }

    /// Hears the bell at the first enricher's waits and lets the deadline come at the second's, recognised by the time.
    private struct ScriptedClockAfterFirst: TimeSource {
        let clock: ScriptedClock
        let start: Timestamp

        init(_ clock: ScriptedClock) {
            self.clock = clock
            start = clock.now()
        }

        func now() -> Timestamp { clock.now() }

        func wait(until deadline: Timestamp?, or bell: Bell) async {
            #expect(deadline == start + .seconds(3))
            if clock.now() < start + .seconds(2) {
                await bell.wait()
            } else if let deadline {
                clock.advance(by: max(.zero, deadline - clock.now()))
            }
        }
    }

    @Test("a clock that is set back doesn't lengthen the wait by the jump")
    func setBack() async {
        let gate = Gate()
        let start = Timestamp(milliseconds: 1_795_446_000_000)
        let past = start - .seconds(3600)
        let clock = ScriptedClock(at: start, [.jump(to: past), .reachDeadline])
        let slow = ScriptedEnricher("slow", isImmediate: false) { _ in
            await gate.hold()
            return Enrichment()
        }
        let enriched = await chain([slow], clock).enrich(lead)
        #expect(clock.waits == [start + .seconds(3), past + .seconds(3)])
        #expect(enriched.gaps.map(\.enricher) == ["slow"])
        gate.open()
    }

    @Test("a chain that is interrupted lets the lead go")
    func interrupted() async {
        let gate = Gate()
        let clock = ScriptedClock()
        let slow = ScriptedEnricher("slow", isImmediate: false) { _ in
            await gate.hold()
            return Enrichment()
        }
        let chain = chain([slow], clock)
        let work = Task { await chain.enrich(lead) }
        work.cancel()
        let enriched = await work.value
        #expect(
            enriched.gaps == [
                Lead.Gap(enricher: "slow", reason: "was interrupted because the program stops")
            ])
        gate.open()
    }

    @Test("without a budget nothing that waits is asked")
    func noBudget() async {
        let clock = ScriptedClock()
        let slow = ScriptedEnricher.filling(.city, "Chicago", by: "slow", isImmediate: false)
        let enriched = await EnrichmentChain(enrichers: [slow], budget: .zero, clock: clock).enrich(lead)
        #expect(enriched[.city] == nil)
        #expect(enriched.gaps.count == 1)
        #expect(clock.readings == 0)
    }
}
