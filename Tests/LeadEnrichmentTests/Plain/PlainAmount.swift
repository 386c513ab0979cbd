// The search for amounts of money written for its reader: character by character, with a text for each piece. What the
// enricher's is held against.

import LeadCore

@testable import LeadEnrichment

extension Amount {
    /// The first amount in `text`.
    static func plainFirst(in text: String) -> Amount? {
        // No digit, no amount: most texts end here.
        guard text.utf8.contains(where: { (0x30...0x39).contains($0) }) else { return nil }
        let tokens = PlainToken.all(in: text)
        var sinceBudget = Int.max
        for (place, token) in tokens.enumerated() {
            switch token.kind {
            case .word(let word):
                if budgetWords.contains(word) { sinceBudget = 0 } else if sinceBudget < .max { sinceBudget += 1 }
            case .currency: continue
            case .other: sinceBudget = .max
            case .number(let number, let isScaled):
                let before = place > 0 ? tokens[place - 1].money : nil
                // The far end of a range has the currency that both mean.
                let end = place + 1 < tokens.count && tokens[place + 1].isRange ? place + 2 : place
                let after = [place + 1, end + 1].lazy.filter { $0 < tokens.count }.compactMap { tokens[$0].money }.first
                let isBudget = sinceBudget <= 4
                guard before != nil || after != nil || (isBudget && (isScaled || number.amount >= 500)) else {
                    continue
                }
                guard number.amount > 0 else { continue }
                // "10-15k" means thousands on both sides.
                var amount = number
                if !isScaled, end < tokens.count, end > place, case .number(let far, true) = tokens[end].kind,
                    number.amount < 1000, far.scale > 1
                {
                    amount = number.scaled(by: far.scale)
                }
                let money = before ?? after
                let from = before == nil ? place : place - 1
                let to = after == nil ? place : end < tokens.count && tokens[end].isNumber ? end : place
                let last = to + 1 < tokens.count && tokens[to + 1].money != nil && before == nil ? to + 1 : to
                return Amount(
                    number: amount.text, currency: money?.code, isDollar: money?.isDollar ?? false,
                    isNamedBudget: isBudget,
                    words: tokens[from...last].map(\.text).joined(separator: " "))
            }
        }
        return nil
    }

    private static let budgetWords: Set<String> = [
        "budget", "budgeted", "budgets", "budgetrahmen", "presupuesto", "preventivo", "begroting", "kostenrahmen",
    ]
}

/// A number as it stands in a text.
private struct PlainNumber: Equatable {
    var whole: String
    var fraction: String
    var scale = 1

    var amount: Double { (Double("\(whole).\(fraction)0") ?? 0) * Double(scale) }

    func scaled(by scale: Int) -> PlainNumber { PlainNumber(whole: whole, fraction: fraction, scale: scale) }

    /// Digits, with a point before the cents.
    var text: String {
        guard scale > 1 else {
            return fraction.allSatisfy { $0 == "0" } ? whole : "\(whole).\(fraction)"
        }
        // 1.5 million: the point moves right by the scale's zeros.
        let zeros = String(scale).count - 1
        let digits = whole + fraction.padding(to: zeros)
        let cut = digits.drop { $0 == "0" }
        return cut.isEmpty ? "0" : String(cut)
    }

    /// Reads digits with marks between them; nil when they are no number, or could be two.
    init?(_ text: String) {
        let digits = text.split { !$0.isASCII || !$0.isNumber }
        let marks = text.filter { !($0.isASCII && $0.isNumber) }
        guard let first = digits.first, digits.count == marks.count + 1, text.count <= 24 else { return nil }
        let groups = digits.dropFirst()
        let isGrouped = (1...3).contains(first.count) && groups.allSatisfy { $0.count == 3 }
        if groups.isEmpty {
            self.init(whole: String(first), fraction: "")
        } else if isGrouped, Set(marks).count == 1 {
            self.init(whole: digits.joined(), fraction: "")
        } else if let last = marks.last, last == "." || last == ",", let cents = groups.last, cents.count <= 2,
            groups.dropLast().allSatisfy({ $0.count == 3 }), Set(marks.dropLast()).count <= 1,
            marks.dropLast().first != last
        {
            self.init(whole: digits.dropLast().joined(), fraction: String(cents))
        } else {
            return nil
        }
    }

    init(whole: String, fraction: String, scale: Int = 1) {
        let cut = whole.drop { $0 == "0" }
        self.whole = cut.isEmpty ? "0" : String(cut)
        self.fraction = fraction
        self.scale = scale
    }
}

extension String {
    /// With zeros at the end until it has `count` digits; longer ones are cut.
    fileprivate func padding(to count: Int) -> String {
        String((self + String(repeating: "0", count: max(0, count - self.count))).prefix(count))
    }
}

/// A currency as it is named.
private struct PlainCurrency: Equatable {
    var code: String?
    var isDollar = false
}

