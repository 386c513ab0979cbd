// What enrichers have in common that compute from memory: they run in place, one after the other, and share what they read
// of the lead's texts. Used by the chain.

import LeadCore

/// An enricher that knows by itself.
protocol LocalEnricher: Enricher {
    /// What can be added to `lead`, whose texts are read by `texts` once for all.
    func enrich(_ lead: Lead, _ texts: inout LeadTexts) -> Enrichment
}

extension LocalEnricher {
    /// Nothing here waits.
    public var isImmediate: Bool { true }

    /// What can be added to `lead`.
    public func enrich(_ lead: Lead) async -> Enrichment {
        var texts = LeadTexts()
        return enrich(lead, &texts)
    }
}
