// What came over the wire is read as its reader would see it, and nothing of it becomes markup but by the inbox's own parts.

import Foundation
import Testing

@testable import leadbell

@Suite("What the inbox reads")
struct InboxReadingTests {
    @Test("an Adaptive Card becomes paragraphs and a link, with its text escaped")
    func card() throws {
        let body = """
            {"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","content":{
            "type":"AdaptiveCard","body":[{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"<New> lead",
            "weight":"Bolder"}]}],"actions":[{"type":"Action.OpenUrl","title":"Open","url":"http://x.example/l/1"}]}}]}
            """
        let reading = try #require(try ChatReading.teams(Data(body.utf8)))
        #expect(reading.headline == "<New> lead")
        #expect(reading.link == "http://x.example/l/1")
        #expect(try ChatReading.teams(Data("{\"type\":\"AdaptiveCard\"}".utf8)) == nil)
    }

    @Test("Slack blocks become paragraphs; a link in angle brackets is a link")
    func slack() throws {
        let body = """
            {"text":"New lead","blocks":[{"type":"header","text":{"type":"plain_text","text":"New & shiny"}},
            {"type":"section","text":{"type":"mrkdwn","text":"*Who* Ada &amp; Co <http://x.example/l/1|Open>"}},
            {"type":"section","text":{"type":"mrkdwn","text":"_unknown_ but snake_case_x, *<http://x.example/a_b_c|Go>*"}}]}
            """
        let reading = try #require(try ChatReading.slack(Data(body.utf8)))
        #expect(reading.headline == "New & shiny")
        #expect(reading.link == "http://x.example/l/1")
        #expect(reading.html.contains("<b>Who</b> Ada &amp; Co <a"))
        #expect(reading.html.contains("<i>unknown</i> but snake_case_x, <b><a href=\"http://x.example/a_b_c\""))
        #expect(reading.html.contains("Go</a></b>"))
    }

    /// What a channel posts, as its own tests keep it.
    private static func golden(_ name: String) throws -> Data {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try Data(contentsOf: folder.appending(path: "LeadNotifyTests/Golden/\(name)"))
    }

    @Test(
        "what a channel posts is read whole: headline, facts, words, reps and link",
        arguments: [
            ("decide.teams.json", InboxKind.teams), ("decide.slack.json", .slack),
            ("decide.google-chat.json", .googleChat), ("decide.mattermost.json", .mattermost),
            ("decide.mattermost.json", .rocketChat),
        ])
    func posted(file: String, kind: InboxKind) throws {
        let hook = try #require(kind.hook)
        let reading = try #require(try hook.read(InboxKind.Post(body: Self.golden(file), query: [:])))
        let first = kind == .teams ? "Decision · Example Stoneworks" : "New lead: fine-art for Acme Arts & Sons"
        #expect(reading.headline == first)
        #expect(reading.link?.hasPrefix("https://leads.example.com/l/") == true)
        // Spaces that nobody sees part what a chat would take for a mark.
        let html = reading.html.replacing("\u{200B}", with: "").replacing("&lt; retail", with: "&lt;retail")
        for part in [
            "New lead: fine-art for Acme Arts &amp; Sons", "María López, Curator", "12,500 USD", "Acme Arts &amp; Sons",
            "Budget &lt; 13k &gt; 10k.",
            ">Billy Moss</a>", "?rep=billy\"", "Choose by Mon 23 Nov 10:40 (America/Chicago)",
            ">Open in the CRM</a>", "&lt;retail&gt;, not *fine-art*",
        ] {
            #expect(html.contains(part), "\(kind.title) lacks \(part): \(html)")
        }
        #expect(MarkupCheck.flaw(in: reading.html) == nil)
        #expect(try hook.read(InboxKind.Post(body: Data("{}".utf8), query: [:])) == nil)
    }

