// What a form has encoded is read as Foundation reads it, whatever it is.

import Foundation
import Testing

@testable import LeadCore

@Suite("The encoding of forms")
struct FormEncodingTests {
    @Test("pluses are spaces and three characters a byte, in either case")
    func plain() {
        #expect(FormEncoding.text("Ada+Lovelace%20%26%20Söhne%c3%9F%C3%9f") == "Ada Lovelace & Söhneßß")
        #expect(FormEncoding.text("") == "")
        #expect(FormEncoding.text("%2B%25") == "+%")
        #expect(FormEncoding.bytes("%00%fF".utf8) == [0x00, 0xFF])
    }

    @Test(
        "what isn't the encoding, or no UTF-8, is nothing",
        arguments: ["%", "%4", "a%", "%4g", "%g4", "%+4", "%%41", "%ff", "%c3", "%c3+"])
    func faulty(_ text: String) {
        #expect(FormEncoding.text(text) == nil)
    }

    @Test("any text is read as Foundation reads it")
    func reference() {
        var random = SystemRandomNumberGenerator()
        let pieces = ["%", "4", "1", "c3", "%c3%9f", "+", "a", "ß", "G", "f", "%F0%9F%98%80", "%80", "\u{0}"]
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...6, using: &random)
            let text = (0..<count).map { _ in pieces[Int.random(in: pieces.indices, using: &random)] }.joined()
            let expected = text.replacing("+", with: " ").removingPercentEncoding
            #expect(FormEncoding.text(text) == expected, "\(text.debugDescription)")
        }
    }
}
