// Durations as people write them in files (`15m`, `1h30m`, `250ms`) and as they read them in messages ("1 h 30 min").

extension Duration {
    /// Reads `250ms`, `3s`, `15m`, `1h30m`, `7d`; nil when the text is anything else or lacks a unit.
    public init?(text: String) {
        var rest = text[...]
        var total: Int64 = 0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let amount = Int64(digits), let size = Self.unitMilliseconds[String(unit)] else { return nil }
            let (product, tooLarge) = amount.multipliedReportingOverflow(by: size)
            let (sum, overflow) = total.addingReportingOverflow(product)
            // A century is beyond any deadline and safely within the arithmetic of instants.
            guard !tooLarge, !overflow, sum <= 3_155_760_000_000 else { return nil }
            total = sum
        }
        self = .milliseconds(total)
    }

    private static let unitMilliseconds: [String: Int64] = [
        "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000,
    ]

    /// The duration in English words for a person: "250 ms", "45 s", "15 min", "1 h 30 min", "3 days".
    public var words: String { Phrases.english.words(self) }
}
