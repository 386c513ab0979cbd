// How often something may be asked. Pure: it is told the time and answers when there is a turn.

import LeadCore

/// So many in a time, as in `10/s`, `600/m`, `5000/h`.
struct Rate: Sendable, Equatable {
    let count: Int
    let period: Duration

    /// Reads `10/s`; nil for anything else.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Int(parts[0].trimmed()), (1...100_000).contains(count),
            let period = Self.periods[parts[1].trimmed()]
        else { return nil }
        self.count = count
        self.period = period
    }

    private static let periods: [String: Duration] = [
        "s": .seconds(1), "m": .seconds(60), "h": .seconds(3600), "d": .seconds(86_400),
    ]
}

extension Substring {
    fileprivate func trimmed() -> String { String(self).trimmed }
}

/// Turns that come back with time; a second's worth can be used at once.
struct TokenBucket: Sendable {
    /// Thousandths of a millisecond that one turn takes to come back.
    private let cost: Int64
    private let most: Int64
    private var level: Int64
    private var last: Timestamp?

    init(_ rate: Rate) {
        cost = max(1, rate.period.milliseconds * 1000 / Int64(rate.count))
        // At least one turn, however slow the rate.
        most = max(cost, 1_000_000)
        level = most
    }

    /// Takes a turn; when there is none, says from when on there is.
    mutating func take(at now: Timestamp) -> Timestamp? {
        if let last, now > last { level = min(most, level + min(most, (now - last).milliseconds * 1000)) }
        // A clock that was set back begins to count anew.
        last = now
        guard level < cost else {
            level -= cost
            return nil
        }
        return now + .milliseconds((cost - level + 999) / 1000)
    }
}
