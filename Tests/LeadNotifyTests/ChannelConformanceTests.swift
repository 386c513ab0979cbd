// What every channel must do, tried with real peers on loopback: the outcome of each fault, no secret and nothing of
// the lead in any reason, and not a byte of the lead for a peer whose certificate is bad.

import Curl
import Foundation
import LeadTestKit
import PeerKit
import Testing

@testable import LeadCore
@testable import LeadNotify

/// A kind of channel with the faults that its peers can show.
struct Specimen: Sendable, CustomTestStringConvertible {
    let kind: ChannelKind
    /// Where a well-behaved peer accepts messages: a path of the HTTP peer, or a mode of the relay.
    let goodPath: String
    var testDescription: String { kind.name }
    /// The good path with a secret in it.
    var address: String { goodPath + (goodPath.contains("?") ? "&" : "?") + Peers.token }

    /// What the kind makes of `briefing`.
    func body(_ briefing: Briefing) -> [UInt8] {
        switch kind.name {
        case "teams": TeamsCard.body(for: briefing)
        case "slack": SlackMessage.body(for: briefing)
        case "slack-bot": SlackBotChannel.message(briefing, to: Secret(BotByURL.member))
        case "google-chat": GoogleChatCard.body(for: briefing)
        case "ntfy": NtfyMessage(briefing).body
        default: MattermostMessage.body(for: briefing)
        }
    }

    static let teams = Specimen(kind: .teams, goodPath: "/status/202")
    static let slack = Specimen(kind: .slack, goodPath: "/slack")
    static let googleChat = Specimen(
        kind: .googleChat, goodPath: "/json?body=%7B%22name%22:%22spaces/A/messages/B%22%7D&x=1")
    static let mattermost = Specimen(kind: .mattermost, goodPath: "/slack")
    static let rocketChat = Specimen(kind: .rocketChat, goodPath: "/json?body=%7B%22success%22:true%7D&x=1")
    static let ntfy = Specimen(kind: .ntfy, goodPath: "/json?body=%7B%22id%22:%22x%22%7D&x=1")
    static let slackBot = Specimen(
        kind: .slackBot, goodPath: "/json?body=%7B%22ok%22:true,%22channel%22:%22D1%22,%22ts%22:%221.2%22%7D&x=1")
    static let webhooks = [teams, slack, slackBot, googleChat, mattermost, rocketChat, ntfy]

    /// What reasons call the peer.
    var peer: String { kind.name == "slack-bot" ? "Slack" : "the webhook" }
}

enum Peers {
    static let plain = Result { try Peer.http() }
    static let secure = Result { try Peer.http(cert: .good) }
    static let environment = Result {
        ChannelEnvironment(
            httpClient: try HTTPClient(maximumConnectionsPerHost: 64), hostName: "leads.example.com")
    }
    /// What stands in the webhooks' addresses and in no reason.
    static let token = "sig=kanarienvogel42"

    /// A webhook channel that may contact this host.
    static func webhook(
        _ kind: ChannelKind, _ options: [String: OptionValue] = [:], client: HTTPClient? = nil
    ) throws -> any Channel {
        let environment =
            try client.map { ChannelEnvironment(httpClient: $0, hostName: "leads.example.com") } ?? environment.get()
        let base: [String: OptionValue] = [
            "addresses": .text("loopback"), "plain_http": .flag(true), "timeout": .duration(.seconds(20)),
        ]
        let values = base.merging(options) { $1 }
        if kind.name == "slack-bot" { return BotByURL(options: values, environment: environment) }
        return try kind.make("it", OptionValues(values), environment)
    }
}

/// A bot whose API is where each message is sent to, so that peers can show it the faults that they show webhooks.
struct BotByURL: Channel {
    static let member = "U012AB3CD"
    let id: ChannelID = "it"
    let options: [String: OptionValue]
    let environment: ChannelEnvironment

