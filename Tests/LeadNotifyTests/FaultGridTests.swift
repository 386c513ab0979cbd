// Every kind of channel beside every way in which a peer can fail, all at once: each outcome is the one that this table
// names, its words are clean, no peer with a bad certificate gets a byte of the lead, and meanwhile a healthy channel is
// not delayed.

import Curl
import Foundation
import LeadTestKit
import PeerKit
import Testing

@testable import LeadCore
@testable import LeadNotify

/// A fault and what each channel makes of it.
private struct Fault: Sendable {
    let name: String
    /// The address, given the plain peer's and a token to keep secret.
    let address: @Sendable (GridPeers) -> String
    let outcome: Set<OutcomeKind>
    /// What some kinds make of it instead, by their names.
    var others: [String: OutcomeKind] = [:]
    /// What of a Retry-After is kept; nil where it isn't looked at.
    var wait: ClosedRange<Duration>?

    /// The same for the webhook for programs, to which every 2xx is a success, and a refusal is no end.
    var eventOutcome: Set<OutcomeKind> {
        let takes = ["/json", "/status/200", "/huge"].contains { name.hasPrefix($0) } && name != "/huge-headers"
        return takes ? [.sent] : Set(outcome.map { $0 == .failed ? .deferred : $0 })
    }

    /// A path of the plain peer.
    static func path(
        _ path: String, _ outcome: OutcomeKind..., others: [String: OutcomeKind] = [:],
        wait: ClosedRange<Duration>? = nil
    ) -> Fault {
        Fault(
            name: path, address: { $0.plain.url(path + (path.contains("?") ? "&" : "?") + Peers.token) },
            outcome: Set(outcome), others: others, wait: wait)
    }

    /// What a channel of `kind` is to make of it.
    func isMeant(_ outcome: OutcomeKind, of kind: String) -> Bool {
        others[kind].map { $0 == outcome } ?? self.outcome.contains(outcome)
    }

    static let all: [Fault] = [
        Fault(name: "refused", address: { "http://127.0.0.1:\($0.refused)/" }, outcome: [.unavailable]),
        Fault(name: "hang at connect", address: { "http://127.0.0.1:\($0.full.port)/" }, outcome: [.unavailable]),
        Fault(name: "hang at TLS", address: { "https://127.0.0.1:\($0.silent.port)/" }, outcome: [.unavailable]),
        Fault(name: "no such host", address: { _ in "https://no-such-host.invalid/" }, outcome: [.unavailable]),
        path("/hang-headers", .unknown), path("/hang-body", .unknown), path("/reset", .unknown),
        path("/half", .unknown), path("/drip", .unknown), path("/drip-headers", .unknown),
        // Of a long answer the beginning is judged as any other.
        path("/huge", .failed, others: ["teams": .sent]),
        path("/huge-headers", .unknown), path("/garbage", .unknown),
        path("/redirect", .stopped), path("/status/301", .stopped), path("/status/400", .failed),
        path("/status/401", .stopped), path("/status/403", .stopped), path("/status/404", .stopped),
        path("/status/410", .stopped), path("/status/413", .failed),
        path("/status/429", .unavailable, wait: .zero ... .zero),
        path("/status/429?retry_after=7", .unavailable, wait: .seconds(7) ... .seconds(7)),
        path("/status/429?retry_after=Wed,%2021%20Oct%202015%2007:28:00%20GMT", .unavailable, wait: .zero ... .zero),
        path(
            "/status/429?retry_after=Fri,%2031%20Dec%202100%2023:59:59%20GMT", .unavailable,
            wait: .seconds(86_400) ... .seconds(3_155_760_000)),
        path("/status/429?retry_after=99999999999999999999", .unavailable, wait: .zero ... .seconds(3_155_760_000)),
        path("/status/429?retry_after=soon", .unavailable, wait: .zero ... .zero),
        path("/status/500", .unavailable), path("/status/503", .unavailable),
        path("/json?body=%7B%22error%22:%7B%22code%22:%22BadRequest%22,%22message%22:%22no%22%7D%7D", .failed),
        // A word of Slack's; a flow of Teams says what it likes with a success, as long as it is no error.
        path("/status/200?body=no_service", .failed, others: ["slack": .stopped, "teams": .sent]),
        path(
            "/json?body=%7B%22ok%22:false,%22error%22:%22invalid_auth%22%7D", .failed, others: ["slack-bot": .stopped]),
    ]
}

