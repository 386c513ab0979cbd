// Texts as keys: how names of countries, states, cities and firms are compared, whatever their case, accents and
// punctuation. ASCII and the Latin letters of Europe, which are nearly everything, are folded by a table; only other texts
// ask Foundation, which made the table too.

import Foundation

/// Folds texts so that spellings of one name become equal.
package enum TextKey {
    /// `text` in lower case without accents, words separated by one space: "Trinidad & Tobago" and "TRINIDAD AND
    /// TOBAGO" are one, "U.S." is "us", a leading "the" goes.
    package static func fold(_ text: String) -> String { withFolded(text) { String(decoding: $0, as: UTF8.self) } }

    /// Gives the bytes of the folded `text` to `use`; they are gone when it returns.
    package static func withFolded<Result>(_ text: String, _ use: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        var text = text
        let result = text.withUTF8 { bytes in
            // An `&` becomes four letters and perhaps a space before them; nothing else grows.
            let room = bytes.count + 4 * bytes.count { $0 == UInt8(ascii: "&") }
            return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: room) { memory -> Result? in
                guard var key = Key(memory.baseAddress) else { return use(UnsafeBufferPointer(start: nil, count: 0)) }
                return key.append(bytes) ? use(key.finished) : nil
            }
        }
        return result ?? foldByFoundation(text).withUnsafeBufferPointer(use)
    }

    /// Folds whatever `text` is.
    static func foldByFoundation(_ text: String) -> [UInt8] {
        let options: String.CompareOptions = [.caseInsensitive, .diacriticInsensitive, .widthInsensitive]
        let folded = text.folding(options: options, locale: nil)
        let key = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 5 * folded.utf8.count) { memory in
            guard var key = Key(memory.baseAddress) else { return "" }
            for scalar in folded.unicodeScalars {
                if scalar.isASCII {
                    key.append(Folds.ascii[Int(scalar.value)])
                } else if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                    for byte in String(Character(scalar)).utf8 { key.append(letter: byte) }
                } else if !apostrophes.contains(scalar) {
                    key.append(.gap)
                }
            }
            return String(decoding: key.finished, as: UTF8.self)
        }
        // Foundation may take letters apart; composed again, equal texts have equal bytes.
        return Array(key.precomposedStringWithCanonicalMapping.utf8)
    }

    private static let apostrophes: Set<Unicode.Scalar> = ["\u{2019}", "\u{2018}", "\u{02BC}"]

    /// A key in the making, in memory that has room for it.
    private struct Key {
        private let start: UnsafeMutablePointer<UInt8>
        private var count = 0

        init?(_ memory: UnsafeMutablePointer<UInt8>?) {
            guard let memory else { return nil }
            start = memory
        }

        /// The key without a space at its end and a "the" at its beginning.
        var finished: UnsafeBufferPointer<UInt8> {
            let length = count > 0 && start[count - 1] == UInt8(ascii: " ") ? count - 1 : count
            let whole = UnsafeBufferPointer(start: start, count: length)
            return whole.starts(with: "the ".utf8) ? UnsafeBufferPointer(rebasing: whole[4...]) : whole
        }

        mutating func append(letter: UInt8) {
            start[count] = letter
            count += 1
        }

        @inline(__always)
        mutating func append(_ fold: Fold) {
            // Letters are nearly everything.
            if fold.first > Fold.unknown.first {
                append(letter: fold.first)
                if fold.second != 0 { append(letter: fold.second) }
            } else if fold != .none {
                if count > 0, start[count - 1] != UInt8(ascii: " ") { append(letter: UInt8(ascii: " ")) }
                if fold == .ampersand {
                    for letter in "and ".utf8 { append(letter: letter) }
                }
            }
        }

        /// False when a character isn't in the tables.
        mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
            Folds.ascii.withUnsafeBufferPointer { ascii in
                var index = 0
                while index < bytes.count {
                    let byte = bytes[index]
                    if byte < 0x80 {
                        append(ascii[Int(byte)])
                        index += 1
                    } else if let fold = Folds.latin(bytes, &index) {
                        append(fold)
                    } else {
                        return false
                    }
                }
                return true
            }
        }
    }

    /// What becomes of a character: one letter or two, or what a `first` below all letters stands for.
    private struct Fold: Equatable {
        var first: UInt8
        var second: UInt8 = 0

        static let none = Fold(first: 0)
        static let gap = Fold(first: 1)
        static let ampersand = Fold(first: 2)
        static let unknown = Fold(first: 3)
    }

    /// What becomes of single characters.
    private enum Folds {
        static let ascii: [Fold] = (0..<0x80).map { (byte: UInt8) in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): Fold(first: byte)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): Fold(first: byte + 32)
            case UInt8(ascii: "."), UInt8(ascii: "'"), UInt8(ascii: "`"): .none
            case UInt8(ascii: "&"): .ampersand
            default: .gap
            }
        }

        /// Latin-1 and Latin Extended A and B, without the soft hyphen; then dashes, quotation marks and dots; then signs of
        /// currencies. None of them joins another character, so that each can be folded for itself.
        private static let ranges: [ClosedRange<UInt32>] = [
            0xA0...0xAC, 0xAE...0x24F, 0x2010...0x2027, 0x20A0...0x20BF,
        ]
        private static let last = 0x20BF

        private static let others: [Fold] = {
            var folds = [Fold](repeating: .unknown, count: last + 1)
            for scalar in ranges.joined().compactMap(Unicode.Scalar.init) {
                let folded = foldByFoundation("a\(Character(scalar))b").dropFirst().dropLast()
                guard folded.count <= 2, folded.allSatisfy({ $0 < 0x80 }) else { continue }
                let first = folded.first ?? 0
                folds[Int(scalar.value)] =
                    folded.elementsEqual(" ".utf8)
                    ? .gap
                    : folded.isEmpty ? .none : Fold(first: first, second: folded.count > 1 ? folded.last ?? 0 : 0)
            }
            return folds
        }()

        /// The fold of the character at `index`, which moves behind it; nil when it isn't known.
        static func latin(_ bytes: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Fold? {
            let byte = bytes[index]
            let scalar: Int
            // A text's bytes are well formed: as many follow as the first one says.
            switch byte {
            case 0xC2...0xDF:
                scalar = Int(byte & 0x1F) << 6 | Int(bytes[index + 1] & 0x3F)
                index += 2
            case 0xE0...0xEF:
                scalar = Int(byte & 0x0F) << 12 | Int(bytes[index + 1] & 0x3F) << 6 | Int(bytes[index + 2] & 0x3F)
                index += 3
            default: return nil
            }
            guard scalar <= last else { return nil }
            let fold = others[scalar]
            return fold == .unknown ? nil : fold
        }
    }
}
