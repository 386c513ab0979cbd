// Rest: how long ago the rep was last given a lead.

enum RestFactor: RankingFactor {
    static let name = "rest"
    static let standardWeight = 1.0
    static let side = RankingSide.share

    /// 0 for just now, 0.5 after eight hours, 0.75 after a day, 1 for never.
    static func score(_ candidate: Candidate, _ context: RankingContext) -> Double? {
        guard let last = candidate.workload.lastAssignedAt else { return 1 }
        let hours = max(0, Double((context.now - last).milliseconds) / 3_600_000)
        return hours / (hours + 8)
    }

    static func sentence(_ candidate: Candidate, _ context: RankingContext) -> String {
        guard let last = candidate.workload.lastAssignedAt else {
            let window = max(context.settings.window, .seconds(7 * 86_400))
            return context.phrases.ranking.rested(context.phrases.words(window, behind: true))
        }
        return context.phrases.ranking.lastLead(context.words(last))
    }
}