    func send(_ briefing: Briefing, to address: Secret) async -> DeliveryOutcome {
        let url = address.revealed
        let own: [String: OptionValue] = [
            "api": .text(url + (url.contains("?") ? "&" : "?") + "method="),
            "token": .secret(Secret("xoxb-kanarienvogel")),
        ]
        do {
            let channel = try ChannelKind.slackBot.make(id, OptionValues(options.merging(own) { $1 }), environment)
            return await channel.send(briefing, to: Secret(Self.member))
        } catch {
            return .failed(reason: "\(error)")
        }
    }

    func close() async {}
}

/// Checks that an outcome's words hold neither secrets nor anything of the lead.
func expectClean(_ outcome: DeliveryOutcome, _ secrets: [String] = [], location: SourceLocation = #_sourceLocation) {
    let lead = [
        "María", "López", "Acme", "maria@", "0188", "marble", "lobby", "Dana", "Whitfield", ".example.com/l/",
    ]
    for word in lead + secrets + ["kanarienvogel", "swordfish", "127.0.0.1", "://"] {
        #expect(!outcome.words.contains(word), sourceLocation: location)
    }
    #expect(!outcome.words.isEmpty && outcome.words.count < 400, sourceLocation: location)
    #expect(outcome.words.allSatisfy { !$0.isNewline }, sourceLocation: location)
}

@Suite("Webhook channels' conformance") struct WebhookConformanceTests {
    @Test("Every kind is tried, here or by tests of its own")
    func kinds() {
        let own: Set = ["smtp", "webhook"]
        #expect(Set(Specimen.webhooks.map(\.kind.name)).union(own) == Set(ChannelKind.all.map(\.name)))
    }

