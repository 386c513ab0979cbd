// Answers from strangers: what is JSON and what isn't, where in it a value stands, and which values a lead can have.

import Foundation
import LeadCore
import LeadTestKit
import Testing

@testable import LeadEnrichment

@Suite("JSON from outside")
struct OutsideJSONTests {
    private func read(_ text: String) -> JSONValue? { JSONValue(Array(text.utf8)) }

    @Test("JSON is read as RFC 8259 has it")
    func reads() {
        #expect(
            read(#" {"a":[1,-2.5e3,true,null,"\u00e9\uD834\uDD1E\n"],"b":{}} "#)
                == .object([
                    "a": .list([.number("1"), .number("-2.5e3"), .flag(true), .null, .text("é𝄞\n")]), "b": .object([:]),
                ]))
        #expect(read("\u{FEFF}[]") == .list([]))
        #expect(read(#"{"a":1,"a":2}"#) == .object(["a": .number("2")]))
        #expect(read("12345678901234567890123") == .number("12345678901234567890123"))
    }

    @Test(
        "what is not JSON isn't read",
        arguments: [
            "", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "'a'", "01", "1.", ".5", "+1", "1e", "nul", "\"", "\"\\x\"",
            "\"\\uD834\"", "\"\u{1}\"", "[1 2]", "{\"a\" 1}", "1 2", "<html></html>", "NaN", "\"\\uD834\\u0041\"",
        ])
    func refuses(text: String) {
        #expect(read(text) == nil)
    }

    @Test("nesting without end, ten megabytes and bytes that are no text end in a plain no")
    func bounded() {
        #expect(read(String(repeating: "[", count: 1_000_000)) == nil)
        #expect(read(String(repeating: "{\"a\":", count: 1_000_000)) == nil)
        #expect(read(String(repeating: "[", count: 65) + String(repeating: "]", count: 65)) == nil)
        #expect(read(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)) != nil)
        #expect(JSONValue([UInt8](repeating: 0x20, count: 10_000_000)) == nil)
        #expect(JSONValue([0x22, 0xFF, 0xFE, 0x22]) == nil)
    }

    @Test("a truncated text is never taken for a whole one, and what is read agrees with Foundation")
    func truncated() throws {
        let text = #"{"a":[1,{"b":"\u00e9x"},-2.5e3],"c":{"d":false}}"#
        for length in 0..<text.utf8.count { #expect(JSONValue(Array(text.utf8.prefix(length))) == nil) }
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<5000 {
            var bytes = Array(text.utf8)
            bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0x20...0x7E, using: &generator)
            let theirs = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
            if JSONValue(bytes) != nil { #expect(theirs != nil, "\(String(decoding: bytes, as: UTF8.self))") }
        }
    }

    @Test(
        "paths lead to their values",
        arguments: [
            ("a", "1"), ("$.a", "1"), ("b.c", "x"), ("d[0].e", "first"), ("d[1].e", "last"), ("d[-1].e", "last"),
            ("$['odd name']", "y"), ("[\"odd name\"]", "y"), ("b['c']", "x"), ("f", "p, q"), ("g", "yes"),
        ])
    func paths(path: String, value: String) throws {
        let json = try #require(
            read(#"{"a":1,"b":{"c":"x"},"d":[{"e":"first"},{"e":"last"}],"odd name":"y","f":["p","q"],"g":true}"#))
        let way = try #require(JSONPath(path))
        let found = try #require(way.find(in: json))
        #expect(OutsideText.of(found) == value)
    }

    @Test(
        "paths that lead nowhere find nothing", arguments: ["z", "a.b", "d[2]", "d[-3]", "b[0]", "d.e", "n", "b.c.d"])
    func nowhere(path: String) throws {
        let json = try #require(read(#"{"a":1,"b":{"c":"x"},"d":[1,2],"n":null}"#))
        let way = try #require(JSONPath(path))
        #expect(way.find(in: json) == nil)
    }

    @Test(
        "what is no path is refused",
        arguments: [
            "", "$", ".", "a.", "a..b", "a[", "a[x]", "a[0", "[']", "a]", "a b", "$a", "a[0]b", "a['x'", "a[9999999]",
            "a[b=", "a[b=]", "a[=c]", "a[b c=d]", "a['b'='c']", "a[b='c]",
        ])
    func noPath(text: String) {
        #expect(JSONPath(text) == nil)
    }

    @Test("values are cleaned, and what is no value is none")
    func texts() {
        #expect(OutsideText.of(.text(" a\u{0}\u{202E}b\r\nc ")) == "a b\r\nc".replacing("\r\n", with: " \n"))
        #expect(OutsideText.of(.text("  ")) == nil)
        #expect(OutsideText.of(.text(String(repeating: "x", count: 4097))) == nil)
        #expect(OutsideText.of(.object([:])) == nil)
        #expect(OutsideText.of(.list([])) == nil)
        #expect(OutsideText.of(.list([.list([.number("1")])])) == nil)
        #expect(OutsideText.of(.list([.text("a"), .object([:])])) == nil)
        #expect(OutsideText.of(.list(Array(repeating: .number("1"), count: 21))) == nil)
        #expect(OutsideText.of(.number("1e5")) == "1e5")
    }

    @Test("templates know their fields and escape what is put in")
    func templates() {
        let template = FieldTemplate(#"https://a.example/x/{web_domain}?q={name}{ {Name} {"a": "{name}"}"#)
        #expect(template.fields == [.webDomain, .name])
        let lead = Lead(given: [.webDomain: "a/../b?c#d", .name: "A \"B\"\n&é"])
        #expect(
            FieldTemplate("/{web_domain}/{name}").filled(from: lead, escape: Escaping.url)
                == "/a%2F..%2Fb%3Fc%23d/A%20%22B%22%0A%26%C3%A9")
        #expect(FieldTemplate(#"{"n":"{name}"}"#).filled(from: lead, escape: Escaping.json) == #"{"n":"A \"B\"\n&é"}"#)
        #expect(FieldTemplate("{city}").filled(from: lead, escape: { $0 }) == nil)
        #expect(FieldTemplate("no fields {").fields.isEmpty)
    }
}
