// What the page, `show` and `list --messages` tell of each message: to whom, by what, when, what came of it, and whether its
// reader opened it. The built program, a webhook that is a real peer, and requests as robots and people make them.

import Curl
import Foundation
import PeerKit
import Testing

@Suite("Messages as they are told", .timeLimit(.minutes(2)))
struct OpenedMessagesTests {
    private static let person = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Mobile Safari"
    private static let robots = [
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "Mozilla/5.0 BingPreview/1.0b", "",
    ]

    /// A daemon that has told Dana of a lead.
    private static func start(_ installation: Installation) async throws -> (RunningDaemon, Told, lead: String) {
        let daemon = try await installation.daemon()
        #expect(try await installation.run("submit", "id=7", "source=phone", "name=Ada King").status == 0)
        return (daemon, Told(installation: installation), try await installation.leadID())
    }

    @Test(
        "a message is opened by what its reader does on the page, and not by a robot's looks and presses, or by a look")
    func opened() async throws {
        let installation = try Installation()
        let (daemon, told, lead) = try await Self.start(installation)
        let danas = try await told.link(to: "dana")

        // Robots look and press; Dana looks.
        var page = ""
        for agent in Self.robots + [Self.person] {
            let answer = try await told.get(danas, as: agent)
            #expect(answer.status == 200)
            page = answer.text
        }
        // Whoever presses within a second is asked again for that; these are asked since they are robots.
        let isOld = ContinuousClock.now + .milliseconds(1100)
        while ContinuousClock.now < isOld { _ = try await told.get(danas, as: Self.robots[0]) }
        for agent in Self.robots {
            let answer = try await told.choose(["action": "assign", "rep": "jane"], on: page, at: danas, as: agent)
            #expect(answer.status == 200 && answer.text.contains("Nothing has been changed yet"))
        }
        try await told.expect(lead, danas, ["dana": false])

        // Dana chooses.
        try await told.act(["action": "assign", "rep": "jane"], on: page, at: danas, as: Self.person)
        let janes = try await told.link(to: "jane")
        page = try await told.get(janes, as: Self.robots[0]).text
        try await told.expect(lead, danas, ["dana": true, "jane": false])

        // Jane begins.
        try await told.act(["action": "start"], on: page, at: janes, as: Self.person)
        try await told.expect(lead, danas, ["dana": true, "jane": true])
        #expect(await daemon.stop().status == 0)
    }

    @Test("show says by when the first action is due until it is taken, and then when that was")
    func firstAction() async throws {
        let installation = try Installation(
            policy: "{ first_action: 4h, steps: [{ after: 0s, notify: manager }, { after: 1h, assign: jane }] }")
        let (daemon, told, lead) = try await Self.start(installation)
        let none = try await told.firstAction(lead)
        #expect(none.lines == [] && none.by == nil && none.at == nil && none.started == nil, "\(none)")

        #expect(try await installation.run("assign", lead, "--rep", "jane", "--as", "dana").status == 0)
        let due = try await told.firstAction(lead)
        let by = try #require(due.by)
        #expect(due.lines == ["first action due by \(by)"] && due.at == nil, "\(due)")
        let style = Date.ISO8601FormatStyle()
        #expect(try style.parse(by).timeIntervalSince(style.parse(try #require(due.since))) == 14_400)

        let janes = try await told.link(to: "jane")
        let page = try await told.get(janes, as: Self.person).text
        try await told.act(["action": "start"], on: page, at: janes, as: Self.person)
        let taken = try await told.firstAction(lead)
        let at = try #require(taken.at)
        #expect(taken.lines == ["first action taken at \(at)"] && taken.by == by, "\(taken)")
        #expect(taken.started == at)
        #expect(await daemon.stop().status == 0)
    }

    @Test("a choice on the command line opens nobody's message")
    func commandLine() async throws {
        let installation = try Installation()
        let (daemon, told, lead) = try await Self.start(installation)
        let danas = try await told.link(to: "dana")
        #expect(try await installation.run("assign", lead, "--rep", "jane", "--as", "dana").status == 0)
        _ = try await told.link(to: "jane")
        try await told.expect(lead, danas, ["dana": false, "jane": false])
        #expect(await daemon.stop().status == 0)
    }
}

