// Events for programs: bodies held to the schema in the repository, signatures that anybody's library verifies, and what
// each answer of an endpoint means.

import Crypto
import Curl
import Foundation
import LeadTestKit
import PeerKit
import Testing

@testable import LeadCore
@testable import LeadNotify

/// A case that has seen everything, with its history.
private enum EventCase {
    static let rulebook = Sample.rulebook()

    static func file(_ fields: [FieldName: String] = [:]) throws -> CaseFile {
        let opening = Sample.opening(Sample.lead(1, fields), at: Sample.start, rulebook: rulebook)
        var subject = opening.result
        var history = opening.entries
        let start = Sample.start
        let commands: [(CaseCommand, Int64)] = [
            (.deadlinePassed, 900), (.claim(by: "dana"), 901), (.release(by: "dana"), 902),
            (.pass(to: "lee", by: "dana", comment: "You know \"them\""), 903), (.deadlinePassed, 1800),
            (.assign(rep: "billy", by: "dana", note: "soon"), 1900), (.undo(by: "dana"), 1901),
            (.assign(rep: "billy", by: "dana", note: nil), 1902),
            (.reassign(rep: "jane", from: "billy", by: "lee", note: nil), 2000), (.start(by: "jane"), 2001),
            (.close(by: "jane", note: "sold"), 2002),
        ]
        for (command, seconds) in commands {
            let transition = try subject.decide(command, now: start + .seconds(seconds), rulebook: rulebook)
            history += transition.entries
            subject = transition.result
        }
        return CaseFile(subject: subject, history: history, deliveries: [])
    }

    /// A case whose manager asks for more time and can't be reached, and that nobody decides.
    static func breached() throws -> CaseFile {
        let steps: [(Duration, EscalationPolicy.Action)] = [
            (.zero, .notify(.manager)), (.seconds(900), .notify(.nextManager)), (.seconds(1800), .warn(.asked)),
            (.seconds(3600), .assign("jane")),
        ]
        let policy = try EscalationPolicy(
            steps: steps.map { EscalationPolicy.Step(after: $0.0, action: $0.1) }, moreTime: .seconds(600))
        let rulebook = Sample.rulebook(policies: ["standard": policy])
        let opening = Sample.opening(Sample.lead(2), at: Sample.start, rulebook: rulebook)
        var subject = opening.result
        var history = opening.entries
        func decide(_ command: CaseCommand, _ now: Timestamp) throws {
            let transition = try subject.decide(command, now: now, rulebook: rulebook)
            history += transition.entries
            subject = transition.result
        }
        try decide(.postpone(by: "dana"), Sample.start + .seconds(1))
        for delivery in opening.deliveries {
            try decide(.deliveryFailed(delivery, reason: "HTTP 410", isNews: true), Sample.start + .seconds(2))
        }
        while let next = subject.nextDeadline { try decide(.deadlinePassed, next) }
        return CaseFile(subject: subject, history: history, deliveries: [])
    }

    /// A case of which nobody who was asked is reached, so that the policy gives it away.
    static func unreached() throws -> CaseFile {
        let opening = Sample.opening(Sample.lead(4), at: Sample.start, rulebook: rulebook)
        var subject = opening.result
        var history = opening.entries
        var deliveries = opening.deliveries
        while let lost = deliveries.first, subject.assignment == nil {
            let transition = try subject.decide(
                .deliveryFailed(lost, reason: "HTTP 410", isNews: true), now: Sample.start + .seconds(2),
                rulebook: rulebook)
            subject = transition.result
            history += transition.entries
            deliveries = deliveries.dropFirst() + transition.deliveries.filter { MessageKind.asking.contains($0.kind) }
        }
        return CaseFile(subject: subject, history: history, deliveries: [])
    }

    /// A case that is given away in that way.
    static func given(_ mode: AssignmentMode) -> CaseFile {
        let opening = Sample.opening(Sample.lead(5), at: Sample.start, rulebook: rulebook)
        let given = Assignment(rep: "jane", by: .daemon, mode: mode, at: Sample.start)
        let entry = HistoryEntry(
            sequence: opening.entries.count + 1, at: Sample.start, actor: .daemon, event: .assigned(assignment: given))
        return CaseFile(subject: opening.result, history: opening.entries + [entry], deliveries: [])
    }

