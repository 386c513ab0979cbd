// The enrichers of one daemon, run in order on every lead between decoding and opening its case. Nothing here can fail:
// what an enricher could not do, or not in time, is noted in the lead as a gap, and the lead goes on. Used by intake.

import LeadCore

/// Enrichers in order, with one budget of time for all that have to wait for something.
public struct EnrichmentChain: Sendable {
    private let enrichers: [any Enricher]
    /// The same; nil for those that don't know by themselves.
    private let local: [(any LocalEnricher)?]
    private let budget: Duration
    private let precedence: Precedence
    private let clock: any TimeSource
    private let isRetired = Current(false)

    /// A chain of `enrichers` whose waiting ones share `budget` for each lead, measured by `clock`; where they disagree,
    /// `precedence` says who wins.
    public init(
        enrichers: [any Enricher], budget: Duration, precedence: Precedence = Precedence(), clock: any TimeSource
    ) {
        self.enrichers = enrichers
        local = enrichers.map { $0 as? any LocalEnricher }
        self.budget = budget
        self.precedence = precedence
        self.clock = clock
    }

    /// Another chain takes its place: who has failed is asked again by that one, and by this one no more.
    public func retire() { isRetired.replace(with: true) }

    /// How those are who have to wait for something; nil when there are none. A lead goes out whatever is wrong with them.
    public var health: HealthCheck? {
        guard !isImmediate else { return nil }
        let complaints = enrichers.compactMap { enricher in enricher.complaint.map { "\(enricher.name) \($0)" } }
        return HealthCheck(
            name: "enrichment", isWell: true, detail: complaints.isEmpty ? "well" : complaints.joined(separator: "; "))
    }

    /// True when none of them has to wait for anything.
    public var isImmediate: Bool { enrichers.allSatisfy(\.isImmediate) }

    /// `lead` with what those found who have to wait for nothing.
    public func complete(_ lead: Lead) async -> Lead {
        var completed = lead
        var texts = LeadTexts()
        for place in enrichers.indices where enrichers[place].isImmediate {
            if let local = local[place] {
                add(local, to: &completed, &texts)
            } else {
                take(await enrichers[place].enrich(completed), by: enrichers[place].name, to: &completed)
            }
        }
        return completed
    }

    /// `lead` with what the enrichers found; each sees what those before it have filled.
    ///
    /// Where a field has a value already, both are kept, and the order of precedence says which is the lead's. An immediate enricher runs in place, without a task or a timer, even when the budget
    /// is used up. Any other gets what is left of the budget; then it is cut off, and this returns without waiting for
    /// it to notice.
    public func enrich(_ lead: Lead) async -> Lead {
        let enriched = await begin(lead)
        enriched.late?.cancel()
        return enriched.lead
    }

    /// The same, and beside the lead what those who had no time left will say: the one that was cut off goes on, and those
    /// that were not asked are asked then, within `patience` each. Who failed and is worth it is asked again after that.
    /// Who can't be asked for want of a value is asked once one of these has brought it.
    public func begin(_ lead: Lead) async -> EnrichedLead {
        var enriched = lead
        var remaining = budget
        var late: [Late] = []
        var wanting: [Int] = []
        var texts = LeadTexts()
        for (place, enricher) in enrichers.enumerated() {
            if let local = local[place] {
                add(local, to: &enriched, &texts)
                continue
            }
            if enricher.isImmediate {
                take(await enricher.enrich(enriched), by: enricher.name, to: &enriched)
                continue
            }
            guard enricher.canAsk(about: enriched) else {
                wanting.append(place)
                continue
            }
            guard remaining > .zero else {
                let reason = "not asked, because the \(budget.words) for enrichment were used up"
                enriched.note(Lead.Gap(enricher: enricher.name, reason: reason))
                if budget > .zero { late.append(Late(place: place)) }
                continue
            }
            let start = clock.now()
            let question = Question(enricher, enriched)
            if let answer = await answer(to: question, within: remaining) {
                take(answer, by: enricher.name, to: &enriched, at: clock.now())
                if let until = retryEnd(answer) { late.append(Late(place: place, retriesUntil: until)) }
            } else {
                enriched.note(Lead.Gap(enricher: enricher.name, reason: cutOffReason(remaining)))
                late.append(Late(place: place, question: question))
            }
            remaining -= max(.zero, clock.now() - start)
        }
        return EnrichedLead(enriched, late: late.isEmpty ? nil : rest(of: late, wanting, enriched))
    }