/// A piece of a text: a word, a number, a currency, or what ends a thought.
private struct PlainToken {
    enum Kind: Equatable {
        case word(String)
        case number(PlainNumber, isScaled: Bool)
        case currency(PlainCurrency)
        case other
    }
    let kind: Kind
    let text: String

    var money: PlainCurrency? { if case .currency(let money) = kind { money } else { nil } }
    var isNumber: Bool { if case .number = kind { true } else { false } }
    var isRange: Bool {
        switch kind {
        case .word(let word): Self.ranges.contains(word)
        case .number, .currency, .other: text == "-" || text == "–"
        }
    }

    private static let ranges: Set<String> = ["to", "and", "bis", "und", "a", "et", "y", "e", "en", "tot"]

    static func all(in text: String) -> [PlainToken] {
        var tokens: [PlainToken] = []
        var rest = text.prefix(4096)
        while let first = rest.first {
            if first.isWhitespace {
                rest = rest.dropFirst()
            } else if first.isASCII && first.isNumber {
                let number = takeNumber(&rest)
                tokens.append(number)
            } else if first.isLetter {
                let word = String(rest.prefix { $0.isLetter })
                rest = rest.dropFirst(word.count)
                if word.uppercased() == "US", rest.first == "$" {
                    rest = rest.dropFirst()
                    tokens.append(PlainToken(kind: .currency(PlainCurrency(code: "USD")), text: "US$"))
                    continue
                }
                let key = TextKey.fold(word)
                let currency = currencies[key].map { Kind.currency($0) }
                tokens.append(PlainToken(kind: currency ?? .word(key), text: word))
            } else {
                rest = rest.dropFirst()
                if let sign = signs[first] {
                    tokens.append(PlainToken(kind: .currency(sign), text: String(first)))
                } else if "-–".contains(first) || ".;!?".contains(first) {
                    tokens.append(PlainToken(kind: .other, text: String(first)))
                }
            }
        }
        return tokens
    }

    /// Digits with marks between them, and a scale behind them: `12.500`, `12k`, `1.5 million`.
    private static func takeNumber(_ rest: inout Substring) -> PlainToken {
        let digits = { (character: Character) in character.isASCII && character.isNumber }
        var end = rest.startIndex
        while end < rest.endIndex {
            if digits(rest[end]) {
                end = rest.index(after: end)
                continue
            }
            // A mark belongs to the number only if a digit follows; a space only before three of them.
            let next = rest.index(after: end)
            let following = rest[next...].prefix { digits($0) }
            let isGap = " '’\u{A0}\u{202F}".contains(rest[end])
            guard isGap ? following.count == 3 : ".,".contains(rest[end]) && !following.isEmpty else { break }
            end = next
        }
        let text = String(rest[..<end])
        rest = rest[end...]
        guard var number = PlainNumber(text) else { return PlainToken(kind: .other, text: text) }
        let gap = rest.prefix { $0 == " " || $0 == "\u{A0}" }
        let unit = rest.dropFirst(gap.count).prefix { $0.isLetter }
        guard gap.count <= 1, let scale = scales[TextKey.fold(String(unit))], unit.count > 1 || gap.isEmpty else {
            return PlainToken(kind: .number(number, isScaled: false), text: text)
        }
        rest = rest.dropFirst(gap.count + unit.count)
        // The full stop of an abbreviation ends no sentence.
        if rest.first == ".", ["mio", "tsd", "mn"].contains(unit.lowercased()) { rest = rest.dropFirst() }
        // "1.500k" would be read in two ways.
        if number.fraction.count > 2 { return PlainToken(kind: .other, text: text) }
        number.scale = scale
        return PlainToken(kind: .number(number, isScaled: true), text: text + gap + unit)
    }

    private static let scales = [
        "k": 1000, "tsd": 1000, "thousand": 1000, "tausend": 1000, "mille": 1000, "mil": 1000, "m": 1_000_000,
        "mio": 1_000_000, "million": 1_000_000, "millionen": 1_000_000, "millions": 1_000_000, "mn": 1_000_000,
    ]

    private static let signs: [Character: PlainCurrency] = [
        "$": PlainCurrency(code: nil, isDollar: true), "€": PlainCurrency(code: "EUR"),
        "£": PlainCurrency(code: "GBP"),
    ]

    private static let currencies: [String: PlainCurrency] = {
        var known: [String: PlainCurrency] = [:]
        for code in ["usd", "eur", "gbp", "chf", "cad", "aud", "nzd", "sek", "nok", "dkk", "pln", "czk", "jpy", "sgd"] {
            known[code] = PlainCurrency(code: code.uppercased())
        }
        for word in ["euro", "euros"] { known[word] = PlainCurrency(code: "EUR") }
        for word in ["franken", "sfr"] { known[word] = PlainCurrency(code: "CHF") }
        for word in ["dollar", "dollars", "bucks"] { known[word] = PlainCurrency(code: nil, isDollar: true) }
        return known
    }()
}
