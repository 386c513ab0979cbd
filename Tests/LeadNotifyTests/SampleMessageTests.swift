// Every message in every language, in full and brief, for every kind of channel: compared whole with files, and looked at
// with texts and leads that try everything.

import Foundation
import LeadTestKit
import Testing

@testable import LeadCore
@testable import LeadNotify

@Suite("Sample messages") struct SampleMessageTests {
    private static let kinds = ChannelKind.all.filter { $0.rendering != nil }

    private static func settings(_ kind: ChannelKind) -> ChannelSettings {
        ChannelSettings(
            id: ChannelID(kind.name), kind: kind.name, isShared: kind.isShared, isMail: kind.isMail, concurrency: 1,
            isEditable: kind.isEditable)
    }

    private static func scenes(_ kind: ChannelKind) -> [SampleScene] { SampleScene.all(isEditable: kind.isEditable) }

    @Test("each message is the file's", arguments: Language.shipped, SampleScene.allCases)
    func golden(_ language: Language, _ scene: SampleScene) throws {
        for kind in Self.kinds where Self.scenes(kind).contains(scene) {
            let samples = SampleMessages(.plain, over: Self.settings(kind), in: language, phrases: .shipped)
            let briefing = try #require(samples.briefing(scene))
            for detail in Detail.allCases {
                let rendered = try #require(kind.render(briefing, brief: detail == .brief))
                #expect(rendered.flaws == [])
                let isJSON = rendered.bytes.first == UInt8(ascii: "{")
                let name = "\(language)/\(detail)/\(scene.rawValue).\(kind.name).\(isJSON ? "json" : "txt")"
                #expect(try Golden.matches(isJSON ? indented(rendered.bytes) : rendered.bytes, name), "\(name)")
            }
        }
    }

    @Test("nothing is wrong with any message, whatever the lead and its people are called")
    func rehearsal() {
        let rehearsal = MessageRehearsal(of: Sample.rulebook())
        #expect(rehearsal.failures == [])
        #expect(rehearsal.count >= 900)
    }

    @Test("templates that hold markup and mentions have no effect in any message of any kind")
    func hostileTemplates() throws {
        let harm = "<!channel> <at>all</at> @all *b* [x](https://evil.example) <script>x</script> <b> &amp; :a: \"'|`_~"
        var templates: [String: Template] = [:]
        for phrase in Phrases.english.all where phrase.wordCount == nil {
            templates[phrase.name] = try phrase.template(of: String("\(phrase.english) \(harm)".prefix(500)))
        }
        let book = PhraseBook(templates: [.english: [nil: templates], .german: [nil: templates]])
        for kind in Self.kinds {
            for lead in SampleLead.allCases {
                let samples = SampleMessages(lead, over: Self.settings(kind), in: .german, phrases: book)
                for scene in Self.scenes(kind) {
                    let briefing = try #require(samples.briefing(scene))
                    for isBrief in [false, true] {
                        let flaws = try #require(kind.render(briefing, brief: isBrief)).flaws
                        #expect(flaws == [], "\(scene) \(kind.name) \(lead)")
                    }
                }
                for form in ChatForm.Kind.allCases where kind.formRendering != nil {
                    let form = try #require(samples.form(form))
                    for isBrief in [false, true] {
                        #expect(try #require(kind.render(form, brief: isBrief)).flaws == [], "\(form.kind) \(lead)")
                    }
                }
            }
        }
    }

    @Test("a text that makes a message too long is named with its place, and what stands beside it isn't")
    func cause() throws {
        let shipped = Phrases.english
        func book(_ texts: [(Phrase, String)]) throws -> PhraseBook {
            var templates: [String: Template] = [:]
            for (line, (phrase, text)) in texts.enumerated() {
                templates[phrase.name] = try phrase.template(of: text)
                templates[phrase.name]?.place = "texts/en.txt:\(line + 1)"
            }
            return PhraseBook(templates: [.english: [nil: templates]])
        }
        let long = String(repeating: "long ", count: 30)
        let headline = try book([
            (shipped.headlines.remind, "Now: {{title}}"), (shipped.headlines.warn, "\(long) {{title}}"),
        ])
        let failures = MessageRehearsal(of: Sample.rulebook(phrases: headline)).failures
        #expect(!failures.isEmpty)
        for failure in failures {
            #expect(failure.hasPrefix("warn on "), "\(failure)")
            #expect(failure.hasSuffix(" are shown; change headline.warn in texts/en.txt:2"), "\(failure)")
        }
        // Those of digests, of messages that are kept up to date and of buttons are rendered too.
        for phrase in [
            shipped.digests.many, shipped.digests.remind, shipped.headlines.claimed, shipped.headlines.briefWarn,
            shipped.headlines.subject, shipped.sentences.begun, shipped.chat.assignAnyway,
        ] {
            let fields = phrase.fields.map { "{{\($0.name)}}" }.joined(separator: " ")
            let text = String("\(fields) \(String(repeating: long, count: 3))".prefix(490))
            let broken = MessageRehearsal(of: Sample.rulebook(phrases: try book([(phrase, text)]))).failures
            #expect(broken.contains { $0.hasSuffix("change \(phrase.name) in texts/en.txt:1") }, "\(phrase.name)")
        }
    }

