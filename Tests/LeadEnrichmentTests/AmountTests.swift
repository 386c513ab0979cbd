// The search for amounts of money, held against the plain way for whatever text.

import LeadTestKit
import Testing

@testable import LeadEnrichment

@Suite("Amount")
struct AmountTests {
    private static let pieces = [
        "budget", "Budget ", "kostenrahmen", "12", "500", "12,500", "12.500,00", "1.5", "0", "00", "7", "k", " k", "m",
        " Mio.",
        "mío", " tsd. ", "tausend", "million", "$", "$", "€", "£", "US$", "us$", "US", "uſ$", "usd", "EUR", "euro",
        "Euros", "bucks", "to",
        " bis ", "and", "und", "a", "of about", "word", "Küche", ", ", ".", "'", "\u{A0}", "\u{202F}", "-", "–", ";",
        " ", " ", " ",
    ]

    @Test("the first amount is the one that the plain way finds")
    func first() {
        var texts = HostileTexts(SeededGenerator(seed: 6), Self.pieces + Self.pieces + Self.pieces)
        var found = 0
        for _ in 0..<15_000 {
            let text = texts.next()
            let amount = Amount.first(in: text)
            #expect(amount == Amount.plainFirst(in: text), "\(text.debugDescription)")
            if amount != nil { found += 1 }
        }
        #expect(found > 2000, "texts without an amount try little")
    }

    @Test("texts of more than 4096 characters are read up to there")
    func long() {
        for length in 4080...4100 {
            for filling in ["x", "ä", "\r\n", "👍🏽"] {
                let text = String(repeating: filling, count: length) + " budget: 5000 €, or 7000 $"
                #expect(Amount.first(in: text) == Amount.plainFirst(in: text), "\(length)")
            }
        }
    }

    @Test("a cursor stops where the characters of the text do")
    func cursor() {
        var texts = HostileTexts(SeededGenerator(seed: 7), Self.pieces)
        for _ in 0..<8000 {
            var text = texts.next()
            let plain = text.map { ($0.utf8.count, $0.isWhitespace, $0.isLetter, $0.isASCII && $0.isNumber) }
            let copy = text
            let seen = text.withUTF8 { bytes in
                var cursor = CharacterCursor(copy, bytes)
                var seen: [(Int, Bool, Bool, Bool)] = []
                while let character = cursor.character {
                    let start = cursor.offset
                    cursor.skip(character)
                    seen.append(
                        (cursor.offset - start, character.isWhitespace, character.isLetter, character.isDigit))
                }
                return seen
            }
            #expect(seen.elementsEqual(plain, by: ==), "\(copy.debugDescription)")
        }
    }
}
