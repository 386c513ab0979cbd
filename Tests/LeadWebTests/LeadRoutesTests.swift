// The site as a browser, a robot and an attacker meet it: the real server on loopback, the real decider behind it.

import Foundation
import LeadCore
import Logging
import Synchronization
import Testing

@testable import LeadWeb

@Suite("Routes", .timeLimit(.minutes(2)))
struct LeadRoutesTests {
    private let caseID = Fixture.link().caseID

    private func version(_ site: RunningSite) async -> Int? { await site.desk.stored(caseID)?.subject.version }

    @Test("A thousand GET and HEAD change nothing")
    func reading() async throws {
        try await RunningSite.run { site in
            let before = await version(site)
            for index in 0..<500 {
                let page = try await site.get()
                #expect(page.status == 200)
                let head = try await site.send("HEAD", "/l/\(Fixture.token())?done=assigned")
                #expect(head.status == 200 && head.body.isEmpty)
                if index == 0 { #expect(head.headers["content-length"] == page.headers["content-length"]) }
            }
            #expect(await version(site) == before)
            #expect(await site.desk.commands.isEmpty)
        }
    }

    @Test("A choice assigns the lead, and the result is shown after a redirect")
    func assign() async throws {
        try await RunningSite.run { site in
            let page = try await site.get()
            let nonce = try #require(page.field("nonce"))
            site.clock.advance(by: .seconds(3))
            let answer = try await site.post([
                ("action", "assign"), ("rep", "billy"), ("note", "Grüße & <b>hello</b>\r\nsecond line"),
                ("nonce", nonce),
            ])
            #expect(answer.status == 303)
            #expect(answer.headers["location"] == "?done=assigned")
            let assignment = await site.desk.stored(caseID)?.subject.assignment
            #expect(assignment?.rep == "billy" && assignment?.by == .person(id: "dana"))
            #expect(assignment?.note == "Grüße & <b>hello</b>\nsecond line")
            let result = try await site.get(query: "?done=assigned")
            #expect(result.body.contains("Done. Billy Moss has the lead and is being told."))
            #expect(result.body.contains("&lt;b&gt;hello&lt;/b&gt;"))
        }
    }

    @Test("Of 200 managers' clicks at once exactly one assigns; the others are told or were the same person")
    func race() async throws {
        try await RunningSite.run { site in
            let nonces = [site.nonce(Fixture.link("dana")), site.nonce(Fixture.link("lee"))]
            let people: [PersonID] = ["dana", "lee"]
            let reps = ["billy", "jane"]
            let statuses = try await withThrowingTaskGroup(of: Int.self) { tasks in
                for index in 0..<200 {
                    tasks.addTask {
                        let person = people[index % 2]
                        return try await site.post(
                            [("action", "assign"), ("rep", reps[index / 2 % 2]), ("nonce", nonces[index % 2])],
                            token: Fixture.token(Fixture.link(person))
                        ).status
                    }
                }
                return try await tasks.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
            }
            let history = await site.desk.stored(caseID)?.history ?? []
            let assignments = history.filter { if case .assigned = $0.event { true } else { false } }
            #expect(assignments.count == 1)
            #expect(Set(statuses.keys).isSubset(of: [303, 409]))
            #expect(statuses.values.reduce(0, +) == 200)
            #expect((statuses[409] ?? 0) > 100)
        }
    }

    @Test("A late click gets who has the lead, since when and by whom, and can take it elsewhere")
    func late() async throws {
        try await RunningSite.run { site in
            let late = site.nonce()
            let lees = Fixture.link("lee")
            let first = try await site.post(
                [("action", "assign"), ("rep", "billy"), ("nonce", site.nonce(lees))], token: Fixture.token(lees))
            #expect(first.status == 303)
            let answer = try await site.post([
                ("action", "assign"), ("rep", "jane"), ("note", "She knows them."), ("nonce", late),
            ])
            #expect(answer.status == 409)
            #expect(
                answer.body.contains(
                    "Someone was faster. Billy Moss has the lead since Mon 23 Nov 09:40 (America/Chicago)"))
            #expect(answer.body.contains("chosen by Lee Park"))
            #expect(answer.body.contains("She knows them.</textarea>"))
            #expect(answer.field("action") == "reassign" && answer.field("from") == "billy")
            let nonce = try #require(answer.field("nonce"))
            site.clock.advance(by: .seconds(2))
            let moved = try await site.post([
                ("action", "reassign"), ("rep", "jane"), ("from", "billy"), ("nonce", nonce),
            ])
            #expect(moved.status == 303)
            #expect(await site.desk.stored(caseID)?.subject.assignment?.rep == "jane")
        }
    }

