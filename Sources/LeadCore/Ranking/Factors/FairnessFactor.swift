// Fairness: whether the rep has had their share of leads and of what leads are worth, by weight, over the window.

enum FairnessFactor: RankingFactor {
    static let name = "fairness"
    static let standardWeight = 2.0
    static let side = RankingSide.share

    /// 1 for who has had nothing, 0.5 for who has had their share, 0 for twice that; the mean of number and value, or of the
    /// number alone while nothing had a value. Nothing when nobody was given a lead.
    static func score(_ candidate: Candidate, _ context: RankingContext) -> Double? {
        let team = context.team
        guard team.count > 0 else { return nil }
        func lack(_ had: Double, of total: Double) -> Double {
            max(0, 1 - had / team.share(of: candidate, in: total) / 2)
        }
        let count = lack(Double(candidate.workload.windowCount), of: Double(team.count))
        guard team.value > 0 else { return count }
        return (count + lack(candidate.workload.windowValue, of: team.value)) / 2
    }

    static func sentence(_ candidate: Candidate, _ context: RankingContext) -> String {
        let team = context.team
        let load = candidate.workload
        let share = team.share(of: candidate, in: Double(team.count))
        let phrases = context.phrases
        let given = team.count == 1 ? phrases.ranking.givenOne : phrases.ranking.givenMany
        let counted = given(
            "\(load.windowCount)", "\(team.count)", context.window, team.shareWords(share, in: phrases))
        guard team.value > 0 else { return counted }
        let worth = Int((load.windowValue / team.value * 100).rounded())
        let due = Int((team.share(of: candidate, in: 100)).rounded())
        return phrases.ranking.worth(counted, "\(worth)", "\(due)")
    }
}
