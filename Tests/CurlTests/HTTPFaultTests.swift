// Every way in which a peer may fail, with real ones: what kind of failure it is, how far the request came, and that no
// sentence repeats a secret.

import PeerKit
import Testing

@testable import Curl

@Suite("HTTP faults", .timeLimit(.minutes(1)))
struct HTTPFaultTests {
    let client: HTTPClient
    let peer: Peer

    init() throws {
        client = try HTTPClient()
        peer = try TestPeers.plain.get()
    }

    private func failure(_ request: HTTPRequest) async throws -> TransferFailure {
        try #require(await client.send(request).failure)
    }

    private func expectUnsent(
        _ failure: TransferFailure, _ kind: TransferFailure.Kind, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(failure.kind == kind, sourceLocation: sourceLocation)
        #expect(failure.stage == .beforeRequest, sourceLocation: sourceLocation)
        #expect(!failure.mayHaveArrived, sourceLocation: sourceLocation)
        #expect(failure.status == nil, sourceLocation: sourceLocation)
        #expect(failure.message.hasSuffix("."), sourceLocation: sourceLocation)
    }

    // MARK: Before the request

    @Test("a refused port is a failed connection, nothing sent")
    func refusedPort() async throws {
        let port = try SilentPeer.refusedPort()
        let failure = try await failure(.post("http://127.0.0.1:\(port)/"))
        expectUnsent(failure, .connect)
        #expect(failure.message.contains("Connection refused"))
    }

    @Test("a connection that does not come about is given up after the connect time")
    func hangingConnect() async throws {
        let silent = try SilentPeer.full()
        let start = ContinuousClock.now
        let request = HTTPRequest.post("http://127.0.0.1:\(silent.port)/")
            .with(\.timeouts, Timeouts(connect: .milliseconds(300), total: .seconds(50)))
        expectUnsent(try await failure(request), .timedOut)
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test("a TLS handshake that does not come about is given up after the connect time")
    func hangingHandshake() async throws {
        let silent = try SilentPeer.accepting()
        let request = HTTPRequest.post("https://127.0.0.1:\(silent.port)/")
            .with(\.timeouts, Timeouts(connect: .milliseconds(300), total: .seconds(20)))
        expectUnsent(try await failure(request), .timedOut)
    }

    @Test("a peer that does not speak TLS is a failed handshake")
    func notTLS() async throws {
        let failure = try await failure(.post("https://127.0.0.1:\(peer.port)/ok"))
        expectUnsent(failure, .tls)
    }

    @Test("a name without an address is not resolved")
    func unresolved() async throws {
        // RFC 6761: .invalid never resolves.
        expectUnsent(try await failure(.post("https://nobody.invalid/")), .resolve)
    }

    @Test(
        "a peer whose certificate is not good for it gets no byte of the request",
        arguments: [
            (PeerCertificate.expired, "expired"), (.wrongHost, "not for this host"), (.selfSigned, "self-signed"),
        ])
    func certificates(_ certificate: PeerCertificate, _ reason: String) async throws {
        let peer = try Peer.http(cert: certificate)
        let request = HTTPRequest.post(peer.url("/ok")).with(\.trust, TLSTrust(caFile: peer.caFile))
        let failure = try await failure(request)
        expectUnsent(failure, .certificate)
        #expect(failure.message.contains(reason))
        #expect(try peer.connections() == 1)
        #expect(try peer.requests().isEmpty)
    }

    @Test("the system's store does not vouch for an authority of our own, and a file replaces the store")
    func untrustedAuthority() async throws {
        let peer = try TestPeers.secure.get()
        let failure = try await failure(.post(peer.url("/ok")))
        expectUnsent(failure, .certificate)
        // The next request on the same handle trusts again as it says.
        let trusted = HTTPRequest.post(peer.url("/ok")).with(\.trust, TLSTrust(caFile: peer.caFile))
        #expect(try await client.send(trusted).get().status == 200)
        // A connection opened under one trust does not serve another.
        expectUnsent(try await self.failure(.post(peer.url("/ok"))), .certificate)
    }

    @Test("a file of trusted certificates that can't be read is a fault of its own")
    func unreadableTrust() async throws {
        let peer = try TestPeers.secure.get()
        let request = HTTPRequest.post(peer.url("/ok")).with(\.trust, TLSTrust(caFile: "/nowhere/ca.pem"))
        expectUnsent(try await failure(request), .trustStore)
    }

    @Test(
        "an address that the policy refuses is not connected to, however it is written",
        arguments: [
            "127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]",
        ])
    func refusedAddress(_ host: String) async throws {
        for policy in [AddressPolicy.publicOnly, .includingPrivate] {
            let request = HTTPRequest.post("http://\(host):\(peer.port)/ok/refused").with(\.addresses, policy)
            expectUnsent(try await failure(request), .addressRefused)
        }
        #expect(try !peer.requests().contains { $0.path == "/ok/refused" })
    }

    @Test("a kept connection is not lent to a request whose policy refuses its address")
    func refusedReuse() async throws {
        let request = HTTPRequest.post(peer.url("/ok/kept"))
        #expect(try await client.send(request).get().status == 200)
        expectUnsent(try await failure(request.with(\.addresses, .publicOnly)), .addressRefused)
    }

    @Test("plain HTTP is refused unless the request allows it")
    func plainRefused() async throws {
        expectUnsent(try await failure(.post(peer.url("/ok")).with(\.allowPlainHTTP, false)), .malformedURL)
    }

    @Test("a header that could add another is refused")
    func malformedHeader() async throws {
        var request = HTTPRequest.post(peer.url("/ok"))
        request.headers = [("X-Note", "a\r\nX-Injected: yes")]
        expectUnsent(try await failure(request), .malformedHeader)
    }

    // MARK: After the request

    @Test(
        "what breaks after the request left may have arrived",
        arguments: [
            ("/hang-headers", .timedOut, nil), ("/hang-body", .timedOut, 200), ("/reset", .receiveFailed, nil),
            ("/half", .receiveFailed, 200), ("/drip", .timedOut, 200), ("/drip-headers", .timedOut, nil),
            ("/huge", .responseTooLarge, 200), ("/huge-headers", .responseTooLarge, nil),
            ("/garbage", .protocolError, nil),
        ] as [(String, TransferFailure.Kind, Int?)])
    func afterTheRequest(_ path: String, _ kind: TransferFailure.Kind, _ status: Int?) async throws {
        let failure = try await failure(.post(peer.url(path + "/once"), total: .milliseconds(700)))
        #expect(failure.kind == kind)
        #expect(failure.stage == .afterRequest)
        #expect(failure.mayHaveArrived)
        #expect(failure.status == status)
        #expect(try peer.requests().filter { $0.path == path + "/once" }.count == 1)
    }

    @Test("a request on a kept connection that breaks is sent once more, and then no more")
    func resentOnce() async throws {
        let peer = try Peer.http()
        // The second request meets the kept connection, is reset, and succeeds on a fresh one.
        #expect(try await client.send(.post(peer.url("/ok"))).get().status == 200)
        #expect(try await client.send(.post(peer.url("/reset-kept"))).get().status == 200)
        #expect(try peer.requests().map(\.connection) == [1, 1, 2])
        // A peer that resets whatever it gets sees two attempts at most.
        let failure = try await failure(.post(peer.url("/reset")))
        #expect(failure.kind == .receiveFailed)
        #expect(failure.mayHaveArrived)
        #expect(try peer.requests().filter { $0.path == "/reset" }.count == 2)
    }

    @Test("with several dead kept connections a request is still sent twice at most")
    func resentOnceAmongMany() async throws {
        let peer = try Peer.http()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { #expect(await client.send(.post(peer.url("/ok?delay=200"))).failure == nil) }
            }
        }
        #expect(try peer.connections() == 4)
        #expect(try await failure(.post(peer.url("/reset"))).mayHaveArrived)
        #expect(try peer.requests().filter { $0.path == "/reset" }.count == 2)
    }

