// What pages need to find leads that are known already, before another one is made of the same matter.

/// Finds cases that may be of the same person or firm.
public protocol LeadFinder: Sendable {
    /// The cases that `lead` may belong to, the likeliest first; none where nobody is looked for.
    func alike(_ lead: Lead) async throws(StoreFailure) -> [DuplicateMatch]
}
