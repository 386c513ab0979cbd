// The pages in a real browser on a phone's screen, without scripts. Needs Debian's `chromium` and `python3`; where they
// aren't installed the tests are skipped. `LEADBELL_SCREENSHOTS=FOLDER` keeps pictures of what was seen.

import Foundation
import LeadCore
import LeadTestKit
import Testing

@testable import LeadWeb

@Suite(
    "In a browser", .serialized, .timeLimit(.minutes(5)),
    .enabled(if: Chromium.isInstalled, "chromium or python3 is not installed"))
struct BrowserTests {
    /// Moves on by two seconds each time it is looked at, so that no click comes within a second of its page.
    private let clock = ManualClock(pace: .seconds(2))

    private func tell(
        _ story: String, _ cases: [StoredCase] = [Fixture.opened()], link: Link = Fixture.link(),
        rulebook: Rulebook = Fixture.rulebook, query: String = "",
        then check: @escaping @Sendable (StoredCase?) throws -> Void = { _ in }
    ) async throws {
        try await RunningSite.run(cases, rulebook: rulebook, clock: clock) { site in
            let url = "http://127.0.0.1:\(site.port)/l/\(Fixture.token(link))\(query)"
            let telling = try await Chromium.tell(story, [url])
            #expect(telling.status == 0, "\(telling.words)")
            try check(await site.desk.stored(link.caseID))
        }
    }

    @Test("By touch: choose, write, assign, see the result")
    func touch() async throws {
        try await tell("touch") { stored in
            let assignment = try #require(stored?.subject.assignment)
            #expect(assignment.rep == "billy" && assignment.note == "Please call today.")
        }
    }

