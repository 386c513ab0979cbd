// Walks over a text by characters as people see them, at the cost of bytes: what is ASCII or Latin and has the like behind
// it is a character by itself, and only elsewhere is the text asked where one ends. Pure.

import LeadCore

/// A place in a text, between two characters.
struct CharacterCursor {
    private let text: String
    private let bytes: UnsafeBufferPointer<UInt8>
    /// In bytes, from the beginning.
    private(set) var offset = 0

    /// At the beginning of `text`, whose UTF-8 is `bytes` for as long as the cursor is used.
    init(_ text: String, _ bytes: UnsafeBufferPointer<UInt8>) {
        self.text = text
        self.bytes = bytes
    }

    /// The next character; nil at the end.
    var character: SeenCharacter? {
        guard offset < bytes.count else { return nil }
        let byte = bytes[offset]
        if byte < 0x80 {
            // A line feed belongs to the carriage return before it.
            guard byte != UInt8(ascii: "\r"), standsApart(offset + 1) else { return askText() }
            return SeenCharacter(first: Unicode.Scalar(byte), isJoined: false, length: 1)
        }
        guard Self.isLatin(byte), standsApart(offset + 2),
            let scalar = Unicode.Scalar(UInt32(byte & 0x1F) << 6 | UInt32(bytes[offset + 1] & 0x3F))
        else { return askText() }
        return SeenCharacter(first: scalar, isJoined: false, length: 2)
    }

    /// True when what begins at `place` is never part of the character before it: ASCII but for the line feed, and Latin.
    private func standsApart(_ place: Int) -> Bool {
        place >= bytes.count || bytes[place] < 0x80 || Self.isLatin(bytes[place])
    }

    /// True for the first bytes of U+0080 to U+027F.
    private static func isLatin(_ byte: UInt8) -> Bool { (0xC2...0xC9).contains(byte) }

    private func askText() -> SeenCharacter {
        let start = text.utf8.index(text.startIndex, offsetBy: offset)
        let end = text.index(after: start)
        let scalars = text.unicodeScalars
        return SeenCharacter(
            first: scalars[start], isJoined: scalars.index(after: start) != end,
            length: text.utf8.distance(from: start, to: end))
    }

    mutating func skip(_ character: SeenCharacter) { offset += character.length }

    /// ASCII's digits from here on.
    mutating func takeDigits() -> Range<Int> {
        let start = offset
        while let character, character.isDigit { skip(character) }
        return start..<offset
    }

    /// The letters from here on.
    mutating func takeWord() -> SeenWord {
        let start = offset
        var count = 0
        var isASCII = true
        while let character, character.isLetter {
            count += 1
            isASCII = isASCII && character.isASCII
            skip(character)
        }
        return SeenWord(bytes: UnsafeBufferPointer(rebasing: bytes[start..<offset]), count: count, isASCII: isASCII)
    }
}

/// A character that a cursor has come to.
struct SeenCharacter {
    fileprivate let first: Unicode.Scalar
    /// Whether there are more scalars in it.
    fileprivate let isJoined: Bool
    fileprivate let length: Int

    /// What it consists of; nil when that is several scalars.
    var scalar: Unicode.Scalar? { isJoined ? nil : first }

    var isASCII: Bool { !isJoined && first.isASCII }

    func isScalar(_ scalar: Unicode.Scalar) -> Bool { !isJoined && first == scalar }

    /// True for ASCII's digits.
    var isDigit: Bool { !isJoined && (0x30...0x39).contains(first.value) }

    // The first scalar is what these go by in the standard library, too.

    var isLetter: Bool {
        first.isASCII ? (0x61...0x7A).contains(first.value | 0x20) : first.properties.isAlphabetic
    }

    var isWhitespace: Bool {
        first.isASCII ? first.value == 0x20 || (0x09...0x0D).contains(first.value) : first.properties.isWhitespace
    }
}

/// Letters in a row that a cursor has passed; valid as long as the cursor's bytes are.
struct SeenWord {
    fileprivate let bytes: UnsafeBufferPointer<UInt8>
    /// How many characters it has.
    let count: Int
    let isASCII: Bool

    /// The number that `table` has for the folded word.
    func number(in table: WordTable) -> Int? {
        guard isASCII else {
            return TextKey.withFolded(String(decoding: bytes, as: UTF8.self)) { table.find($0, WordHash($0)) }
        }
        return table.find(lowering: bytes)
    }

    /// True for `US` in whatever case.
    var isUS: Bool {
        guard count == 2 else { return false }
        if isASCII { return bytes[0] | 0x20 == UInt8(ascii: "u") && bytes[1] | 0x20 == UInt8(ascii: "s") }
        return String(decoding: bytes, as: UTF8.self).uppercased() == "US"
    }
}
