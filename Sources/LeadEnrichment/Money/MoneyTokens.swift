// A text as the search for amounts sees it: words, numbers, currencies, and what ends a thought. Words are told by their
// bytes where they stand, so that a text costs little that names no money. Pure.

import LeadCore

/// A currency as it is named.
enum NamedCurrency: String, CaseIterable {
    case usd, eur, gbp, chf, cad, aud, nzd, sek, nok, dkk, pln, czk, jpy, sgd
    /// One of several countries'.
    case dollar

    /// ISO 4217; nil for a bare dollar.
    var code: String? { self == .dollar ? nil : rawValue.uppercased() }
}

/// The pieces of a text.
struct MoneyTokens {
    struct Token {
        enum Kind: Equatable {
            case word
            case budget
            /// A word as between the ends of a range: "to".
            case rangeWord
            case dash
            /// Its place in `numbers`.
            case number(Int)
            case currency(NamedCurrency)
            case other
        }
        let kind: Kind
        /// Its bytes in the text.
        let place: Range<Int>
    }

    private(set) var tokens: [Token] = []
    private(set) var numbers: [TextNumber] = []
    private let text: String

    /// At most this many characters are read.
    private static let longest = 4096

    init(_ text: String) {
        var text = text.utf8.count <= Self.longest ? text : String(text.prefix(Self.longest))
        text.makeContiguousUTF8()
        self.text = text
        tokens.reserveCapacity(text.utf8.count / 5 + 4)
        text.withUTF8 { bytes in
            var cursor = CharacterCursor(self.text, bytes)
            while let character = cursor.character { take(character, &cursor) }
        }
    }

    /// What stands there; a dollar of the USA as it is usually written.
    func text(at place: Int) -> String {
        let token = tokens[place]
        let words = String(slice(token.place))
        return token.kind == .currency(.usd) && words.hasSuffix("$") ? "US$" : words
    }

    private func slice(_ place: Range<Int>) -> Substring {
        let start = text.utf8.index(text.startIndex, offsetBy: place.lowerBound)
        return text[start..<text.utf8.index(start, offsetBy: place.count)]
    }

    private mutating func add(_ kind: Token.Kind, from start: Int, to cursor: CharacterCursor) {
        tokens.append(Token(kind: kind, place: start..<cursor.offset))
    }

    private mutating func take(_ character: SeenCharacter, _ cursor: inout CharacterCursor) {
        let start = cursor.offset
        if character.isWhitespace {
            cursor.skip(character)
        } else if character.isDigit {
            takeNumber(&cursor)
        } else if character.isLetter {
            let word = cursor.takeWord()
            if word.isUS, let sign = cursor.character, sign.isScalar("$") {
                cursor.skip(sign)
                return add(.currency(.usd), from: start, to: cursor)
            }
            add(word.number(in: Self.words).map { Self.meanings[$0] } ?? .word, from: start, to: cursor)
        } else {
            cursor.skip(character)
            guard let scalar = character.scalar else { return }
            switch scalar {
            case "$": add(.currency(.dollar), from: start, to: cursor)
            case "€": add(.currency(.eur), from: start, to: cursor)
            case "£": add(.currency(.gbp), from: start, to: cursor)
            case "-", "–": add(.dash, from: start, to: cursor)
            // The Greek question mark is the semicolon to Unicode.
            case ".", ";", "\u{37E}", "!", "?": add(.other, from: start, to: cursor)
            default: break
            }
        }
    }

    /// Digits with marks between them, and a scale behind them: `12.500`, `12k`, `1.5 million`.
    private mutating func takeNumber(_ cursor: inout CharacterCursor) {
        let start = cursor.offset
        var groups = [cursor.takeDigits()]
        var marks: [UInt32] = []
        while let mark = cursor.character {
            // A mark belongs to the number only if a digit follows; a space only before three of them.
            var ahead = cursor
            ahead.skip(mark)
            let following = ahead.takeDigits()
            let isGap = mark.scalar.map { Self.gaps.contains($0) } ?? false
            guard isGap ? following.count == 3 : (mark.isScalar(".") || mark.isScalar(",")) && !following.isEmpty else {
                break
            }
            marks.append(mark.scalar?.value ?? 0)
            groups.append(following)
            cursor = ahead
        }
        let end = cursor.offset
        guard var number = TextNumber(groups: groups.map { slice($0) }, marks: marks) else {
            return add(.other, from: start, to: cursor)
        }
        if let (scale, ahead) = scale(behind: cursor) {
            cursor = ahead
            number.scale = scale.factor
            number.isScaled = true
            tokens.append(Token(kind: .number(numbers.count), place: start..<scale.end))
        } else {
            tokens.append(Token(kind: .number(numbers.count), place: start..<end))
        }
        numbers.append(number)
    }

    /// The word for a scale that stands at `cursor`, where it ends, and what comes behind it.
    private func scale(behind cursor: CharacterCursor) -> (scale: (factor: Int, end: Int), ahead: CharacterCursor)? {
        var ahead = cursor
        var hasGap = false
        if let gap = ahead.character, gap.isScalar(" ") || gap.isScalar("\u{A0}") {
            hasGap = true
            ahead.skip(gap)
        }
        guard let letter = ahead.character, letter.isLetter else { return nil }
        let unit = ahead.takeWord()
        guard let number = unit.number(in: Self.scales), unit.count > 1 || !hasGap else { return nil }
        let scale = (factor: Self.factors[number].factor, end: ahead.offset)
        // The full stop of an abbreviation ends no sentence.
        if Self.factors[number].isAbbreviation, unit.isASCII, let stop = ahead.character, stop.isScalar(".") {
            ahead.skip(stop)
        }
        return (scale, ahead)
    }

    // MARK: Words

    private static let gaps: [Unicode.Scalar] = [" ", "'", "\u{2019}", "\u{A0}", "\u{202F}"]

    /// Words with their meanings.
    private static let vocabulary: [(word: String, kind: Token.Kind)] = {
        let budget = [
            "budget", "budgeted", "budgets", "budgetrahmen", "presupuesto", "preventivo", "begroting", "kostenrahmen",
        ]
        let ranges = ["to", "and", "bis", "und", "a", "et", "y", "e", "en", "tot"]
        return budget.map { ($0, .budget) } + ranges.map { ($0, .rangeWord) }
            + NamedCurrency.allCases.map { ($0.rawValue, .currency($0)) }
            + ["euro", "euros"].map { ($0, .currency(.eur)) }
            + ["franken", "sfr"].map { ($0, .currency(.chf)) }
            + ["dollars", "bucks"].map { ($0, .currency(.dollar)) }
    }()
    private static let meanings = vocabulary.map(\.kind)
    private static let words = table(vocabulary.map(\.word))

    private static let factors: [(word: String, factor: Int, isAbbreviation: Bool)] = [
        ("k", 1000, false), ("tsd", 1000, true), ("thousand", 1000, false), ("tausend", 1000, false),
        ("mille", 1000, false), ("mil", 1000, false), ("m", 1_000_000, false), ("mio", 1_000_000, true),
        ("million", 1_000_000, false), ("millionen", 1_000_000, false), ("millions", 1_000_000, false),
        ("mn", 1_000_000, true),
    ]
    private static let scales = table(factors.map(\.word))

    private static func table(_ words: [String]) -> WordTable {
        WordTable(Dictionary(uniqueKeysWithValues: words.enumerated().map { ($1, $0) }))
    }
}