    @Test("By keyboard alone: choose, write, assign, see the result")
    func keyboard() async throws {
        try await tell("keyboard") { stored in #expect(stored?.subject.assignment?.rep == "billy") }
    }

    @Test("A browser that says it is run by a program is asked once more")
    func robot() async throws {
        try await tell("robot") { stored in #expect(stored?.subject.assignment?.rep == "billy") }
    }

    @Test("On a settled lead without a choice the error has the focus")
    func late() async throws {
        let assigned = try Fixture.opened().after(.assign(rep: "billy", by: "lee", note: nil), minutes: 0)
        try await tell("late", [assigned]) { stored in #expect(stored?.subject.assignment?.rep == "billy") }
    }

    @Test("With three reps: reasons on demand, a warning is confirmed, and the rep of the message's link comes first")
    func three() async throws {
        try await tell("three", query: "?rep=omar") { stored in
            let assignment = try #require(stored?.subject.assignment)
            #expect(assignment.rep == "omar" && assignment.seen?.warnings.isEmpty == false)
        }
    }

    @Test("With three hundred reps: a few are shown whole, and a typed name chooses, by keyboard alone")
    func many() async throws {
        let rulebook = RepSearchTests.firm(300)
        try await tell("many", [Fixture.opened(rulebook: rulebook)], rulebook: rulebook) { stored in
            #expect(stored?.subject.assignment?.rep == "rep123")
        }
    }

    @Test("The rep calls, starts and closes")
    func rep() async throws {
        let assigned = try Fixture.opened().after(
            .assign(rep: "billy", by: "dana", note: "She asked for you."), minutes: 0)
        try await tell("rep", [assigned], link: Fixture.link("billy", .follow)) { stored in
            #expect(stored?.subject.stateName == .closed)
        }
    }

    @Test("A story that fails leaves nothing behind either")
    func leavesNothing() async throws {
        // A short path, because the browser has a socket in it.
        let folder = "/tmp/lb\(getpid())-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        try await RunningSite.run(clock: clock) { site in
            let telling = try await Chromium.tell("rep", ["http://127.0.0.1:\(site.port)/"], temporary: folder)
            #expect(telling.status == 1, "there is no rep's page")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test("A person says when they are away, and that they are back, by keyboard alone")
    func person() async throws {
        try await RunningSite.run(clock: clock) { site in
            let token = Fixture.keys.token(for: .own("dana", expires: Fixture.start + .seconds(86_400)))
            let telling = try await Chromium.tell("person", ["http://127.0.0.1:\(site.port)/p/\(token)"])
            #expect(telling.status == 0, "\(telling.words)")
            #expect(site.rulebook.now.absences.isEmpty)
        }
    }

    @Test("A call is typed in: what is known is shown on a press of the Enter key, and with scripts while one types")
    func entry() async throws {
        try await IntakeSite.run(finder: ScriptedFinder(), clock: clock) { site in
            let token = Fixture.keys.token(for: .own("dana", expires: Fixture.start + .seconds(86_400)))
            let telling = try await Chromium.tell("entry", ["http://127.0.0.1:\(site.site.port)/p/\(token)"])
            #expect(telling.status == 0, "\(telling.words)")
            #expect(try site.leads(of: "").map { $0.lead[.joins] } == ["none"])
        }
    }

    @Test("A form ends on the firm's page of thanks, from its own page and from pages of the firm's site")
    func form() async throws {
        let port = try Self.freePort()
        let firm = "http://127.0.0.1:\(port)"
        let form = SourceDoor.Form(
            title: "Ask us", fields: [.name, .email], required: [.name, .email], minimumTime: .seconds(1),
            limits: [RateLimit(60, per: .seconds(60))], thanks: firm + "/thanks", origins: [firm])
        try await IntakeSite.run(form: form, clock: clock) { site in
            let url = "http://127.0.0.1:\(site.site.port)/f/form"
            let telling = try await Chromium.tell("form", [url, "\(port)"])
            #expect(telling.status == 0, "\(telling.words)")
            let names = try site.leads(of: "form").map { $0.lead[.name] }
            #expect(Set(names) == ["Ada", "Bea", "Cleo"] && names.count == 3)
        }
    }

    @Test("A link that doesn't work offers a fresh one")
    func refused() async throws {
        try await tell("refused", link: Fixture.link(expires: Fixture.start)) { stored in
            #expect(stored?.subject.linksRenewed.keys.contains("dana") == true)
        }
    }

    @Test("Two hundred hostile payloads stay text, with scripts on")
    func hostile() async throws {
        let openers = [
            "", "\">", "'>", "</textarea>", "</title>", "</style>", "-->", "]]>", "\u{600}", "</bdi></dd></dl>",
        ]
        let bodies = [
            "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>",
            "<iframe srcdoc='<script>alert(1)</script>'>", "<form action=https://evil.example><button>x",
            "<base href=https://evil.example/>", "<link rel=stylesheet href=https://evil.example/a.css>",
            "<meta http-equiv=refresh content='0;url=https://evil.example/'>", "<b style='position:fixed'>x",
            "<a href=javascript:alert(1)>x", "\u{202E}<script>alert(1)</script>", "<\u{338}script>alert(1)</script>",
            "\" onfocus=alert(1) autofocus x=\"", "\"\u{301} onfocus=alert(1) autofocus x=\"\u{301}",
            "' style='background:url(https://evil.example)'", "{{{nonce}}}", "&lt;script&gt;alert(1)&lt;/script&gt;",
            "<details open ontoggle=alert(1)>", "<input autofocus onfocus=alert(1)>",
            String(repeating: "W", count: 900),
        ]
        var given: [FieldName: String] = [.projectType: "fine-art", .name: "<b>N</b>", .description: bodies.joined()]
        for (row, opener) in openers.enumerated() {
            for (column, body) in bodies.enumerated() { given[FieldName("x_\(row)_\(column)")] = opener + body }
        }
        let stored = Fixture.opened(Lead(given: given))
        try await tell("hostile", [stored], link: Fixture.link(case: stored.subject.id))
    }

    /// A port that nobody listens on.
    private static func freePort() throws -> Int {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(socket >= 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, size) }
        }
        try #require(bound == 0)
        let named = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &size) }
        }
        try #require(named == 0)
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