    @Test("Google's little HTML: its tags are kept and closed, others are shown as they are written")
    func littleHTML() throws {
        func read(_ text: String) throws -> String {
            let body = try JSONSerialization.data(withJSONObject: [
                "cardsV2": [["card": ["sections": [["widgets": [["textParagraph": ["text": text]]]]]]]]
            ])
            return try #require(try ChatReading.googleChat(body)).html
        }
        #expect(try read("<b>a</b><br>b &lt;i&gt;").contains("<p><b>a</b><br>b &lt;i&gt;</p>"))
        #expect(try read("<b>a").contains("<p><b>a</b></p>"))
        #expect(try read("a</p></b>").contains("<p>a&lt;/p&gt;&lt;/b&gt;</p>"))
        #expect(try read("<script>x</script> 1 < 2").contains("<p>&lt;script&gt;x&lt;/script&gt; 1 &lt; 2</p>"))
        #expect(
            try read("<a href=\"javascript:x\">y</a>").contains("&lt;a href=&quot;javascript:x&quot;&gt;y&lt;/a&gt;"))
        #expect(
            try read("<a href=\"https://x.example/?a=1&amp;b\">y</a>").contains("href=\"https://x.example/?a=1&amp;b\"")
        )
    }

    @Test("Markdown: bold, italic, links, quotes and lists, and marks behind backslashes are letters")
    func markdown() throws {
        func read(_ text: String) throws -> ChatReading {
            let body = try JSONSerialization.data(withJSONObject: ["text": text])
            return try #require(try ChatReading.attachments(body))
        }
        #expect(try read("**a\\*b** _c_ \\_d\\_ * _").html == "<p><b>a*b</b> <i>c</i> _d_ * _</p>")
        #expect(try read("**\\*\\***").html == "<p><b>**</b></p>")
        #expect(try read("a\nb\n\nc").html == "<p>a<br>b</p><p>c</p>")
        #expect(
            try read("> a\n> b\n- c\n- d\ne").html
                == "<blockquote><p>a<br>b</p></blockquote><ul><li>c</li><li>d</li></ul><p>e</p>")
        let link = try read("[a\\]b](http://x.example/l/1?rep=r) [c](http://x.example/l/1) [d](javascript:e) [f]")
        #expect(link.link == "http://x.example/l/1")
        #expect(link.html.contains(">a]b</a>") && link.html.contains(">c</a> d [f]</p>"))
    }

    @Test("a push message has its title, its text, its link and how loud it is")
    func push() throws {
        let query = ["title": "New <lead>", "click": "http://x.example/l/1", "priority": "high"]
        let reading = try #require(ChatReading.push(Data("Who: Ada\nhttp://x.example/l/2?rep=a <b>".utf8), query))
        #expect(reading.headline == "New <lead>")
        #expect(reading.link == "http://x.example/l/1")
        #expect(reading.html.contains("Who: Ada<br><a href=\"http://x.example/l/2?rep=a\""))
        #expect(reading.html.contains("&lt;b&gt;") && reading.html.contains("High priority"))
        #expect(ChatReading.push(Data(), [:]) == nil)
    }

    @Test("an event tells what happened, of which lead, by whom, and its body")
    func event() throws {
        let body = """
            {"type":"lead.assigned","timestamp":"2026-11-23T09:00:00Z","data":{"lead":"abc","sequence":4,"state":"assigned",
            "by":{"kind":"step","step":4},"rep":{"id":"jane","name":"Jane <Ortiz>"},"fields":{"name":"Ada"}}}
            """
        let reading = try #require(try ChatReading.event(Data(body.utf8)))
        #expect(reading.headline == "lead.assigned" && reading.link == nil)
        for part in ["Ada", "the policy&#39;s step 4", "Jane &lt;Ortiz&gt;", "&quot;sequence&quot; : 4"] {
            #expect(reading.html.contains(part), "no \(part): \(reading.html)")
        }
        #expect(try ChatReading.event(Data("{\"type\":\"x\"}".utf8)) == nil)
    }

    @Test("hostile words in any place of a message stay words", arguments: InboxKind.all.filter { $0.hook != nil })
    func hostile(kind: InboxKind) throws {
        let payloads = [
            "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onfocus=alert(1) autofocus x='",
            "javascript:alert(1)", "https://x.example/\" onclick=\"alert(1)", "<https://x.example/|<b>x>",
            "<a href=\"https://x\">",
            "[x](javascript:alert(1)) [y](https://x.example/\"onclick=x)", "<b><i></b></i></div></article>",
            "**<b>_**_",
            "#fff\" onclick=\"alert(1)", "</p><style>*{display:none}</style>", "<!-- ", "*<x|y>* _<z>_",
            "\u{1}_\u{2}_ *\u{1}*",
        ]
        let hook = try #require(kind.hook)
        for payload in payloads {
            let post = try Self.poisoned(kind, payload)
            let reading = try #require(try hook.read(post))
            #expect(MarkupCheck.flaw(in: reading.html) == nil, "\(payload): \(reading.html)")
            #expect(!reading.html.isEmpty)
        }
    }

    /// A message of a kind in which every word is `payload`.
    private static func poisoned(_ kind: InboxKind, _ payload: String) throws -> InboxKind.Post {
        let query = ["title": payload, "click": payload, "priority": payload]
        guard kind != .ntfy else { return InboxKind.Post(body: Data(payload.utf8), query: query) }
        let name = kind == .rocketChat ? "mattermost" : kind.name
        let message = try JSONSerialization.jsonObject(with: golden("decide.\(name).json"))
        let body = try JSONSerialization.data(withJSONObject: poisoned(message, payload))
        return InboxKind.Post(body: body, query: [:])
    }

    private static func poisoned(_ value: Any, _ payload: String, under name: String = "") -> Any {
        switch value {
        case let members as [String: Any]:
            return Dictionary(uniqueKeysWithValues: members.map { ($0, poisoned($1, payload, under: $0)) })
        case let list as [Any]: return list.map { poisoned($0, payload, under: name) }
        case is String where name != "type": return payload
        default: return value
        }
    }

    @Test("a mail's encoded subject, text and HTML are read")
    func mail() {
        let message = [
            "Subject: =?utf-8?B?TMOkbmRlcg==?= =?utf-8?Q?_f=C3=BCr?= Ada",
            "Content-Type: multipart/alternative; boundary=\"b\"", "", "--b",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "",
            "Gr=C3=BC=C3=9Fe http://x.example/l/to=", "ken", "--b", "Content-Type: text/html", "", "<p>Hi</p>", "--b--",
            "",
        ].joined(separator: "\r\n")
        let reading = MailReading(message)
        #expect(reading.subject == "Länder für Ada")
        #expect(reading.text.hasPrefix("Grüße http://x.example/l/token"))
        #expect(reading.link == "http://x.example/l/token")
        #expect(reading.html.contains("<p>Hi</p>"))
    }

    @Test("an SMTP session takes a mail in pieces and undoes dot-stuffing")
    func session() throws {
        var session = SMTPSession()
        for byte in Array("EHLO x\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\n".utf8) {
            session.received.append(byte)
        }
        var lines: [String] = []
        while let reply = session.next() { lines.append(String(reply.line.prefix(3))) }
        #expect(lines == ["250", "250", "250", "354"])
        session.received += Array("Subject: x\r\n\r\n..dot\r\n".utf8)
        #expect(session.next() == nil)
        session.received += Array(".\r\nQUIT\r\n".utf8)
        let next = session.next()
        let kept = try #require(next)
        #expect(kept.mail == "Subject: x\r\n\r\n.dot")
        #expect(session.lastRecipient == "b@x.example")
        #expect(session.next()?.isLast == true)
    }
}

