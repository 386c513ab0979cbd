// How often something may be done. Pure: it is told the time, and answers when there is room. Used for what asks outside and
// for what comes in; lanes, whose peers count in windows, keep to `SlidingWindow`.

/// Turns that come back evenly with time, of which some can be used at once.
package struct TokenBucket: Sendable, Equatable {
    /// Nanoseconds in which one turn comes back.
    private let cost: Int64
    /// What a full bucket holds; below zero, a debt is paid back first.
    private let most: Int64
    private var level: Int64
    private var last: Timestamp?

    /// A full bucket that is filled by `limit`. It holds `burst` turns, or a second's worth unless told; one at least.
    package init(_ limit: RateLimit, burst: Int? = nil) {
        let cost = max(1, limit.period.milliseconds * 1_000_000 / Int64(limit.count))
        self.cost = cost
        most = burst.map { cost * Int64(max(1, $0)) } ?? max(cost, 1_000_000_000)
        level = most
    }

    /// Takes `count` turns; when there are too few, takes none and says from when on there are enough. More than the bucket
    /// holds are taken when it is full, and paid for afterwards.
    package mutating func take(_ count: Int = 1, at now: Timestamp) -> Timestamp? {
        if let last, now > last {
            // No more than fills it from its deepest debt, so that no jump of the clock overflows.
            let passed = min((now - last).milliseconds, (most - level) / 1_000_000 + 1)
            level = min(most, level + passed * 1_000_000)
        }
        // A clock that was set back begins to count anew.
        last = now
        let needed = min(cost * Int64(count), most)
        guard level < needed else {
            level -= cost * Int64(count)
            return nil
        }
        return now + .milliseconds((needed - level + 999_999) / 1_000_000)
    }

    /// Gives back turns that were taken for nothing.
    package mutating func putBack(_ count: Int = 1) { level = min(most, level + cost * Int64(count)) }
}