    /// A case that is rejected.
    static func rejected() throws -> CaseFile {
        let opening = Sample.opening(Sample.lead(3), at: Sample.start, rulebook: rulebook)
        let end = try opening.result.decide(
            .reject(reason: .spam, by: "dana", note: "again"), now: Sample.start + .seconds(1), rulebook: rulebook)
        return CaseFile(subject: end.result, history: opening.entries + end.entries, deliveries: [])
    }

    /// Those in which every kind of event happens.
    static func all() throws -> [CaseFile] { [try file(), try breached(), try unreached(), try rejected()] }

    static func notices(_ file: CaseFile) -> [EventNotice] {
        (1...file.history.count).compactMap { EventNotice(sequence: $0, in: file, by: rulebook) }
    }

    static func briefing(_ event: EventNotice?) throws -> Briefing {
        var briefing = try Fixture.briefing(.test)
        briefing.event = event
        return briefing
    }
}

@Suite("Events for programs") struct EventChannelTests {
    private static let schema = Golden.folder.deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "config/webhook.schema.json")
    private static let secret = "whsec_" + Data(repeating: 7, count: 32).base64EncodedString()
    private static let older = "whsec_" + Data(repeating: 8, count: 24).base64EncodedString()

    private func channel(_ url: String, _ options: [String: OptionValue] = [:]) throws -> any Channel {
        try Peers.webhook(
            .events,
            ["url": .secret(Secret(url)), "secret": .secret(Secret(Self.secret))].merging(options) { $1 })
    }

    @Test("every event's body is what the schema promises, full and brief")
    func schema() throws {
        let check = try SchemaCheck(file: Self.schema)
        let notices = EventCase.notices(try EventCase.file())
        let names = notices.map(\.name.rawValue)
        #expect(
            names == [
                "opened", "notified", "reminded", "claimed", "released", "passed_on", "reminded", "assigned", "undone",
                "assigned", "reassigned", "first_action", "closed",
            ])
        for notice in notices {
            for detail in Detail.allCases {
                let body = EventBody.bytes(for: notice, recordURL: "https://crm.example.com/1", detail: detail)
                #expect(try check.complaints(about: body) == [])
            }
        }
        #expect(try !check.complaints(about: Array("{\"type\":\"lead.sold\",\"timestamp\":1}".utf8)).isEmpty)
    }

    @Test("no kind of event is left out of that")
    func allNames() throws {
        let check = try SchemaCheck(file: Self.schema)
        let notices = try EventCase.all().flatMap(EventCase.notices)
        #expect(Set(notices.map(\.name)) == Set(EventName.allCases))
        for notice in notices {
            for detail in Detail.allCases {
                let body = EventBody.bytes(for: notice, recordURL: nil, detail: detail)
                #expect(try check.complaints(about: body) == [], "\(notice.name)")
            }
        }
    }

    @Test(
        "each event arrives as the file has it, full and brief, and as the schema promises", arguments: Detail.allCases)
    func golden(_ detail: Detail) async throws {
        let check = try SchemaCheck(file: Self.schema)
        let peer = try Peer.http()
        let channel = try channel(peer.url("/ok"), ["detail": .text(detail.rawValue)])
        let notices = try EventCase.all().flatMap(EventCase.notices)
        for (count, name) in EventName.allCases.enumerated() {
            let notice = try #require(notices.first { $0.name == name })
            var briefing = try Fixture.briefing()
            briefing.event = notice
            #expect(await channel.send(briefing, to: Secret("")).kind == .sent)
            let requests = try peer.requests()
            let body = try #require(requests.last).body
            #expect(requests.count == count + 1)
            #expect(try check.complaints(about: body) == [], "\(name)")
            let file = "events/\(detail)/\(name.rawValue).json"
            #expect(try Golden.matches(indented(body), file), "\(file)")
        }
    }

    @Test("the words in the schema are those of the program")
    func names() throws {
        let check = try SchemaCheck(file: Self.schema)
        func words(_ member: String) -> [String]? { check.words(at: ["properties", "data", "properties", member]) }
        #expect(check.words(at: ["properties", "type"]) == EventName.allCases.map { "lead.\($0.rawValue)" })
        #expect(words("mode") == AssignmentMode.allCases.map(\.rawValue))
        #expect(words("reason") == ClosingReason.allCases.map(\.rawValue))
        #expect(words("state") == LeadCase.StateName.allCases.map(\.rawValue))
    }

    @Test("a lead that is given away in any way is told as the schema promises", arguments: AssignmentMode.allCases)
    func modes(_ mode: AssignmentMode) throws {
        let check = try SchemaCheck(file: Self.schema)
        let notice = try #require(EventCase.notices(EventCase.given(mode)).last)
        #expect(notice.name == (mode.isFallback ? .breached : .assigned))
        for detail in Detail.allCases {
            let body = EventBody.bytes(for: notice, recordURL: nil, detail: detail)
            #expect(try check.complaints(about: body) == [])
            #expect(String(decoding: body, as: UTF8.self).contains("\"mode\":\"\(mode.rawValue)\""))
        }
    }

    @Test("a team of which nobody is reached: the breach says so")
    func unreached() throws {
        let notice = try #require(EventCase.notices(try EventCase.unreached()).last)
        let body = String(decoding: EventBody.bytes(for: notice, recordURL: nil, detail: .full), as: UTF8.self)
        #expect(notice.name == .breached && body.contains("\"mode\":\"unreached\""))
    }

    @Test("a brief body holds the firm and nothing of the person; a body stays under 20 KB whatever the lead says")
    func detail() throws {
        let long = String(repeating: "marble \"bust\" ", count: 9000)
        let notice = try #require(EventCase.notices(try EventCase.file([.description: long, "extra": long])).first)
        let full = EventBody.bytes(for: notice, recordURL: nil, detail: .full)
        #expect(full.count < 20_000)
        #expect(String(decoding: full, as: UTF8.self).contains("ada@"))
        let brief = String(
            decoding: EventBody.bytes(for: notice, recordURL: "https://x.example", detail: .brief), as: UTF8.self)
        #expect(brief.contains("Acme"))
        for word in ["Ada", "ada@", "marble", "x.example"] { #expect(!brief.contains(word)) }
    }

    @Test("whatever a lead's fields are called and hold, they are names and values of an event, and nothing else of it")
    func hostile() throws {
        let check = try SchemaCheck(file: Self.schema)
        let lead = SampleLead.hostile.lead
        let opening = Sample.opening(lead)
        let file = CaseFile(subject: opening.result, history: opening.entries, deliveries: [])
        for notice in EventCase.notices(file) {
            let body = EventBody.bytes(for: notice, recordURL: lead[.recordURL], detail: .full)
            #expect(body.count < 20_000 && body.allSatisfy { $0 >= 0x20 })
            let event = try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
            #expect(try check.complaints(about: body) == [])
            let fields = try #require((event["data"] as? [String: Any])?["fields"] as? [String: String])
            #expect(Set(fields.keys) == Set(lead.shown.map(\.field.text)))
            for (field, value) in lead.shown {
                let shown = try #require(fields[field.text])
                #expect(shown == value.text || value.text.hasPrefix(shown.dropLast()), "\(field.text)")
            }
        }
    }

    @Test(
        "however many fields a lead has and however they are called, a body stays under 20 KB, with all that can be known",
        arguments: [(1, 100_000), (40, 512), (3000, 3), (3000, 512), (1, 19_999)])
    func names(count: Int, length: Int) throws {
        let check = try SchemaCheck(file: Self.schema)
        for letter in ["x", "\u{1}", "ü"] {
            let fields = (1...count).map { number in
                (FieldName(String(repeating: letter, count: length) + "\(number)"), "marble \(number)")
            }
            let lead = Dictionary(fields) { first, _ in first }.merging([.description: "A bust"]) { $1 }
            let notice = try #require(EventCase.notices(try EventCase.file(lead)).first)
            let url = "https://crm.example.com/" + String(repeating: "1", count: length)
            for detail in Detail.allCases {
                let body = EventBody.bytes(for: notice, recordURL: url, detail: detail)
                #expect(body.count < 20_000)
                #expect(try check.complaints(about: body) == [])
                let words = String(decoding: body, as: UTF8.self)
                #expect(words.contains("Acme") && words.contains("A bust") == (detail == .full))
                #expect(words.contains("marble") == (detail == .full && length <= 512), "as many as there is room for")
            }
        }
    }

    @Test("an event arrives signed by both secrets, under an id that stays the same at every attempt")
    func signature() async throws {
        let peer = try Peer.http()
        let channel = try channel(peer.url("/ok?\(Peers.token)"), ["previous_secret": .secret(Secret(Self.older))])
        let notice = try #require(EventCase.notices(try EventCase.file()).last)
        for _ in 0..<2 {
            #expect(await channel.send(try EventCase.briefing(notice), to: Secret("")).kind == .sent)
        }
        let requests = try peer.requests()
        try #require(requests.count == 2)
        #expect(requests[0].header("webhook-id") == requests[1].header("webhook-id"))
        for request in requests {
            let id = try #require(request.header("webhook-id"))
            #expect(!id.contains("."))
            let time = try #require(request.header("webhook-timestamp").flatMap(Int.init))
            #expect(abs(Double(time) - Date().timeIntervalSince1970) < 300)
            let signed = Data("\(id).\(time).".utf8) + Data(request.body)
            let expected = [Data(repeating: 7, count: 32), Data(repeating: 8, count: 24)].map { key in
                let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: key))
                return "v1," + Data(code).base64EncodedString()
            }
            #expect(request.header("webhook-signature") == expected.joined(separator: " "))
        }
    }

    @Test(
        "each answer of an endpoint has its outcome",
        arguments: [
            (200, OutcomeKind.sent), (204, .sent), (302, .stopped), (400, .deferred), (413, .deferred),
            (404, .stopped),
            (410, .stopped), (429, .unavailable), (502, .unavailable),
        ])
    func answers(status: Int, expected: OutcomeKind) async throws {
        let peer = try Peers.plain.get()
        let channel = try channel(peer.url("/status/\(status)?body=gone&\(Peers.token)"))
        let notice = try #require(EventCase.notices(try EventCase.file()).first)
        let outcome = await channel.send(try EventCase.briefing(notice), to: Secret(""))
        #expect(outcome.kind == expected)
        expectClean(outcome)
    }

    @Test("a test tells that it is one, and shows the exchange without address and signature")
    func rehearsal() async throws {
        let peer = try Peer.http()
        let channel = try channel(peer.url("/ok?\(Peers.token)"))
        let exchange = await channel.rehearse(try EventCase.briefing(nil), to: Secret(""))
        #expect(exchange.outcome.kind == .sent)
        let dialogue = exchange.lines.joined(separator: "\n")
        #expect(dialogue.contains("\"type\":\"test\"") && dialogue.contains("webhook-signature: …"))
        #expect(!dialogue.contains("kanarienvogel") && !dialogue.contains("v1,"))
    }

    @Test(
        "secrets that are none are refused with the remedy", arguments: ["whsec_", "whsec_c2hvcnQ=", "no base64!", "x"])
    func badSecret(text: String) throws {
        for option in ["secret", "previous_secret"] {
            #expect {
                _ = try channel("https://hooks.example.com/x", [option: .secret(Secret(text))])
            } throws: { error in
                (error as? OptionFlaw)?.option == option
            }
        }
        #expect { _ = try channel("ftp://x") } throws: { ($0 as? OptionFlaw)?.option == "url" }
    }

    @Test("the schedule is that of Standard Webhooks, and after its last attempt an event is failed")
    func schedule() {
        let policy = RetryPolicy(schedule: EventChannel.schedule)
        let busy = DeliveryOutcome.unavailable(reason: "502", retryAfter: nil)
        var now = Sample.start
        var pauses: [Int64] = []
        for attempt in 1...20 {
            let verdict = policy.verdict(on: busy, attempt: attempt, createdAt: Sample.start, now: now, jitter: 1)
            guard case .tryAgain(let next, _) = verdict else { break }
            pauses.append((next - now).milliseconds / 1000)
            now = next
        }
        #expect(pauses == [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400])
    }
}
