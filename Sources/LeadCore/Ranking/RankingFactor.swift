// The factors of the ranking: each looks at one side of a candidate. A new one is a file in `Factors` and its line here;
// its name in the configuration, its weight and its place on pages follow.

/// One side of a candidate, as a number and in words.
protocol RankingFactor: SendableMetatype {
    /// What the configuration and the pages call it.
    static var name: String { get }
    /// Its weight unless the configuration has another.
    static var standardWeight: Double { get }

    /// What it is a part of when a page shows three bars instead of all factors.
    static var side: RankingSide { get }

    /// From 0 to 1, more being better; nil when the factor says nothing of this lead. It must then say nothing of any
    /// candidate, or the scores would be means of different things.
    static func score(_ candidate: Candidate, _ context: RankingContext) -> Double?

    /// The facts behind the score. Asked for those alone who are shown, and only when there is a score.
    static func sentence(_ candidate: Candidate, _ context: RankingContext) -> String
}

/// What a chooser asks of a rep, in three words.
public enum RankingSide: String, Sendable, Codable, CaseIterable {
    /// Whether they are the right one.
    case fit
    /// Whether they have room, now.
    case room
    /// Whether it is their turn.
    case share

    /// "Fit".
    public var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}

/// All factors.
public enum RankingFactors {
    /// In the order in which they are shown.
    static let all: [any RankingFactor.Type] = [
        OwnerFactor.self, SkillsFactor.self, SpecialismFactor.self, RegionFactor.self, LanguageFactor.self,
        SeniorityFactor.self, CapacityFactor.self, PresenceFactor.self, FairnessFactor.self, RestFactor.self,
        AcquaintanceFactor.self,
    ]

    /// Their names, as the configuration has them, in the order in which they are shown.
    public static let names = all.map { $0.name }

    /// Those that count by these weights, which may leave some at their standard.
    static func weighted(by weights: [String: Double]) -> [WeightedFactor] {
        all.map { WeightedFactor(factor: $0, weight: weights[$0.name] ?? $0.standardWeight) }.filter { $0.weight > 0 }
    }

    /// Those of them that have something to say: what says nothing of the first candidate says nothing of any.
    static func speaking(
        of candidates: [Candidate], _ context: RankingContext
    ) -> [WeightedFactor] {
        guard let first = candidates.first else { return [] }
        return context.settings.factors.filter { $0.factor.score(first, context) != nil }
    }
}

/// A factor, and how much it counts.
struct WeightedFactor: Sendable, Equatable {
    let factor: any RankingFactor.Type
    let weight: Double

    /// The same factor with the same weight; types have no equality of their own that could be used.
    static func == (left: WeightedFactor, right: WeightedFactor) -> Bool {
        left.factor == right.factor && left.weight == right.weight
    }
}
