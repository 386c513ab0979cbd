// What the chain hears when the lead has gone out: answers that were cut off, questions that could not be asked before, and
// those that failed and are asked again.

import LeadCore
import LeadEnrichment
import LeadTestKit
import Synchronization
import Testing

@Suite("Late answers")
struct LateAnswersTests {
    private let lead = Lead(given: [.company: "Acme Arts"])

    private func chain(_ enrichers: [any Enricher], _ clock: ScriptedClock = ScriptedClock()) -> EnrichmentChain {
        EnrichmentChain(enrichers: enrichers, budget: .seconds(3), clock: clock)
    }

    @Test(
        "what was cut off goes on, and who wasn't asked is asked then; their answers come one by one")
    func late() async throws {
        let gate = Gate()
        let clock = ScriptedClock([.reachDeadline])
        let start = clock.now()
        let slow = ScriptedEnricher("slow", isImmediate: false) { _ in
            await gate.hold()
            return Enrichment(findings: [.init(.city, "Late", confidence: 50), .init(.id, "not its own")])
        }
        let broken = ScriptedEnricher("broken", isImmediate: false) { _ in
            Enrichment(failure: "is broken")
        }
        let last = ScriptedEnricher("last", isImmediate: false) { lead in
            Enrichment(findings: [.init(.state, lead[.city] ?? "unknown")])
        }
        let enriched = await chain([slow, broken, last] as [ScriptedEnricher], clock).begin(lead)
        #expect(enriched.lead.gaps.map(\.enricher) == ["slow", "broken", "last"])
        #expect(enriched.lead[.city] == nil)
        let answers = try #require(enriched.late)
        gate.open()
        var found: [LateFindings] = []
        for await findings in answers.findings { found.append(findings) }
        #expect(found.map(\.enricher) == ["slow", "last"])
        #expect(found.flatMap(\.values).map(\.field) == [.city, .state])
        #expect(found.flatMap(\.values).map(\.value.text) == ["Late", "Late"])
        #expect(
            found[0].values[0].value.provenance
                == Provenance(origin: "slow", confidence: 50, at: start + .seconds(3)))
    }

    @Test("those who compute from memory look once more at a lead that a late answer enlarged, in the chain's order")
    func lateReviews() async throws {
        let gate = Gate()
        let slow = ScriptedEnricher("slow", isImmediate: false) { _ in
            await gate.hold()
            return Enrichment(findings: [.init(.city, "Bath")])
        }
        let looks = Attempts()
        let state = ScriptedEnricher("state") { lead in
            _ = looks.add(Timestamp(milliseconds: 0))
            guard let city = lead[.city] else { return Enrichment(failure: "there is no city") }
            return Enrichment(findings: [.init(.state, "state of \(city)", basis: "city"), .init(.id, "not its own")])
        }
        let region = ScriptedEnricher("region") { lead in
            Enrichment(findings: lead[.state].map { [.init("region", "region of \($0)")] } ?? [])
        }
        let strict = ScriptedEnricher("strict") { lead in
            Enrichment(failure: lead["region"].map { "knows no \($0)" })
        }
        let clock = ScriptedClock([.reachDeadline])
        let now = clock.now() + .seconds(3)
        let enriched = await chain([state, region, slow, strict] as [ScriptedEnricher], clock).begin(lead)
        #expect(enriched.lead.gaps.map(\.enricher) == ["state", "slow"])
        gate.open()
        var found: [LateFindings] = []
        for await findings in try #require(enriched.late).findings { found.append(findings) }
        #expect(
            found == [
                LateFindings(
                    enricher: "slow",
                    values: [
                        LateValue(.city, Lead.Value("Bath", Provenance(origin: "slow", at: now))),
                        LateValue(
                            .state, Lead.Value("state of Bath", Provenance(origin: "state", basis: "city", at: now))),
                        LateValue(
                            "region", Lead.Value("region of state of Bath", Provenance(origin: "region", at: now))),
                    ],
                    reviews: [
                        "state": nil, "region": nil, "strict": "knows no region of state of Bath",
                    ],
                    precedence: Precedence())
            ])
        #expect(looks.all.count == 2, "once in time, and once for the late answer")
    }

    @Test("whoever lacks a value to ask by is asked, once, when somebody late has brought it, in the chain's order")
    func lateQuestions() async throws {
        let gate = Gate()
        let asked = Attempts()
        let needy = ScriptedEnricher("needy", isImmediate: false, needs: .city) { lead in
            _ = asked.add(Timestamp(milliseconds: 0))
            return Enrichment(findings: [.init(.state, "state of \(lead[.city] ?? "nowhere")")])
        }
        let failing = ScriptedEnricher("failing", isImmediate: false, needs: .state) { _ in
            Enrichment(failure: "is broken")
        }
        let vain = ScriptedEnricher("vain", isImmediate: false, needs: .value) { _ in
            Issue.record("it can't be asked")
            return Enrichment()
        }
        let slow = ScriptedEnricher("slow", isImmediate: false) { _ in
            await gate.hold()
            return Enrichment(findings: [.init(.city, "Bath")])
        }
        let last = ScriptedEnricher("last", isImmediate: false) { lead in
            Enrichment(findings: [.init("last", lead[.state] ?? "no state")])
        }
        let chain = chain([needy, failing, vain, slow, last], ScriptedClock([.reachDeadline]))
        let enriched = await chain.begin(lead)
        #expect(enriched.lead.gaps.map(\.enricher) == ["slow", "last"], "who can't be asked leaves no gap")
        gate.open()
        var found: [LateFindings] = []
        for await findings in try #require(enriched.late).findings { found.append(findings) }
        #expect(found.map(\.enricher) == ["slow", "needy", "failing", "last"])
        #expect(found.flatMap(\.values).map(\.value.text) == ["Bath", "state of Bath", "state of Bath"])
        #expect(found[0].reviews == ["needy": Lead.Gap.unasked] && found[1].reviews == ["failing": Lead.Gap.unasked])
        let failure = try #require(found.first { $0.enricher == "failing" })
        #expect(failure.values.isEmpty && failure.reviews == ["failing": "is broken"])
        #expect(asked.all.count == 1)
        let idle = ScriptedEnricher("idle", isImmediate: false, needs: .value) { _ in Enrichment() }
        #expect(await self.chain([idle]).begin(lead).late == nil, "nobody is late who could bring it")
    }

    @Test("a start asks what the former run owed, once it can; a reload and a lead to which nothing is owed ask nobody")
    func owed() async throws {
        let asked = Attempts()
        let needy = ScriptedEnricher("needy", isImmediate: false, needs: .city) { lead in
            _ = asked.add(Timestamp(milliseconds: 0))
            return Enrichment(findings: [.init(.state, "state of \(lead[.city] ?? "nowhere")")])
        }
        let clock = ManualClock()
        let chain = EnrichmentChain(enrichers: [needy], budget: .seconds(3), clock: clock)
        #expect(chain.secondAsking(isStart: false).map(\.reach) == nil)
        let asking = try #require(chain.secondAsking(isStart: true))
        let gaps = ["failed", Lead.Gap.unasked].map { Lead.Gap(enricher: "needy", reason: $0) }
        let answered = Lead(given: [.city: "Bath"])
        var (failed, owed, unable) = (answered, answered, Lead(given: [:]))
        failed.note(gaps[0])
        owed.note(gaps[1])
        unable.note(gaps[1])
        for lead in [answered, failed, unable] {
            let answers = asking.ask(lead, clock.now()) { lead }
            #expect(answers.map { _ in true } == nil)
        }
        var found: [LateFindings] = []
        let newest: SecondAsking.Newest = { [owed] in owed }
        let answers = try #require(asking.ask(owed, clock.now(), newest))
        for await findings in answers.findings { found.append(findings) }
        #expect(found.flatMap(\.values).map(\.value.text) == ["state of Bath"] && asked.all.count == 1)
        let free = ScriptedEnricher("free", isImmediate: false) { _ in Enrichment() }
        #expect(
            self.chain([free]).secondAsking(isStart: true).map(\.reach) == nil, "nobody can ever be owed a question")
    }

    @Test("late ones are told when nobody waits for them any more")
    func lateCancelled() async throws {
        let gate = Gate()
        let slow = ScriptedEnricher("slow", isImmediate: false) { _ in
            await gate.hold()
            return Enrichment()
        }
        let enriched = await chain([slow], ScriptedClock([.reachDeadline])).begin(lead)
        try #require(enriched.late).cancel()
        await gate.cancellation()
        gate.open()
    }

    @Test("a late one that never answers is given up after a while")
    func lateForEver() async throws {
        let gate = Gate()
        let clock = ScriptedClock([.reachDeadline, .reachDeadline])
        let slow = ScriptedEnricher("slow", isImmediate: false) { _ in
            await gate.hold()
            return Enrichment()
        }
        let enriched = await chain([slow], clock).begin(lead)
        for await _ in try #require(enriched.late).findings { Issue.record("it has nothing to say") }
        await gate.cancellation()
        gate.open()
    }

    @Test(
        "who failed for now is asked again, ever more rarely, until it answers or its time is over", arguments: [3, 99])
    func retries(failures: Int) async throws {
        // The budget and what a late one may take end by the bell; pauses of 30, 60, 120, 240, 480 and 600 seconds pass.
        let clock = SkippingClock(over: [30, 60, 120, 240, 480, 600])
        let start = clock.now()
        let attempts = Attempts()
        let flaky = ScriptedEnricher("flaky", isImmediate: false) { _ in
            attempts.add(clock.now()) <= failures
                ? Enrichment(failure: "failed", retryFor: .seconds(1000)) : Enrichment(findings: [.init(.city, "Bath")])
        }
        let enriched = await EnrichmentChain(enrichers: [flaky], budget: .seconds(3), clock: clock).begin(lead)
        #expect(enriched.lead.gaps == [Lead.Gap(enricher: "flaky", reason: "failed")])
        var found: [LateFindings] = []
        for await findings in try #require(enriched.late).findings { found.append(findings) }
        let seconds = attempts.all.map { Int(($0 - start).milliseconds / 1000) }
        #expect(seconds.count == (failures == 3 ? 4 : 7))
        #expect(zip(seconds, seconds.dropFirst()).map { $1 - $0 }.starts(with: [30, 60, 120]))
        #expect(found.map(\.enricher) == (failures == 3 ? ["flaky"] : []))
    }

    @Test("what fails for good is not asked again, and one who is asked again is left when nobody waits any more")
    func vainRetries() async throws {
        let never = ScriptedEnricher("never", isImmediate: false) { _ in Enrichment(failure: "refused") }
        #expect(await chain([never]).begin(lead).late == nil)
        let partly = ScriptedEnricher("partly", isImmediate: false) { _ in
            Enrichment(findings: [.init(.city, "Bath")], failure: "the rest is missing", retryFor: .seconds(60))
        }
        #expect(await chain([partly]).begin(lead).late == nil)
        let clock = ManualClock()
        let flaky = ScriptedEnricher("flaky", isImmediate: false) { _ in
            Enrichment(failure: "failed", retryFor: .seconds(1000))
        }
        let enriched = await EnrichmentChain(enrichers: [flaky], budget: .seconds(3), clock: clock).begin(lead)
        let late = try #require(enriched.late)
        await clock.parked()
        late.cancel()
        for await _ in late.findings { Issue.record("it has nothing to say") }
    }

    @Test("once another chain has taken its place, who failed is not asked again by this one")
    func retired() async throws {
        let clock = ManualClock()
        let attempts = Attempts()
        let flaky = ScriptedEnricher("flaky", isImmediate: false) { _ in
            _ = attempts.add(clock.now())
            return Enrichment(failure: "failed", retryFor: .seconds(1000))
        }
        let chain = EnrichmentChain(enrichers: [flaky], budget: .seconds(3), clock: clock)
        let late = try #require(await chain.begin(lead).late)
        await clock.parked()
        chain.retire()
        clock.advance(by: .seconds(30))
        for await _ in late.findings { Issue.record("it has nothing to say") }
        #expect(attempts.all.count == 1)
    }

    @Test("whoever would be asked by the next chain is not asked by one that is retired; all others still are")
    func left() async throws {
        let gate = Gate()
        let asked = Mutex<[String]>([])
        func enricher(_ name: String, retryFor: Duration) -> ScriptedEnricher {
            ScriptedEnricher(name, isImmediate: false, retryFor: retryFor) { _ in
                asked.withLock { $0.append(name) }
                if name == "slow" { await gate.hold() }
                return Enrichment(findings: [.init(.city, name)])
            }
        }
        let chain = chain(
            [
                enricher("slow", retryFor: .seconds(1000)), enricher("again", retryFor: .seconds(1000)),
                enricher("once", retryFor: .zero),
            ], ScriptedClock([.reachDeadline]))
        let late = try #require(await chain.begin(lead).late)
        chain.retire()
        gate.open()
        var found: [String] = []
        for await findings in late.findings { found.append(findings.enricher) }
        #expect(found == ["slow", "once"] && asked.withLock { $0 } == ["slow", "once"])
    }

    @Test("of a lead that another chain has been asking about, what has been answered meanwhile isn't asked again")
    func answeredMeanwhile() async throws {
        let clock = SkippingClock(over: [30])
        let asked = Mutex<[String]>([])
        let enrichers = ["crm", "forms"].map { name in
            ScriptedEnricher(name, isImmediate: false, retryFor: .seconds(1000)) { lead in
                asked.withLock { $0.append("\(name) of \(lead[.city] ?? "nowhere")") }
                return Enrichment(findings: [.init(.state, name)])
            }
        }
        let chain = EnrichmentChain(enrichers: enrichers, budget: .seconds(3), clock: clock)
        let asking = try #require(chain.secondAsking(isStart: false))
        var gaps = lead
        for name in ["crm", "forms"] { gaps.note(Lead.Gap(enricher: name, reason: "took longer than 3 s")) }
        var answered = gaps
        answered.review("crm", failure: nil)
        answered.add(.city, "Bath", Provenance(origin: "crm"), by: Precedence())
        for (newest, expected) in [(answered, ["forms of Bath"]), (nil, [])] {
            let latest: SecondAsking.Newest = { [newest] in newest }
            let answers = try #require(asking.ask(gaps, clock.now(), latest))
            for await _ in answers.findings {}
            #expect(asked.withLock { $0 } == expected)
            asked.withLock { $0 = [] }
        }
    }

    @Test("when all answer in time nothing is late")
    func nothingLate() async {
        let enriched = await chain([ScriptedEnricher.filling(.industry, "Stone", isImmediate: false)])
            .begin(lead)
        #expect(enriched.late == nil)
    }
}
