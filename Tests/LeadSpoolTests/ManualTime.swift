// A clock that tests set, and that tells them when somebody has gone to sleep on it.

import LeadCore
import Synchronization

final class ManualTime: TimeSource {
    private struct State {
        var now: Timestamp
        var next = 0
        /// Who waits, until when.
        var sleepers: [Int: (deadline: Timestamp?, bell: Bell)] = [:]
        var watchers: [Bell] = []
    }

    private let state: Mutex<State>

    /// Later than any file that a test writes, so that files count as settled unless a test makes them younger.
    static let start = Timestamp(milliseconds: 4_000_000_000_000)

    init() { state = Mutex(State(now: Self.start)) }

    func now() -> Timestamp { state.withLock { $0.now } }

    func advance(by duration: Duration) {
        let bells = state.withLock { state in
            state.now = state.now + duration
            return state.sleepers.values.map(\.bell)
        }
        for bell in bells { bell.ring() }
    }

    func wait(until deadline: Timestamp?, or bell: Bell) async {
        let turned = Bell()
        let (ticket, watchers) = state.withLock { state -> (Int?, [Bell]) in
            if let deadline, deadline <= state.now { return (nil, []) }
            state.next += 1
            state.sleepers[state.next] = (deadline: deadline, bell: turned)
            defer { state.watchers = [] }
            return (state.next, state.watchers)
        }
        guard let ticket else { return }
        for watcher in watchers { watcher.ring() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await bell.wait() }
            group.addTask { await turned.wait() }
            await group.next()
            group.cancelAll()
        }
        state.withLock { $0.sleepers[ticket] = nil }
    }

    /// Sets the clock to when the only sleeper wants to be woken, once there is one, and says how long that was.
    func advanceToDeadline() async -> Duration {
        while !Task.isCancelled {
            let watcher = Bell()
            let (step, bells) = state.withLock { state -> (Duration?, [Bell]) in
                guard let deadline = state.sleepers.values.compactMap(\.deadline).min(), deadline > state.now else {
                    state.watchers.append(watcher)
                    return (nil, [])
                }
                defer { state.now = deadline }
                return (deadline - state.now, state.sleepers.values.map(\.bell))
            }
            for bell in bells { bell.ring() }
            if let step { return step }
            await watcher.wait()
        }
        return .zero
    }

    /// Returns when somebody waits until `deadline`.
    func sleep(until deadline: Timestamp) async {
        while !Task.isCancelled {
            let watcher = Bell()
            let isThere = state.withLock { state in
                if state.sleepers.values.contains(where: { $0.deadline == deadline }) { return true }
                state.watchers.append(watcher)
                return false
            }
            if isThere { return }
            await watcher.wait()
        }
    }
}
