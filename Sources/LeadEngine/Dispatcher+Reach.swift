// Questions that have no way left to their reader. A destination that is down may be well again before long, so what waits
// for it goes on waiting; but a case whose manager can't be told by any channel goes on without them at once. Looked into by
// the dispatch loop when a lane goes down, when a message fails for good while another is down, and when a question is born
// that has nowhere to go: most of the time nothing is down, and then it costs nothing.

import LeadCore
import Logging

/// Who may be out of reach.
struct ReachDoubts {
    /// Lanes that have turned out to be down, or still to be, since somebody looked.
    private var lanes: Set<LaneID> = []
    private var addressees: Set<Addressee> = []
    /// Of whom the operators have heard since a lane was well again.
    private var known: Set<PersonID> = []

    /// Whether there is something to look into.
    var isEmpty: Bool { lanes.isEmpty && addressees.isEmpty }

    /// A lane has changed. What stops has each message fail, so those are looked into one by one.
    mutating func note(_ change: Lane.Change, of lane: LaneID) {
        switch change {
        case .opened: lanes.insert(lane)
        case .closed: known = []
        case .stopped, .none: break
        }
    }

    mutating func add(_ new: some Sequence<Addressee>) { addressees.formUnion(new) }

    /// A lane whose messages are to be looked into, which are then all that is known of it.
    mutating func takeLane() -> LaneID? { lanes.popFirst() }

    mutating func putBack(_ lane: LaneID) { lanes.insert(lane) }

    /// Some to be looked into.
    mutating func take(_ most: Int) -> [Addressee] {
        let some = Array(addressees.prefix(most))
        addressees.subtract(some)
        return some
    }

    /// Whether it is news to the operators that `person` is out of reach.
    func isNews(_ person: PersonID) -> Bool { !known.contains(person) }

    mutating func tell(of person: PersonID) { known.insert(person) }
}

extension Dispatcher {
    /// Told that no way to somebody who was asked takes anything, and whether that is news to the operators; answers whether
    /// the case took it.
    typealias SilenceAction = @Sendable (Addressee, _ isNews: Bool) async throws(StoreFailure) -> Bool

    /// How many cases are looked into before the loop sees to other things.
    private static let portion = 64

    /// Looks into `delivery`, which has failed for good, if others to its reader may wait in vain.
    func doubt(_ delivery: Delivery) {
        guard MessageKind.asking.contains(delivery.kind) else { return }
        let isNews = state.withLock { state in
            guard !state.lanes.down.isEmpty else { return false }
            defer { state.reach.add([delivery.addressee]) }
            return state.reach.isEmpty
        }
        if isNews { bell.ring() }
    }

    /// Whether any destination takes nothing, as far as is known.
    var hasLanesDown: Bool { state.withLock { !$0.lanes.down.isEmpty } }

    /// Looks into questions of `transitions` all of whose ways are down already.
    func doubtQuestions(of transitions: [Transition]) {
        let isNews = state.withLock { state in
            let down = state.lanes.down
            guard !down.isEmpty else { return false }
            let wasEmpty = state.reach.isEmpty
            for transition in transitions {
                let questions = transition.deliveries.filter { MessageKind.asking.contains($0.kind) }
                let reachable = Set(questions.filter { !down.contains($0.lane) }.map(\.addressee))
                state.reach.add(Set(questions.map(\.addressee)).subtracting(reachable))
            }
            return wasEmpty && !state.reach.isEmpty
        }
        if isNews { bell.ring() }
    }

    /// Tells the cases of those who are out of reach. Answers when to go on, if not when the bell rings.
    func lookIntoReach() async -> Timestamp? {
        guard let action = silence.withLock({ $0 }) else { return nil }
        do throws(StoreFailure) {
            while let lane = state.withLock({ $0.reach.takeLane() }) {
                do throws(StoreFailure) {
                    let asked = try await store.unasked(waitingFor: lane)
                    state.withLock { $0.reach.add(asked) }
                } catch {
                    state.withLock { $0.reach.putBack(lane) }
                    throw error
                }
            }
            for addressee in state.withLock({ $0.reach.take(Self.portion) }) { try await look(into: addressee, action) }
        } catch {
            log.error("who is out of reach could not be put on record yet", metadata: ["reason": "\(error)"])
            return clock.now() + Self.backOff
        }
        return state.withLock { $0.reach.isEmpty } ? nil : clock.now()
    }

    private func look(into addressee: Addressee, _ action: SilenceAction) async throws(StoreFailure) {
        do throws(StoreFailure) {
            guard let file = try await store.file(addressee.caseID) else { return }
            let now = clock.now()
            let (isOut, isNews) = state.withLock { state in
                (
                    file.isOutOfReach(addressee.person) { state.lanes.isOut($0, at: now) },
                    state.reach.isNews(addressee.person)
                )
            }
            guard isOut, try await action(addressee, isNews) else { return }
            state.withLock { $0.reach.tell(of: addressee.person) }
        } catch  where error.code == .damaged {
            // One case that can't be read delays no other; the log tells of it when its time comes.
        } catch {
            state.withLock { $0.reach.add([addressee]) }
            throw error
        }
    }
}
