// The amount of money that a text names first. What could be read in two ways is none. Pure. Used by the enricher `budget`.

/// An amount of money in a text.
struct Amount: Equatable {
    /// Digits, with a point before the cents.
    var number: String
    /// ISO 4217; nil when none is named, and for a bare dollar.
    var currency: String?
    var isDollar = false
    /// Whether the word "budget" stands before it.
    var isNamedBudget = false
    /// What stands in the text.
    var words: String

    /// The first amount in `text`.
    static func first(in text: String) -> Amount? {
        // No digit, no amount: most texts end here.
        guard text.utf8.contains(where: { (0x30...0x39).contains($0) }) else { return nil }
        return MoneyTokens(text).firstAmount
    }
}

extension MoneyTokens {
    fileprivate var firstAmount: Amount? {
        var sinceBudget = Int.max
        for (place, token) in tokens.enumerated() {
            switch token.kind {
            case .budget: sinceBudget = 0
            case .word, .rangeWord: if sinceBudget < .max { sinceBudget += 1 }
            case .currency: continue
            case .dash, .other: sinceBudget = .max
            case .number(let index):
                if let amount = amount(numbers[index], at: place, isBudget: sinceBudget <= 4) { return amount }
            }
        }
        return nil
    }

    /// The amount that the number at `place` is part of; nil when it isn't one of money.
    private func amount(_ number: TextNumber, at place: Int, isBudget: Bool) -> Amount? {
        let before = money(at: place - 1)
        // The far end of a range has the currency that both mean.
        let end = isRange(at: place + 1) ? place + 2 : place
        let after = money(at: place + 1) ?? money(at: end + 1)
        guard before != nil || after != nil || (isBudget && (number.isScaled || number.amount >= 500)),
            number.amount > 0
        else { return nil }
        // "10-15k" means thousands on both sides.
        var amount = number
        if !number.isScaled, end > place, let far = self.number(at: end), far.isScaled, far.scale > 1,
            number.amount < 1000
        {
            amount.scale = far.scale
        }
        let money = before ?? after
        let from = before == nil ? place : place - 1
        let to = after != nil && self.number(at: end) != nil ? end : place
        let last = before == nil && self.money(at: to + 1) != nil ? to + 1 : to
        return Amount(
            number: amount.text, currency: money?.code, isDollar: money == .dollar, isNamedBudget: isBudget,
            words: (from...last).map { self.text(at: $0) }.joined(separator: " "))
    }

    private func money(at place: Int) -> NamedCurrency? {
        if tokens.indices.contains(place), case .currency(let currency) = tokens[place].kind { currency } else { nil }
    }

    private func number(at place: Int) -> TextNumber? {
        if tokens.indices.contains(place), case .number(let index) = tokens[place].kind { numbers[index] } else { nil }
    }

    private func isRange(at place: Int) -> Bool {
        tokens.indices.contains(place) && (tokens[place].kind == .rangeWord || tokens[place].kind == .dash)
    }
}