    @Test("a connection that the peer has closed in the meantime costs nothing")
    func closedInTheMeantime() async throws {
        let peer = try Peer.http()
        for _ in 0..<5 { #expect(try await client.send(.post(peer.url("/last"))).get().status == 200) }
        for _ in 0..<3 { #expect(try await client.send(.post(peer.url("/close"))).get().status == 200) }
        #expect(try peer.requests().count >= 8)
    }

    // MARK: Secrets

    @Test(
        "no failure repeats the URL, user information, headers or body",
        arguments: [
            "/hang-headers", "/reset", "/garbage", "/huge", "/half", "refused", "tls", "resolve", "control", "policy",
            "scheme",
        ])
    func secrets(_ fault: String) async throws {
        let secret = "canary-7f3a"
        let port = fault == "refused" ? try SilentPeer.refusedPort() : peer.port
        let path = fault.hasPrefix("/") ? fault : "/ok"
        let host = fault == "resolve" ? "\(secret).invalid" : "127.0.0.1"
        let scheme = fault == "tls" ? "https" : fault == "scheme" ? "ftp" : "http"
        var url = "\(scheme)://\(secret):\(secret)@\(host):\(port)\(path)?sig=\(secret)#\(secret)"
        if fault == "control" { url += "\r\n\(secret)" }
        var request = HTTPRequest.post(url, secret, total: .milliseconds(300))
        request.headers = [("Authorization", "Bearer \(secret)")]
        if fault == "policy" { request.addresses = .publicOnly }
        let failure = try await failure(request)
        #expect(!"\(failure)".contains("canary"))
        #expect(!String(reflecting: failure).contains("canary"))
        #expect(!failure.message.contains("127.0.0.1"))
    }
}
