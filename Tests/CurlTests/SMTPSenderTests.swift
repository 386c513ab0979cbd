// Mail handed to a real relay: what arrives, over which connections, and every way in which the relay may fail.

import PeerKit
import Testing

@testable import Curl

@Suite("SMTP sender", .timeLimit(.minutes(1)))
struct SMTPSenderTests {
    static let message = Array("Subject: test\r\n\r\nHello,\r\n.a dot\r\n..two\r\n.\r\nafter a lone dot\r\n".utf8)

    private func relay(
        _ peer: Peer, security: SMTPRelay.Security = .startTLS, connections: Int = 1,
        timeouts: Timeouts = Timeouts(connect: .seconds(20), total: .seconds(40))
    ) -> SMTPRelay {
        SMTPRelay(
            host: "127.0.0.1", port: peer.port, security: security, credentials: (Peer.username, Peer.password),
            heloName: "client.example", trust: TLSTrust(caFile: peer.caFile), addresses: .includingLoopback,
            timeouts: timeouts, connections: connections)
    }

    private func envelope(_ recipient: String = "dana@example.com") throws -> SMTPEnvelope {
        try SMTPEnvelope(sender: "leads@example.com", recipient: recipient)
    }

    private func outcome(_ relay: SMTPRelay, _ message: [UInt8] = message) async throws -> SMTPOutcome {
        let sender = try SMTPSender(relay: relay)
        let outcome = await sender.send(try envelope(), message: message)
        await sender.shutdown()
        return outcome
    }

    private func expectAccepted(_ outcome: SMTPOutcome, sourceLocation: SourceLocation = #_sourceLocation) {
        guard case .accepted(let reply) = outcome else {
            Issue.record("\(outcome)", sourceLocation: sourceLocation)
            return
        }
        #expect(reply.code == 250, sourceLocation: sourceLocation)
        #expect(reply.enhanced == "2.0.0", sourceLocation: sourceLocation)
        #expect(reply.text.hasPrefix("queued as PEER"), sourceLocation: sourceLocation)
    }

    private func failure(
        _ outcome: SMTPOutcome, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> TransferFailure {
        guard case .failed(let failure) = outcome else {
            Issue.record("\(outcome)", sourceLocation: sourceLocation)
            throw PeerFault(description: "not failed")
        }
        #expect(!failure.mayHaveArrived, sourceLocation: sourceLocation)
        #expect(!"\(failure)".contains(Peer.password), sourceLocation: sourceLocation)
        return failure
    }

    // MARK: Success

    @Test("a message arrives byte for byte over STARTTLS after a login, dots included")
    func startTLS() async throws {
        let peer = try Peer.smtp()
        expectAccepted(try await outcome(relay(peer)))
        let mail = try #require(try peer.mails().first)
        #expect(mail.data == Self.message)
        #expect(mail.from == "leads@example.com")
        #expect(mail.to == ["dana@example.com"])
        #expect(mail.tls)
        #expect(mail.auth == Peer.username)
        #expect(mail.helo == "client.example")
    }

    @Test("a message arrives over TLS from the first byte")
    func implicitTLS() async throws {
        let peer = try Peer.smtp(mode: "implicit-tls")
        expectAccepted(try await outcome(relay(peer, security: .implicitTLS)))
        let mail = try #require(try peer.mails().first)
        #expect(mail.data == Self.message)
        #expect(mail.tls)
        #expect(mail.auth == Peer.username)
    }

    @Test("without TLS and credentials a plain relay takes mail")
    func plain() async throws {
        let peer = try Peer.smtp(mode: "plain")
        var relay = relay(peer, security: .none)
        relay.credentials = nil
        expectAccepted(try await outcome(relay))
        #expect(try peer.mails().first?.tls == false)
    }

    @Test("large messages and those of odd ends arrive as they are")
    func shapes() async throws {
        let peer = try Peer.smtp()
        let sender = try SMTPSender(relay: relay(peer))
        let line = Array((".x" + String(repeating: "y", count: 70) + "\r\n").utf8)
        let messages: [[UInt8]] = [
            Array(repeating: line, count: 20_000).flatMap { $0 }, Array(".\r\n".utf8), Array("a\r\n.\r\n".utf8),
            Array("\r\n\r\n".utf8), Array("a\r\n\r\n..".utf8) + Array("\r\n".utf8),
        ]
        for message in messages { expectAccepted(await sender.send(try envelope(), message: message)) }
        #expect(try peer.mails().map(\.data) == messages)
        await sender.shutdown()
    }

    @Test("mails one after the other share one connection, and one login")
    func reuse() async throws {
        let peer = try Peer.smtp()
        let sender = try SMTPSender(relay: relay(peer))
        for number in 0..<10 {
            expectAccepted(await sender.send(try envelope("p\(number)@example.com"), message: Self.message))
        }
        #expect(try peer.connections() == 1)
        #expect(try peer.mails().map(\.to) == (0..<10).map { ["p\($0)@example.com"] })
        await sender.shutdown()
    }

    @Test("many mails at once are all handed over, on as many connections as allowed")
    func concurrent() async throws {
        let peer = try Peer.smtp()
        let sender = try SMTPSender(relay: relay(peer, connections: 3))
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<60 {
                group.addTask {
                    do {
                        expectAccepted(await sender.send(try envelope("p\(number)@example.com"), message: Self.message))
                    } catch {
                        Issue.record(error)
                    }
                }
            }
        }
        #expect(Set(try peer.mails().flatMap(\.to)).count == 60)
        #expect(try (1...3).contains(peer.connections()))
        await sender.shutdown()
    }

