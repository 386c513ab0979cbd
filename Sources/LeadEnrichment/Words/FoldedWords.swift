// The words of a text, folded as keys are, in one piece of memory; and those of a lead's fields, each folded once however
// many enrichers read it. Pure. Used by the enrichers that read what people write.

import LeadCore

/// The words of a text, folded as keys are.
struct FoldedWords: Sendable {
    /// A word's place in the text's bytes.
    struct Word: Sendable {
        let start: Int
        let length: Int
        let hash: WordHash

        var range: Range<Int> { start..<start + length }
    }

    private(set) var words: [Word] = []
    private(set) var bytes: [UInt8] = []

    /// At most this much of a text is read: who writes more has said what they want by then.
    private static let longest = 16_384

    init() {}

    init(_ text: String) {
        TextKey.withFolded(text.utf8.count <= Self.longest ? text : String(text.prefix(Self.longest))) { folded in
            bytes = Array(folded)
            // Some six letters and a space to a word.
            words.reserveCapacity(folded.count / 6 + 1)
            var start = 0
            var hash = WordHash()
            for (place, byte) in folded.enumerated() {
                if byte != UInt8(ascii: " ") {
                    hash.add(byte)
                    continue
                }
                words.append(Word(start: start, length: place - start, hash: hash))
                start = place + 1
                hash = WordHash()
            }
            if start < folded.count { words.append(Word(start: start, length: folded.count - start, hash: hash)) }
        }
    }

    var isEmpty: Bool { words.isEmpty }

    /// The word at `place`.
    subscript(place: Int) -> String { String(decoding: bytes[words[place].range], as: UTF8.self) }

    /// The words at `places` with spaces between them.
    func joined(_ places: Range<Int>) -> String { places.map { self[$0] }.joined(separator: " ") }

    /// The words as texts.
    var parts: [[UInt8]] { words.map { Array(bytes[$0.range]) } }

    mutating func append(_ other: FoldedWords) {
        let offset = bytes.count
        bytes += other.bytes
        words += other.words.lazy.map { Word(start: offset + $0.start, length: $0.length, hash: $0.hash) }
    }
}

/// The texts of one lead as its enrichers read them.
struct LeadTexts {
    private var known: [(text: String, words: FoldedWords)] = []

    /// The words of `fields` of `lead`, each field's after the other's.
    mutating func words(of lead: Lead, _ fields: [FieldName]) -> FoldedWords {
        var all: FoldedWords?
        for field in fields {
            guard let text = lead[field] else { continue }
            let words = words(of: text)
            if all == nil { all = words } else { all?.append(words) }
        }
        return all ?? FoldedWords()
    }

    mutating func words(of text: String) -> FoldedWords {
        // A lead has few texts, and a text is most often found by where it is.
        if let place = known.firstIndex(where: { $0.text == text }) { return known[place].words }
        let words = FoldedWords(text)
        known.append((text, words))
        return words
    }
}