    @Test("A second press of the same button is a success, for every button")
    func doubleClick() async throws {
        try await RunningSite.run { site in
            let steps: [(Link, [(String, String)])] = [
                (Fixture.link(), [("action", "claim")]), (Fixture.link(), [("action", "release")]),
                (Fixture.link(), [("action", "assign"), ("rep", "billy")]),
                (Fixture.link(), [("action", "reassign"), ("rep", "jane"), ("from", "billy")]),
                (Fixture.link("jane", .follow), [("action", "start")]),
                (Fixture.link("jane", .follow), [("action", "close"), ("note", "won")]),
            ]
            for (link, fields) in steps {
                let nonce = site.nonce(link)
                for _ in 0..<2 {
                    let answer = try await site.post(fields + [("nonce", nonce)], token: Fixture.token(link))
                    #expect(answer.status == 303, "\(fields)")
                }
            }
            guard case .closed(let closing) = await site.desk.stored(caseID)?.subject.state else {
                Issue.record("not closed")
                return
            }
            #expect(closing.note == "won" && closing.by == "jane")
        }
    }

    @Test("A rejection needs a reason, and ends the case")
    func reject() async throws {
        try await RunningSite.run { site in
            let nonce = site.nonce()
            let without = try await site.post([("action", "reject"), ("reason", ""), ("nonce", nonce)])
            #expect(without.status == 422)
            let answer = try await site.post([("action", "reject"), ("reason", "not_for_us"), ("nonce", nonce)])
            #expect(answer.headers["location"] == "?done=rejected")
            let page = try await site.get(query: "?done=rejected")
            #expect(page.body.contains("Rejected: not for us"))
        }
    }

    @Test("Without a rep the page comes again, with the error at its top and the note kept")
    func noRep() async throws {
        try await RunningSite.run { site in
            let answer = try await site.post([
                ("action", "assign"), ("note", "keep <me>"), ("nonce", site.nonce()),
            ])
            #expect(answer.status == 422)
            #expect(answer.body.contains("role=\"alert\" tabindex=\"-1\" autofocus>Choose who should take the lead."))
            #expect(answer.body.contains("\nkeep &lt;me&gt;</textarea>"))
            #expect(await site.desk.commands.isEmpty)
        }
    }

    @Test("While the store fails the page asks to try again, and nothing is lost")
    func storeFails() async throws {
        try await RunningSite.run { site in
            let nonce = site.nonce()
            await site.desk.fail(with: StoreFailure(.unavailable, "The disk is full."))
            let read = try await site.get()
            let written = try await site.post([("action", "assign"), ("rep", "billy"), ("nonce", nonce)])
            for answer in [read, written] {
                #expect(answer.status == 503)
                #expect(answer.body.contains("Try again in a moment") && !answer.body.contains("disk"))
            }
            #expect(try await site.post([("action", "renew")]).status == 200)
            await site.desk.fail(with: nil)
            #expect(try await site.post([("action", "assign"), ("rep", "billy"), ("nonce", nonce)]).status == 303)
        }
    }

