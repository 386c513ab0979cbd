// Messages as Slack gets them: compared whole with files, within Slack's limits, and without any effect of a lead's
// text.

import Foundation
import LeadTestKit
import Testing

@testable import LeadCore
@testable import LeadNotify

@Suite("Slack message") struct SlackMessageTests {
    @Test("A normal lead's message is the file's", arguments: Golden.kinds)
    func golden(_ kind: MessageKind) throws {
        let body = SlackMessage.body(for: try Fixture.briefing(kind))
        #expect(try Golden.matches(indented(body), "\(kind.rawValue).slack.json"))
    }

    @Test("A hostile lead's message is the file's")
    func hostile() throws {
        let body = SlackMessage.body(for: Fixture.briefing(filledWith: try Fixture.hostileText()))
        #expect(try Golden.matches(indented(body), "hostile.slack.json"))
    }

    @Test("Every limit is kept", arguments: ["x", "&", "漢", "😀", "👩🏽‍🚀", "word ", "\n", "a\n", "\0"])
    func limits(_ piece: String) throws {
        let long = String(repeating: piece, count: 102_400 / piece.utf8.count + 1)
        for (facts, sentences) in [(8, 2), (500, 500), (0, 0)] {
            let link = "https://leads.example.com/l/" + String(repeating: "t", count: 1_900)
            let briefing = Fixture.briefing(filledWith: long, facts: facts, sentences: sentences, link: link)
            let message = try object(SlackMessage.body(for: briefing))
            let text = try #require(message["text"] as? String)
            #expect((1...40_000).contains(text.utf16.count))
            #expect(text.hasSuffix(link))
            let blocks = try #require(message["blocks"] as? [[String: Any]])
            #expect(blocks.count <= 50)
            for block in blocks { try check(block) }
            #expect(message["unfurl_links"] as? Bool == false)
            #expect(message["unfurl_media"] as? Bool == false)
        }
    }

    @Test("A lead's words stand in plain text alone; markup holds labels of ours and links")
    func noMarkup() throws {
        let message = try object(
            SlackMessage.body(for: Fixture.briefing(filledWith: "*evil* <!channel> <@U1> `x` <http://evil.example|a>")))
        let texts = objects(of: message).filter { $0["type"] as? String == "mrkdwn" }
        #expect(!texts.isEmpty)
        for object in texts {
            let text = try #require(object["text"] as? String)
            #expect(object["verbatim"] as? Bool == true)
            let inner = text.hasPrefix("*") ? String(text.dropFirst().dropLast()) : text
            #expect(!inner.contains("*") && !inner.contains("`") && !inner.contains("<!") && !inner.contains("<@"))
            #expect(inner.count { $0 == "<" } <= 1)
        }
        let text = try #require(message["text"] as? String)
        #expect(!text.contains("<") && !text.contains(">"))
        #expect(message["mrkdwn"] as? Bool == false)
    }

    @Test("Only the ampersand and the angle brackets are escaped")
    func escaping() { #expect(SlackMessage.escaped("a&b<c>d\"e'f") == "a&amp;b&lt;c&gt;d\"e'f") }

    @Test("There is no button: a webhook could not acknowledge it")
    func noButtons() throws {
        let message = try object(SlackMessage.body(for: try Fixture.briefing()))
        let types = objects(of: message).compactMap { $0["type"] as? String }
        #expect(Set(types) == ["header", "context", "section", "divider", "plain_text", "mrkdwn"])
    }

    private func check(_ block: [String: Any]) throws {
        switch block["type"] as? String {
        case "header": try check(block["text"], atMost: 150)
        case "context":
            let elements = try #require(block["elements"] as? [Any])
            #expect((1...10).contains(elements.count))
            for element in elements { try check(element, atMost: 3_000) }
        case "section":
            #expect(block["text"] != nil || block["fields"] != nil)
            if let text = block["text"] { try check(text, atMost: 3_000) }
            if let fields = block["fields"] as? [Any] {
                #expect((1...10).contains(fields.count))
                for field in fields { try check(field, atMost: 2_000) }
            }
        case "divider": break
        default: Issue.record("unexpected block")
        }
    }

    private func check(_ object: Any?, atMost limit: Int) throws {
        let members = try #require(object as? [String: Any])
        let text = try #require(members["text"] as? String)
        #expect((1...limit).contains(text.utf16.count))
    }

    private func object(_ bytes: [UInt8]) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    private func objects(of value: Any) -> [[String: Any]] {
        if let list = value as? [Any] { return list.flatMap(objects) }
        guard let members = value as? [String: Any] else { return [] }
        return (members["type"] == nil ? [] : [members]) + members.values.flatMap(objects)
    }
}
