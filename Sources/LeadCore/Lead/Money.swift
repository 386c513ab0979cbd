// Money as a decimal with its currency. Parsed from what forms and CRMs write; never a binary fraction.

import Foundation

/// An amount in a currency.
public struct Money: Sendable, Equatable {
    /// The amount in whole currency units.
    public let amount: Decimal
    /// ISO 4217 code, upper case; nil when the lead names none.
    public let currency: String?

    /// Reads `12500`, `12,500.00` or `$12,500`; nil when the text is not an amount.
    public init?(amount text: String, currency: String?) {
        var digits = ""
        for character in text where !",_ '$€£".contains(character) { digits.append(character) }
        let pattern = digits.drop { $0 == "-" }
        guard !pattern.isEmpty, pattern.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
            pattern.count(where: { $0 == "." }) <= 1, pattern.contains(where: \.isNumber),
            let amount = Decimal(string: digits, locale: Locale(identifier: "en_US_POSIX"))
        else { return nil }
        self.amount = amount
        self.currency = currency?.uppercased()
    }

    /// `12,500 USD`.
    public var words: String {
        let plain = amount.description
        let parts = plain.split(separator: ".", omittingEmptySubsequences: false)
        var whole = String(parts[0])
        let negative = whole.hasPrefix("-")
        if negative { whole.removeFirst() }
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { grouped.append(",") }
            grouped.append(digit)
        }
        let fraction = parts.count > 1 ? "." + parts[1] : ""
        return (negative ? "-" : "") + grouped + fraction + (currency.map { " " + $0 } ?? "")
    }
}
