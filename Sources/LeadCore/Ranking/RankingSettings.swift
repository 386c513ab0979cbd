// How reps are ranked, as the configuration has it; every value has a default that serves a team without any settings.

import Foundation

/// What counts how much when reps are ranked.
public struct RankingSettings: Sendable, Equatable {
    /// What an open lead adds to its rep's load.
    public enum Load: String, Sendable, CaseIterable {
        /// Each lead weighs 1.
        case count
        /// Its value by the threshold of high value, from a tenth to ten; 1 when the value is unknown.
        case value
        /// A third of its complexity, so that a middling lead weighs 1; 1 when the complexity is unknown.
        case complexity
    }

    /// Weights by factor; a factor that isn't among them has its own standard, and 0 turns one off.
    public let weights: [String: Double]
    /// The factors that count by them.
    let factors: [WeightedFactor]
    /// How far back shares are counted.
    public let window: Duration
    /// What an open lead weighs.
    public let load: Load
    /// From which values on a lead asks for a seniority of 2, 3, 4, 5; four, ascending.
    public let seniorityValues: [Decimal]
    /// The same as the least whole numbers that reach them.
    private let seniorityFloors: [Int64]
    /// From which value on a lead is worth much.
    public let highValue: Decimal
    /// From how many leads on a share is worth a remark.
    public let minimumSample: Int
    /// What leads may need of a rep.
    public let rules: [HardRule]

    /// Settings; each factor's standard weight, 30 days, the number of leads, 10,000 to 500,000, 50,000, 10 leads and no
    /// rules unless told.
    public init(
        weights: [String: Double] = [:], window: Duration = .seconds(30 * 86_400), load: Load = .count,
        seniorityValues: [Decimal] = [10_000, 50_000, 100_000, 500_000], highValue: Decimal = 50_000,
        minimumSample: Int = 10, rules: [HardRule] = []
    ) {
        self.weights = weights
        factors = RankingFactors.weighted(by: weights)
        self.window = window
        self.load = load
        self.seniorityValues = seniorityValues
        seniorityFloors = seniorityValues.map { value in
            var (value, floor) = (min(value, 1_000_000_000_000_000_000), Decimal())
            NSDecimalRound(&floor, &value, 0, .up)
            return NSDecimalNumber(decimal: floor).int64Value
        }
        self.highValue = highValue
        self.minimumSample = minimumSample
        self.rules = rules
    }

    /// What `lead` adds to the open load of the rep who has it.
    public func openWeight(of lead: Lead) -> Double {
        switch load {
        case .count:
            return 1
        case .value:
            guard let amount = lead.money?.amount else { return 1 }
            return min(10, max(0.1, NSDecimalNumber(decimal: amount / highValue).doubleValue))
        case .complexity:
            return complexity(of: lead).map { Double($0) / 3 } ?? 1
        }
    }

    /// The field `complexity` if it is 1 to 5, else what the value comes to; nil when neither is known.
    func complexity(of lead: Lead) -> Int? {
        if let text = lead[.complexity], let number = Int(text), (1...5).contains(number) { return number }
        guard let money = lead.money else { return nil }
        let place =
            money.whole.map { whole in seniorityFloors.firstIndex { $0 > whole } }
            ?? seniorityValues.firstIndex { $0 > money.amount }
        return 1 + (place ?? seniorityValues.count)
    }
}
