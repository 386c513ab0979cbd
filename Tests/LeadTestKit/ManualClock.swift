// A clock that stands still until a test moves it. Loops wait on it as on the real one; the test advances it and waits
// until they are parked again, so no story sleeps.

import LeadCore
import Synchronization

/// A clock for tests.
public final class ManualClock: TimeSource {
    private struct Waiter {
        let deadline: Timestamp?
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct Watcher {
        let isSatisfied: @Sendable (_ parked: Int, _ parkings: Int) -> Bool
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now: Timestamp
        var next = 0
        var parkings = 0
        var waiters: [Int: Waiter] = [:]
        var watchers: [Watcher] = []
    }

    private let state: Mutex<State>

    /// A clock that reads `now`.
    public init(_ now: Timestamp = Sample.start) { state = Mutex(State(now: now)) }

    // MARK: The clock's face

    public func now() -> Timestamp { state.withLock { $0.now } }

    public func wait(until deadline: Timestamp?, or bell: Bell) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await bell.wait() }
            group.addTask { await self.park(until: deadline) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Moves the clock forward and wakes whoever waited for an instant that has come.
    public func advance(by duration: Duration) { move { $0 + duration } }

    /// Sets the clock, forward or back, and wakes every waiter, as the real one does when it is set.
    public func set(to now: Timestamp) { move(wakesAll: true) { _ in now } }

    // MARK: Waiting for those who wait

    /// How often anyone has begun to wait so far; take it before ringing a bell, then use `parked(after:)`.
    public var parkings: Int { state.withLock { $0.parkings } }

    /// Returns once at least `count` tasks wait on this clock. After `advance` those whose time has come count no more,
    /// so it tells when their loops have done their work. After a bell, use `parked(after:)`: a bell's waiter is still
    /// counted until it wakes.
    public func parked(_ count: Int = 1) async { await watch { parked, _ in parked >= count } }

    /// Returns once someone has begun to wait after the moment when `parkings` was `mark`.
    public func parked(after mark: Int, times: Int = 1) async { await watch { _, all in all >= mark + times } }

    /// The earliest instant anyone waits for; nil when nobody waits for one.
    public var earliestDeadline: Timestamp? { state.withLock { $0.waiters.values.compactMap(\.deadline).min() } }

    // MARK: Parts

    private func park(until deadline: Timestamp?) async {
        let ticket = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (isOver, satisfied) = state.withLock { state -> (Bool, [Watcher]) in
                    if Task.isCancelled { return (true, []) }
                    if let deadline, deadline <= state.now { return (true, []) }
                    state.parkings += 1
                    state.waiters[ticket] = Waiter(deadline: deadline, continuation: continuation)
                    return (false, Self.takeSatisfied(&state))
                }
                if isOver { continuation.resume() }
                for watcher in satisfied { watcher.continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: ticket) }?.continuation.resume()
        }
    }

    private func move(wakesAll: Bool = false, _ change: (Timestamp) -> Timestamp) {
        let woken = state.withLock { state -> [Waiter] in
            state.now = change(state.now)
            let now = state.now
            let due = state.waiters.filter { wakesAll || $0.value.deadline.map { $0 <= now } ?? false }
            for ticket in due.keys { state.waiters[ticket] = nil }
            return Array(due.values)
        }
        for waiter in woken { waiter.continuation.resume() }
    }

    private func watch(_ isSatisfied: @escaping @Sendable (Int, Int) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if isSatisfied(state.waiters.count, state.parkings) { return true }
                state.watchers.append(Watcher(isSatisfied: isSatisfied, continuation: continuation))
                return false
            }
            if isOver { continuation.resume() }
        }
    }

    private static func takeSatisfied(_ state: inout State) -> [Watcher] {
        let (parked, parkings) = (state.waiters.count, state.parkings)
        let satisfied = state.watchers.filter { $0.isSatisfied(parked, parkings) }
        state.watchers.removeAll { $0.isSatisfied(parked, parkings) }
        return satisfied
    }
}
