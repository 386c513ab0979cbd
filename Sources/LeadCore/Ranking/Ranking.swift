// The reps for one lead, best first, with the reasons: a value that can be shown, and kept beside the assignment as what
// the chooser saw.

import Foundation

/// What one factor said of one rep.
public struct RankedFactor: Sendable, Equatable, Encodable {
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

/// One rep's place. What the factors and the warnings say is put in words when it is asked for: of hundreds of reps few are
/// looked at.
public struct RankedRep: Sendable {
    /// The factors' weighted mean, from 0 to 1; 0 when none had anything to say.
    public let score: Double
    /// Why the rep can't have the lead; nil when they can.
    public let exclusion: String?
    /// Whether the factors tell their facts.
    fileprivate let isExplained: Bool
    /// Which of the candidates on the sheet.
    fileprivate let index: Int
    fileprivate let sheet: RankingSheet

    private var candidate: Candidate { sheet.candidates[index] }

    /// Who.
    public var person: PersonID { candidate.person.id }

    /// True for a rep who is on duty and below their soft cap.
    public var isReady: Bool { candidate.duty.isOn && candidate.hasRoom }

    /// What to think of before choosing this rep.
    public var warnings: [String] { Warnings.all(candidate, sheet.context) }

    /// What the factors said that had something to say of the lead.
    public var factors: [RankedFactor] {
        zip(sheet.factors, sheet.scores(of: index)).map { rule, score in
            RankedFactor(
                name: rule.factor.name, side: rule.factor.side, weight: rule.weight, score: score,
                sentence: isExplained ? rule.factor.sentence(candidate, sheet.context) : nil)
        }
    }

    /// The weighted mean of the factors of one side, from 0 to 1; nil when none of them had anything to say.
    public func score(of side: RankingSide) -> Double? {
        var sum = 0.0
        var total = 0.0
        for (rule, score) in zip(sheet.factors, sheet.scores(of: index)) where rule.factor.side == side {
            sum += rule.weight * score
            total += rule.weight
        }
        return total > 0 ? sum / total : nil
    }

    /// What counts most for the rep, in one line: "skilled in fine-art, level 4 of 5; 3 of 8 open leads". Empty for who is
    /// not explained.
    public var summary: String {
        guard isExplained else { return "" }
        var summary = ""
        var count = 0
        for side in RankingSide.allCases where count < 2 {
            guard let factor = heaviestFactor(for: side) else { continue }
            if count > 0 { summary += "; " }
            summary += factor.sentence(candidate, sheet.context)
            count += 1
        }
        return summary
    }

    /// Of the factors of `side` that speak for the rep the one that counts most.
    private func heaviestFactor(for side: RankingSide) -> (any RankingFactor.Type)? {
        var heaviest: WeightedFactor?
        for (rule, score) in zip(sheet.factors, sheet.scores(of: index)) where rule.factor.side == side && score > 0 {
            if rule.weight > heaviest?.weight ?? 0 { heaviest = rule }
        }
        return heaviest?.factor
    }
}

extension RankedRep: Equatable, Encodable {
    private enum CodingKeys: CodingKey {
        case person, score, factors, warnings, exclusion, isReady
    }

    /// True when both say the same.
    public static func == (left: RankedRep, right: RankedRep) -> Bool {
        left.person == right.person && left.score == right.score && left.exclusion == right.exclusion
            && left.isReady == right.isReady && left.factors == right.factors && left.warnings == right.warnings
    }

    /// Everything that it can say.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(person, forKey: .person)
        try container.encode(score, forKey: .score)
        try container.encode(factors, forKey: .factors)
        try container.encode(warnings, forKey: .warnings)
        try container.encodeIfPresent(exclusion, forKey: .exclusion)
        try container.encode(isReady, forKey: .isReady)
    }
}

/// The reps for one lead.
public struct Ranking: Sendable, Equatable {
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
        let sheet = RankingSheet(candidates, context)
        let entries = sheet.places(excluded: Exclusions(lead, context: context)).prefix(limit ?? .max).enumerated()
        return Ranking(
            entries: entries.map { rank, place in
                RankedRep(
                    score: place.score, exclusion: place.exclusion, isExplained: rank < explained, index: place.index,
                    sheet: sheet)
            }, facts: limit == nil ? TeamFacts.all(candidates, context) : [])
    }
}