    @Test("so is a text that doesn't fit a form, and what Slack wouldn't take of one is found")
    func forms() throws {
        let phrase = Phrases.english.sentences.notForUs
        var template = try phrase.template(of: String(repeating: "long ", count: 18))
        template.place = "texts/en.txt:7"
        let book = PhraseBook(templates: [.english: [nil: [phrase.name: template]]])
        let failures = MessageRehearsal(of: Sample.rulebook(phrases: book)).failures
        let words = "a choice has 90 characters, of which 75 are shown; change \(phrase.name) in texts/en.txt:7"
        #expect(
            failures.filter { $0.contains("form") }
                == ["full", "brief"].map { "reject form on slack-bot, en, \($0), plain lead: \(words)" })

        let samples = SampleMessages(.plain, over: Self.settings(.slackBot), in: .english, phrases: .shipped)
        let form = try #require(samples.form(.reject))
        let body = String(decoding: try #require(ChannelKind.slackBot.render(form, brief: false)).bytes, as: UTF8.self)
        func flaws(_ old: String, _ new: String) -> [String] {
            #expect(body.contains(old))
            return SlackInspection.flaws(inForm: Array(body.replacing(old, with: new).utf8))
        }
        let long = String(repeating: "x", count: 2_001)
        #expect(flaws("Spam", "Spam") == [])
        #expect(
            flaws("Reject the lead", "Reject the lead of theirs") == [
                "its title has 25 characters, and Slack takes 1 to 24"
            ])
        #expect(flaws("\"Cancel\"", "\"\"") == ["its close has 0 characters, and Slack takes 1 to 24"])
        #expect(flaws("fine-art for", long) == ["its headline has more than 150 characters"])
        #expect(flaws("Why?", long) == ["a field's label has not 1 to 2,000 characters"])
        #expect(flaws("Spam", long) == ["a choice has not 1 to 75 characters"])
        #expect(flaws("hooks.slack.com", "\(long).\(long)") == ["it carries too much"])
        #expect(flaws("\"plain_text\"", "\"mrkdwn\"") == ["a text stands where markup is read"])
    }

    @Test("a brief message of any kind shows nothing of the person", arguments: Language.shipped)
    func brief(_ language: Language) throws {
        for kind in Self.kinds {
            let samples = SampleMessages(.plain, over: Self.settings(kind), in: language, phrases: .shipped)
            for scene in Self.scenes(kind) where scene != .test {
                let briefing = try #require(samples.briefing(scene))
                let bytes = try #require(kind.render(briefing, brief: true)).bytes
                let text = String(decoding: bytes, as: UTF8.self).replacing("=\r\n", with: "")
                // María López, in JSON, in quoted-printable and as it is.
                let secrets = ["Mar\u{ED}a", "Mar=C3=ADa", "L\u{F3}pez", "=C3=B3pez", "Curator", "maria@", "312 555"]
                for secret in secrets + ["marble", "lions", "fine-art", "12.500", "12,500", "00Q5e"] {
                    #expect(!text.contains(secret), "\(scene) \(kind.name) \(secret)")
                }
                #expect(text.contains("Acme Arts"), "\(scene) \(kind.name)")
            }
        }
    }

    @Test("reasons to reject begin with a capital letter, as they are chosen from")
    func previewOfChoices() throws {
        let preview = try #require(
            MessagePreview(
                .open, over: Self.settings(.slackBot), in: .english, brief: false, phrases: .shipped))
        let form = preview.lines.first { $0.hasPrefix("(Reject the lead. ") }
        #expect(form?.contains("Why? ( ) Spam ( ) Duplicate ( ) Not for us Note: … [Reject] [Cancel]") == true)
    }

    @Test("a message without its link is found, though it has others that begin like it")
    func missingLinks() throws {
        let samples = SampleMessages(.plain, over: Self.settings(.slack), in: .english, phrases: .shipped)
        let briefing = try #require(samples.briefing(.decide))
        let link = try #require(briefing.link)
        #expect(briefing.suggestions.allSatisfy { $0.link.hasPrefix(link) && $0.link != link })
        let missing = ["its link is missing"]

        let slack = String(decoding: SlackMessage.body(for: briefing), as: UTF8.self)
        let unlinked = slack.replacing("<\(link)|\(briefing.linkLabel)>", with: briefing.linkLabel)
        let address = Secret("https://x.example/?a")
        #expect(
            SlackInspection.flaws(WebhookMessage(body: Array(unlinked.utf8), address: address), briefing) == missing)

        let ntfy = NtfyMessage(briefing).address(Secret("https://ntfy.example/leads"))
        #expect(NtfyInspection.flaws(WebhookMessage(body: [], address: ntfy), briefing) == [])
        let elsewhere = Secret(ntfy.revealed.replacing("leads.example.com", with: "evil.example"))
        #expect(NtfyInspection.flaws(WebhookMessage(body: [], address: elsewhere), briefing) == missing)

        let mail = String(decoding: MailInspection.render(briefing).bytes, as: UTF8.self).replacing("=\r\n", with: "")
        func flaws(_ old: String, _ new: String) -> [String] {
            #expect(mail.contains(old))
            return MailInspection.flaws(Array(mail.replacing(old, with: new).utf8), briefing)
        }
        #expect(flaws("\r\n\(link)\r\n", "\r\n-\r\n") == missing)
        #expect(flaws("href=3D\"\(link)\"", "name=3D\"\(link)\"") == missing)
        #expect(flaws("text/html", "image/png") == ["it lacks its text or its HTML"])
    }

    @Test("what should not get through is found, if it does")
    func inspections() throws {
        let samples = SampleMessages(
            .plain, over: Self.settings(.slack), in: .english, phrases: .shipped)
        let briefing = try #require(samples.briefing(.decide))
        func flaws(_ inspection: ChatInspection, _ body: [UInt8], _ change: (String) -> String) -> [String] {
            let text = change(String(decoding: body, as: UTF8.self))
            return inspection(WebhookMessage(body: Array(text.utf8), address: Secret("https://x.example/?a")), briefing)
        }
        let link = try #require(briefing.link)
        let slack = SlackMessage.body(for: briefing)
        #expect(flaws(SlackInspection.flaws, slack) { $0 } == [])
        #expect(!flaws(SlackInspection.flaws, slack) { $0.replacing(link, with: "https://evil.example") }.isEmpty)
        #expect(!flaws(SlackInspection.flaws, slack) { $0.replacing("*Who*", with: "*<!channel>*") }.isEmpty)
        #expect(!flaws(SlackInspection.flaws, slack) { $0.replacing("*Who*", with: "*a < b*") }.isEmpty)
        #expect(
            !flaws(SlackInspection.flaws, slack) { $0.replacing("New lead:", with: String(repeating: "x", count: 150)) }
                .isEmpty)
        let teams = TeamsCard.body(for: briefing)
        #expect(flaws(TeamsInspection.flaws, teams) { $0 } == [])
        #expect(!flaws(TeamsInspection.flaws, teams) { $0.replacing("RichTextBlock", with: "TextBlock") }.isEmpty)
        #expect(
            !flaws(TeamsInspection.flaws, teams) { $0.replacing("<at>Lee Park</at>", with: "<at>all</at>") }.isEmpty)
        #expect(
            flaws(TeamsInspection.flaws, teams) {
                $0.replacing("lee@stoneworks.example", with: "all@stoneworks.example")
            }
                == ["it mentions somebody else than its reader"])
        #expect(!flaws(TeamsInspection.flaws, teams) { $0.replacing(link, with: "https://evil.example") }.isEmpty)
        #expect(
            !flaws(TeamsInspection.flaws, teams) {
                $0.replacing("New lead:", with: String(repeating: "x", count: 20_000))
            }
            .isEmpty)
        let google = GoogleChatCard.body(for: briefing)
        #expect(flaws(GoogleChatInspection.flaws, google) { $0 } == [])
        #expect(!flaws(GoogleChatInspection.flaws, google) { $0.replacing("fine-art", with: "<u>x</u>") }.isEmpty)
        let mattermost = MattermostMessage.body(for: briefing)
        #expect(flaws(MattermostInspection.flaws, mattermost) { $0 } == [])
        #expect(!flaws(MattermostInspection.flaws, mattermost) { $0.replacing("Acme", with: "@all") }.isEmpty)
        #expect(
            flaws(MattermostInspection.flaws, mattermost) { $0.replacing("Acme", with: "[x](https://evil.example)") }
                .contains("a link leads elsewhere"))
        #expect(!flaws(NtfyInspection.flaws, Array("x".utf8)) { $0 }.isEmpty)
    }
}
