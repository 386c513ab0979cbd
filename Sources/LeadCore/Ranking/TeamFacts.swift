// What stands out in the team's shares, as facts in English, for pages: who has had little, who has too much, who has had
// the large ones. No motive is read into any of it.

import Foundation

/// Remarks on a team.
enum TeamFacts {
    /// Sentences with names and numbers, candidate by candidate.
    static func all(_ candidates: [Candidate], _ context: RankingContext) -> [String] {
        var facts: [String] = []
        for candidate in candidates {
            if let fact = starvation(candidate, context) { facts.append(fact) }
            if let fact = overload(candidate) { facts.append(fact) }
            if let fact = pickedValue(candidate, context) { facts.append(fact) }
        }
        return facts
    }

    /// Less than half of a share that is at least one lead.
    private static func starvation(_ candidate: Candidate, _ context: RankingContext) -> String? {
        let team = context.team
        guard team.count >= context.settings.minimumSample else { return nil }
        let share = team.share(of: candidate, in: Double(team.count))
        let had = candidate.workload.windowCount
        guard share >= 1, Double(had) < share / 2 else { return nil }
        return "\(candidate.person.name) had \(had) of \(team.count.leads()) in \(context.settings.window.words); "
            + team.shareWords(share, in: .english)
    }

    /// More than the soft cap.
    private static func overload(_ candidate: Candidate) -> String? {
        let load = candidate.workload
        guard let cap = candidate.traits.capacity, load.openWeight > Double(cap) else { return nil }
        let weight =
            load.openWeight == Double(load.openCount) ? "" : ", weighing \(Phrases.english.words(load.openWeight))"
        return "\(candidate.person.name) has \(load.openCount.leads("open "))\(weight); the capacity is \(cap)"
    }

    /// More than twice the share of what was worth much.
    private static func pickedValue(_ candidate: Candidate, _ context: RankingContext) -> String? {
        let team = context.team
        guard team.highValueCount >= context.settings.minimumSample else { return nil }
        let share = team.share(of: candidate, in: Double(team.highValueCount))
        let had = candidate.workload.highValueCount
        guard Double(had) > share * 2 else { return nil }
        let bound = "\(context.settings.highValue)"
        let words = Money(amount: bound, currency: nil)?.words ?? bound
        return "\(candidate.person.name) had \(had) of \(team.highValueCount.leads()) worth \(words) or more in "
            + "\(context.window); \(team.shareWords(share, in: .english))"
    }
}
