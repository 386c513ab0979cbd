// The inbox's page: who is reached by what, what is shown, and that nothing but the page's own markup is in it.

import Crypto
import Foundation
import LeadCore
import LeadTestKit
import Testing

@testable import leadbell

@Suite("The inbox's page")
struct InboxPageTests {
    private static let hostile = "</article><script>alert('x')</script>"

    private static func rulebook() throws -> Rulebook {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "config/demo.yaml").path()
        return try DemoSettings(base: "http://127.0.0.1:8480", mailPort: 8425, folder: "/tmp/leadbell-demo")
            .configuration(from: file).rulebook
    }

    private static func message(_ kind: InboxKind, to recipient: String, _ text: String) -> InboxMessage {
        InboxMessage(
            kind: kind, recipient: recipient, receivedAt: Timestamp(milliseconds: 1_800_000_000_000), headline: text,
            html: "<p>\(ChatReading.escape(text))</p>", link: nil)
    }

    private func page(_ choice: InboxPage.Choice = .init(), _ messages: [InboxMessage]? = nil) throws -> String {
        let all = [
            Self.message(.ntfy, to: "lee", "a push"), Self.message(.mail, to: "jane@stoneworks.example", "a mail"),
            Self.message(.slackBot, to: "U0DANA0001", "a bot's"), Self.message(.events, to: "crm", "an event"),
        ]
        return InboxPage(messages: messages ?? all, cast: InboxCast(try Self.rulebook()), choice: choice).html
    }

    @Test("the inbox knows every kind of channel that the program has, and no two look alike")
    func table() {
        let known = Set(ConfigurationAccess.kinds.channels.map(\.name))
        #expect(Set(InboxKind.all.map(\.name)) == known && InboxKind.all.count == known.count)
        #expect(Set(InboxKind.all.map(\.colour)).count == known.count)
        #expect(Set(InboxKind.all.map(\.title)).count == known.count)
        for kind in InboxKind.all {
            #expect(Contrast.ratio(kind.colour, "#ffffff") >= 4.5, "white on \(kind.title)'s colour can't be read")
        }
    }

    @Test("the demo's configuration reaches somebody by every kind, and the page tells who it is")
    func cast() throws {
        let cast = InboxCast(try Self.rulebook())
        #expect(Set(cast.members.flatMap(\.ways).map(\.name)) == Set(InboxKind.all.map(\.name)))
        #expect(cast.member("U0DANA0001")?.name == "Dana Whitfield")
        #expect(cast.member("lee@stoneworks.example")?.id == "lee")
        #expect(cast.member("crm")?.role == "a program, told of events")
        #expect(cast.member("nobody") == nil)
        let page = try page()
        #expect(page.contains("href=\"/inbox?kind=ntfy&amp;to=lee\">ntfy <b>1</b></a>"))
        #expect(page.contains("href=\"/inbox?kind=teams&amp;to=dana\">Teams <b>0</b></a>"))
        #expect(page.contains("All 4 messages"))
        #expect(page.contains("<b class=\"badge smtp\">Mail</b> to Jane Ortiz"))
    }

    @Test("what was chosen is shown, and stays chosen")
    func choice() throws {
        let one = try page(.init(kind: .mail, member: "jane"))
        #expect(one.contains("a mail") && !one.contains("a push") && one.contains("1 of 4 messages"))
        #expect(one.contains("to=jane\" aria-current=true>Mail"))
        #expect(one.contains("href=\"/inbox\">Show all"))
        let none = try page(.init(kind: .teams))
        #expect(none.contains("Nothing yet") && !none.contains("<article"))
        #expect(try page().contains("http-equiv=refresh"))
        let held = try page(.init(kind: .ntfy, isHeld: true))
        #expect(!held.contains("http-equiv=refresh") && held.contains("href=\"/inbox?kind=ntfy\">Let it refresh"))
        #expect(try page(.init(), []).contains("Nothing yet"))
    }

    @Test("hostile words stay words, in mails' frames too")
    func hostile() throws {
        let messages = InboxKind.all.map { Self.message($0, to: Self.hostile, Self.hostile) }
        let page = try page(.init(member: nil), messages)
        #expect(!page.contains("<script") && page.count(of: "</article>") == messages.count)
        #expect(page.contains("srcdoc=\"&lt;base target=_top&gt;&lt;p&gt;&amp;lt;/article&amp;gt;"))
    }

    @Test("an event is believed when it is signed for this time, and not otherwise")
    func signature() async throws {
        let clock = ManualClock()
        let key = SymmetricKey(data: Data(repeating: 7, count: 32))
        let program = DemoProgram(inbox: DemoInbox(), clock: clock, key: key)
        let body = Data("{}".utf8)
        let now = clock.now().milliseconds / 1000
        func signature(_ id: String, _ time: Int64, by key: SymmetricKey) -> String {
            let code = HMAC<SHA256>.authenticationCode(for: Data("\(id).\(time).".utf8) + body, using: key)
            return "v1," + Data(code).base64EncodedString()
        }
        let good = signature("m", now, by: key)
        #expect(program.isSigned(body, id: "m", at: "\(now)", by: good))
        let other = signature("m", now, by: SymmetricKey(size: .bits256))
        #expect(program.isSigned(body, id: "m", at: "\(now)", by: other + " " + good), "one of two holds")
        #expect(!program.isSigned(body, id: "m", at: "\(now)", by: other))
        #expect(!program.isSigned(body, id: "n", at: "\(now)", by: good))
        #expect(!program.isSigned(Data("{ }".utf8), id: "m", at: "\(now)", by: good))
        #expect(!program.isSigned(body, id: "m", at: "\(now - 301)", by: signature("m", now - 301, by: key)))
        #expect(!program.isSigned(body, id: "m", at: "", by: good))
        #expect(!program.isSigned(body, id: "m", at: "\(now)", by: ""))
    }
}

extension String {
    fileprivate func count(of part: String) -> Int { components(separatedBy: part).count - 1 }
}
