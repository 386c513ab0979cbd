// Whether something is slower beside something else, on a machine that does other things too: both are timed in turns, so that
// whatever disturbs one disturbs the other, and of several rounds the one in the middle counts.

/// The times of two ways of doing the same.
public struct PairedTimes: Sendable {
    /// Which way.
    public enum Way: Sendable, CaseIterable { case alone, beside }

    /// For each round the times of each way, sorted.
    private var rounds: [[Way: [Duration]]] = []

    /// Does `act` each way in turns, `count` times a round; a hundred and more, for the 99th percentile to be none of the worst.
    public static func measure(
        rounds: Int, of count: Int, _ act: (Way) async throws -> Void
    ) async rethrows -> PairedTimes {
        var times = PairedTimes()
        for _ in 0..<rounds {
            var round: [Way: [Duration]] = [:]
            for number in 0..<count {
                // Neither way is always the first.
                for way in number.isMultiple(of: 2) ? [Way.alone, .beside] : [.beside, .alone] {
                    let begun = ContinuousClock.now
                    try await act(way)
                    round[way, default: []].append(ContinuousClock.now - begun)
                }
            }
            times.rounds.append(round.mapValues { $0.sorted() })
        }
        return times
    }

    /// The median over the rounds of each round's `share`, as in 0.99.
    public func quantile(_ share: Double, _ way: Way) -> Duration {
        let all = rounds.compactMap { $0[way] }.map { $0[Int(Double($0.count - 1) * share)] }.sorted()
        return all[all.count / 2]
    }
}
