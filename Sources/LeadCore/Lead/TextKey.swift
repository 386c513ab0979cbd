// Texts as keys: how names of countries, states, cities and firms are compared, whatever their case, accents and
// punctuation. ASCII, which is nearly everything, is folded byte by byte; only other texts ask Foundation.

import Foundation

/// Folds texts so that spellings of one name become equal.
package enum TextKey {
    /// `text` in lower case without accents, words separated by one space: "Trinidad & Tobago" and "TRINIDAD AND
    /// TOBAGO" are one, "U.S." is "us", a leading "the" goes.
    package static func fold(_ text: String) -> String {
        var key: [UInt8] = []
        key.reserveCapacity(text.utf8.count + 4)
        if text.utf8.allSatisfy({ $0 < 0x80 }) {
            for byte in text.utf8 { append(byte, to: &key) }
        } else {
            let options: String.CompareOptions = [.caseInsensitive, .diacriticInsensitive, .widthInsensitive]
            for scalar in text.folding(options: options, locale: nil).unicodeScalars {
                if scalar.isASCII {
                    append(UInt8(scalar.value), to: &key)
                } else if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                    key.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
                } else if !apostrophes.contains(scalar) {
                    append(UInt8(ascii: " "), to: &key)
                }
            }
        }
        if key.last == UInt8(ascii: " ") { key.removeLast() }
        let folded = String(decoding: key, as: UTF8.self)
        return folded.hasPrefix("the ") ? String(folded.dropFirst(4)) : folded
    }

    private static let apostrophes: Set<Unicode.Scalar> = ["\u{2019}", "\u{2018}", "\u{02BC}"]

    private static func append(_ byte: UInt8, to key: inout [UInt8]) {
        let space = UInt8(ascii: " ")
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            key.append(byte)
        case UInt8(ascii: "A")...UInt8(ascii: "Z"):
            key.append(byte + 32)
        case UInt8(ascii: "."), UInt8(ascii: "'"), UInt8(ascii: "`"):
            break
        case UInt8(ascii: "&"):
            if key.last != space, !key.isEmpty { key.append(space) }
            key.append(contentsOf: "and ".utf8)
        default:
            if key.last != space, !key.isEmpty { key.append(space) }
        }
    }
}
