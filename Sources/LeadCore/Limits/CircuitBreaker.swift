// Whether it is worth asking somebody who has failed lately: a destination of messages, an API. Pure: it is told the time and
// what came of each attempt.
//
//   closed ──failures in a row──▶ open ──its time is over──▶ probing ──it works──▶ closed
//                                  ▲                            └──it fails again──▶ open, for twice as long
//
// A pause that began in the future was begun by a clock that has been set back, and is over.

/// Keeps from asking in vain.
public struct CircuitBreaker: Sendable, Equatable {
    /// What is thought of whoever is asked.
    public enum State: Sendable, Equatable {
        /// They are well, but for so many failures in a row.
        case closed(failures: Int)
        /// They are left in peace; how often in a row they have been.
        case open(Pause, openings: Int)
        /// One attempt finds out whether they are well again; others wait for what comes of it.
        case probing(openings: Int)
    }

    /// A time in which nothing begins.
    public struct Pause: Sendable, Equatable {
        /// When it was begun.
        public let since: Timestamp
        /// When it is over.
        public let until: Timestamp

        func end(at now: Timestamp) -> Timestamp? { since <= now && now < until ? until : nil }
    }

    /// What is thought of them now.
    public private(set) var state = State.closed(failures: 0)
    private let limit: Int
    private let first: Duration
    private let longest: Duration

    /// Opens after `limit` failures in a row, for `pause` at first and for `longest` at most, which is ten minutes unless told.
    package init(limit: Int, pause: Duration, longest: Duration? = nil) {
        self.limit = limit
        first = pause
        self.longest = max(pause, longest ?? .seconds(600))
    }

    /// How many attempts have failed in a row.
    var failures: Int {
        switch state {
        case .closed(let failures): failures
        case .open(_, let openings), .probing(let openings): openings == 0 ? 0 : limit + openings - 1
        }
    }

    /// Whether it has opened and nothing has come to a good end since; unknown, and so not, while somebody thinks that they
    /// are well again.
    var isDown: Bool {
        switch state {
        case .closed: false
        case .open(_, let openings), .probing(let openings): openings > 0
        }
    }

    // MARK: Before an attempt

    /// When one may begin, as far as a pause decides; nil when it may at once.
    func opening(at now: Timestamp) -> Timestamp? {
        if case .open(let pause, _) = state { pause.end(at: now) } else { nil }
    }

    /// Whether others wait for what comes of one attempt.
    var isProbing: Bool { if case .probing = state { true } else { false } }

    /// An attempt begins that may: after a pause it is the probe.
    mutating func begin() {
        if case .open(_, let openings) = state { state = .probing(openings: openings) }
    }

    /// Begins an attempt. Nil when it may; else for how long it may not.
    package mutating func refusal(at now: Timestamp) -> Duration? {
        if let end = opening(at: now) { return end - now }
        if case .probing(let openings) = state { return pause(openings, jitter: 1) }
        begin()
        return nil
    }

    // MARK: After it

    /// An attempt came to a good end. True when that closed it.
    @discardableResult
    package mutating func succeeded() -> Bool {
        defer { state = .closed(failures: 0) }
        if case .closed = state { return false }
        return true
    }

    /// An attempt failed. Until when that opened it; nil when it didn't. `jitter`, from 0 to 1, spreads the pause over its
    /// upper half.
    package mutating func failed(at now: Timestamp, jitter: Double = 1) -> Timestamp? {
        switch state {
        case .closed(let failures) where failures + 1 < limit:
            state = .closed(failures: failures + 1)
            return nil
        case .closed: return open(1, at: now, jitter)
        case .probing(let openings): return open(openings + 1, at: now, jitter)
        // It had begun before the breaker opened, and says nothing new.
        case .open: return nil
        }
    }

    /// An attempt ended without an answer either way: the next one finds out.
    package mutating func abandoned(at now: Timestamp) {
        if case .probing(let openings) = state { state = .open(Pause(since: now, until: now), openings: openings) }
    }

    /// Somebody thinks that they are well again: one attempt finds out, unless there was no trouble.
    mutating func reset(at now: Timestamp, hadTrouble: Bool) {
        if case .closed = state, !hadTrouble {
            state = .closed(failures: 0)
        } else {
            state = .open(Pause(since: now, until: now), openings: 0)
        }
    }

    private mutating func open(_ openings: Int, at now: Timestamp, _ jitter: Double) -> Timestamp {
        let until = now + pause(openings, jitter: jitter)
        state = .open(Pause(since: now, until: until), openings: openings)
        return until
    }

    /// A time that doubles with each opening.
    private func pause(_ openings: Int, jitter: Double) -> Duration {
        let doublings = Int64(min(max(openings - 1, 0), 20))
        let ceiling = min(first.milliseconds << doublings, longest.milliseconds)
        return .milliseconds(ceiling / 2 + Int64(Double(ceiling - ceiling / 2) * min(max(jitter, 0), 1)))
    }
}
