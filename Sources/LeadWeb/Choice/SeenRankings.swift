// What each open page showed: kept for a while, so that an assignment can say which ranking its chooser saw. Pages hold
// only the nonce under which it is found; after a restart nothing is, and then the ranking of the moment of choosing
// stands in, and warnings are named once more.

import LeadCore
import Synchronization

/// The rankings of the latest pages, by nonce.
final class SeenRankings: Sendable {
    private struct State {
        var rankings: [String: SeenRanking] = [:]
        /// From the oldest.
        var order: [String] = []
        var places = 0
    }

    private let state = Mutex(State())
    /// How many places of rankings are kept in all, which bounds the memory.
    private let capacity: Int

    init(capacity: Int = 40_000) { self.capacity = capacity }

    /// Remembers what the page with `nonce` shows.
    func keep(_ ranking: SeenRanking, under nonce: String) {
        state.withLock { state in
            guard state.rankings.updateValue(ranking, forKey: nonce) == nil else { return }
            state.order.append(nonce)
            state.places += ranking.places.count + 1
            var dropped = 0
            while state.places > capacity, dropped < state.order.count - 1 {
                let oldest = state.rankings.removeValue(forKey: state.order[dropped])
                state.places -= (oldest?.places.count ?? 0) + 1
                dropped += 1
            }
            state.order.removeFirst(dropped)
        }
    }

    /// What the page with `nonce` showed; nil when that is forgotten.
    func ranking(under nonce: String) -> SeenRanking? { state.withLock { $0.rankings[nonce] } }
}
