// Words in texts: that they are folded, found and told apart as by the plain way, whatever the text.

import LeadCore
import LeadTestKit
import Testing

@testable import LeadEnrichment

@Suite("Words")
struct WordsTests {
    private static let words = [
        "Museum", "museums", "HOTEL", "Parkhotel", "the", "The ", "Küche", "kuche", "Straße", "strasse", "sculpt",
        "sculpture",
        "as soon as", "possible", "a", "in", "U.S.", "12", "500",
    ]

    @Test("a text is folded as by Foundation alone")
    func fold() {
        var texts = HostileTexts(SeededGenerator(seed: 1), Self.words)
        for _ in 0..<20_000 {
            let text = texts.next()
            #expect(TextKey.fold(text) == PlainWords.fold(text), "\(text.debugDescription)")
        }
    }

    @Test("every single character is folded as by Foundation alone, alone and beside letters")
    func foldAll() {
        for scalar in (UInt32(0)...0x2FFF).compactMap(Unicode.Scalar.init) {
            for text in [String(scalar), "a\(scalar)b", "\(scalar)\(scalar)", "ä\(scalar)ß"] {
                #expect(TextKey.fold(text) == PlainWords.fold(text), "\(text.debugDescription)")
            }
        }
    }

    @Test("the words of a text are those between its spaces")
    func split() {
        var texts = HostileTexts(SeededGenerator(seed: 2), Self.words)
        for _ in 0..<20_000 {
            let text = texts.next()
            let found = FoldedWords(text)
            #expect(found.words.indices.map { found[$0] } == PlainWords.words(text), "\(text.debugDescription)")
        }
    }

    @Test("the words of several fields stand one after the other, each with its hash")
    func fields() {
        var texts = LeadTexts()
        let lead = Lead(given: [.company: "Acme & Sons", .description: "Für die Küche"])
        let words = texts.words(of: lead, [.description, .title, .company])
        #expect(words.words.indices.map { words[$0] } == ["fur", "die", "kuche", "acme", "and", "sons"])
        #expect(words.words.map(\.hash) == words.parts.map { WordHash($0) })
        #expect(words.joined(1..<4) == "die kuche acme")
        #expect(texts.words(of: lead, [.title]).isEmpty)
    }

    @Test("phrases are found where the plain way finds them")
    func phrases() {
        let phrases = [
            "museum", "museum*", "*hotel*", "*hotel", "as soon as possible", "as soon as", "strasse", "str*",
            "sculpt* 12",
            "kuche", "u.s.", "*e", "the museum", "k*", "가*", "ж", "*й", "क*", "a b", "½", "*5*", "museum* possible",
            "in*",
        ]
        let index = PhraseIndex(phrases.enumerated().map { (text: $1, value: $0) })
        var texts = HostileTexts(SeededGenerator(seed: 3), Self.words)
        var found = 0
        for _ in 0..<2000 {
            let text = texts.next(40)
            let hits = index.hits(in: FoldedWords(text))
            let plain = PlainWords.hits(phrases, in: PlainWords.words(text))
            #expect(hits.map(\.phrase) == plain.map(\.phrase), "\(text.debugDescription)")
            #expect(hits.map(\.words) == plain.map(\.words), "\(text.debugDescription)")
            #expect(hits.allSatisfy { $0.value == $0.phrase })
            found += hits.count
        }
        #expect(found > 2000, "texts in which there is nothing to find try nothing")
    }

    @Test("a table finds the words that are in it and no others")
    func table() {
        var generator = SeededGenerator(seed: 4)
        let word = { (generator: inout SeededGenerator) in
            (0..<Int.random(in: 0...4, using: &generator)).map { _ in UInt8.random(in: 97...102, using: &generator) }
        }
        var table = WordTable()
        var plain: [[UInt8]: Int] = [:]
        for number in 0..<2000 {
            let word = word(&generator)
            table[word] = number
            plain[word] = number
        }
        for _ in 0..<5000 {
            let word = word(&generator)
            #expect(table[word] == plain[word])
            #expect(table.find(lowering: String(decoding: word, as: UTF8.self).uppercased().utf8) == plain[word])
        }
        #expect(WordTable()[[]] == nil)
    }
}
