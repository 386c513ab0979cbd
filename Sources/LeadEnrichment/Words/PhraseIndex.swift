// Finds many words and phrases in a text in one pass, whatever their case, accents and punctuation. `*` at an end of a
// word stands for any letters. Used by the enrichers that read what people write.

import LeadCore

/// Phrases, each with a value of the caller's.
struct PhraseIndex<Value: Sendable>: Sendable {
    /// One word of a phrase, or with a `*` a part of one.
    private struct Element: Sendable {
        enum Kind: Sendable { case whole, prefix, suffix, inner }
        let kind: Kind
        let text: [UInt8]

        func matches(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
            switch kind {
            case .whole: word.elementsEqual(text)
            case .prefix: word.starts(with: text)
            case .suffix: word.suffix(text.count).elementsEqual(text)
            case .inner: contains(word)
            }
        }

        private func contains(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
            guard let first = text.first, text.count <= word.count else { return false }
            for start in 0...word.count - text.count where word[start] == first {
                if word[start..<start + text.count].elementsEqual(text) { return true }
            }
            return false
        }
    }

    private struct Phrase: Sendable {
        let elements: [Element]
        let value: Value
    }

    /// A phrase that stands in a text.
    struct Hit {
        let value: Value
        /// Which phrase it is, in the order in which they were given.
        let phrase: Int
        /// Its words' places in the text.
        let words: Range<Int>
    }

    private var phrases: [Phrase] = []
    /// Where in `lists` the phrases with this first word are.
    private var whole = WordTable()
    /// The same by the first word up to its `*`.
    private var prefixes = WordTable()
    private var lists: [[Int]] = []
    private var prefixLengths: [Int] = []
    private var others: [Int] = []

    init(_ phrases: some Sequence<(text: String, value: Value)>) {
        for (text, value) in phrases { add(text, value) }
    }

    /// False for texts without a letter or digit.
    static func isUsable(_ text: String) -> Bool { !elements(of: text).isEmpty }

    private mutating func add(_ text: String, _ value: Value) {
        let elements = Self.elements(of: text)
        guard let first = elements.first else { return }
        let number = phrases.count
        phrases.append(Phrase(elements: elements, value: value))
        switch first.kind {
        case .whole: add(number, to: \.whole, under: first.text)
        case .prefix:
            add(number, to: \.prefixes, under: first.text)
            if !prefixLengths.contains(first.text.count) { prefixLengths.append(first.text.count) }
        case .suffix, .inner: others.append(number)
        }
    }

    private mutating func add(_ number: Int, to table: WritableKeyPath<Self, WordTable>, under word: [UInt8]) {
        if let list = self[keyPath: table][word] {
            lists[list].append(number)
        } else {
            self[keyPath: table][word] = lists.count
            lists.append([number])
        }
    }

    private static func elements(of text: String) -> [Element] {
        text.split { $0.isWhitespace }.flatMap { word -> [Element] in
            let parts = FoldedWords(String(word)).parts
            let opens = word.hasPrefix("*")
            let closes = word.hasSuffix("*")
            guard parts.count == 1 else { return parts.map { Element(kind: .whole, text: $0) } }
            return [
                Element(kind: opens && closes ? .inner : opens ? .suffix : closes ? .prefix : .whole, text: parts[0])
            ]
        }
    }

    /// The phrases in `text`, in its order.
    func hits(in text: FoldedWords) -> [Hit] {
        text.bytes.withUnsafeBufferPointer { bytes in
            var hits: [Hit] = []
            for (place, word) in text.words.enumerated() {
                let letters = UnsafeBufferPointer(rebasing: bytes[word.range])
                if let list = whole.find(letters, word.hash) { check(lists[list], text.words, bytes, place, &hits) }
                for length in prefixLengths where length <= word.length {
                    let start = UnsafeBufferPointer(rebasing: letters[..<length])
                    if let list = prefixes.find(start, WordHash(start)) {
                        check(lists[list], text.words, bytes, place, &hits)
                    }
                }
                check(others, text.words, bytes, place, &hits)
            }
            return hits
        }
    }

    private func check(
        _ numbers: [Int], _ words: [FoldedWords.Word], _ bytes: UnsafeBufferPointer<UInt8>, _ place: Int,
        _ hits: inout [Hit]
    ) {
        for number in numbers {
            let elements = phrases[number].elements
            guard place + elements.count <= words.count else { continue }
            let isHit = elements.indices.allSatisfy { offset in
                elements[offset].matches(UnsafeBufferPointer(rebasing: bytes[words[place + offset].range]))
            }
            guard isHit else { continue }
            hits.append(Hit(value: phrases[number].value, phrase: number, words: place..<place + elements.count))
        }
    }
}

/// `of`: the fields that are read.
enum FieldsOption {
    static func spec(_ standard: [FieldName]) -> OptionSpec {
        OptionSpec(
            "of", .texts, help: "The fields that are read; \(standard.map(\.text).joined(separator: ", ")) unless told."
        )
    }

    static func read(_ values: OptionValues, _ standard: [FieldName]) -> [FieldName] {
        let given = values.texts("of").map { FieldName($0) }
        return given.isEmpty ? standard : given
    }
}

/// Fields that no enricher may fill: what makes the lead this one, and what only its producer can know.
enum OwnFields {
    static func contains(_ field: FieldName) -> Bool { field == .id || field == .createdAt }

    /// Refuses a field in option `option` that isn't one, or isn't an enricher's to fill.
    static func check(_ name: String, option: String) throws(OptionFlaw) {
        guard (1...64).contains(name.utf8.count),
            name.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_") })
        else {
            throw OptionFlaw(
                option: option, "A field's name has lower-case letters, digits and '_', at most 64, as in project_type."
            )
        }
        guard !contains(FieldName(name)) else {
            throw OptionFlaw(option: option, "The field \(name) is the lead's own; an enricher can't fill it.")
        }
    }
}
