// The mail channel with a real relay on loopback: login over STARTTLS, each refusal's outcome, and relays that may
// not have a lead.

import Curl
import Foundation
import LeadTestKit
import PeerKit
import Testing

@testable import LeadCore
@testable import LeadNotify

@Suite("Mail channel's conformance") struct MailChannelTests {
    private func channel(
        _ peer: Peer, scheme: String = "smtp", login: Bool = true, host: String? = nil,
        _ options: [String: OptionValue] = [:]
    ) throws -> any Channel {
        var base: [String: OptionValue] = [
            "relay": .text("\(scheme)://127.0.0.1:\(peer.port)"), "from": .text("Leads <leads@example.com>"),
            "ca_file": .text(peer.caFile), "timeout": .duration(.seconds(20)),
        ]
        if login {
            base["username"] = .text(Peer.username)
            base["password"] = .secret(Secret(Peer.password))
        }
        let values = OptionValues(base.merging(options) { $1 })
        let usual = try Peers.environment.get()
        let environment = host.map { ChannelEnvironment(httpClient: usual.httpClient, hostName: $0) } ?? usual
        return try ChannelKind.smtp.make("mail", values, environment)
    }

    private let address = Secret("dana@example.com")

    @Test("Over STARTTLS and a login, mails of one thread arrive and are read as they were meant")
    func arrival() async throws {
        let peer = try Peer.smtp()
        let channel = try channel(peer)
        let briefings = try [MessageKind.decide, .remind, .settled].map(Fixture.briefing)
        for briefing in briefings {
            let outcome = await channel.send(briefing, to: address)
            #expect(outcome == .sent(detail: "250 2.0.0 queued as PEER1"))
        }
        await channel.close()
        let mails = try peer.mails()
        try #require(mails.count == 3)
        for mail in mails {
            #expect(mail.from == "leads@example.com")
            #expect(mail.to == ["dana@example.com"])
            #expect(mail.tls)
            #expect(mail.auth == Peer.username)
            #expect(mail.helo == "leads.example.com")
        }
        let read = try ReadMail.read(mails.map(\.data))
        #expect(read.allSatisfy { $0.defects == [] && $0.parts.count == 2 })
        let first = read[0].values("Message-ID")
        #expect(read.dropFirst().allSatisfy { $0.values("In-Reply-To") == first && $0.values("References") == first })
        #expect(Set(read.map { $0.values("Subject")[0].replacing("Re: ", with: "") }).count == 1)
        #expect(Set(read.map { $0.values("Message-ID")[0] }).count == 3)
    }

    @Test(
        "A relay is greeted by this host's name, or by its address as a literal",
        arguments: [
            ("leads.example.com", "leads.example.com", "leads.example.com"), ("127.0.0.1", "[127.0.0.1]", "127.0.0.1"),
            ("::1", "[IPv6:::1]", "localhost"), ("[2001:db8::7]", "[IPv6:2001:db8::7]", "localhost"),
            ("fe80::1%eth0", "[IPv6:fe80::1]", "localhost"), ("odd_host", "localhost", "localhost"),
        ])
    func greeting(host: String, greeting: String, right: String) async throws {
        let peer = try Peer.smtp()
        let channel = try channel(peer, host: host)
        #expect(await channel.send(try Fixture.briefing(), to: address).kind == .sent)
        await channel.close()
        let mail = try #require(try peer.mails().first)
        #expect(mail.helo == greeting)
        let read = try ReadMail.read([mail.data])[0]
        #expect(read.defects == [] && read.values("Message-ID")[0].hasSuffix("@\(right)>"))
    }

