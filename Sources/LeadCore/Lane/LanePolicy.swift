// How one destination is treated: what it takes at once and in a time, and when it is left in peace. A value of the
// configuration.

/// What a lane keeps to.
public struct LanePolicy: Sendable, Equatable {
    /// How many messages may be under way at once.
    public let concurrency: Int
    /// All of them are kept; none for a destination that takes whatever comes.
    public let limits: [RateLimit]

    /// Failures in a row after which the breaker opens.
    static let patience = 5
    /// How long it stays open at first; doubles with each probe that fails.
    static let firstPause: Duration = .seconds(10)
    /// How long it stays open at most.
    static let longestPause: Duration = .seconds(300)
    /// A peer that asks for more than this is not obeyed for the lane, only for its message.
    static let longestRetryAfter: Duration = .seconds(86_400)

    /// A policy.
    public init(concurrency: Int, limits: [RateLimit] = []) {
        self.concurrency = max(1, concurrency)
        self.limits = limits
    }
}