/// Looks whether HTML is of the inbox's own parts alone, each tag closed.
enum MarkupCheck {
    private static let tags: Set<Substring> = [
        "a", "b", "blockquote", "br", "code", "details", "div", "hr", "i", "li", "p", "pre", "s", "small", "summary",
        "u",
        "ul",
    ]
    private static let attributes: Set<Substring> = ["class", "href", "rel", "style", "tabindex"]

    /// What is not; nil when all is well.
    static func flaw(in html: String) -> String? {
        var (rest, open) = (html[...], [Substring]())
        while let start = rest.firstIndex(of: "<") {
            guard let tag = rest[start...].prefixMatch(of: /<(\/?)([a-z]+)((?: [a-z]+=(?:"[^"<>]*"|[a-z0-9]+))*)>/)
            else {
                return "a bracket stays: \(rest[start...].prefix(60))"
            }
            guard tags.contains(tag.2) else { return "a tag \(tag.2)" }
            for attribute in tag.3.matches(of: /\ ([a-z]+)=(?:"([^"]*)"|[a-z0-9]+)/) {
                let value = attribute.2 ?? ""
                guard attributes.contains(attribute.1) else { return "an attribute \(attribute.1)" }
                if attribute.1 == "href", !value.hasPrefix("http") { return "a link to \(value)" }
                if attribute.1 == "style", value.wholeMatch(of: /border-color:#[0-9a-f]{6}/) == nil {
                    return "a style \(value)"
                }
            }
            if tag.1 == "/" {
                guard open.popLast() == tag.2 else { return "\(tag.2) is closed too early" }
            } else if tag.2 != "br", tag.2 != "hr" {
                open.append(tag.2)
            }
            rest = rest[tag.range.upperBound...]
        }
        return open.isEmpty ? nil : "\(open) are left open"
    }
}
