// The house's clock: it stands still until the story moves it. Unlike the plain manual clock it knows the loops apart by
// their bells, so that a story can send every loop once around and know that nothing is left to be done.

import LeadCore
import LeadTestKit
import Synchronization

/// The clock of a story.
final class HouseClock: TimeSource {
    private struct Waiter {
        let deadline: Timestamp?
        let loop: ObjectIdentifier?
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now: Timestamp
        var next = 0
        var waiters: [Int: Waiter] = [:]
        /// How often each loop has lain down to wait.
        var rests: [ObjectIdentifier: Int] = [:]
    }

    /// How often loops have to have rested to have gone around once more.
    typealias Round = [ObjectIdentifier: Int]

    private let state: Mutex<State>
    private let signals: Signals

    init(_ now: Timestamp, signals: Signals) {
        state = Mutex(State(now: now))
        self.signals = signals
    }

    // MARK: The clock's face

    func now() -> Timestamp { state.withLock { $0.now } }

    func wait(until deadline: Timestamp?, or bell: Bell) async { await wait(deadline, bell, ObjectIdentifier(bell)) }

    /// The same clock for those who wait for a single thing and are no loop.
    var aside: any TimeSource { Aside(clock: self) }

    private struct Aside: TimeSource {
        let clock: HouseClock
        func now() -> Timestamp { clock.now() }
        func wait(until deadline: Timestamp?, or bell: Bell) async { await clock.wait(deadline, bell, nil) }
    }

    // MARK: Moving it

    /// Moves the clock forward and wakes whoever waited for an instant that has come.
    func advance(by duration: Duration) { move(to: now() + duration, wakesAll: false) }

    /// Sets the clock, forward or back, and wakes every waiter, as the real one does when it is set.
    func set(to now: Timestamp) { move(to: now, wakesAll: true) }

    /// The earliest instant that anyone waits for.
    var earliestDeadline: Timestamp? { state.withLock { $0.waiters.values.compactMap(\.deadline).min() } }

    // MARK: Loops

    /// How many loops wait.
    var restingLoops: Int { resting.loops }

    /// How many loops wait, and the earliest instant that anyone waits for.
    var resting: (loops: Int, earliest: Timestamp?) {
        state.withLock { state in
            (state.waiters.values.count { $0.loop != nil }, state.waiters.values.compactMap(\.deadline).min())
        }
    }

    /// Wakes every loop; once `isDone` says so of the answer, each has gone around at least once since.
    func sendAround() -> Round {
        let (round, woken) = state.withLock { state -> (Round, [Waiter]) in
            let loops = state.waiters.values.compactMap(\.loop)
            defer { state.waiters = [:] }
            let targets = loops.map { ($0, state.rests[$0, default: 0] + 1) }
            return (Dictionary(targets) { max($0, $1) }, Array(state.waiters.values))
        }
        for waiter in woken { waiter.continuation.resume() }
        return round
    }

    func isDone(_ round: Round) -> Bool {
        state.withLock { state in round.allSatisfy { state.rests[$0.key, default: 0] >= $0.value } }
    }

    /// A new run has loops of its own.
    func forgetLoops() { state.withLock { $0.rests = [:] } }

    // MARK: Parts

    private func wait(_ deadline: Timestamp?, _ bell: Bell, _ loop: ObjectIdentifier?) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await bell.wait() }
            group.addTask { await self.rest(until: deadline, loop) }
            await group.next()
            group.cancelAll()
        }
    }

    private func rest(until deadline: Timestamp?, _ loop: ObjectIdentifier?) async {
        let ticket = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if Task.isCancelled { return true }
                    if let deadline, deadline <= state.now { return true }
                    if let loop { state.rests[loop, default: 0] += 1 }
                    state.waiters[ticket] = Waiter(deadline: deadline, loop: loop, continuation: continuation)
                    return false
                }
                if isOver { continuation.resume() } else { signals.note() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: ticket) }?.continuation.resume()
        }
    }

    private func move(to now: Timestamp, wakesAll: Bool) {
        let woken = state.withLock { state -> [Waiter] in
            state.now = now
            let due = state.waiters.filter { wakesAll || $0.value.deadline.map { $0 <= now } ?? false }
            for ticket in due.keys { state.waiters[ticket] = nil }
            return Array(due.values)
        }
        for waiter in woken { waiter.continuation.resume() }
    }
}
