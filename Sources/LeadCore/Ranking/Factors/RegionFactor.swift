// Region: whether the rep works where the lead is.

enum RegionFactor: RankingFactor {
    static let name = "region"
    static let standardWeight = 1.0
    static let side = RankingSide.fit

    /// 1 for the lead's state, 0.9 for its country, 0.5 for a rep who lists no regions, and for one of the country's states
    /// when the lead's is unknown, else 0. Nothing when the lead's country is unknown or no candidate lists any.
    static func score(_ candidate: Candidate, _ context: RankingContext) -> Double? {
        guard let country = context.demand.country, context.team.hasRegions else { return nil }
        let regions = candidate.traits.regions
        if regions.isEmpty { return 0.5 }
        if let state = context.demand.state {
            if regions.contains(state) { return 1 }
        } else if regions.terms.contains(where: { $0.key.hasPrefix(country.key + "-") }), !regions.contains(country) {
            return 0.5
        }
        return regions.contains(country) ? 0.9 : 0
    }

    static func sentence(_ candidate: Candidate, _ context: RankingContext) -> String {
        let own = candidate.person.rep?.regions ?? []
        let ranking = context.phrases.ranking
        guard let lead = (context.demand.state ?? context.demand.country)?.text, !own.isEmpty else {
            return ranking.noRegions()
        }
        return own.contains { $0.caseInsensitiveEquals(lead) }
            ? ranking.worksIn(lead) : ranking.worksElsewhere(context.phrases.listed(own), lead)
    }
}
