// How many messages a destination takes in a time. Written `4/s` or `60/30s` in files. Pure.

/// At most so many messages in any period of a length.
public struct RateLimit: Sendable, Equatable, CustomStringConvertible {
    /// How many; at least 1.
    public let count: Int
    /// In which time; at least a millisecond.
    public let period: Duration

    /// What is left of it when some is kept for messages that can't wait: a tenth, which is one at least; nil where nothing
    /// is kept, since one comes back within a second.
    var usual: RateLimit? {
        count > 1 && period > .seconds(1) ? RateLimit(count - max(1, count / 10), per: period) : nil
    }

    /// A limit.
    public init(_ count: Int, per period: Duration) {
        self.count = max(1, count)
        self.period = max(.milliseconds(1), period)
    }

    /// Reads `1/s`, `4/s`, `60/30s`, `100/h`: at most 100,000 in at most 7 days; nil when the text is anything else.
    public init?(text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let count = Int(parts[0]), (1...100_000).contains(count),
            parts[0].first != "+",
            let period = Duration(text: parts[1].first?.isNumber == true ? parts[1] : "1" + parts[1]),
            period > .zero, period <= .seconds(604_800)
        else { return nil }
        self.init(count, per: period)
    }

    /// "60 in 30 s".
    public var description: String { "\(count) in \(period.words)" }
}

extension [RateLimit] {
    /// "4 in 1 s, 60 in 30 s", or "none".
    public var words: String { isEmpty ? "none" : map(\.description).joined(separator: ", ") }
}
