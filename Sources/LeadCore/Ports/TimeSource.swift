// The clock as the loops see it. The core itself takes `now` as an argument.

import Synchronization

/// Tells the time and waits for it.
public protocol TimeSource: Sendable {
    /// The present instant.
    func now() -> Timestamp

    /// Returns when the clock reads `deadline` or later (nil: never), when `bell` has rung since the last wait on it, or
    /// when the task is cancelled, whichever comes first. A clock that is set wakes it at once.
    func wait(until deadline: Timestamp?, or bell: Bell) async
}

/// A hint that there may be something to do. Ringing before anyone waits is remembered, ringing twice is once.
public final class Bell: Sendable {
    private struct State {
        var hasRung = false
        var next = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    }
    private let state = Mutex(State())

    /// A bell that has not rung.
    public init() {}

    /// Wakes whoever waits, or lets the next wait return at once.
    public func ring() {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard !state.waiters.isEmpty else {
                state.hasRung = true
                return []
            }
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns at the next ring, at once if it has rung since the last wait, or when the task is cancelled.
    public func wait() async {
        let ticket = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.hasRung || Task.isCancelled {
                        state.hasRung = false
                        return true
                    }
                    state.waiters[ticket] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: ticket) }?.resume()
        }
    }
}

/// A value that a reload replaces whole; readers take it as it is at the moment.
public final class Current<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    /// Holds `value`.
    public init(_ value: Value) { self.value = Mutex(value) }

    /// The value as it is now.
    public var now: Value { value.withLock { $0 } }

    /// Replaces the value.
    public func replace(with new: Value) { value.withLock { $0 = new } }
}