/// What the page and the commands tell.
private struct Told {
    let installation: Installation

    /// A message as one of them tells of it.
    private struct Message: Equatable, CustomStringConvertible {
        let to: String
        let channel: String
        let kind: String
        let state: String
        /// Whether the time of the outcome was told.
        let isTimed: Bool
        let isOpened: Bool

        var description: String { "\(kind) to \(to) by \(channel): \(state)\(isOpened ? ", opened" : "")" }
    }

    private static let people = ["dana": "Dana Whitfield", "jane": "Jane Ortiz"]
    /// The kinds' words on the page.
    private static let kinds = ["Request to choose": "decide", "The lead itself": "assigned"]

    // MARK: Looking

    /// Waits until all messages are sent, and expects that page and commands tell of the first one to each person alike,
    /// and whether it was opened as `isOpened` says.
    func expect(_ lead: String, _ link: String, _ isOpened: [String: Bool]) async throws {
        let wanted = isOpened.keys.sorted().map { person in
            Message(
                to: person, channel: "teams", kind: person == "dana" ? "decide" : "assigned", state: "sent",
                isTimed: true, isOpened: isOpened[person] ?? false)
        }
        let ways: [(name: String, tell: () async throws -> [Message])] = [
            ("show", { try await shown(lead) }), ("show --format json", { try await shownJSON(lead) }),
            ("list --messages", { try await listed() }),
            ("list --messages --format json", { try await listedJSON() }), ("the page", { try await onPage(link) }),
        ]
        try await allAreSent(lead)
        for way in ways {
            let first = Dictionary(try await way.tell().map { ($0.to, $0) }) { first, _ in first }
            #expect(first.values.sorted { $0.to < $1.to } == wanted, "\(way.name)")
        }
    }

    private func allAreSent(_ lead: String) async throws {
        try await eventually("every message is sent") { try await shownJSON(lead).allSatisfy { $0.state == "sent" } }
    }

    private func shownJSON(_ lead: String) async throws -> [Message] {
        try messages(in: try await output("show", lead, "--format", "json"))
    }

    private func listedJSON() async throws -> [Message] {
        try messages(in: try await output("list", "--messages", "--format", "json"))
    }

    private func shown(_ lead: String) async throws -> [Message] {
        Self.rows(try await output("show", lead), under: "TO")
    }

    /// What `show` says of the first action: its lines, in JSON the deadline and when it was taken; and since when the rep has
    /// the lead, and when the history says that they started.
    func firstAction(
        _ lead: String
    ) async throws -> (lines: [String], by: String?, at: String?, since: String?, started: String?) {
        let lines = try await output("show", lead).split(separator: "\n").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        let json = Data(try await output("show", lead, "--format", "json").utf8)
        let report = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
        let owner = lines.first { $0.hasPrefix("with Jane Ortiz since ") }
        let start = lines.first { $0.hasSuffix(" Jane Ortiz started.") }
        return (
            lines.filter { $0.hasPrefix("first action") }, report["firstActionBy"] as? String,
            report["firstActionAt"] as? String, owner?.split(separator: " ").last.map(String.init),
            start?.split(separator: " ").first.map(String.init)
        )
    }

    private func listed() async throws -> [Message] {
        Self.rows(try await output("list", "--messages"), under: "LEAD")
    }

    private func output(_ arguments: String...) async throws -> String {
        let result = try await LeadbellProgram.run(
            arguments + ["--config", installation.config], environment: installation.environment)
        #expect(result.status == 0, "\(result.errors)")
        return result.output
    }

    private func messages(in json: String) throws -> [Message] {
        let report = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        return try #require(report["messages"] as? [[String: Any]]).map { message in
            let text = { (name: String) in message[name] as? String ?? "" }
            if let opened = message["opened"] as? String { #expect(opened >= text("changed")) }
            return Message(
                to: text("to"), channel: text("channel"), kind: text("kind"), state: text("state"),
                isTimed: text("changed").hasSuffix("Z"), isOpened: message["opened"] is String)
        }
    }