/// The peers that the grid's cells share.
private struct GridPeers: Sendable {
    let plain: Peer
    let refused: Int
    let full: SilentPeer
    let silent: SilentPeer

    init() throws {
        plain = try Peer.http()
        refused = try SilentPeer.refusedPort()
        full = try SilentPeer.full()
        silent = try SilentPeer.accepting()
    }
}

@Suite("The grid of faults", .timeLimit(.minutes(5))) struct FaultGridTests {
    @Test("each fault has its outcome on each webhook, all at once, and a healthy one isn't kept waiting")
    func webhooks() async throws {
        let peers = try GridPeers()
        let good = try Peer.http()
        let briefing = try Fixture.briefing(.assigned)
        let healthy = try Peers.webhook(.slack)
        let cells = Specimen.webhooks.flatMap { specimen in Fault.all.map { (specimen, $0) } }
        try await expectUndelayed(
            { await healthy.send(briefing, to: Secret(good.url("/slack"))) },
            beside: cells.map { specimen, fault in { try await check(fault, on: specimen, peers, briefing) } })
    }

    /// Tries all `cells` at once, and expects that `send`, which goes by a healthy channel, takes no longer beside them. Some
    /// hundred transfers share two cores with it; one that waited for a time-out would take a second.
    private func expectUndelayed(
        _ send: @escaping @Sendable () async -> DeliveryOutcome, beside cells: [@Sendable () async throws -> Void]
    ) async throws {
        let alone = try await times(send)
        let beside = try await withThrowingTaskGroup(of: [Duration].self) { group in
            for cell in cells {
                group.addTask {
                    try await cell()
                    return []
                }
            }
            group.addTask { try await times(send) }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(beside.count == alone.count)
        let (before, after) = (alone[alone.count / 2], beside[beside.count / 2])
        #expect(after < max(before * 2, .milliseconds(250)), "\(after), alone \(before)")
    }

    private func check(
        _ fault: Fault, on specimen: Specimen, _ peers: GridPeers, _ briefing: Briefing
    ) async throws {
        let channel = try Peers.webhook(specimen.kind, ["timeout": .duration(.seconds(1))])
        let outcome = await channel.send(briefing, to: Secret(fault.address(peers)))
        let isMeant = fault.isMeant(outcome.kind, of: specimen.kind.name)
        #expect(isMeant, "\(fault.name) on \(specimen.kind.name): \(outcome)")
        if outcome.kind != .sent { expectClean(outcome) }
        expectWait(fault, outcome, on: specimen.kind.name)
    }

    private func expectWait(_ fault: Fault, _ outcome: DeliveryOutcome, on kind: String) {
        guard let wait = fault.wait else { return }
        if case .unavailable(_, let retryAfter) = outcome, wait.contains(retryAfter ?? .zero) { return }
        Issue.record("\(fault.name) on \(kind): \(outcome)")
    }

    @Test("each fault has its outcome on the webhook for programs, which tries again what fails")
    func events() async throws {
        let peers = try GridPeers()
        let good = try Peer.http()
        let briefing = try Fixture.briefing(.assigned)
        let healthy = try events(to: good.url("/ok"))
        try await expectUndelayed(
            { await healthy.send(briefing, to: Secret("")) },
            beside: Fault.all.map { fault in
                {
                    let channel = try events(to: fault.address(peers), ["timeout": .duration(.seconds(1))])
                    let outcome = await channel.send(briefing, to: Secret(""))
                    #expect(fault.eventOutcome.contains(outcome.kind), "\(fault.name): \(outcome)")
                    expectWait(fault, outcome, on: "webhook")
                    if outcome.kind != .sent { expectClean(outcome) }
                }
            })
    }

    /// The webhook for programs, whose endpoint is `url`.
    private func events(to url: String, _ options: [String: OptionValue] = [:]) throws -> any Channel {
        let secret = Secret("whsec_" + Data(repeating: 7, count: 24).base64EncodedString())
        let base: [String: OptionValue] = ["url": .secret(Secret(url)), "secret": .secret(secret)]
        return try Peers.webhook(.events, base.merging(options) { $1 })
    }

    @Test("fifty requests that hang delay no other of the same client: its p99 stays within twice of its own alone")
    func slowDestinations() async throws {
        let (good, slow) = (try Peer.http(), try Peer.http())
        let briefing = try Fixture.briefing(.assigned)
        let clients = (
            alone: try HTTPClient(maximumConnectionsPerHost: 64), busy: try HTTPClient(maximumConnectionsPerHost: 64)
        )
        let patience: [String: OptionValue] = ["timeout": .duration(.seconds(120))]
        let alone = try Peers.webhook(.slack, patience, client: clients.alone)
        let busy = try Peers.webhook(.slack, patience, client: clients.busy)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let outcome = await busy.send(briefing, to: Secret(slow.url("/hang-headers?\(number)")))
                    #expect(outcome.kind != .sent)
                }
            }
            for _ in 0..<50 { try await slow.awaitEvent(.hang) }
            let times = await PairedTimes.measure(rounds: 11, of: 100) { way in
                let outcome = await (way == .alone ? alone : busy).send(briefing, to: Secret(good.url("/slack")))
                #expect(outcome.kind == .sent)
            }
            let (before, after) = (times.quantile(0.99, .alone), times.quantile(0.99, .beside))
            #expect(after <= before * 2, "p99 \(after), alone \(before)")
            // Ends what hangs.
            await clients.busy.shutdown()
            try await group.waitForAll()
        }
        await clients.alone.shutdown()
    }

    /// How long each of forty messages takes to a healthy peer, sorted.
    private func times(_ send: () async -> DeliveryOutcome) async throws -> [Duration] {
        var times: [Duration] = []
        for _ in 0..<40 {
            let begun = ContinuousClock.now
            #expect(await send().kind == .sent)
            times.append(ContinuousClock.now - begun)
        }
        return times.sorted()
    }

    @Test(
        "a peer whose certificate is bad gets no byte of the lead",
        arguments: PeerCertificate.allCases.filter { $0 != .good })
    func certificates(_ certificate: PeerCertificate) async throws {
        let web = try Peer.http(cert: certificate)
        let relay = try Peer.smtp(cert: certificate)
        let briefing = try Fixture.briefing(.assigned)
        for specimen in Specimen.webhooks {
            let channel = try Peers.webhook(
                specimen.kind, ["ca_file": .text(web.caFile), "plain_http": .flag(false)])
            let outcome = await channel.send(briefing, to: Secret(web.url(specimen.address)))
            #expect(outcome.kind == .unavailable && outcome.words.contains("certificate"))
            expectClean(outcome)
        }
        let program = try events(
            to: web.url("/ok?\(Peers.token)"), ["ca_file": .text(web.caFile), "plain_http": .flag(false)])
        let event = await program.send(briefing, to: Secret(""))
        #expect(event.kind == .unavailable && event.words.contains("certificate"))
        expectClean(event)
        #expect(try web.connections() > 0 && web.requests().isEmpty)

        // By STARTTLS, by TLS from the first byte, and at a relay that is asked when the first one refuses the login.
        let implicit = try Peer.smtp(mode: "implicit-tls", cert: certificate)
        let refusing = try Peer.smtp(mode: "bad-login")
        let last = "smtps://127.0.0.1:\(implicit.port)"
        for mail in [
            try mail(relay), try mail(at: last, caFile: implicit.caFile),
            try mail(
                at: "smtp://127.0.0.1:\(refusing.port)", caFile: implicit.caFile, ["fallback": .texts([last])]),
        ] {
            let outcome = await mail.send(briefing, to: Secret("dana@example.com"))
            await mail.close()
            #expect(outcome.kind == .unavailable && outcome.words.contains("certificate"), "\(outcome)")
            expectClean(outcome)
        }
        #expect(try relay.mails().isEmpty && implicit.mails().isEmpty && refusing.mails().isEmpty)
    }

    // MARK: Mail

    private static let relays: [(mode: String, outcome: OutcomeKind)] = [
        ("hang-greeting", .unavailable), ("close-greeting", .unavailable), ("greeting-421", .unavailable),
        ("greeting-554", .unavailable), ("no-starttls", .unavailable), ("no-auth", .unavailable),
        ("foreign-auth", .unavailable), ("bad-login", .stopped), ("refuse-mail", .failed), ("refuse-rcpt", .failed),
        ("tempfail-rcpt", .deferred), ("hang-rcpt", .unavailable), ("drop-rcpt", .unavailable),
        ("refuse-data-command", .failed), ("refuse-data", .failed), ("tempfail-data", .unavailable),
        ("drop-after-data", .unknown), ("hang-after-data", .unknown), ("multiline", .failed),
        ("drop-in-data", .unknown),
        // What is said before any mail, or of the relay, is no word about this one.
        ("say-ehlo-421", .unavailable), ("say-ehlo-451", .unavailable), ("say-ehlo-554", .unavailable),
        ("say-starttls-454", .unavailable), ("say-starttls-502", .unavailable),
        ("say-auth-454", .unavailable), ("say-auth-535", .stopped), ("say-auth-534", .stopped),
        ("say-mail-421", .unavailable), ("say-mail-451", .deferred), ("say-mail-530", .stopped),
        ("say-mail-552", .failed), ("say-rcpt-421", .unavailable), ("say-rcpt-452", .deferred),
        ("say-rcpt-553", .failed), ("say-data-421", .unavailable), ("say-data-451", .deferred),
        ("say-data-503", .failed), ("say-message-421", .unavailable), ("say-message-452", .deferred),
        ("say-message-552", .failed),
        // A mailbox that takes mail from its own firm alone, or wants signatures, is no reason to stop the others' mail.
        ("say-mail-550-5.7.60", .stopped), ("say-rcpt-550-5.7.133", .failed), ("say-message-550-5.7.26", .failed),
        // Silence at each stage, a byte now and then, and replies without end: the time is over at some point.
        ("hang-ehlo", .unavailable), ("hang-starttls", .unavailable), ("hang-handshake", .unavailable),
        ("hang-auth", .unavailable), ("hang-mail", .unavailable), ("hang-data", .unavailable),
        ("hang-message", .unknown),
        ("drip-greeting", .unavailable), ("drip-ehlo", .unavailable), ("drip-mail", .unavailable),
        ("drip-rcpt", .unavailable), ("drip-data", .unavailable), ("drip-message", .unknown),
        ("endless-greeting", .unavailable), ("endless-ehlo", .unavailable), ("endless-mail", .unavailable),
        ("endless-rcpt", .unavailable), ("endless-data", .unavailable), ("endless-message", .unknown),
    ]

    /// Addresses at which there is no relay.
    private static func dead(_ peers: GridPeers) -> [(name: String, relay: String)] {
        [
            ("refused", "smtp://127.0.0.1:\(peers.refused)"),
            ("hang at connect", "smtp://127.0.0.1:\(peers.full.port)"),
            ("hang at TLS", "smtps://127.0.0.1:\(peers.silent.port)"), ("no such host", "smtp://no-such-host.invalid"),
            ("another protocol", "smtp://127.0.0.1:\(peers.plain.port)"),
        ]
    }

    @Test("where no relay is, mail waits")
    func noRelay() async throws {
        let peers = try GridPeers()
        let briefing = try Fixture.briefing(.assigned)
        for (name, relay) in Self.dead(peers) {
            let channel = try mail(at: relay, caFile: nil, timeout: .seconds(1))
            let outcome = await channel.send(briefing, to: Secret("dana@example.com"))
            await channel.close()
            #expect(outcome.kind == .unavailable, "\(name): \(outcome)")
            expectClean(outcome)
        }
    }

    @Test(
        "a relay that serves nobody passes the mail on to the next one",
        arguments: ["say-ehlo-554", "say-starttls-454"])
    func unserved(_ mode: String) async throws {
        let (first, second) = (try Peer.smtp(mode: mode), try Peer.smtp())
        let channel = try mail(
            at: "smtp://127.0.0.1:\(first.port)", caFile: first.caFile,
            ["fallback": .texts(["smtp://127.0.0.1:\(second.port)"])])
        let outcome = await channel.send(try Fixture.briefing(.assigned), to: Secret("dana@example.com"))
        await channel.close()
        #expect(outcome.kind == .sent, "\(outcome)")
    }

    @Test("with brief detail a mail, too, holds firm, place and link, and nothing of the person")
    func briefMail() async throws {
        let relay = try Peer.smtp()
        let channel = try mail(
            at: "smtp://127.0.0.1:\(relay.port)", caFile: relay.caFile, ["detail": .text("brief")])
        #expect(await channel.send(try Fixture.briefing(.assigned), to: Secret("dana@example.com")).kind == .sent)
        await channel.close()
        let read = try #require(try ReadMail.read(try relay.mails().map(\.data)).first)
        for part in read.parts.map(\.text) + read.values("Subject") {
            #expect(part.contains("Acme"))
            for word in ["María", "López", "maria@", "0188", "marble", "lobby", "Curator"] {
                #expect(!part.contains(word))
            }
        }
    }

    @Test("each stage's fault has its outcome by mail, all at once, and a healthy relay's mails aren't kept waiting")
    func mails() async throws {
        let briefing = try Fixture.briefing(.assigned)
        // Programs that begin take more of two cores than what is measured.
        let relays = try Self.relays.map { (row: $0, peer: try Peer.smtp(mode: $0.mode)) }
        let good = try Peer.smtp()
        let healthy = try mail(good)
        try await expectUndelayed(
            { await healthy.send(briefing, to: Secret("dana@example.com")) },
            beside: relays.map { row, relay in
                {
                    let channel = try mail(relay)
                    let begun = ContinuousClock.now
                    let outcome = await channel.send(briefing, to: Secret("dana@example.com"))
                    #expect(outcome.kind == row.outcome, "\(row.mode): \(outcome)")
                    #expect(ContinuousClock.now - begun < .seconds(20), "\(row.mode)")
                    await channel.close()
                    #expect(try relay.mails().isEmpty)
                    expectClean(outcome)
                }
            })
        await healthy.close()
    }

    private func mail(_ relay: Peer) throws -> any Channel {
        try mail(at: "smtp://127.0.0.1:\(relay.port)", caFile: relay.caFile)
    }

    private func mail(
        at relay: String, caFile: String?, timeout: Duration = .seconds(4), _ options: [String: OptionValue] = [:]
    ) throws -> any Channel {
        var base: [String: OptionValue] = [
            "relay": .text(relay), "from": .text("leads@example.com"), "username": .text(Peer.username),
            "password": .secret(Secret(Peer.password)), "timeout": .duration(timeout),
        ]
        base["ca_file"] = caFile.map { .text($0) }
        return try ChannelKind.smtp.make(
            "mail", OptionValues(base.merging(options) { $1 }), try Peers.environment.get())
    }
}
