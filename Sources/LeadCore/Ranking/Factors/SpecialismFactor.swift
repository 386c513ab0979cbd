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
        let demand = context.demand
        let ranking = context.phrases.ranking
        var parts: [String] = []
        if let product = demand.product, let own = profile?.products, !own.isEmpty {
            parts.append(
                candidate.traits.products.contains(product)
                    ? ranking.ownProduct(product.text)
                    : ranking.otherProduct(context.phrases.listed(own), product.text))
        }
        if let campaign = demand.campaign, let own = profile?.campaigns, !own.isEmpty {
            parts.append(
                candidate.traits.campaigns.contains(campaign)
                    ? ranking.ownCampaign(campaign.text)
                    : ranking.otherCampaign(context.phrases.listed(own), campaign.text))
        }
        return parts.isEmpty ? ranking.noField() : parts.joined(separator: "; ")
    }

    private static func score(_ term: Term, among own: TermSet) -> Double {
        own.contains(term) ? 1 : own.isEmpty ? 0.5 : 0
    }
}
