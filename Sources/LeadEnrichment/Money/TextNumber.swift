// Numbers as people write them, with marks between groups of digits and before cents. Pure.

/// A number as it stands in a text.
struct TextNumber: Equatable {
    /// Digits without zeros before them.
    var whole: String
    var fraction: String
    var scale = 1
    /// Whether a word for the scale stands behind it.
    var isScaled = false

    var amount: Double { (Double("\(whole).\(fraction)0") ?? 0) * Double(scale) }

    /// Digits, with a point before the cents.
    var text: String {
        guard scale > 1 else {
            return fraction.utf8.allSatisfy { $0 == UInt8(ascii: "0") } ? whole : "\(whole).\(fraction)"
        }
        // 1.5 million: the point moves right by the scale's zeros.
        let zeros = String(scale).utf8.count - 1
        let digits = whole + fraction.prefix(zeros) + String(repeating: "0", count: max(0, zeros - fraction.utf8.count))
        return Self.withoutZeros(digits)
    }

    private static func withoutZeros(_ digits: String) -> String {
        let cut = digits.drop { $0 == "0" }
        return cut.isEmpty ? "0" : String(cut)
    }

    /// The number of these groups of digits with a mark between each and the next; nil when they are none, or could be two.
    init?(groups: [Substring], marks: [UInt32]) {
        guard let first = groups.first, marks.count + groups.reduce(0, { $0 + $1.utf8.count }) <= Self.longest else {
            return nil
        }
        let rest = groups.dropFirst()
        if let mark = marks.first, (1...3).contains(first.utf8.count), rest.allSatisfy({ $0.utf8.count == 3 }),
            marks.allSatisfy({ $0 == mark })
        {
            self.init(whole: groups.joined(), fraction: "")
        } else if rest.isEmpty {
            self.init(whole: String(first), fraction: "")
        } else if let last = marks.last, Self.points.contains(last), let cents = rest.last, cents.utf8.count <= 2,
            rest.dropLast().allSatisfy({ $0.utf8.count == 3 }), let mark = marks.first,
            marks.count == 1 || mark != last,
            marks.dropLast().allSatisfy({ $0 == mark })
        {
            self.init(whole: groups.dropLast().joined(), fraction: String(cents))
        } else {
            return nil
        }
    }

    /// With its marks; more is no amount.
    private static let longest = 24
    private static let points: [UInt32] = [0x2E, 0x2C]

    private init(whole: String, fraction: String) {
        self.whole = Self.withoutZeros(whole)
        self.fraction = fraction
    }
}
