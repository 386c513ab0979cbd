// Money as a decimal with its currency. Parsed from what forms and CRMs write; never a binary fraction.

import Foundation

/// An amount in a currency.
public struct Money: Sendable, Equatable {
    /// The amount in whole currency units.
    public let amount: Decimal
    /// The same where it was written as digits alone, as it nearly always is: decimals compare slowly.
    package let whole: Int64?
    /// ISO 4217 code, upper case; nil when neither the lead nor a sign that stands for one currency names it.
    public let currency: String?

    /// Reads `12500`, `12,500.00` or `$12,500`; nil when the text is not an amount, or is one in a notation that could
    /// be misread: `12.500,00`, `1,5`.
    public init?(amount text: String, currency: String?) {
        // What most forms write; the long way reads the same.
        if text.utf8.count <= 15, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let whole = Int64(text) {
            amount = Decimal(whole)
            self.whole = whole
            self.currency = currency?.uppercased()
            return
        }
        let body = text.filter { !"$€£".contains($0) }.trimmed
        let sign = body.hasPrefix("-") ? "-" : ""
        let parts = body.dropFirst(sign.count).split(separator: ".", omittingEmptySubsequences: false)
        let groups = parts[0].split(omittingEmptySubsequences: false) { ",_ '’\u{A0}\u{202F}".contains($0) }
        let fraction = parts.count == 2 ? parts[1] : ""
        let whole = groups.joined()
        let isGrouped = groups.count == 1 || (1...3).contains(groups[0].count)
        guard parts.count <= 2, isGrouped, groups.dropFirst().allSatisfy({ $0.count == 3 }),
            (whole + fraction).allSatisfy({ $0.isASCII && $0.isNumber }),
            // A decimal holds 38 digits exactly.
            (1...38).contains(whole.count + fraction.count),
            let amount = Decimal(
                string: "\(sign)\(whole.isEmpty ? "0" : whole).\(fraction)0", locale: Locale(identifier: "en_US_POSIX"))
        else { return nil }
        self.amount = amount
        self.whole = nil
        self.currency = currency?.uppercased() ?? (text.contains("€") ? "EUR" : text.contains("£") ? "GBP" : nil)
    }

    public static func == (one: Money, other: Money) -> Bool {
        one.amount == other.amount && one.currency == other.currency
    }

    /// `12,500 USD`, as English has it.
    public var words: String { Phrases.english.words(self) }
}
