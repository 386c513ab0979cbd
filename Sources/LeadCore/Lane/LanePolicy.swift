// How one destination is treated: what it takes at once and in a time, and when it is left in peace. A value of the
// configuration.

/// What a lane keeps to.
public struct LanePolicy: Sendable, Equatable {
    /// How many messages may be under way at once.
    public let concurrency: Int
    /// All of them are kept; none for a destination that takes whatever comes.
    public let limits: [RateLimit]
    /// How many changes to messages all lanes of the channel take together.
    public let changeLimits: [RateLimit]

    /// Failures in a row after which the breaker opens.
    static let failures = 5
    /// How long it stays open at first; doubles with each probe that fails.
    static let firstPause: Duration = .seconds(10)
    /// How long it stays open at most.
    static let longestPause: Duration = .seconds(300)
    /// The longest rest that a peer's Retry-After may ask for, in both lanes and messages: then one message asks again. An
    /// hour is long for a peer that is busy, and short for a lead that waits.
    static let longestRetryAfter: Duration = .seconds(3600)
    /// A pause that is longer than this is waited out in the store.
    package static let patience: Duration = .seconds(60)

    /// A policy.
    public init(concurrency: Int, limits: [RateLimit] = [], changeLimits: [RateLimit] = []) {
        self.concurrency = max(1, concurrency)
        self.limits = limits
        self.changeLimits = changeLimits
    }
}
