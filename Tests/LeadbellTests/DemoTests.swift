// The demo plays its whole story, and what its inbox shows is what was sent.

import Curl
import Foundation
import LeadTestKit
import Testing

@testable import leadbell

@Suite("Demo")
struct DemoTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "config/demo.yaml").path()

    @Test("demo --once plays every step of the story and exits with 0")
    func once() async throws {
        let result = try await LeadbellProgram.run(["demo", "--once", "--format", "json", "--config", Self.file])
        #expect(result.status == 0, "\(result.errors)\n\(result.output)")
        let steps = try result.output.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        let told = steps.compactMap { $0["step"] as? String }
        for part in [
            "lead 3 quarantined", "by Teams", "by mail", "Dana chose Billy", "Billy was told", "settled", "reminded",
            "second manager", "fallback person", "late click", "pressed claim in Slack", "pressed release in Slack",
            "bot's message has no buttons",
        ] {
            #expect(told.contains { $0.contains(part) }, "no step says \(part): \(told)")
        }
    }

    @Test("the inbox shows a card, a Slack message and a mail, whose links work, until Ctrl-C, which leaves nothing")
    func inbox() async throws {
        // Short, since a socket's path may have 107 bytes.
        let folder = "/tmp/lb-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { #expect(rmdir(folder) == 0, "the demo left something behind") }
        let process = LeadbellProgram.process(["demo", "--config", Self.file], ["TMPDIR": folder])
        let output = GrowingText()
        process.standardOutput = output.pipe
        try process.run()
        defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
        output.read()
        #expect(await output.grows(to: "Ctrl-C ends the demo"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
        let client = try HTTPClient()
        let kinds = ["teams", "slack", "mail"]
        var links: [String: String] = [:]
        let announced = try #require(output.text.firstMatch(of: /http:\S+\/inbox/)).output
        let deadline = Date().addingTimeInterval(30)
        while links.count < kinds.count, Date() < deadline {
            let page = try await get(String(announced), client)
            for article in page.split(separator: "<article class=").dropFirst() {
                guard let kind = kinds.first(where: { article.hasPrefix($0) }), links[kind] == nil else { continue }
                links[kind] = article.firstMatch(of: /http:\/\/127\.0\.0\.1:\d+\/l\/[A-Za-z0-9._-]+/).map {
                    String($0.output)
                }
            }
        }
        #expect(links.keys.sorted() == kinds.sorted())
        for (kind, link) in links {
            let page = try await get(link, client)
            #expect(page.contains("<h1") && page.contains("Example Stoneworks"), "\(kind): \(page.prefix(300))")
        }
        await client.shutdown()
        kill(process.processIdentifier, SIGINT)
        _ = await output.whole()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0 && process.terminationReason == .exit)
    }

    /// The page at `url`, which must be there.
    private func get(_ url: String, _ client: HTTPClient) async throws -> String {
        var request = HTTPRequest(method: .get, url: url)
        request.addresses = .includingLoopback
        request.allowPlainHTTP = true
        let response = try await client.send(request).get()
        #expect(response.status == 200, "\(url)")
        return String(decoding: response.body, as: UTF8.self)
    }

    @Test("a step that does not happen makes the demo fail")
    func failure() async throws {
        let text = try String(contentsOfFile: Self.file, encoding: .utf8)
            .replacing("after: 15s, assign: jane", with: "after: 15s, assign: billy")
        let directory = TemporaryDirectory()
        let folder = URL(filePath: directory.path)
        let firms = URL(filePath: Self.file).deletingLastPathComponent().appending(path: "firms.csv")
        try FileManager.default.copyItem(at: firms, to: folder.appending(path: "firms.csv"))
        let other = folder.appending(path: "demo.yaml")
        try text.write(to: other, atomically: true, encoding: .utf8)
        let result = try await LeadbellProgram.run(["demo", "--once", "--config", other.path()])
        #expect(result.status == 1)
        #expect(result.errors.contains("Jane's mail"), "\(result.errors)")
    }
}

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
        #expect(reading.headline == "&lt;New&gt; lead")
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
        #expect(reading.headline == "New &amp; shiny")
        #expect(reading.link == "http://x.example/l/1")
        #expect(reading.html.contains("<b>Who</b> Ada &amp; Co <a"))
        #expect(reading.html.contains("<i>unknown</i> but snake_case_x, <b><a href=\"http://x.example/a_b_c\""))
        #expect(reading.html.contains("Go</a></b>"))
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
