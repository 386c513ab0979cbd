// The reading of words written for its reader. What the enrichers' is held against.

import Foundation

/// Words and phrases as texts.
enum PlainWords {
    /// `text` folded as keys are, by Foundation for all that isn't ASCII.
    static func fold(_ text: String) -> String {
        let options: String.CompareOptions = [.caseInsensitive, .diacriticInsensitive, .widthInsensitive]
        let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
        let scalars = (isASCII ? text : text.folding(options: options, locale: nil)).unicodeScalars
        var key = ""
        for scalar in scalars {
            switch scalar {
            case "a"..."z", "0"..."9": key.unicodeScalars.append(scalar)
            case "A"..."Z": key += scalar.properties.lowercaseMapping
            case ".", "'", "`": break
            case "&": key += (key.isEmpty || key.unicodeScalars.last == " " ? "" : " ") + "and "
            case _ where !scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil):
                key.unicodeScalars.append(scalar)
            case "\u{2019}", "\u{2018}", "\u{02BC}": break
            default: if !key.isEmpty, key.unicodeScalars.last != " " { key += " " }
            }
        }
        if key.unicodeScalars.last == " " { key.unicodeScalars.removeLast() }
        let the = "the ".unicodeScalars
        return key.unicodeScalars.starts(with: the) ? String(key.unicodeScalars.dropFirst(4)) : key
    }

    /// The words of a folded text, each in its composed form.
    static func words(_ text: String) -> [String] {
        fold(text).precomposedStringWithCanonicalMapping.unicodeScalars.split(separator: " ").map { String($0) }
    }

    /// Where in `words` each of `phrases` stands, in the order of the text: of those that begin at one place first the whole
    /// words, then beginnings by their lengths, then the others.
    static func hits(_ phrases: [String], in words: [String]) -> [(phrase: Int, words: Range<Int>)] {
        let patterns = phrases.map(pattern)
        var lengths: [Int] = []
        for case .prefix(let text)? in patterns.map(\.first) where !lengths.contains(text.utf8.count) {
            lengths.append(text.utf8.count)
        }
        let rank = { (element: Element) in
            switch element {
            case .whole: -1
            case .prefix(let text): lengths.firstIndex(of: text.utf8.count) ?? .max
            case .suffix, .inner: Int.max
            }
        }
        var hits: [(phrase: Int, words: Range<Int>)] = []
        for place in words.indices {
            let found = patterns.enumerated().filter { _, elements in
                !elements.isEmpty && place + elements.count <= words.count
                    && zip(elements, words[place...]).allSatisfy { $0.matches($1) }
            }
            for (phrase, elements) in found.sorted(by: { (rank($0.1[0]), $0.0) < (rank($1.1[0]), $1.0) }) {
                hits.append((phrase, place..<place + elements.count))
            }
        }
        return hits
    }

    private enum Element {
        case whole(String)
        case prefix(String)
        case suffix(String)
        case inner(String)

        func matches(_ word: String) -> Bool {
            let scalars = Array(word.unicodeScalars)
            switch self {
            case .whole(let text): return scalars.elementsEqual(text.unicodeScalars)
            case .prefix(let text): return scalars.starts(with: text.unicodeScalars)
            case .suffix(let text): return scalars.reversed().starts(with: text.unicodeScalars.reversed())
            case .inner(let text): return scalars.indices.contains { scalars[$0...].starts(with: text.unicodeScalars) }
            }
        }
    }

    private static func pattern(_ phrase: String) -> [Element] {
        phrase.split { $0.isWhitespace }.flatMap { word -> [Element] in
            let parts = words(String(word))
            guard parts.count == 1, let part = parts.first else { return parts.map { .whole($0) } }
            switch (word.hasPrefix("*"), word.hasSuffix("*")) {
            case (true, true): return [.inner(part)]
            case (true, false): return [.suffix(part)]
            case (false, true): return [.prefix(part)]
            case (false, false): return [.whole(part)]
            }
        }
    }
}
