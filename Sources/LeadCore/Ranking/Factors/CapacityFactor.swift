// Capacity: how much room there is on the rep's desk.

enum CapacityFactor: RankingFactor {
    static let name = "capacity"
    static let standardWeight = 3.0
    static let side = RankingSide.room

    /// The load at which a rep without a cap counts as half full.
    private static let usualLoad = 10.0

    /// The free share of the soft cap, or of the hard one where there is no soft one; without either it halves with ten
    /// leads and never ends.
    static func score(_ candidate: Candidate, _ context: RankingContext) -> Double? {
        let load = candidate.workload.openWeight
        guard let cap = candidate.traits.capacity ?? candidate.traits.hardCap else {
            return usualLoad / (usualLoad + load)
        }
        return cap > 0 ? max(0, 1 - load / Double(cap)) : 0
    }

    static func sentence(_ candidate: Candidate, _ context: RankingContext) -> String {
        let load = candidate.workload
        let phrases = context.phrases
        let ranking = phrases.ranking
        let isCounted = load.openWeight == Double(load.openCount)
        let cap = candidate.traits.capacity ?? candidate.traits.hardCap
        if let cap, isCounted {
            return (cap == 1 ? ranking.ofOne : ranking.ofMany)("\(load.openCount)", "\(cap)")
        }
        let leads: String
        switch load.openCount {
        case 0: leads = ranking.noLeads()
        case 1: leads = ranking.openLead("1")
        default: leads = ranking.openLeads("\(load.openCount)")
        }
        if isCounted { return leads }
        let weight = phrases.words(load.openWeight)
        return cap.map { ranking.weighingOf(leads, weight, "\($0)") } ?? ranking.weighing(leads, weight)
    }
}
