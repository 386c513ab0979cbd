// The enrichers of one daemon, run in order on every lead between decoding and opening its case. Nothing here can fail:
// what an enricher could not do, or not in time, is noted in the lead as a gap, and the lead goes on. Used by intake.

import LeadCore

/// Enrichers in order, with one budget of time for all that have to wait for something.
public struct EnrichmentChain: Sendable {
    private let enrichers: [any Enricher]
    private let budget: Duration
    private let clock: any TimeSource

    /// A chain of `enrichers` whose waiting ones share `budget` for each lead, measured by `clock`.
    public init(enrichers: [any Enricher], budget: Duration, clock: any TimeSource) {
        self.enrichers = enrichers
        self.budget = budget
        self.clock = clock
    }

    /// `lead` with what the enrichers found; each sees what those before it have filled.
    ///
    /// Values that are there stay. An immediate enricher runs in place, without a task or a timer, even when the budget
    /// is used up. Any other gets what is left of the budget; then it is cut off, and this returns without waiting for
    /// it to notice.
    public func enrich(_ lead: Lead) async -> Lead {
        var enriched = lead
        var remaining = budget
        for enricher in enrichers {
            if enricher.isImmediate {
                Self.add(await enricher.enrich(enriched), by: enricher.name, to: &enriched)
                continue
            }
            guard remaining > .zero else {
                let reason = "not asked, because the \(budget.words) for enrichment were used up"
                enriched.note(Lead.Gap(enricher: enricher.name, reason: reason))
                continue
            }
            let start = clock.now()
            let answer = await answer(of: enricher, on: enriched, within: remaining)
            if let answer {
                Self.add(answer, by: enricher.name, to: &enriched)
            } else {
                enriched.note(Lead.Gap(enricher: enricher.name, reason: cutOffReason(remaining)))
            }
            remaining -= max(.zero, clock.now() - start)
        }
        return enriched
    }

    private func cutOffReason(_ remaining: Duration) -> String {
        if Task.isCancelled { return "was interrupted because the program stops" }
        return remaining == budget
            ? "took longer than \(budget.words)" : "took longer than what was left of \(budget.words)"
    }

    private static func add(_ enrichment: Enrichment, by name: String, to lead: inout Lead) {
        for finding in enrichment.findings {
            lead.fill(finding.field, finding.text, Provenance(origin: name, basis: finding.basis))
        }
        if let failure = enrichment.failure { lead.note(Lead.Gap(enricher: name, reason: failure)) }
    }

    /// What `enricher` answers within `limit`; nil when it takes longer or the present task is cancelled.
    ///
    /// The work is a task of its own and no child of a group, because a group would wait for a child that doesn't heed
    /// its cancellation, and with it the lead.
    private func answer(of enricher: any Enricher, on lead: Lead, within limit: Duration) async -> Enrichment? {
        let bell = Bell()
        let answer = Current<Enrichment?>(nil)
        let work = Task {
            answer.replace(with: await enricher.enrich(lead))
            bell.ring()
        }
        defer { work.cancel() }
        var start = clock.now()
        var deadline = start + limit
        while answer.now == nil, !Task.isCancelled {
            let now = clock.now()
            if now >= deadline { break }
            if now < start {
                // The clock was set back: the limit counts from here, lest the lead wait for as long as the jump.
                start = now
                deadline = now + limit
            }
            await clock.wait(until: deadline, or: bell)
        }
        return answer.now
    }
}