    @Test("mails that are under way at once have a connection each, up to as many as allowed")
    func connections() async throws {
        let peer = try Peer.smtp(mode: "hang-rcpt")
        let sender = try SMTPSender(relay: relay(peer, connections: 3))
        let envelope = try envelope()
        let carried = (0..<3).map { _ in Task { await sender.send(envelope, message: Self.message) } }
        for _ in carried { try await peer.awaitEvent(.hang) }
        #expect(try peer.connections() == 3)
        let waiting = (0..<3).map { _ in Task { await sender.send(envelope, message: Self.message) } }
        // Their places are taken: only when one is free does another begin.
        carried[0].cancel()
        #expect(try failure(await carried[0].value).kind == .cancelled)
        try await peer.awaitEvent(.hang)
        #expect(try peer.connections() == 4)
        await sender.shutdown()
        for task in carried.dropFirst() + waiting { #expect(try failure(await task.value).kind == .closed) }
        #expect(try peer.connections() == 4)
    }

    @Test("a kept connection that the relay has given up is replaced once", arguments: ["stale-421", "stale-close"])
    func stale(_ mode: String) async throws {
        let peer = try Peer.smtp(mode: mode)
        let sender = try SMTPSender(relay: relay(peer))
        for _ in 0..<3 { expectAccepted(await sender.send(try envelope(), message: Self.message)) }
        #expect(try peer.connections() == 3)
        #expect(try peer.mails().count == 3)
        await sender.shutdown()
    }

    @Test("a connection without mail is ended with QUIT, and the next mail opens another")
    func idle() async throws {
        let peer = try Peer.smtp(mode: "tell-quit")
        let sender = try SMTPSender(relay: relay(peer), idleSeconds: 1)
        for _ in 0..<2 {
            expectAccepted(await sender.send(try envelope(), message: Self.message))
            try await peer.awaitEvent(.quit)
        }
        #expect(try peer.mails().map(\.connection) == [1, 2])
        await sender.shutdown()
    }

    @Test("after a refusal the next mail goes through a new connection")
    func afterRefusal() async throws {
        let peer = try Peer.smtp(mode: "refuse-rcpt")
        let sender = try SMTPSender(relay: relay(peer))
        for _ in 0..<2 {
            #expect(
                await sender.send(try envelope(), message: Self.message)
                    == .refused(SMTPReply(code: 550, enhanced: "5.1.1", text: "no such person"), at: .recipient))
        }
        #expect(try peer.connections() == 2)
        await sender.shutdown()
    }

    // MARK: The relay's word

