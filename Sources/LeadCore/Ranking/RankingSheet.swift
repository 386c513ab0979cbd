// The table behind a ranking: the candidates, the factors that have something to say, and what each scores by each.

/// Candidates by factors.
final class RankingSheet: Sendable {
    /// What decides a rep's place.
    struct Place {
        let index: Int
        let score: Double
        let exclusion: String?
    }

    let context: RankingContext
    /// In the order of the configuration.
    let candidates: [Candidate]
    let factors: [WeightedFactor]
    /// Row after row, a candidate each.
    private let scores: [Double]

    init(_ candidates: [Candidate], _ context: RankingContext) {
        let factors = RankingFactors.speaking(of: candidates, context)
        self.context = context
        self.candidates = candidates
        self.factors = factors
        scores = Array(unsafeUninitializedCapacity: candidates.count * factors.count) { buffer, count in
            for candidate in candidates {
                for rule in factors {
                    buffer.initializeElement(at: count, to: rule.factor.score(candidate, context) ?? 0)
                    count += 1
                }
            }
        }
    }

    /// From 0 to 1, in the order of the factors.
    func scores(of index: Int) -> ArraySlice<Double> { scores[index * factors.count..<(index + 1) * factors.count] }

    /// Those who can have the lead, best first, then the others.
    func places(excluded exclusions: Exclusions) -> [Place] {
        var order: [(score: Double, rested: Int64, index: Int)] = []
        order.reserveCapacity(candidates.count)
        var others: [Place] = []
        let total = factors.reduce(0) { $0 + $1.weight }
        for index in candidates.indices {
            let score = mean(of: index, total: total)
            if let reason = exclusions.reason(candidates[index]) {
                others.append(Place(index: index, score: score, exclusion: reason))
            } else {
                let last = candidates[index].workload.lastAssignedAt?.milliseconds ?? .min
                order.append((score, last, index))
            }
        }
        order.sort { left, right in
            if left.score != right.score { return left.score > right.score }
            return (left.rested, left.index) < (right.rested, right.index)
        }
        return order.map { Place(index: $0.index, score: $0.score, exclusion: nil) } + others
    }

    private func mean(of index: Int, total: Double) -> Double {
        guard total > 0 else { return 0 }
        var sum = 0.0
        for column in factors.indices { sum += factors[column].weight * scores[index * factors.count + column] }
        // Sums in another order may differ in the last digits, and must not change the order.
        return (sum / total * 1e9).rounded() / 1e9
    }
}
