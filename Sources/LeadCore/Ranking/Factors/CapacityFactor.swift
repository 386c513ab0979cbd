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
        let leads = load.openCount == 0 ? "no open leads" : load.openCount.leads("open ")
        let isCounted = load.openWeight == Double(load.openCount)
        switch (candidate.traits.capacity ?? candidate.traits.hardCap, isCounted) {
        case (let cap?, true): return "\(load.openCount) of \(cap.leads("open "))"
        case (let cap?, false): return "\(leads), weighing \(load.openWeight.words) of \(cap)"
        case (nil, true): return leads
        case (nil, false): return "\(leads), weighing \(load.openWeight.words)"
        }
    }
}