    @Test("Who tries the channel out sees the dialogue without the login")
    func rehearsal() async throws {
        let peer = try Peer.smtp()
        let channel = try channel(peer)
        let exchange = await channel.rehearse(try Fixture.briefing(.test), to: address)
        await channel.close()
        #expect(exchange.outcome.kind == .sent)
        let dialogue = exchange.lines.joined(separator: "\n")
        for part in [
            "> EHLO leads.example.com", "> STARTTLS", "> AUTH ‹login›", "> MAIL FROM:<leads@example.com>",
            "> RCPT TO:<dana@example.com>", "> DATA", "< 250 2.0.0 queued as PEER1",
        ] {
            #expect(dialogue.contains(part), "no \(part) in \(dialogue)")
        }
        let login = Base64.string("\0\(Peer.username)\0\(Peer.password)".utf8)
        for secret in [Peer.password, login, Base64.string(Peer.password.utf8)] { #expect(!dialogue.contains(secret)) }
        #expect(!dialogue.contains("Subject:"), "the message is no part of the dialogue")
    }

    @Test("A hostile lead's mail arrives as one mail to one person, byte for byte")
    func hostile() async throws {
        let peer = try Peer.smtp()
        let channel = try channel(peer)
        let briefing = Fixture.briefing(filledWith: try Fixture.hostileText())
        #expect(await channel.send(briefing, to: address).kind == .sent)
        let mails = try peer.mails()
        try #require(mails.count == 1)
        #expect(mails[0].to == ["dana@example.com"])
        let sender = try #require(Mailbox("Leads <leads@example.com>"))
        let recipient = try #require(Mailbox(name: briefing.reader, address: "dana@example.com"))
        let expected = MailMessage(sender: sender, recipient: recipient, host: "leads.example.com").bytes(for: briefing)
        #expect(mails[0].data == expected)
    }

    @Test("TLS from the first byte, and a relay on this host without any")
    func otherSecurity() async throws {
        let implicit = try Peer.smtp(mode: "implicit-tls")
        #expect(await (try channel(implicit, scheme: "smtps")).send(try Fixture.briefing(), to: address).kind == .sent)
        #expect(try implicit.mails().first?.tls == true)
        let plain = try Peer.smtp(mode: "plain")
        let open = try channel(plain, login: false, ["tls": .text("none")])
        #expect(await open.send(try Fixture.briefing(), to: address).kind == .sent)
        #expect(try plain.mails().first?.tls == false)
    }

    @Test(
        "Each refusal and each loss has its outcome",
        arguments: [
            ("tempfail-rcpt", OutcomeKind.deferred), ("tempfail-data", .unavailable), ("greeting-421", .unavailable),
            ("close-greeting", .unavailable), ("drop-in-data", .unknown), ("refuse-rcpt", .failed),
            ("refuse-mail", .failed), ("refuse-data", .failed), ("refuse-data-command", .failed),
            ("multiline", .failed), ("drop-after-data", .unknown),
        ])
    func outcomes(_ mode: String, _ expected: OutcomeKind) async throws {
        let peer = try Peer.smtp(mode: mode)
        let outcome = await (try channel(peer)).send(try Fixture.briefing(.assigned), to: address)
        #expect(outcome.kind == expected)
        expectClean(outcome, ["dana@"])
        #expect(try peer.mails().isEmpty)
    }

    @Test(
        "A relay that stops answering: later before the message, unknown after it",
        arguments: [
            ("hang-greeting", OutcomeKind.unavailable), ("hang-rcpt", .unavailable), ("hang-after-data", .unknown),
        ])
    func silence(_ mode: String, _ expected: OutcomeKind) async throws {
        let peer = try Peer.smtp(mode: mode)
        let channel = try channel(peer, ["timeout": .duration(.seconds(2))])
        let outcome = await channel.send(try Fixture.briefing(.assigned), to: address)
        #expect(outcome.kind == expected)
        expectClean(outcome)
    }

    @Test(
        "A relay without STARTTLS, without a usable login, or that refuses it gets no mail",
        arguments: ["no-starttls", "no-auth", "foreign-auth", "bad-login"])
    func noLogin(_ mode: String) async throws {
        let peer = try Peer.smtp(mode: mode)
        let outcome = await (try channel(peer)).send(try Fixture.briefing(.assigned), to: address)
        #expect(outcome.kind == (mode == "bad-login" ? .stopped : .unavailable))
        #expect(outcome.words.contains(mode == "no-starttls" ? "STARTTLS" : "login"))
        expectClean(outcome)
        #expect(try peer.connections() >= 1)
        #expect(try peer.mails().isEmpty)
    }

    @Test(
        "A bad certificate defers the mail", arguments: [PeerCertificate.expired, .wrongHost, .selfSigned])
    func certificates(_ certificate: PeerCertificate) async throws {
        let peer = try Peer.smtp(cert: certificate)
        let outcome = await (try channel(peer)).send(try Fixture.briefing(.assigned), to: address)
        #expect(outcome.kind == .unavailable)
        #expect(outcome.words.contains("certificate"))
        expectClean(outcome)
        #expect(try peer.mails().isEmpty)
    }

    @Test("Nobody there is later; an address that no mail can have is failed at once")
    func absent() async throws {
        let options: [String: OptionValue] = [
            "relay": .text("smtp://127.0.0.1:\(try SilentPeer.refusedPort())"), "from": .text("leads@example.com"),
        ]
        let channel = try ChannelKind.smtp.make("mail", OptionValues(options), try Peers.environment.get())
        let outcome = await channel.send(try Fixture.briefing(.assigned), to: address)
        #expect(outcome.kind == .unavailable)
        expectClean(outcome)
        for bad in ["kanarienvogel", "a@b.c\r\nRCPT TO:<x@y.z>", "a@b.c> <x@y.z", ""] {
            let outcome = await channel.send(try Fixture.briefing(.assigned), to: Secret(bad))
            #expect(outcome.kind == .failed)
            expectClean(outcome)
        }
        await channel.close()
        #expect(await channel.send(try Fixture.briefing(), to: address).kind == .unavailable)
    }
}