    @Test("Every answer carries the protecting headers, and no page holds its token")
    func headers() async throws {
        try await RunningSite.run { site in
            let answers = [
                try await site.get(), try await site.get("foreign"), try await site.send("GET", "/"),
                try await site.send("GET", "/healthz"), try await site.send("GET", "/readyz"),
                try await site.send("HEAD", "/l/x"), try await site.send("DELETE", "/nowhere"),
                try await site.post([("action", "renew")]), try await site.post([("action", "assign")]),
                try await site.post([("action", "claim"), ("nonce", site.nonce())]),
                try await site.post([], headers: ["Origin: https://evil.example"]),
                try await site.exchange(Array("BROKEN\r\n\r\n".utf8)),
            ]
            for answer in answers {
                let headers = answer.headers
                #expect(
                    headers["content-security-policy"]
                        == "default-src 'none'; style-src '\(Stylesheet.source)'; form-action 'self'; base-uri 'none'; "
                        + "frame-ancestors 'none'")
                #expect(headers["referrer-policy"] == "no-referrer")
                #expect(headers["cache-control"] == "no-store")
                #expect(headers["x-content-type-options"] == "nosniff")
                #expect(headers["x-robots-tag"]?.contains("noindex") == true)
                #expect(headers["x-frame-options"] == "DENY")
                #expect(headers["strict-transport-security"] == "max-age=31536000")
                #expect(headers["date"]?.hasSuffix("2026 15:40:05 GMT") == true || answer.status != 303)
                #expect(!answer.body.contains(Fixture.token()))
                #expect(headers["location"]?.contains(Fixture.token()) != true)
            }
        }
        try await RunningSite.run(rulebook: Fixture.rulebook(siteURL: "http://leads.example.com")) { site in
            let plain = try await site.get()
            #expect(plain.headers["strict-transport-security"] == nil)
        }
    }

    @Test("The page's style is the very one that the policy names")
    func style() async throws {
        try await RunningSite.run { site in
            let body = try await site.get().body
            let start = try #require(body.firstRange(of: "<style>")).upperBound
            let end = try #require(body.firstRange(of: "</style>")).lowerBound
            #expect(body[start..<end] == Stylesheet.text)
            #expect(!body.contains(" style="))
            #expect(!body.contains("<script"))
        }
    }

    @Test("Health is told as JSON, with 503 when something isn't well")
    func health() async throws {
        try await RunningSite.run { site in
            let live = try await site.send("GET", "/healthz")
            #expect(live.status == 200 && live.headers["content-type"] == "application/json; charset=utf-8")
            #expect(live.body == #"{"checks":[{"detail":"idle","isWell":true,"name":"dispatch"}],"status":"ok"}"#)
            #expect(try await site.send("GET", "/readyz").status == 200)
            #expect(try await site.send("GET", "/").body == "leadbell serves Example Stoneworks.\n")
        }
        try await RunningSite.run(health: false) { site in
            let live = try await site.send("GET", "/healthz")
            #expect(live.status == 503)
            let ready = try await site.send("GET", "/readyz")
            #expect(ready.status == 503 && ready.body.contains("\"failing\""))
        }
    }

    @Test("No token, nonce or lead's data is in any log line, however broken the request")
    func logs() async throws {
        let log = Transcript()
        let logger = Logger(label: "tests") { _ in log }
        try await RunningSite.run(logger: logger) { site in
            let token = Fixture.token()
            _ = try await site.get()
            _ = try await site.post([("action", "assign"), ("rep", "billy"), ("nonce", site.nonce())])
            _ = try await site.post([("action", "assign"), ("rep", "jane"), ("nonce", site.nonce())])
            _ = try await site.exchange(Array("GET /l/\(token) HTTP/1.1\r\nBad\r\n\r\n".utf8))
            _ = try await site.exchange(
                Array("POST /l/\(token) HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0".utf8))
            await site.desk.fail(with: StoreFailure(.locked, "Another process has the database."))
            _ = try await site.get()
            let mac = token.suffix(43)
            let lines = log.lines
            #expect(lines.contains { $0.contains("case=\(caseID)") && $0.contains("person=dana") })
            #expect(lines.contains { $0.contains("Another process has the database.") })
            #expect(!lines.contains { $0.contains(mac) || $0.contains("/l/") || $0.contains("Acme") })
        }
    }
}

/// Keeps all log lines, of every level.
private final class Transcript: LogHandler {
    private let kept = Mutex<[String]>([])
    var lines: [String] { kept.withLock { $0 } }

    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        kept.withLock { lines in
            let metadata = (event.metadata ?? [:]).map { "\($0)=\($1)" }.sorted().joined(separator: " ")
            lines.append("\(event.level) \(event.message) \(metadata)")
        }
    }
}
