// Whose turn it is, across all leads that come in; the store knows it at a start. A turn counts as taken when the lead is
// decided on, so that leads of one batch, and of two at once, go to different managers.

import LeadCore
import Synchronization

/// Keeps turns current.
final class TurnBook: Sendable {
    private let store: any CaseStore
    private let turns = Mutex(Turns())

    init(store: any CaseStore) { self.store = store }

    /// Reads what former runs left.
    func load() async throws(StoreFailure) {
        let taken = try await store.turns()
        turns.withLock { $0 = Turns(taken) }
    }

    /// Opens a case by `rulebook` with the turns as they are, and counts the one that it takes.
    func open(by rulebook: Rulebook, _ decide: (Turns) -> Transition) -> Transition {
        guard rulebook.takesTurns else { return decide(Turns()) }
        return turns.withLock { turns in
            let transition = decide(turns)
            if let person = transition.result.opening.turn { turns.take(person) }
            return transition
        }
    }
}