    /// The rows of the last table whose header begins with `first`.
    private static func rows(_ output: String, under first: String) -> [Message] {
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let header = lines.lastIndex(where: { $0.hasPrefix(first) && $0.contains("OPENED") }) else { return [] }
        let columns = cells(lines[header])
        return lines[(header + 1)...].prefix { !$0.isEmpty }.map { line in
            let row = Dictionary(zip(columns, cells(line))) { first, _ in first }
            let name = row["TO"] ?? ""
            return Message(
                to: people.first { $0.value == name }?.key ?? name, channel: row["BY"] ?? "",
                kind: row["MESSAGE"] ?? "", state: row["STATE"] ?? "", isTimed: row["AT"]?.hasSuffix("Z") == true,
                isOpened: row["OPENED"]?.hasSuffix("Z") == true)
        }
    }

    private static func cells(_ line: String) -> [String] {
        line.split(separator: /\s\s+/).map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private func onPage(_ link: String) async throws -> [Message] {
        let page = try await get(link, as: "Mozilla/5.0 (X11; Linux) Firefox").text
        let item =
            /<time datetime="([^"]*)">[^<]*<\/time><div><p><bdi>([^<]*)<\/bdi> by ([^:]*): ([^<]*)<span class="chip small [a-z]*">([^<]*)<\/span>(.*?)<\/p>/
        return page.replacing("\n", with: "").matches(of: item).map { match in
            let kind = match.4.trimmingCharacters(in: .whitespaces)
            return Message(
                to: Self.people.first { $0.value == match.2 }?.key ?? String(match.2), channel: String(match.3),
                kind: Self.kinds[kind] ?? kind, state: String(match.5), isTimed: match.1.hasSuffix("Z"),
                isOpened: match.6.contains(">opened "))
        }
    }

    // MARK: Acting

    /// The link in the first message to `person`, once it has come.
    func link(to person: String) async throws -> String {
        let deadline = Date().addingTimeInterval(30)
        while Date() < deadline {
            let texts = try installation.peer.requests().map { $0.text.replacing("\\/", with: "/") }
            for text in texts {
                let links = text.matches(of: /http:\/\/127\.0\.0\.1:\d+\/l\/[A-Za-z0-9._-]+/).map { String($0.output) }
                if let link = links.first(where: { $0.contains(".\(person).") }) { return link }
            }
        }
        throw DaemonFault(description: "no link to \(person) was sent")
    }

    func get(_ url: String, as agent: String) async throws -> (status: Int, text: String) {
        try await send(HTTPRequest(method: .get, url: url), as: agent)
    }

    /// Posts the form of `page`.
    func choose(
        _ fields: [String: String], on page: String, at url: String, as agent: String
    ) async throws -> (status: Int, text: String) {
        let nonce = try #require(page.firstMatch(of: /name="nonce" value="([^"]*)"/)).1
        let form = fields.merging(["nonce": String(nonce)]) { $1 }.map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
        }
        var request = HTTPRequest(method: .post, url: url)
        request.headers = [("Content-Type", "application/x-www-form-urlencoded")]
        request.body = Array(form.joined(separator: "&").utf8)
        return try await send(request, as: agent)
    }

    /// The same until a person can have read the page; whoever is quicker is asked again.
    func act(_ fields: [String: String], on page: String, at url: String, as agent: String) async throws {
        let deadline = Date().addingTimeInterval(30)
        while Date() < deadline {
            let answer = try await choose(fields, on: page, at: url, as: agent)
            if answer.status == 303 { return }
            #expect(answer.status == 200 && answer.text.contains("Nothing has been changed yet"))
        }
        throw DaemonFault(description: "the choice was never taken")
    }

    private func send(_ request: HTTPRequest, as agent: String) async throws -> (status: Int, text: String) {
        var request = request
        request.headers.append(("User-Agent", agent))
        request.addresses = .includingLoopback
        request.allowPlainHTTP = true
        request.maximumResponseBytes = 1 << 20
        let client = try HTTPClient()
        let result = await client.send(request)
        await client.shutdown()
        let response = try result.get()
        return (response.status, String(decoding: response.body, as: UTF8.self))
    }
}