    @Test(
        "a refusal is the relay's own word, for now or for good",
        arguments: [
            ("refuse-rcpt", .refused(SMTPReply(code: 550, enhanced: "5.1.1", text: "no such person"), at: .recipient)),
            ("tempfail-rcpt", .refusedForNow(SMTPReply(code: 450, enhanced: "4.2.1", text: "not now"))),
            ("refuse-mail", .refused(SMTPReply(code: 553, enhanced: "5.1.8", text: "sender unknown"), at: .sender)),
            (
                "refuse-data-command",
                .refused(SMTPReply(code: 554, enhanced: "5.5.1", text: "no data, please"), at: .message)
            ),
            ("refuse-data", .refused(SMTPReply(code: 554, enhanced: "5.6.0", text: "message refused"), at: .message)),
            ("tempfail-data", .refusedForNow(SMTPReply(code: 451, enhanced: "4.3.0", text: "try again later"))),
            ("greeting-421", .unserved(SMTPReply(code: 421, enhanced: "4.3.2", text: "too busy"))),
            ("greeting-554", .unserved(SMTPReply(code: 554, enhanced: "5.3.2", text: "no service"))),
        ] as [(String, SMTPOutcome)])
    func refusals(_ mode: String, _ expected: SMTPOutcome) async throws {
        let peer = try Peer.smtp(mode: mode)
        let outcome = try await outcome(relay(peer))
        #expect(outcome == expected)
        #expect(try peer.mails().isEmpty)
    }

    @Test("a reply of several lines is one printable text")
    func multiline() async throws {
        let peer = try Peer.smtp(mode: "multiline")
        guard case .refused(let reply, .recipient) = try await outcome(relay(peer)) else {
            Issue.record("not refused")
            return
        }
        #expect(reply.enhanced == "5.7.1")
        #expect(reply.text.hasPrefix("first line second ?line long long"))
        #expect(reply.text.count <= 200)
    }

    // MARK: No word

    @Test(
        "without TLS or login, where they are required, nothing is sent",
        arguments: [
            ("no-starttls", .tlsNotOffered), ("no-auth", .authNotOffered), ("foreign-auth", .authNotOffered),
            ("bad-login", .loginRefused),
        ] as [(String, TransferFailure.Kind)])
    func requirements(_ mode: String, _ kind: TransferFailure.Kind) async throws {
        let peer = try Peer.smtp(mode: mode)
        #expect(try failure(try await outcome(relay(peer))).kind == kind)
        #expect(try peer.mails().isEmpty)
    }

    @Test("a wrong password is a refused login")
    func wrongPassword() async throws {
        let peer = try Peer.smtp()
        var relay = relay(peer)
        relay.credentials = ("leadbell", "canary")
        let failure = try failure(try await outcome(relay))
        #expect(failure.kind == .loginRefused)
        #expect(failure.status == 535)
        #expect(!"\(failure)".contains("canary"))
    }

    @Test(
        "a relay whose certificate is not good for it gets no mail and no password",
        arguments: [PeerCertificate.expired, .wrongHost, .selfSigned], [SMTPRelay.Security.startTLS, .implicitTLS])
    func certificates(_ certificate: PeerCertificate, _ security: SMTPRelay.Security) async throws {
        let mode = if case .implicitTLS = security { "implicit-tls" } else { "ok" }
        let peer = try Peer.smtp(mode: mode, cert: certificate)
        #expect(try failure(try await outcome(relay(peer, security: security))).kind == .certificate)
        #expect(try peer.mails().isEmpty)
    }

    @Test(
        "a relay that goes away or says nothing before it has the message is a failure",
        arguments: [
            ("hang-greeting", .timedOut), ("close-greeting", .receiveFailed), ("hang-rcpt", .timedOut),
            ("drop-rcpt", .receiveFailed),
        ] as [(String, TransferFailure.Kind)])
    func lost(_ mode: String, _ kind: TransferFailure.Kind) async throws {
        let peer = try Peer.smtp(mode: mode)
        let limits = Timeouts(connect: .seconds(2), total: .seconds(3), reply: .seconds(1))
        #expect(try failure(try await outcome(relay(peer, timeouts: limits))).kind == kind)
        #expect(try peer.mails().isEmpty)
    }

    @Test("a connection lost within the message is a failure, as no relay can take half for a whole")
    func lostWithin() async throws {
        let peer = try Peer.smtp(mode: "drop-in-data")
        let large = [UInt8](repeating: UInt8(ascii: "x"), count: 10_000_000)
        let failure = try failure(try await outcome(relay(peer), large))
        #expect(failure.stage == .afterRequest)
        #expect(failure.kind == .sendFailed || failure.kind == .receiveFailed)
    }

