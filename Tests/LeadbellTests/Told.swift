// What the page, `show` and `list --messages` tell of messages, read as their readers read it, and presses on the page.

import Curl
import Foundation
import PeerKit
import Testing

/// What the page and the commands tell.
struct Told {
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
        /// Why, in the peer's words where it has said any; empty for none.
        let detail: String

        var description: String {
            "\(kind) to \(to) by \(channel): \(state)\(isOpened ? ", opened" : ""), \(detail)"
        }
    }

    private static let people = [
        "dana": "Dana Whitfield", "jane": "Jane Ortiz", "fay": "Fay Stone", "hal": "Hal Brook", "wim": "Wim Field",
    ]
    /// The kinds' words on the page.
    private static let kinds = ["Request to choose": "decide", "The lead itself": "assigned"]
    /// The states' words there.
    private static let states = [
        "waiting": "pending", "stopped until the configuration is mended": "held", "not delivered": "failed",
        "nobody knows whether it arrived": "unknown", "no longer needed": "cancelled",
    ]

    // MARK: Looking

    /// Waits until all messages are sent, and expects that page and commands tell of the first one to each person alike,
    /// and whether it was opened as `isOpened` says.
    func expect(_ lead: String, _ link: String, _ isOpened: [String: Bool]) async throws {
        let wanted = isOpened.keys.sorted().map { person in
            Message(
                to: person, channel: "teams", kind: person == "dana" ? "decide" : "assigned", state: "sent",
                isTimed: true, isOpened: isOpened[person] ?? false, detail: "HTTP 202")
        }
        try await eventually("every message is sent") { try await shownJSON(lead).allSatisfy { $0.state == "sent" } }
        try await expect(lead, link, wanted)
    }

    /// Waits until the question to each person is in their state, and expects that page and commands tell of it alike, with a
    /// detail that contains the words, or none for no words.
    func expect(_ lead: String, _ link: String, _ outcomes: [String: (state: String, words: String)]) async throws {
        var known: [Message] = []
        try await eventually("each message has its outcome") {
            known = Self.firsts(try await shownJSON(lead)).filter { outcomes[$0.to] != nil }
            return outcomes.allSatisfy { person, outcome in
                known.contains { $0.to == person && $0.state == outcome.state }
            }
        }
        for message in known {
            let words = outcomes[message.to]?.words ?? ""
            #expect(words.isEmpty ? message.detail.isEmpty : message.detail.contains(words), "\(message)")
            #expect(message.kind == "decide" && message.channel == "teams" && message.isTimed && !message.isOpened)
        }
        try await expect(lead, link, known)
    }

    /// Expects that all ways tell of the first message to each person of `wanted` like this.
    private func expect(_ lead: String, _ link: String, _ wanted: [Message]) async throws {
        let ways: [(name: String, tell: () async throws -> [Message])] = [
            ("show", { try await shown(lead) }), ("show --format json", { try await shownJSON(lead) }),
            ("list --messages", { try await listed(lead) }),
            ("list --messages --format json", { try await listedJSON(lead) }), ("the page", { try await onPage(link) }),
        ]
        let people = Set(wanted.map(\.to))
        for way in ways {
            #expect(Self.firsts(try await way.tell()).filter { people.contains($0.to) } == wanted, "\(way.name)")
        }
    }

    /// The first message to each person, by their names.
    private static func firsts(_ messages: [Message]) -> [Message] {
        Dictionary(messages.map { ($0.to, $0) }) { first, _ in first }.values.sorted { $0.to < $1.to }
    }

    private func shownJSON(_ lead: String) async throws -> [Message] {
        try messages(in: try await output("show", lead, "--format", "json"))
    }

    private func listedJSON(_ lead: String) async throws -> [Message] {
        let lines = try await output("list", "--messages", "--format", "json").split(separator: "\n")
        return try messages(in: String(try #require(lines.first { $0.contains("\"\(lead)\"") })))
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

    private func listed(_ lead: String) async throws -> [Message] {
        Self.rows(try await output("list", "--messages"), under: "LEAD", of: lead)
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
                isTimed: text("changed").hasSuffix("Z"), isOpened: message["opened"] is String, detail: text("detail"))
        }
    }

    /// The rows of the last table whose header begins with `first`; those of `lead` alone, where others are in it.
    private static func rows(_ output: String, under first: String, of lead: String = "") -> [Message] {
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let header = lines.lastIndex(where: { $0.hasPrefix(first) && $0.contains("OPENED") }) else { return [] }
        let columns = cells(lines[header])
        return lines[(header + 1)...].prefix { !$0.isEmpty }.filter { $0.hasPrefix(lead) }.map { line in
            let row = Dictionary(zip(columns, cells(line))) { first, _ in first }
            let name = row["TO"] ?? ""
            return Message(
                to: people.first { $0.value == name }?.key ?? name, channel: row["BY"] ?? "",
                kind: row["MESSAGE"] ?? "", state: row["STATE"] ?? "", isTimed: row["AT"]?.hasSuffix("Z") == true,
                isOpened: row["OPENED"]?.hasSuffix("Z") == true, detail: row["DETAIL"] ?? "")
        }
    }

    private static func cells(_ line: String) -> [String] {
        line.split(separator: /\s\s+/).map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private func onPage(_ link: String) async throws -> [Message] {
        let page = try await get(link, as: "Mozilla/5.0 (X11; Linux) Firefox").text
        let item =
            /<time datetime="([^"]*)">[^<]*<\/time><div><p><bdi>([^<]*)<\/bdi> by ([^:]*): ([^<]*)<span class="chip small [a-z]*">([^<]*)<\/span>(.*?)<\/p>(?:<p class="soft" dir="auto">(.*?)<\/p>)?<\/div>/
        return page.replacing("\n", with: "").matches(of: item).map { match in
            let kind = match.4.trimmingCharacters(in: .whitespaces)
            return Message(
                to: Self.people.first { $0.value == match.2 }?.key ?? String(match.2), channel: String(match.3),
                kind: Self.kinds[kind] ?? kind, state: Self.state(String(match.5)), isTimed: match.1.hasSuffix("Z"),
                isOpened: match.6.contains(">opened "), detail: Self.read(match.7.map(String.init) ?? ""))
        }
    }

    private static func state(_ words: String) -> String {
        words.hasPrefix("next try ") ? "deferred" : states[words] ?? words
    }

    /// The text that a page shows for `html`.
    private static func read(_ html: String) -> String {
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        return entities.reduce(html) { $0.replacing($1.0, with: $1.1) }
    }

    // MARK: Acting

    /// The link in the first message to `person`, once it has come; or in the next one after that with the link `known`.
    func link(to person: String, butNot known: String? = nil) async throws -> String {
        let deadline = Date().addingTimeInterval(30)
        while Date() < deadline {
            let texts = try installation.peer.requests().map { $0.text.replacing("\\/", with: "/") }
            for text in texts {
                let links = text.matches(of: /http:\/\/127\.0\.0\.1:\d+\/l\/[A-Za-z0-9._-]+/).map { String($0.output) }
                if let link = links.first(where: { $0.contains(".\(person).") && $0 != known }) {
                    return link
                }
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
