// What becomes of texts and links from outside before any channel lays them out.

import LeadTestKit
import Testing

@testable import LeadCore
@testable import LeadNotify

@Suite("Clean text") struct CleanTextTests {
    @Test("A line has no controls, no reordering characters, single spaces")
    func line() {
        #expect(CleanText.line(" a\r\nb\0c\t\u{85}d\u{2028}e  ", atMost: 80) == "a b c d e")
        #expect(CleanText.line("x\u{202E}y\u{2066}z\u{FEFF}\u{FFFE}", atMost: 80) == "xyz")
        #expect(CleanText.line("שלום 👩🏽‍🚀 🏴󠁧󠁢󠁥󠁮󠁧󠁿 é e\u{301}", atMost: 80) == "שלום 👩🏽‍🚀 🏴󠁧󠁢󠁥󠁮󠁧󠁿 é e\u{301}")
        #expect(CleanText.line("\0\u{202E}\r\n", atMost: 80).isEmpty)
        #expect(CleanText.line("plain text", atMost: 80) == "plain text")
        #expect(CleanText.line("two  spaces ", atMost: 80) == "two spaces")
    }

    @Test("A text is tidy that is printable ASCII with single spaces inside, wherever its other characters are")
    func tidy() {
        func expected(_ bytes: [UInt8]) -> Bool {
            let text = [UInt8(ascii: " ")] + bytes + [UInt8(ascii: " ")]
            let isSpaced = zip(text, text.dropFirst()).contains { $0 == 0x20 && $1 == 0x20 }
            return !isSpaced && bytes.allSatisfy { (0x20...0x7E).contains($0) }
        }
        #expect(CleanText.isTidy(""))
        for length in [1, 2, 7, 8, 9, 15, 16, 17] {
            for place in 0..<length {
                for byte in UInt8.min...0x7F {
                    for other in 0..<length {
                        var bytes = [UInt8](repeating: UInt8(ascii: "x"), count: length)
                        bytes[place] = byte
                        bytes[other] = UInt8(ascii: " ")
                        let text = String(decoding: bytes, as: UTF8.self)
                        guard CleanText.isTidy(text) != expected(bytes) else { continue }
                        Issue.record("\(bytes) is \(expected(bytes) ? "" : "not ")tidy")
                    }
                }
                let text = String(repeating: "x", count: place) + "é" + String(repeating: "x", count: length)
                #expect(!CleanText.isTidy(text))
            }
        }
    }

    @Test("Random texts come out clean, no longer than asked, and cleaning again changes nothing")
    func property() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<2_000 {
            let text = nastyText(using: &generator)
            let limit = Int.random(in: 2...60, using: &generator)
            let line = CleanText.line(text, atMost: limit)
            #expect(line.count <= limit)
            #expect(CleanText.line(line, atMost: limit + 1) == line)
            for scalar in line.unicodeScalars {
                #expect(scalar.properties.generalCategory != .control && !(0x202A...0x202E).contains(scalar.value))
            }
            let lines = CleanText.lines(text, atMost: limit, lines: 3)
            #expect(lines.count <= 3 && lines.joined(separator: "\n").count <= limit)
            #expect(lines.first != "" && lines.last != "")
        }
    }

    @Test("Lines keep their breaks, but not more than one empty line in a row")
    func lines() {
        #expect(CleanText.lines("\n\na\r\n\r\n\r\n b \nc\n\n", atMost: 80, lines: 9) == ["a", "", "b", "c"])
        #expect(CleanText.lines("a\nb\nc\nd", atMost: 80, lines: 2) == ["a", "b…"])
        #expect(CleanText.lines("abcdef", atMost: 4, lines: 2) == ["abc…"])
    }

    @Test("A character of thousands of marks keeps a few")
    func marks() {
        let text = CleanText.line("Z" + String(repeating: "\u{0301}", count: 100_000) + "algo", atMost: 20)
        #expect(text.hasSuffix("algo"))
        #expect(text.utf8.count < 80)
    }

    @Test("Cutting by a measure counts the ellipsis and leaves short texts alone")
    func cut() {
        #expect(CleanText.cut("abcdef", to: 6) { $0.utf8.count } == "abcdef")
        #expect(CleanText.cut("abcdefg", to: 6) { $0.utf8.count } == "abc…")
        #expect(CleanText.cut("ab cdefg", to: 6) { $0.utf8.count } == "ab…")
        #expect(CleanText.cut("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", to: 30) { $0.utf8.count } == "👨‍👩‍👧‍👦…")
        #expect(CleanText.cut("", to: 6) { $0.utf8.count } == "")
    }

    @Test("Links are web addresses in harmless characters, or none")
    func links() {
        #expect(WebLink("https://a.example/x?y=1#z")?.text == "https://a.example/x?y=1#z")
        #expect(WebLink("HTTPS://a.example")?.text == "HTTPS://a.example")
        #expect(WebLink("https://a.example/\"><b>|*é ")?.text == "https://a.example/%22%3E%3Cb%3E%7C%2A%C3%A9%20")
        let others = [
            "javascript:alert(1)", "data:x", "//a.example", "https://", "https:///x", "https://a\r\nb", "", "x",
        ]
        for bad in others {
            #expect(WebLink(bad) == nil)
        }
        #expect(WebLink("https://a.example/" + String(repeating: "x", count: 2_000)) == nil)
    }
}
