// Checks one JSON text against RFC 8259 before anything is decoded, without recursion and without allocating. It says
// exactly where a text goes wrong, refuses nesting that would exhaust the decoder's stack, and numbers whose digits a
// decimal can't hold. JSONDecoder takes more than JSON (a comma before a closing brace) and doesn't say where it fails.

import LeadCore

/// The strict check of a JSON text.
enum JSONScan {
    /// What is wrong with a text.
    enum Problem: String, Equatable {
        case endsEarly = "the text ends too early"
        case badCharacter = "unexpected character"
        case keyExpected = "a name in double quotes was expected"
        case colonExpected = "a colon was expected"
        case commaExpected = "a comma or the end was expected"
        case moreText = "something follows the object"
        case controlCharacter = "a control character within a text"
        case badEscape = "an unknown escape within a text"
        case zero = "a zero character within a text"
        case halfPair = "half a surrogate pair within a text"
        case badNumber = "not a number"
        case tooDeep = "nested too deeply"
        case tooManyDigits = "a number of too many digits"
    }

    /// Where a text goes wrong.
    struct Flaw: Error, Equatable {
        /// 0-based byte; the text's length when the text ends too early.
        let offset: Int
        /// What is wrong there.
        let problem: Problem

        init(_ problem: Problem, at offset: Int) {
            self.offset = offset
            self.problem = problem
        }
    }

    /// How deep objects and arrays may be nested; one bit of a word each.
    static let deepest = 64
    /// How many digits a number may have; a `Decimal` keeps that many exactly.
    static let mostDigits = 38

    private enum Expected {
        case value, valueOrEnd, key, keyOrEnd, commaOrEnd, nothing
    }

    /// Returns if `text` is one JSON value.
    static func check(_ text: Span<UInt8>) throws(Flaw) {
        var at = 0
        var depth = 0
        // Bit n tells whether level n is an object.
        var objects: UInt64 = 0
        var expected = Expected.value
        while true {
            skipSpace(text, &at)
            guard at < text.count else {
                if expected == .nothing { return }
                throw Flaw(.endsEarly, at: at)
            }
            let byte = text[at]
            switch expected {
            case .nothing:
                throw Flaw(.moreText, at: at)
            case .keyOrEnd where byte == closingBrace, .valueOrEnd where byte == closingBracket:
                at += 1
                depth -= 1
                expected = depth == 0 ? .nothing : .commaOrEnd
            case .key, .keyOrEnd:
                guard byte == quote else { throw Flaw(.keyExpected, at: at) }
                try string(text, &at)
                skipSpace(text, &at)
                guard at < text.count else { throw Flaw(.endsEarly, at: at) }
                guard text[at] == colon else { throw Flaw(.colonExpected, at: at) }
                at += 1
                expected = .value
            case .value, .valueOrEnd:
                if byte == openingBrace || byte == openingBracket {
                    guard depth < deepest else { throw Flaw(.tooDeep, at: at) }
                    let bit = UInt64(1) << UInt64(depth)
                    objects = byte == openingBrace ? objects | bit : objects & ~bit
                    depth += 1
                    at += 1
                    expected = byte == openingBrace ? .keyOrEnd : .valueOrEnd
                } else {
                    try scalar(text, &at)
                    expected = depth == 0 ? .nothing : .commaOrEnd
                }
            case .commaOrEnd:
                let isObject = objects >> UInt64(depth - 1) & 1 == 1
                if byte == comma {
                    expected = isObject ? .key : .value
                } else if byte == (isObject ? closingBrace : closingBracket) {
                    depth -= 1
                    expected = depth == 0 ? .nothing : .commaOrEnd
                } else {
                    throw Flaw(.commaExpected, at: at)
                }
                at += 1
            }
        }
    }

    private static func skipSpace(_ text: Span<UInt8>, _ at: inout Int) {
        while at < text.count, isSpace(text[at]) { at += 1 }
    }

    /// True for the four characters that may stand between JSON's tokens.
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    private static func scalar(_ text: Span<UInt8>, _ at: inout Int) throws(Flaw) {
        switch text[at] {
        case quote: try string(text, &at)
        case UInt8(ascii: "t"): try word("true", text, &at)
        case UInt8(ascii: "f"): try word("false", text, &at)
        case UInt8(ascii: "n"): try word("null", text, &at)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number(text, &at)
        default: throw Flaw(.badCharacter, at: at)
        }
    }

