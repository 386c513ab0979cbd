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
        switch candidate.duty {
        case .on(nil): "on duty"
        case .on(let until?): "on duty until \(context.words(until))"
        case .off(let next): "off duty until \(context.words(next))"
        case .away(let until, _): "away until \(context.words(until))"
        }
    }
}
