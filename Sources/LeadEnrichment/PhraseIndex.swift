// Finds many words and phrases in a text in one pass, whatever their case, accents and punctuation. `*` at an end of a
// word stands for any letters. Used by the enrichers that read what people write.

import LeadCore

/// Phrases, each with a value of the caller's.
struct PhraseIndex<Value: Sendable>: Sendable {
    /// One word of a phrase.
    private enum Element: Sendable {
        case whole(Substring)
        case prefix(Substring)
        case suffix(Substring)
        case inner(Substring)

        func matches(_ word: Substring) -> Bool {
            switch self {
            case .whole(let text): word == text
            case .prefix(let text): word.hasPrefix(text)
            case .suffix(let text): word.hasSuffix(text)
            case .inner(let text): word.contains(text)
            }
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
    /// Phrases by their first word, whole or up to its `*`.
    private var whole: [Substring: [Int]] = [:]
    private var prefixes: [Substring: [Int]] = [:]
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
        switch first {
        case .whole(let text): whole[text, default: []].append(number)
        case .prefix(let text):
            prefixes[text, default: []].append(number)
            if !prefixLengths.contains(text.utf8.count) { prefixLengths.append(text.utf8.count) }
        case .suffix, .inner: others.append(number)
        }
    }

    private static func elements(of text: String) -> [Element] {
        text.split { $0.isWhitespace }.flatMap { word -> [Element] in
            let parts = TextKey.fold(String(word)).split(separator: " ")
            let opens = word.hasPrefix("*")
            let closes = word.hasSuffix("*")
            guard parts.count == 1 else { return parts.map { .whole($0) } }
            return [
                opens && closes
                    ? .inner(parts[0]) : opens ? .suffix(parts[0]) : closes ? .prefix(parts[0]) : .whole(parts[0])
            ]
        }
    }

    /// The phrases in `words`, in the order of the text.
    func hits(in words: [Substring]) -> [Hit] {
        var hits: [Hit] = []
        for (place, word) in words.enumerated() {
            for number in whole[word] ?? [] { check(number, words, place, &hits) }
            let bytes = word.utf8
            for length in prefixLengths where length <= bytes.count {
                // A cut within a letter gives nobody's prefix.
                for number in prefixes[Substring(bytes.prefix(length))] ?? [] { check(number, words, place, &hits) }
            }
            for number in others { check(number, words, place, &hits) }
        }
        return hits
    }

    private func check(_ number: Int, _ words: [Substring], _ place: Int, _ hits: inout [Hit]) {
        let elements = phrases[number].elements
        guard place + elements.count <= words.count else { return }
        for (offset, element) in elements.enumerated() where !element.matches(words[place + offset]) { return }
        hits.append(Hit(value: phrases[number].value, phrase: number, words: place..<place + elements.count))
    }
}

/// The words of a text, folded as keys are.
enum FoldedWords {
    /// At most this much of a text is read: who writes more has said what they want by then.
    private static let longest = 16_384

    /// The words of `fields` of `lead`, each field's after the other's.
    static func of(_ lead: Lead, _ fields: [FieldName]) -> [Substring] {
        fields.flatMap { field -> [Substring] in lead[field].map(words) ?? [] }
    }

    static func words(_ text: String) -> [Substring] {
        let part = text.utf8.count <= longest ? text : String(text.prefix(longest))
        return TextKey.fold(part).split(separator: " ")
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
    static let all: Set<FieldName> = [.id, .createdAt]

    /// Refuses a field in option `option` that isn't one, or isn't an enricher's to fill.
    static func check(_ name: String, option: String) throws(OptionFlaw) {
        guard (1...64).contains(name.utf8.count),
            name.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_") })
        else {
            throw OptionFlaw(
                option: option, "A field's name has lower-case letters, digits and '_', at most 64, as in project_type."
            )
        }
        guard !all.contains(FieldName(name)) else {
            throw OptionFlaw(option: option, "The field \(name) is the lead's own; an enricher can't fill it.")
        }
    }
}
