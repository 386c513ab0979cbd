// What a whole channel takes of changes to messages that it has: a chat program counts those together, whoever the messages
// are for, and refuses them without refusing new messages. Pure, as lanes are.

/// The gate that every change of a channel passes, beside the rate of its own lane.
public struct ChangeGate: Sendable, Equatable {
    private var windows: [SlidingWindow] = []
    /// What the peer asked for last.
    private var pause: CircuitBreaker.Pause?

    /// A gate that nothing has passed.
    public init() {}

    /// When the next change may begin: `now` or later.
    public mutating func opening(at now: Timestamp, by limits: [RateLimit]) -> Timestamp {
        if windows.count != limits.count { windows = Array(repeating: SlidingWindow(), count: limits.count) }
        return windows.indices.reduce(pause?.end(at: now) ?? now) { opening, index in
            max(opening, windows[index].opening(at: now, limits[index]))
        }
    }

    /// How many more may begin at `now`.
    public mutating func room(at now: Timestamp, by limits: [RateLimit]) -> Int {
        guard opening(at: now, by: limits) <= now else { return 0 }
        return zip(windows, limits).reduce(.max) { room, one in min(room, one.0.left(of: one.1)) }
    }

    /// A change goes through.
    public mutating func take(at now: Timestamp) {
        for index in windows.indices { windows[index].take(at: now) }
    }

    /// The last one that went through came to nothing before the peer was asked.
    public mutating func giveBack() {
        for index in windows.indices { windows[index].giveBack() }
    }

    /// The peer wants no changes for `time`.
    public mutating func rest(for time: Duration, from now: Timestamp) {
        let until = now + min(time, LanePolicy.longestRetryAfter)
        if (pause?.end(at: now)).map({ $0 < until }) ?? true {
            pause = CircuitBreaker.Pause(since: now, until: until)
        }
    }

    /// Somebody wants it tried at once.
    public mutating func resume() { pause = nil }
}
