// Seniority: whether the rep is up to the lead, without giving every small lead to the most senior.

enum SeniorityFactor: RankingFactor {
    static let name = "seniority"
    static let standardWeight = 1.0
    static let side = RankingSide.fit

    /// 1 for the seniority that the lead asks for; a tenth less for each level above it; 0.5 for one level below, and for a
    /// rep whose seniority is unknown; 0 for two below. Nothing when the lead tells neither complexity nor value, or no
    /// candidate's seniority is known.
    static func score(_ candidate: Candidate, _ context: RankingContext) -> Double? {
        guard let asked = context.demand.seniority, context.team.hasSeniority else { return nil }
        guard let own = candidate.traits.seniority else { return 0.5 }
        return own >= asked ? 1 - Double(own - asked) / 10 : max(0, 1 - Double(asked - own) / 2)
    }

    static func sentence(_ candidate: Candidate, _ context: RankingContext) -> String {
        guard let asked = context.demand.seniority, let own = candidate.traits.seniority else {
            return context.phrases.ranking.noSeniority()
        }
        return context.phrases.ranking.seniority("\(own)", "\(asked)")
    }
}
