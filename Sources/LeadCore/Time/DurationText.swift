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

    /// The duration in words for a person: "250 ms", "45 s", "15 min", "1 h 30 min", "3 days".
    public var words: String {
        if (1..<1000).contains(milliseconds) { return "\(milliseconds) ms" }
        let seconds = max(0, milliseconds / 1000)
        if seconds < 60 { return "\(seconds) s" }
        let minutes = seconds / 60
        if minutes < 60 {
            return seconds % 60 == 0 || minutes >= 5 ? "\(minutes) min" : "\(minutes) min \(seconds % 60) s"
        }
        let hours = minutes / 60
        if hours < 48 { return minutes % 60 == 0 ? "\(hours) h" : "\(hours) h \(minutes % 60) min" }
        return "\(hours / 24) days"
    }
}
