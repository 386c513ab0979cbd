// Acquaintance: whether the rep had an earlier case of the same person or firm.

enum AcquaintanceFactor: RankingFactor {
    static let name = "acquaintance"
    static let standardWeight = 3.0
    static let side = RankingSide.fit

    /// 1 for the rep who had the earlier case last, else 0. Nothing when there was none, or the rep isn't a candidate.
    static func score(_ candidate: Candidate, _ context: RankingContext) -> Double? {
        guard let former = context.demand.formerRep, context.team.hasFormerRep else { return nil }
        return candidate.person.id == former ? 1 : 0
    }

    static func sentence(_ candidate: Candidate, _ context: RankingContext) -> String {
        let ranking = context.phrases.ranking
        return candidate.person.id == context.demand.formerRep ? ranking.acquainted() : ranking.notAcquainted()
    }
}
