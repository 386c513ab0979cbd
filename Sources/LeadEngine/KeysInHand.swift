// Keeps leads that may be of one person apart while they are being taken in: the second is looked at when the first is
// durable, and then found. Leads of different people don't wait for each other.

import LeadCore
import Synchronization

/// The keys of leads that are being taken in.
final class KeysInHand: Sendable {
    private struct State {
        var held: Set<Int64> = []
        var waiting: [Bell] = []
    }
    private let state = Mutex(State())

    /// What somebody may go on with.
    enum Turn {
        /// The leads at these indices, whose keys are held from now on; the others come later.
        case some([Int])
        /// None; the bell rings when some may be free.
        case none(Bell)
    }

    /// Takes the keys of as many of the leads at `indices` as have none that is held, in their order.
    func take(_ indices: [Int], _ keys: [[Int64]]) -> Turn {
        state.withLock { state in
            var taken: [Int] = []
            for index in indices where state.held.isDisjoint(with: keys[index]) {
                state.held.formUnion(keys[index])
                taken.append(index)
            }
            guard taken.isEmpty else { return .some(taken) }
            let bell = Bell()
            state.waiting.append(bell)
            return .none(bell)
        }
    }

    /// Lets go of the keys of the leads at `indices`.
    func release(_ indices: [Int], _ keys: [[Int64]]) {
        let waiting = state.withLock { state -> [Bell] in
            for index in indices { state.held.subtract(keys[index]) }
            defer { state.waiting = [] }
            return state.waiting
        }
        for bell in waiting { bell.ring() }
    }
}
