// Presence: whether the rep is there now, or how soon.

enum PresenceFactor: RankingFactor {
    static let name = "presence"
    static let standardWeight = 2.0
    static let side = RankingSide.room

    /// 1 on duty; off duty what is left of 24 hours when the rep is back; 0 for who is away.
    static func score(_ candidate: Candidate, _ context: RankingContext) -> Double? {
        switch candidate.duty {
        case .on: 1
        case .off(let next): min(1, max(0, 1 - Double((next - context.now).milliseconds) / 86_400_000))
        case .away: 0
        }
    }

    static func sentence(_ candidate: Candidate, _ context: RankingContext) -> String {
        let ranking = context.phrases.ranking
        switch candidate.duty {
        case .on(nil): return ranking.onDuty()
        case .on(let until?): return ranking.onDutyUntil(context.words(until))
        case .off(let next): return ranking.offDuty(context.words(next))
        case .away(let until, _): return ranking.away(context.words(until))
        }
    }
}
