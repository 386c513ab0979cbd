// Owner: whether the lead is the rep's already, by the CRM.

enum OwnerFactor: RankingFactor {
    static let name = "owner"
    static let standardWeight = 3.0
    static let side = RankingSide.fit

    /// 1 for the rep whom the lead names as its owner, else 0. Nothing when it names none of the candidates, or several.
    static func score(_ candidate: Candidate, _ context: RankingContext) -> Double? {
        context.team.owner.map { $0 == candidate.person.id ? 1 : 0 }
    }

    static func sentence(_ candidate: Candidate, _ context: RankingContext) -> String {
        let ranking = context.phrases.ranking
        return context.team.owner == candidate.person.id ? ranking.owner() : ranking.notOwner()
    }
}
