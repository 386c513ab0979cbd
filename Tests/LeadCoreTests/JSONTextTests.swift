// JSON as it is written, read back by Foundation: whatever stands where in a text, and however little room there is.

import Foundation
import Testing

@testable import LeadCore

@Suite("JSON texts")
struct JSONTextTests {
    private func read(_ json: consuming JSONText) throws -> NSDictionary {
        try #require(try JSONSerialization.jsonObject(with: Data(json.bytes)) as? NSDictionary)
    }

    @Test(
        "every character that needs care, at every place of texts of up to three words, comes back as it was",
        arguments: ["\u{0}", "\u{8}", "\t", "\n", "\u{1F}", " ", "\"", "\\", "\u{7F}", "é", "漢", "😀", "/"])
    func escapes(_ special: String) throws {
        for length in 0...24 {
            for place in 0...length {
                let text =
                    String(repeating: "a", count: place) + special + String(repeating: "b", count: length - place)
                for twice in [text, text + special + special] {
                    var json = JSONText(capacity: 1)
                    json.object { json in
                        json.member("text", twice)
                        json.key(named: twice)
                        json.number(7)
                    }
                    #expect(try read(json) == ["text": twice, twice: 7])
                }
            }
        }
    }

    @Test("values, names and nesting, with commas where they belong")
    func structure() {
        let json = JSONText(capacity: 0) { json in
            json.member("a", Int64.min)
            json.member("b", 2.5)
            json.member("c", true)
            json.member("d", optional: nil as String?)
            json.null("e")
            json.object("f") { _ in }
            json.list("g") { json in
                json.null()
                json.flag(false)
                json.string("")
                json.object { $0.member("h", "i") }
                json.array([1, 2]) { $0.number($1) }
            }
        }
        #expect(
            json.text
                == #"{"a":-9223372036854775808,"b":2.5,"c":true,"e":null,"f":{},"g":[null,false,"",{"h":"i"},[1,2]]}"#)
    }
}
