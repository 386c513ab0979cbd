// Specialism: whether the lead's product and campaign are the rep's own field.

enum SpecialismFactor: RankingFactor {
    static let name = "specialism"
    static let standardWeight = 2.0
    static let side = RankingSide.fit

    /// The mean over product and campaign, as far as the lead has them: 1 for one of the rep's own, 0.5 for a rep who has
    /// none of their own, 0 for one who has others. Nothing when no candidate has any of their own.
    static func score(_ candidate: Candidate, _ context: RankingContext) -> Double? {
        guard context.team.hasSpecialists else { return nil }
        let product = context.demand.product.map { score($0, among: candidate.traits.products) }
        let campaign = context.demand.campaign.map { score($0, among: candidate.traits.campaigns) }
        guard let product, let campaign else { return product ?? campaign }
        return (product + campaign) / 2
    }

    static func sentence(_ candidate: Candidate, _ context: RankingContext) -> String {
        let profile = candidate.person.rep
        let parts = [
            words("product", context.demand.product, candidate.traits.products, profile?.products),
            words("campaign", context.demand.campaign, candidate.traits.campaigns, profile?.campaigns),
        ].compactMap(\.self)
        return parts.isEmpty ? "no field of their own" : parts.joined(separator: "; ")
    }

    private static func score(_ term: Term, among own: TermSet) -> Double {
        own.contains(term) ? 1 : own.isEmpty ? 0.5 : 0
    }

    private static func words(_ kind: String, _ term: Term?, _ own: TermSet, _ names: [String]?) -> String? {
        guard let term, !own.isEmpty else { return nil }
        if own.contains(term) { return "\(kind) \(term.text) is their own" }
        return "\(kind) \((names ?? []).listed), not \(term.text)"
    }
}