    @Test(
        "Each status has its outcome", arguments: Specimen.webhooks,
        [
            (300, OutcomeKind.stopped), (302, .stopped), (400, .failed), (401, .stopped), (403, .stopped),
            (404, .stopped),
            (408, .unavailable), (410, .stopped), (413, .failed), (425, .unavailable), (429, .unavailable),
            (500, .unavailable),
            (502, .unavailable), (503, .unavailable),
        ])
    func statuses(_ specimen: Specimen, _ row: (status: Int, expected: OutcomeKind)) async throws {
        let peer = try Peers.plain.get()
        let channel = try Peers.webhook(specimen.kind)
        let url = peer.url("/status/\(row.status)?retry_after=7&body=gone&\(Peers.token)")
        let outcome = await channel.send(try Fixture.briefing(.assigned), to: Secret(url))
        #expect(outcome.kind == row.expected)
        #expect(outcome.words.hasPrefix("HTTP \(row.status) from \(specimen.peer)") && outcome.words.hasSuffix("gone"))
        if case .unavailable(_, let wait) = outcome { #expect(wait == .seconds(7)) }
        expectClean(outcome)
    }

    @Test("A message arrives whole, by POST, as JSON", arguments: Specimen.webhooks)
    func arrival(_ specimen: Specimen) async throws {
        let peer = try Peer.http(cert: .good)
        let channel = try Peers.webhook(
            specimen.kind, ["ca_file": .text(peer.caFile), "plain_http": .flag(false)])
        let briefing = try Fixture.briefing(.assigned)
        let outcome = await channel.send(briefing, to: Secret(peer.url(specimen.address)))
        #expect(outcome.kind == .sent)
        expectClean(outcome)
        let request = try #require(try peer.requests().first)
        #expect(request.method == "POST")
        #expect(request.query.contains(Peers.token))
        let type = specimen.kind.name == "ntfy" ? "text/plain" : "application/json"
        #expect(request.header("Content-Type") == "\(type); charset=utf-8")
        #expect(request.body == specimen.body(briefing))
        await channel.close()
    }

    @Test("An over-long message is cut and arrives", arguments: Specimen.webhooks)
    func overlong(_ specimen: Specimen) async throws {
        let peer = try Peers.plain.get()
        let channel = try Peers.webhook(specimen.kind)
        let briefing = Fixture.briefing(filledWith: String(repeating: "long \"text\" ", count: 9_000), facts: 40)
        #expect(await channel.send(briefing, to: Secret(peer.url(specimen.goodPath))).kind == .sent)
    }

    @Test(
        "A connection that breaks when the message is out leaves the outcome unknown", arguments: Specimen.webhooks,
        ["/reset", "/half", "/garbage"])
    func broken(_ specimen: Specimen, _ path: String) async throws {
        let peer = try Peers.plain.get()
        let channel = try Peers.webhook(specimen.kind)
        let outcome = await channel.send(
            try Fixture.briefing(.assigned), to: Secret(peer.url("\(path)?\(Peers.token)")))
        #expect(outcome.kind == .unknown)
        expectClean(outcome)
    }

    @Test("A peer that says nothing leaves the outcome unknown once the time is over", arguments: Specimen.webhooks)
    func silent(_ specimen: Specimen) async throws {
        let peer = try Peers.plain.get()
        let channel = try Peers.webhook(specimen.kind, ["timeout": .duration(.milliseconds(500))])
        let outcome = await channel.send(
            try Fixture.briefing(.assigned), to: Secret(peer.url("/hang-headers?\(Peers.token)")))
        #expect(outcome.kind == .unknown)
        expectClean(outcome)
    }

    @Test(
        "A peer that drips, or stops in the middle, leaves the outcome unknown once the time is over",
        arguments: Specimen.webhooks, ["/hang-body", "/drip", "/drip-headers"])
    func slow(_ specimen: Specimen, _ path: String) async throws {
        let peer = try Peers.plain.get()
        let channel = try Peers.webhook(specimen.kind, ["timeout": .duration(.milliseconds(300))])
        let outcome = await channel.send(
            try Fixture.briefing(.assigned), to: Secret(peer.url("\(path)?\(Peers.token)")))
        #expect(outcome.kind == .unknown)
        expectClean(outcome)
    }

    @Test("A redirect is not followed", arguments: Specimen.webhooks)
    func redirect(_ specimen: Specimen) async throws {
        let peer = try Peer.http()
        let channel = try Peers.webhook(specimen.kind)
        let outcome = await channel.send(
            try Fixture.briefing(.assigned), to: Secret(peer.url("/redirect?\(Peers.token)")))
        #expect(outcome.kind == .stopped)
        #expect(outcome.words.contains("redirects"))
        expectClean(outcome)
        #expect(try peer.requests().count == 1)
    }

    @Test("An answer whose head doesn't end is given up long before its end", arguments: Specimen.webhooks)
    func endlessHead(_ specimen: Specimen) async throws {
        let peer = try Peers.plain.get()
        let channel = try Peers.webhook(specimen.kind)
        let begun = ContinuousClock.now
        let outcome = await channel.send(
            try Fixture.briefing(.assigned), to: Secret(peer.url("/huge-headers?\(Peers.token)")))
        #expect(outcome.kind == .unknown && outcome.words.contains("larger than allowed"), "\(outcome)")
        #expect(ContinuousClock.now - begun < .seconds(10), "a hundred megabytes of head, or the time-out")
        expectClean(outcome)
    }

    @Test(
        "Retry-After is kept in seconds and as a date, and neither the past nor the absurd holds anything up",
        arguments: Specimen.webhooks,
        [
            ("7", 7...7), ("Wed,%2021%20Oct%202015%2007:28:00%20GMT", 0...0), ("-5", 0...0), ("soon", 0...0),
            ("99999999999999999999", 0...86_400),
        ] as [(String, ClosedRange<Int64>)])
    func retryAfter(_ specimen: Specimen, _ row: (text: String, seconds: ClosedRange<Int64>)) async throws {
        let peer = try Peers.plain.get()
        let channel = try Peers.webhook(specimen.kind)
        let outcome = await channel.send(
            try Fixture.briefing(.assigned),
            to: Secret(peer.url("/status/429?retry_after=\(row.text)&\(Peers.token)")))
        guard case .unavailable(_, let wait) = outcome else {
            Issue.record("it is \(outcome.kind)")
            return
        }
        #expect(row.seconds.contains((wait ?? .zero).milliseconds / 1000))
        expectClean(outcome)
    }

    @Test("Nobody there, nobody taking connections, no such name: later", arguments: Specimen.webhooks)
    func absent(_ specimen: Specimen) async throws {
        let full = try SilentPeer.full()
        let channel = try Peers.webhook(specimen.kind, ["timeout": .duration(.milliseconds(500))])
        for url in [
            "http://127.0.0.1:\(try SilentPeer.refusedPort())/\(Peers.token)",
            "http://127.0.0.1:\(full.port)/\(Peers.token)", "http://kanarienvogel.invalid/\(Peers.token)",
        ] {
            let outcome = await channel.send(try Fixture.briefing(.assigned), to: Secret(url))
            #expect(outcome.kind == .unavailable)
            expectClean(outcome)
        }
    }

    @Test(
        "A bad certificate defers the message, and nothing of the lead leaves", arguments: Specimen.webhooks,
        [PeerCertificate.expired, .wrongHost, .selfSigned])
    func certificates(_ specimen: Specimen, _ certificate: PeerCertificate) async throws {
        let peer = try Peer.http(cert: certificate)
        let channel = try Peers.webhook(specimen.kind, ["ca_file": .text(peer.caFile)])
        let outcome = await channel.send(
            try Fixture.briefing(.assigned), to: Secret(peer.url(specimen.address)))
        #expect(outcome.kind == .unavailable)
        #expect(outcome.words.contains("certificate"))
        expectClean(outcome)
        #expect(try peer.connections() >= 1)
        #expect(try peer.requests().isEmpty)
    }

    @Test("Plain HTTP and this host are refused unless configured", arguments: Specimen.webhooks)
    func refused(_ specimen: Specimen) async throws {
        let peer = try Peer.http()
        let address = Secret(peer.url(specimen.address))
        for options: [String: OptionValue] in [
            ["plain_http": .flag(false)], ["addresses": .text("public")], ["addresses": .text("private")],
        ] {
            let outcome = await (try Peers.webhook(specimen.kind, options))
                .send(try Fixture.briefing(.assigned), to: address)
            #expect(outcome.kind == .stopped)
            expectClean(outcome)
        }
        #expect(try peer.connections() == 0)
    }

    @Test("With brief detail firm, place and link are all that leaves", arguments: Specimen.webhooks)
    func brief(_ specimen: Specimen) async throws {
        let peer = try Peer.http()
        let channel = try Peers.webhook(specimen.kind, ["detail": .text("brief")])
        for kind in Golden.kinds {
            let outcome = await channel.send(try Fixture.briefing(kind), to: Secret(peer.url(specimen.address)))
            #expect(outcome.kind == .sent)
        }
        let requests = try peer.requests()
        #expect(requests.count == Golden.kinds.count)
        for request in requests {
            let sent = (request.query + request.text).removingPercentEncoding ?? request.query + request.text
            for word in ["María", "López", "maria@", "0188", "marble", "lobby", "Curator"] {
                #expect(!sent.contains(word))
            }
        }
        #expect(requests.contains { $0.text.contains("Acme") })
    }

    @Test("A peer that repeats the message in its refusal is not quoted")
    func echo() async throws {
        let peer = try Peers.plain.get()
        let channel = try Peers.webhook(.slack)
        for briefing in [
            try Fixture.briefing(.assigned), Fixture.briefing(filledWith: try Fixture.hostileText()),
        ] {
            let outcome = await channel.send(briefing, to: Secret(peer.url("/echo?\(Peers.token)")))
            #expect(outcome.kind == .failed)
            expectClean(outcome, ["evil", "victim", "script"])
        }
    }
}
