// The reps for one lead, best first, with the reasons: a value that can be shown, and kept beside the assignment as what
// the chooser saw.

import Foundation

/// What one factor said of one rep.
public struct RankedFactor: Sendable, Equatable, Codable {
    /// The factor's name.
    public let name: String
    /// What it is a part of.
    public let side: RankingSide
    /// How much it counts.
    public let weight: Double
    /// From 0 to 1, more being better.
    public let score: Double
    /// The facts: "3 of 8 open leads"; nil for reps beyond those who are explained.
    public let sentence: String?
}

/// One rep's place.
public struct RankedRep: Sendable, Equatable, Codable {
    /// Who.
    public let person: PersonID
    /// The factors' weighted mean, from 0 to 1; 0 when none had anything to say.
    public let score: Double
    /// What the factors said that had something to say of the lead.
    public let factors: [RankedFactor]
    /// What to think of before choosing this rep.
    public let warnings: [String]
    /// Why the rep can't have the lead; nil when they can.
    public let exclusion: String?
    /// True for a rep who is on duty and below their soft cap.
    public let isReady: Bool

    /// The weighted mean of the factors of one side, from 0 to 1; nil when none of them had anything to say.
    public func score(of side: RankingSide) -> Double? {
        let factors = factors.filter { $0.side == side }
        let weight = factors.reduce(0) { $0 + $1.weight }
        return weight > 0 ? factors.reduce(0) { $0 + $1.weight * $1.score } / weight : nil
    }

    /// What counts most for the rep, in one line: "skilled in fine-art, level 4 of 5; 3 of 8 open leads". Empty for who is
    /// not explained.
    public var summary: String {
        let reasons = RankingSide.allCases.compactMap { side in
            factors.filter { $0.side == side && $0.score > 0 && $0.sentence != nil }
                .max { $0.weight < $1.weight }?.sentence
        }
        return reasons.prefix(2).joined(separator: "; ")
    }
}

/// The reps for one lead.
public struct Ranking: Sendable, Equatable, Codable {
    /// The best first, and after them those who can't have the lead, in the order of the configuration.
    public let entries: [RankedRep]
    /// What stands out in the team's shares, without blame.
    public let facts: [String]

    /// Who gets the lead when nobody chooses: the first who can have it, is on duty and has room; nil when there is none.
    public var best: RankedRep? { entries.first { $0.exclusion == nil && $0.isReady } }

    /// Ranks `candidates`, who come in the order of the configuration.
    ///
    /// Equal scores go by the longer rest, then by the configuration. `zone` is that of the reader of the sentences; the
    /// first `explained` reps have them. With a `limit` only so many are told of, and nothing of the team.
    public static func make(
        for lead: Lead, candidates: [Candidate], settings: RankingSettings, now: Timestamp, zone: TimeZone,
        explained: Int = 40, limit: Int? = nil, phrases: Phrases = .english
    ) -> Ranking {
        let context = RankingContext(
            lead: lead, candidates: candidates, settings: settings, now: now, zone: zone, phrases: phrases)
        let exclusions = Exclusions(lead, context: context)
        let factors = RankingFactors.speaking(of: candidates, context)
        var entries: [RankedRep] = []
        let places = places(of: candidates, factors, context, exclusions).prefix(limit ?? .max)
        entries.reserveCapacity(places.count)
        for place in places {
            let candidate = candidates[place.index]
            entries.append(
                RankedRep(
                    person: candidate.traits.person.id, score: place.score,
                    factors: lines(
                        place.scores, of: candidate, factors, context, areExplained: entries.count < explained),
                    warnings: Warnings.all(candidate, context), exclusion: place.exclusion,
                    isReady: candidate.duty.isOn && candidate.hasRoom))
        }
        return Ranking(entries: entries, facts: limit == nil ? TeamFacts.all(candidates, context) : [])
    }
}

extension Ranking {
    private typealias Factors = [(factor: any RankingFactor.Type, weight: Double)]

    /// What decides a rep's place.
    private struct Place {
        let index: Int
        let score: Double
        /// By factor.
        let scores: [Double]
        let exclusion: String?
        let lastAssignedAt: Int64
    }

    /// Those who can have the lead, best first, then the others.
    private static func places(
        of candidates: [Candidate], _ factors: Factors, _ context: RankingContext, _ exclusions: Exclusions
    ) -> [Place] {
        let places = candidates.indices.map { index in
            let candidate = candidates[index]
            let scores = factors.map { $0.factor.score(candidate, context) ?? 0 }
            return Place(
                index: index, score: mean(scores, factors), scores: scores, exclusion: exclusions.reason(candidate),
                lastAssignedAt: candidate.workload.lastAssignedAt?.milliseconds ?? .min)
        }
        let order = places.indices.filter { places[$0].exclusion == nil }.sorted { left, right in
            let (left, right) = (places[left], places[right])
            if left.score != right.score { return left.score > right.score }
            return (left.lastAssignedAt, left.index) < (right.lastAssignedAt, right.index)
        }
        return order.map { places[$0] } + places.filter { $0.exclusion != nil }
    }

    private static func mean(_ scores: [Double], _ factors: Factors) -> Double {
        var sum = 0.0
        var total = 0.0
        for index in factors.indices {
            sum += factors[index].weight * scores[index]
            total += factors[index].weight
        }
        // Sums in another order may differ in the last digits, and must not change the order.
        return total > 0 ? (sum / total * 1e9).rounded() / 1e9 : 0
    }

    private static func lines(
        _ scores: [Double], of candidate: Candidate, _ factors: Factors, _ context: RankingContext, areExplained: Bool
    ) -> [RankedFactor] {
        factors.indices.map { index in
            let (factor, weight) = factors[index]
            return RankedFactor(
                name: factor.name, side: factor.side, weight: weight, score: scores[index],
                sentence: areExplained ? factor.sentence(candidate, context) : nil)
        }
    }
}
