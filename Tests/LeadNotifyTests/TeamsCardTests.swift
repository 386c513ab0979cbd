// Cards as Teams gets them: compared whole with files, and their promises kept for hostile and for endless texts.

import Foundation
import LeadTestKit
import Testing

@testable import LeadCore
@testable import LeadNotify

@Suite("Teams card") struct TeamsCardTests {
    @Test("A normal lead's card is the file's", arguments: Golden.kinds)
    func golden(_ kind: MessageKind) throws {
        let body = TeamsCard.body(for: try Fixture.briefing(kind))
        #expect(try Golden.matches(indented(body), "\(kind.rawValue).teams.json"))
    }

    @Test("A hostile lead's card is the file's")
    func hostile() throws {
        let body = TeamsCard.body(for: Fixture.briefing(filledWith: try Fixture.hostileText()))
        #expect(try Golden.matches(indented(body), "hostile.teams.json"))
    }

    @Test("The envelope is the flow's: one attachment with a card 1.2 in full width")
    func envelope() throws {
        let message = try object(TeamsCard.body(for: try Fixture.briefing()))
        let attachment = try #require((message["attachments"] as? [[String: Any]])?.first)
        let card = try #require(attachment["content"] as? [String: Any])
        #expect(message["type"] as? String == "message")
        #expect(attachment["contentType"] as? String == "application/vnd.microsoft.card.adaptive")
        #expect(attachment["contentUrl"] is NSNull)
        #expect(card["version"] as? String == "1.2")
        #expect((card["msteams"] as? [String: Any])?["width"] as? String == "Full")
    }

    @Test("Every card is what the schema of version 1.2 allows, and a later property or a word of no list isn't")
    func schema() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let check = try SchemaCheck(file: folder.appendingPathComponent("adaptive-card-1.2.schema.json"))
        var bodies = try Golden.kinds.map { TeamsCard.body(for: try Fixture.briefing($0)) }
        for text in [try Fixture.hostileText(), String(repeating: "long ", count: 9_000)] {
            var briefing = Fixture.briefing(filledWith: text, facts: 40, sentences: 40)
            bodies.append(TeamsCard.body(for: briefing))
            briefing.mention = "dana@example.com"
            bodies.append(TeamsCard.body(for: briefing))
        }
        let teams = ChannelSettings(id: "teams", kind: "teams", isShared: false, isMail: false, concurrency: 1)
        for language in Language.shipped {
            for lead in SampleLead.allCases {
                let samples = SampleMessages(lead, over: teams, in: language, phrases: .shipped)
                for scene in SampleScene.all(isEditable: false) {
                    let briefing = try #require(samples.briefing(scene))
                    bodies.insert(contentsOf: [briefing, briefing.brief].map { TeamsCard.body(for: $0) }, at: 0)
                }
            }
        }
        for body in bodies { #expect(try check.complaints(about: body) == []) }
        let good = String(decoding: try #require(bodies.last), as: UTF8.self)
        for (old, new) in [
            ("\"version\":\"1.2\"", "\"version\":\"1.3\""), ("\"isSubtle\":true", "\"underline\":true"),
            ("\"isSubtle\":true", "\"isSubtle\":\"true\""), ("\"bleed\":true", "\"bleed\":1"),
            ("\"style\":\"accent\"", "\"style\":\"blue\""), ("Action.OpenUrl", "Action.Submit"), ("80px", "80 px"),
            ("RichTextBlock", "Table"), ("<at>", "<b>"), ("\"inlines\"", "\"runs\""),
        ] {
            #expect(good.contains(old))
            let bad = Array(good.replacing(old, with: new).utf8)
            #expect(try !check.complaints(about: bad).isEmpty, "\(old) became \(new)")
        }
    }

    @Test("Whom a message addresses is mentioned, by a name without marks, and a follow-up mentions nobody")
    func mention() throws {
        var briefing = try Fixture.briefing(.decide)
        #expect(!String(decoding: TeamsCard.body(for: briefing), as: UTF8.self).contains("<at>"))
        briefing.mention = "dana@example.com"
        for briefing in [briefing, briefing.brief] {
            let message = try object(TeamsCard.body(for: briefing))
            let card = (message["attachments"] as? [[String: Any]])?.first?["content"] as? [String: Any]
            let entities = (card?["msteams"] as? [String: Any])?["entities"] as? [[String: Any]]
            #expect(entities?.map { $0["text"] as? String } == ["<at>Dana Whitfield</at>"])
            #expect(
                entities?.first?["mentioned"] as? [String: String] == [
                    "id": "dana@example.com", "name": "Dana Whitfield",
                ])
            let blocks = elements(of: card as Any).filter { $0["type"] as? String == "TextBlock" }
            #expect(blocks.map { $0["text"] as? String } == ["<at>Dana Whitfield</at>"])
        }
        for (reader, name) in [
            ("</at><at>all</at> *D*_[x](y)", "atatallat Dxy"), ("<!>", "dana@example.com"),
            ("Zoë O’Neil-Müller", "Zoë O’Neil-Müller"),
        ] {
            var strange = Briefing(
                kind: .decide, reader: reader, caseID: "c", deliveryID: "d", threadID: "t", startsThread: true,
                site: "S",
                headline: "H", subject: "S", facts: [], description: nil, sentences: [], suggestions: [], link: nil,
                linkLabel: "", recordURL: nil, ownPage: nil, createdAt: Sample.start)
            strange.mention = "dana@example.com"
            #expect(String(decoding: TeamsCard.body(for: strange), as: UTF8.self).contains("\"<at>\(name)</at>\""))
        }
        // Which messages mention, the writer says.
        let samples = SampleMessages(
            .plain, over: ChannelSettings(id: "teams", kind: "teams", isShared: false, isMail: false, concurrency: 1),
            in: .english, phrases: .shipped)
        for scene in SampleScene.all(isEditable: false) {
            let mention = try #require(samples.briefing(scene)).mention
            #expect((mention == nil) == [.settled, .rejected].contains(scene), "\(scene)")
        }
    }