    @Test(
        "a relay that is lost with the whole message may have it",
        arguments: [("drop-after-data", .receiveFailed), ("hang-after-data", .timedOut)]
            as [(String, TransferFailure.Kind)])
    func unknown(_ mode: String, _ kind: TransferFailure.Kind) async throws {
        let peer = try Peer.smtp(mode: mode)
        let limits = Timeouts(connect: .seconds(5), total: .seconds(10), reply: .seconds(1))
        guard case .unknown(let failure) = try await outcome(relay(peer, timeouts: limits)) else {
            Issue.record("not unknown")
            return
        }
        #expect(failure.kind == kind)
        #expect(failure.mayHaveArrived)
        #expect(failure.status == 354)
        #expect(try peer.connections() == 1)
    }

    @Test("nobody there, or nobody who may be, is a failure of the connection")
    func unreachable() async throws {
        let nobody = SMTPRelay(host: "127.0.0.1", port: try SilentPeer.refusedPort(), addresses: .includingLoopback)
        #expect(try failure(try await outcome(nobody)).kind == .connect)
        let peer = try Peer.smtp(mode: "plain")
        var forbidden = relay(peer)
        forbidden.addresses = .includingPrivate
        #expect(try failure(try await outcome(forbidden)).kind == .addressRefused)
        #expect(try peer.connections() == 0)
        let unknown = SMTPRelay(host: "nobody.invalid", port: 25)
        #expect(try failure(try await outcome(unknown)).kind == .resolve)
    }

    // MARK: Cancelling and shutting down

    @Test("cancelling before the message is out is a failure, afterwards unknown", arguments: [false, true])
    func cancellation(_ afterwards: Bool) async throws {
        let peer = try Peer.smtp(mode: afterwards ? "hang-after-data" : "hang-rcpt")
        let sender = try SMTPSender(relay: relay(peer))
        let envelope = try envelope()
        let carried = Task { await sender.send(envelope, message: Self.message) }
        try await peer.awaitEvent(.hang)
        let waiting = Task { await sender.send(envelope, message: Self.message) }
        waiting.cancel()
        #expect(try failure(await waiting.value).kind == .cancelled)
        carried.cancel()
        switch (await carried.value, afterwards) {
        case (.failed(let failure), false), (.unknown(let failure), true): #expect(failure.kind == .cancelled)
        case (let outcome, _): Issue.record("\(outcome)")
        }
        await sender.shutdown()
    }

    @Test("shutting down answers everybody, and later mails too")
    func shutdown() async throws {
        let peer = try Peer.smtp(mode: "hang-after-data")
        let sender = try SMTPSender(relay: relay(peer))
        let envelope = try envelope()
        let carried = Task { await sender.send(envelope, message: Self.message) }
        try await peer.awaitEvent(.hang)
        let waiting = (0..<5).map { _ in Task { await sender.send(envelope, message: Self.message) } }
        async let first: Void = sender.shutdown()
        async let second: Void = sender.shutdown()
        _ = await (first, second)
        guard case .unknown(let failure) = await carried.value else {
            Issue.record("not unknown")
            return
        }
        #expect(failure.kind == .closed)
        for task in waiting { #expect(try self.failure(await task.value).kind == .closed) }
        #expect(try self.failure(await sender.send(envelope, message: Self.message)).kind == .closed)
        await sender.shutdown()
    }

    @Test("a mail that waits behind a relay that hangs is answered within its own time")
    func waitingBehind() async throws {
        let peer = try Peer.smtp(mode: "hang-rcpt")
        let limits = Timeouts(connect: .seconds(2), total: .seconds(2), reply: .seconds(30))
        let sender = try SMTPSender(relay: relay(peer, timeouts: limits))
        let envelope = try envelope()
        let start = ContinuousClock.now
        await withTaskGroup(of: SMTPOutcome.self) { group in
            for _ in 0..<10 { group.addTask { await sender.send(envelope, message: Self.message) } }
            for await outcome in group {
                guard case .failed(let failure) = outcome else {
                    Issue.record("\(outcome)")
                    continue
                }
                #expect(failure.kind == .timedOut)
            }
        }
        // Ten times two seconds would be the sum.
        #expect(ContinuousClock.now - start < .seconds(19))
        await sender.shutdown()
    }
}