    /// Asks those who failed about leads that have their cases already, and at a start those whom the former run could
    /// no longer ask; nil when nobody is asked again.
    public func secondAsking(isStart: Bool) -> SecondAsking? {
        let owes = isStart && enrichers.contains { !$0.isImmediate && !$0.canAsk(about: Lead(given: [:])) }
        let reach = max(enrichers.map(\.retryFor).max() ?? .zero, owes ? Self.memory : .zero)
        guard reach > .zero else { return nil }
        return SecondAsking(reach: reach) { lead, opened, newest in
            let now = clock.now()
            let late = enrichers.enumerated().compactMap { place, enricher -> Late? in
                guard let gap = lead.gaps.first(where: { $0.enricher == enricher.name }) else { return nil }
                // While the run goes on that owes it, it is under way.
                guard !gap.isUnasked else {
                    return owes && enricher.canAsk(about: lead) ? Late(place: place, isFirstAsked: true) : nil
                }
                let until = opened + enricher.retryFor
                return until > now ? Late(place: place, retriesUntil: until) : nil
            }
            guard !late.isEmpty else { return nil }
            let wanting = enrichers.indices.filter { !enrichers[$0].canAsk(about: lead) }
            return rest(of: late, wanting, lead, newest)
        }
    }

    /// For so long after a case was opened a start asks what the former run owed it.
    private static let memory: Duration = .seconds(86_400)

    /// Whoever has had no time yet, by the place in the chain, with the question under way, if any.
    private struct Late: Sendable {
        let place: Int
        var question: Question?
        /// Whether it could not be asked before, so that it has left no gap.
        var isFirstAsked = false
        /// Until when it is asked again, since it has failed already.
        var retriesUntil: Timestamp?
    }

    /// Until when who gave `answer` is asked again; nil when that makes no sense.
    private func retryEnd(_ answer: Enrichment) -> Timestamp? {
        let isVain = answer.failure == nil || !answer.findings.isEmpty || answer.retryFor <= .zero
        return isVain ? nil : clock.now() + answer.retryFor
    }

    /// How long one of those who are late may go on: far longer than any has by its own options.
    static let patience: Duration = .seconds(300)

    /// Waits for the late ones, one after the other, each seeing what those before it have filled; and for those at the
    /// places `wanting`, each once it can be asked. Where a chain before this one has asked too, its answer may come before
    /// this one's turn: then the lead is taken as it is by `newest`.
    private func rest(
        of late: [Late], _ wanting: [Int], _ lead: Lead, _ newest: SecondAsking.Newest? = nil
    ) -> LateAnswers {
        let (stream, continuation) = AsyncStream.makeStream(of: LateFindings.self)
        let work = Task {
            defer { continuation.finish() }
            var lead = lead
            var newest = newest
            var wanting = wanting
            var asked = late.filter { $0.retriesUntil == nil }
            var failed = late.filter { $0.retriesUntil != nil }
            var pause = Self.firstPause
            while true {
                while !asked.isEmpty {
                    let one = asked.removeFirst()
                    if Task.isCancelled {
                        one.question?.cancel()
                        continue
                    }
                    if isRetired.now, isLeft(one) { continue }
                    let (findings, again) = await hear(one, &lead)
                    if let again { failed.append(again) }
                    let able = wanting.filter { enrichers[$0].canAsk(about: lead) }
                    // With the answer that brought the value it is durable who is to be asked by it.
                    if let findings { continuation.yield(findings.owing(able.map { enrichers[$0].name })) }
                    guard !able.isEmpty else { continue }
                    wanting.removeAll { able.contains($0) }
                    asked += able.map { Late(place: $0, isFirstAsked: true) }
                    asked.sort { $0.place < $1.place }
                }
                guard !failed.isEmpty, !Task.isCancelled, !isRetired.now else { return }
                await wait(for: pause)
                if isRetired.now { return }
                pause = min(pause + pause, Self.longestPause)
                (asked, failed) = (failed, [])
                guard let latest = newest else { continue }
                newest = nil
                guard let latest = await latest() else { return }
                lead = latest
                asked.removeAll { one in !lead.gaps.contains { $0.enricher == enrichers[one.place].name } }
            }
        }
        return LateAnswers(findings: stream) { work.cancel() }
    }

    /// Whether the chain that takes this one's place asks `one`, who isn't being asked yet.
    private func isLeft(_ one: Late) -> Bool {
        one.question == nil && !one.isFirstAsked && enrichers[one.place].retryFor > .zero
    }

    /// Who failed is asked again after half a minute, and then ever more rarely.
    private static let firstPause: Duration = .seconds(30)
    private static let longestPause: Duration = .seconds(600)

    /// What `one` says at last, and whether to ask it once more.
    private func hear(_ one: Late, _ lead: inout Lead) async -> (findings: LateFindings?, again: Late?) {
        let enricher = enrichers[one.place]
        let question = one.question ?? Question(enricher, lead)
        guard let answer = await answer(to: question, within: Self.patience) else {
            question.cancel()
            return (gap(of: one, "took longer than \(Self.patience.words)"), nil)
        }
        if let failure = answer.failure, answer.findings.isEmpty {
            let gap = gap(of: one, failure)
            // However often it fails, the time counts from its first failure.
            let until = one.retriesUntil ?? retryEnd(answer)
            guard let until, answer.retryFor > .zero, clock.now() < until else { return (gap, nil) }
            return (gap, Late(place: one.place, retriesUntil: until))
        }
        return (await findings(answer, by: enricher.name, &lead, at: clock.now()), nil)
    }