    private static func word(_ word: StaticString, _ text: Span<UInt8>, _ at: inout Int) throws(Flaw) {
        for index in 0..<word.utf8CodeUnitCount {
            guard at < text.count else { throw Flaw(.endsEarly, at: at) }
            guard text[at] == word.utf8Start[index] else { throw Flaw(.badCharacter, at: at) }
            at += 1
        }
    }

    private static func number(_ text: Span<UInt8>, _ at: inout Int) throws(Flaw) {
        let start = at
        if text[at] == UInt8(ascii: "-") { at += 1 }
        let firstDigit = at
        var count = try digits(text, &at)
        guard count == 1 || text[firstDigit] != UInt8(ascii: "0") else { throw Flaw(.badNumber, at: firstDigit) }
        if at < text.count, text[at] == UInt8(ascii: ".") {
            at += 1
            count += try digits(text, &at)
        }
        guard count <= mostDigits else { throw Flaw(.tooManyDigits, at: start) }
        if at < text.count, text[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < text.count, text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-") { at += 1 }
            _ = try digits(text, &at)
        }
    }

    /// Skips at least one digit and says how many there were.
    private static func digits(_ text: Span<UInt8>, _ at: inout Int) throws(Flaw) -> Int {
        let start = at
        while at < text.count, text[at] &- UInt8(ascii: "0") < 10 { at += 1 }
        guard at > start else { throw Flaw(at < text.count ? .badNumber : .endsEarly, at: at) }
        return at - start
    }

    private static func string(_ text: Span<UInt8>, _ at: inout Int) throws(Flaw) {
        at += 1
        while at < text.count {
            let byte = text[at]
            if byte == quote {
                at += 1
                return
            }
            guard byte >= 0x20 else { throw Flaw(.controlCharacter, at: at) }
            if byte == backslash { try escape(text, &at) } else { at += 1 }
        }
        throw Flaw(.endsEarly, at: at)
    }

    private static func escape(_ text: Span<UInt8>, _ at: inout Int) throws(Flaw) {
        let start = at
        guard at + 1 < text.count else { throw Flaw(.endsEarly, at: text.count) }
        switch text[at + 1] {
        case quote, backslash, UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            at += 2
        case UInt8(ascii: "u"):
            switch try unit(text, &at) {
            case 0xD800...0xDBFF:
                guard at < text.count else { throw Flaw(.endsEarly, at: at) }
                guard text[at] == backslash else { throw Flaw(.halfPair, at: start) }
                guard at + 1 < text.count else { throw Flaw(.endsEarly, at: text.count) }
                guard text[at + 1] == UInt8(ascii: "u") else { throw Flaw(.halfPair, at: start) }
                guard (0xDC00...0xDFFF).contains(try unit(text, &at)) else { throw Flaw(.halfPair, at: start) }
            case 0xDC00...0xDFFF: throw Flaw(.halfPair, at: start)
            // JSON has it, and no lead: what reads texts to their first zero would know half of it.
            case 0: throw Flaw(.zero, at: start)
            default: break
            }
        default: throw Flaw(.badEscape, at: at)
        }
    }

    /// Reads `\uXXXX`, whose backslash is at `at`, which is behind it then.
    static func unit(_ text: Span<UInt8>, _ at: inout Int) throws(Flaw) -> UInt16 {
        let start = at
        var unit: UInt16 = 0
        at += 2
        for _ in 0..<4 {
            guard at < text.count else { throw Flaw(.endsEarly, at: at) }
            guard let digit = Hex.digit(text[at]) else { throw Flaw(.badEscape, at: start) }
            unit = unit << 4 | UInt16(digit)
            at += 1
        }
        return unit
    }

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
    private static let colon = UInt8(ascii: ":")
    private static let comma = UInt8(ascii: ",")
    private static let openingBrace = UInt8(ascii: "{")
    private static let closingBrace = UInt8(ascii: "}")
    private static let openingBracket = UInt8(ascii: "[")
    private static let closingBracket = UInt8(ascii: "]")
}
