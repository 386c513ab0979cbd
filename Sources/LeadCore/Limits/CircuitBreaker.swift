// Whether it is worth asking somebody who has failed lately. Pure: it is told the time and what came of each attempt.
//
//   closed ──failures in a row──▶ open ──pause is over──▶ trying ──it works──▶ closed
//                                  ▲                        │
//                                  └───── twice the pause ◀─┘ it fails again

/// Keeps from asking in vain.
package struct CircuitBreaker: Sendable {
    private enum State: Sendable {
        case closed(failures: Int)
        case open(until: Timestamp, since: Timestamp, pause: Duration)
        /// One attempt is under way; others wait for what comes of it.
        case trying(pause: Duration)
    }

    private var state = State.closed(failures: 0)
    private let limit: Int
    private let pause: Duration
    /// It never waits longer than this before it tries again.
    package static let longestPause: Duration = .seconds(600)

    /// Opens after `limit` failures in a row, for `pause` at first.
    package init(limit: Int, pause: Duration) {
        self.limit = limit
        self.pause = pause
    }

    /// Nil when it may be asked now; else for how long it is not.
    package mutating func refusal(at now: Timestamp) -> Duration? {
        switch state {
        case .closed: return nil
        case .trying(let pause): return pause
        case .open(let until, let since, let pause):
            // A clock that was set back by more than the pause says nothing of when the pause ends.
            guard now < until, now >= since - pause else {
                state = .trying(pause: pause)
                return nil
            }
            return until - now
        }
    }

    /// An attempt came to a good end.
    package mutating func succeeded() { state = .closed(failures: 0) }

    /// An attempt failed. True when that opened it.
    package mutating func failed(at now: Timestamp) -> Bool {
        switch state {
        case .closed(let failures) where failures + 1 < limit:
            state = .closed(failures: failures + 1)
            return false
        case .closed:
            state = .open(until: now + pause, since: now, pause: pause)
            return true
        case .trying(let last):
            let next = min(last + last, max(pause, Self.longestPause))
            state = .open(until: now + next, since: now, pause: next)
            return true
        case .open: return false
        }
    }

    /// An attempt ended without an answer either way: it was given up.
    package mutating func abandoned(at now: Timestamp) {
        if case .trying(let pause) = state { state = .open(until: now, since: now, pause: pause) }
    }
}