    /// What is to be noted of `one`, who could not answer for `reason`; nil when its gap is there already, or when it was
    /// interrupted.
    private func gap(of one: Late, _ reason: String) -> LateFindings? {
        guard one.isFirstAsked, !Task.isCancelled else { return nil }
        let name = enrichers[one.place].name
        return LateFindings(enricher: name, values: [], reviews: [name: reason], precedence: precedence)
    }

    /// What `answer` adds to `lead`, and what those who compute from memory make of the lead with that: each looks once, in
    /// the chain's order.
    private func findings(
        _ answer: Enrichment, by name: String, _ lead: inout Lead, at now: Timestamp
    ) async -> LateFindings {
        var values = add(answer, by: name, to: &lead, at: now)
        var reviews: [String: String?] = [:]
        for enricher in enrichers where enricher.isImmediate && !answer.findings.isEmpty {
            let review = await enricher.enrich(lead)
            values += add(review, by: enricher.name, to: &lead, at: now)
            lead.review(enricher.name, failure: review.failure)
            reviews[enricher.name] = .some(review.failure)
        }
        return LateFindings(enricher: name, values: values, reviews: reviews, precedence: precedence)
    }

    private func cutOffReason(_ remaining: Duration) -> String {
        if Task.isCancelled { return "was interrupted because the program stops" }
        return remaining == budget
            ? "took longer than \(budget.words)" : "took longer than what was left of \(budget.words)"
    }

    /// Adds what an enricher finds that computes from memory.
    private func add(_ enricher: any LocalEnricher, to lead: inout Lead, _ texts: inout LeadTexts) {
        take(enricher.enrich(lead, &texts), by: enricher.name, to: &lead)
    }

    /// Adds what an enricher says, and notes what it couldn't do.
    private func take(
        _ enrichment: Enrichment, by name: String, to lead: inout Lead, at now: Timestamp? = nil
    ) {
        for finding in enrichment.findings where !OwnFields.contains(finding.field) {
            lead.add(finding.field, finding.text, provenance(of: finding, by: name, at: now), by: precedence)
        }
        if let failure = enrichment.failure { lead.note(Lead.Gap(enricher: name, reason: failure)) }
    }

    /// Adds what an enricher says late, and gives it with where it came from.
    private func add(
        _ enrichment: Enrichment, by name: String, to lead: inout Lead, at now: Timestamp
    ) -> [LateValue] {
        let values = enrichment.findings.filter { !OwnFields.contains($0.field) }.map { finding in
            LateValue(finding.field, Lead.Value(finding.text.trimmed, provenance(of: finding, by: name, at: now)))
        }
        for one in values { lead.add(one.field, one.value.text, one.value.provenance, by: precedence) }
        return values
    }

    private func provenance(of finding: Enrichment.Finding, by name: String, at now: Timestamp?) -> Provenance {
        Provenance(origin: name, basis: finding.basis, confidence: finding.confidence, at: finding.at ?? now)
    }

    /// A question to an enricher, under way.
    ///
    /// The work is a task of its own and no child of a group, because a group would wait for a child that doesn't heed
    /// its cancellation, and with it the lead.
    private struct Question: Sendable {
        let bell = Bell()
        let answer = Current<Enrichment?>(nil)
        private let work: Task<Void, Never>

        init(_ enricher: any Enricher, _ lead: Lead) {
            work = Task { [bell, answer] in
                answer.replace(with: await enricher.enrich(lead))
                bell.ring()
            }
        }

        func cancel() { work.cancel() }
    }

    /// What comes of `question` within `limit`; nil when it takes longer or the present task is cancelled.
    private func answer(to question: Question, within limit: Duration) async -> Enrichment? {
        await wait(for: limit, or: question.bell) { question.answer.now != nil }
        return question.answer.now
    }

    /// Returns when `limit` is over, `isOver`, or the present task is cancelled; `bell` has it look.
    private func wait(for limit: Duration, or bell: Bell = Bell(), _ isOver: () -> Bool = { false }) async {
        var start = clock.now()
        var deadline = start + limit
        while !isOver(), !Task.isCancelled {
            let now = clock.now()
            if now >= deadline { break }
            if now < start {
                // The clock was set back: the limit counts from here, lest the lead wait for as long as the jump.
                start = now
                deadline = now + limit
            }
            await clock.wait(until: deadline, or: bell)
        }
    }
}
