// Templates: what they make of fields, and what is no template.

import LeadTestKit
import Testing

@testable import LeadCore

@Suite("Template") struct TemplateTests {
    private static let title = PhraseField("title", "")
    private static let name = PhraseField("name", "")

    private func filled(_ text: String, _ title: String = "T", _ name: String = "N") throws -> String {
        try Template(text, fields: [Self.title, Self.name]).filled(title, name, "", "", "")
    }

    @Test("fields stand wherever the template has them, as often as it does")
    func filling() throws {
        #expect(try filled("{{name}} has {{ title }}, {{title}}") == "N has T, T")
        #expect(try filled("nothing") == "nothing")
        #expect(try filled("{{title}}") == "T")
        #expect(try filled("") == "")
        #expect(try filled("a { b } c") == "a { b } c")
    }

    @Test("a field that ends with a full stop ends its sentence")
    func stops() throws {
        #expect(try filled("bis {{title}}. Bitte", "30. Nov.") == "bis 30. Nov. Bitte")
        #expect(try filled("{{title}}{{name}}.", "Acme Inc.", "") == "Acme Inc.")
        #expect(try filled("{{title}}.", "Acme") == "Acme.")
        #expect(try filled("{{title}}.{{name}}", "", "N") == ".N")
        #expect(try filled("{{title}}; {{name}}.", "a.", "b") == "a.; b.")
    }

    @Test("what a field holds is never read as a template")
    func noSecondReading() throws {
        #expect(try filled("{{title}} {{name}}", "{{name}}", "{{title}}") == "{{name}} {{title}}")
    }

    @Test(
        "what is no template is told, with its place",
        arguments: [
            ("é {{titel}}", TemplateFlaw.unknownField("titel", at: 4)), ("a {{title", .unclosed(at: 2)),
            ("{{title {{name}}", .unclosed(at: 0)), ("a }} b", .unopened(at: 2)), ("{{title}} }}", .unopened(at: 10)),
            ("Neu }} {{title}}", .unopened(at: 4)), ("{{title}} }} {{name}}", .unopened(at: 10)),
            ("a\tb", .control(at: 1)), ("a\u{202E}b", .control(at: 1)), ("{{}}", .unknownField("", at: 2)),
            (String(repeating: "x", count: 501), .tooLong(at: 500)),
        ])
    func flaws(_ text: String, _ flaw: TemplateFlaw) {
        #expect(throws: flaw) { try filled(text) }
    }

    @Test("no text, however silly, brings the reader down")
    func anything() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2_000 {
            let pieces = ["{{", "}}", "{", "}", "title", "name", " ", "é", "👩🏽‍🚀", "\u{301}", "\r\n"]
            let text = (0..<8).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            do throws(TemplateFlaw) {
                let template = try Template(text, fields: [Self.title, Self.name])
                let text = template.filled("T", "N", "", "", "")
                #expect(!text.contains("{{") && !text.contains("}}"))
            } catch {
                #expect((0...text.unicodeScalars.count).contains(error.offset))
            }
        }
    }
}
