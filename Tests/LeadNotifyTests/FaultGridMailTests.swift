// Every way in which a relay can fail, all at once: each outcome is the one that this table names, its words are clean, and
// meanwhile a healthy relay's mails are not delayed.

import Curl
import Foundation
import LeadTestKit
import PeerKit
import Testing

@testable import LeadCore
@testable import LeadNotify

@Suite("The grid of a relay's faults", .timeLimit(.minutes(5))) struct FaultGridMailTests {
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
                FaultCell(hangs: ["hang", "drip"].contains { row.mode.hasPrefix($0) }) {
                    let channel = try mail(relay)
                    let begun = ContinuousClock.now
                    let outcome = await channel.send(briefing, to: Secret("dana@example.com"))
                    #expect(outcome.kind == row.outcome, "\(row.mode): \(outcome)")
                    #expect(ContinuousClock.now - begun < .seconds(20), "\(row.mode)")
                    await channel.close()
                    #expect(try relay.mails().isEmpty)
                    expectClean(outcome)
                }
            },
            after: {
                for (row, relay) in relays where row.mode.hasPrefix("hang-") { try await relay.awaitEvent(.hang) }
            })
        await healthy.close()
    }

    @Test(
        "a relay whose certificate is bad gets no mail",
        arguments: PeerCertificate.allCases.filter { $0 != .good })
    func certificates(_ certificate: PeerCertificate) async throws {
        let briefing = try Fixture.briefing(.assigned)
        let relay = try Peer.smtp(cert: certificate)
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

    private func mail(_ relay: Peer) throws -> any Channel {
        try mail(at: "smtp://127.0.0.1:\(relay.port)", caFile: relay.caFile)
    }

    private func mail(
        at relay: String, caFile: String?, timeout: Duration = FaultCell.timeout, _ options: [String: OptionValue] = [:]
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