    @Test("No word stands where Teams reads Markdown, and every block has text")
    func noMarkdown() throws {
        let known = Set([
            "AdaptiveCard", "Container", "ColumnSet", "Column", "RichTextBlock", "TextRun", "Action.OpenUrl",
        ])
        for text in ["*b* [x](http://evil.example)", "\0\u{202E}", try Fixture.hostileText()] {
            let message = try object(TeamsCard.body(for: Fixture.briefing(filledWith: text)))
            for element in elements(of: (message["attachments"] as? [[String: Any]])?.first?["content"] as Any) {
                let type = try #require(element["type"] as? String)
                #expect(known.contains(type))
                #expect(type != "TextBlock", "nobody is mentioned")
                if type == "TextRun" { #expect((element["text"] as? String)?.isEmpty == false) }
                if type == "RichTextBlock" { #expect((element["inlines"] as? [Any])?.isEmpty == false) }
                if type == "AdaptiveCard" {
                    #expect((element["fallbackText"] as? String)?.contains("evil") == false)
                }
            }
        }
    }

    @Test(
        "A card stays under 20 KB and keeps its link whole",
        arguments: ["x", "\"\\", "漢", "👩🏽‍🚀", "word ", "e" + String(repeating: "\u{0301}", count: 5_000)])
    func size(_ piece: String) throws {
        let long = String(repeating: piece, count: 102_400 / piece.utf8.count + 1)
        let link = "https://leads.example.com/l/" + String(repeating: "t", count: 1_900)
        for (facts, sentences) in [(8, 2), (500, 500), (0, 0)] {
            let briefing = Fixture.briefing(
                filledWith: long, facts: facts, sentences: sentences, description: 200_000, link: link)
            let body = TeamsCard.body(for: briefing)
            #expect(body.count < 20_000)
            let message = try object(body)
            let links = elements(of: message).filter { $0["type"] as? String == "Action.OpenUrl" }
            #expect(links.contains { $0["url"] as? String == link })
            #expect(links.allSatisfy { ($0["url"] as? String)?.hasPrefix(link) != false || $0["title"] != nil })
        }
    }

    @Test("Cut text ends with an ellipsis after a whole character")
    func cutting() throws {
        let family = "👨‍👩‍👧‍👦"
        let body = TeamsCard.body(
            for: Fixture.briefing(filledWith: String(repeating: family, count: 4_000), facts: 16, sentences: 8))
        let texts = elements(of: try object(body)).compactMap { $0["text"] as? String }
        let cut = texts.filter { $0.hasSuffix("…") }
        #expect(!cut.isEmpty)
        let allowed = Set(family + "…· ")
        for text in cut { #expect(text.dropLast().allSatisfy { allowed.contains($0) || $0.isASCII }) }
    }

    @Test("A message without links has no actions")
    func noLinks() throws {
        var input = try Fixture.briefing(.alarm)
        input = Briefing(
            kind: input.kind, reader: input.reader, caseID: input.caseID, deliveryID: input.deliveryID,
            threadID: input.threadID, startsThread: false, site: input.site, headline: input.headline,
            subject: input.subject, facts: [], description: nil, sentences: [], suggestions: [], link: nil,
            linkLabel: "",
            recordURL: "javascript:alert(1)", ownPage: nil, createdAt: input.createdAt)
        let found = elements(of: try object(TeamsCard.body(for: input)))
        #expect(!found.contains { ($0["type"] as? String)?.hasPrefix("Action") == true })
    }

    private func object(_ bytes: [UInt8]) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    /// All objects that have a type, however deep.
    private func elements(of value: Any) -> [[String: Any]] {
        if let list = value as? [Any] { return list.flatMap(elements) }
        guard let members = value as? [String: Any] else { return [] }
        return (members["type"] == nil ? [] : [members]) + members.values.flatMap(elements)
    }
}
