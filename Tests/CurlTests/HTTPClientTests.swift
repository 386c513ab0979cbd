// What the client sends and what it makes of whole responses, with a real server.

import Glibc
import PeerKit
import Testing

@testable import Curl

@Suite("HTTP client", .timeLimit(.minutes(1)))
struct HTTPClientTests {
    let client: HTTPClient
    let peer: Peer

    init() throws {
        client = try HTTPClient()
        peer = try TestPeers.plain.get()
    }

    private func seen(_ path: String) throws -> PeerRequest {
        try #require(try peer.requests().last { $0.path == path })
    }

    @Test("a POST arrives byte for byte, with its headers and nothing that was not asked for")
    func post() async throws {
        let body = "{\"name\":\"Zoë\",\"nul\":\"\u{0}\"}"
        var request = HTTPRequest.post(peer.url("/echo/post?a=b%20c"), body)
        request.headers += [("X-Empty", ""), ("Webhook-Id", "msg_1")]
        let response = try await client.send(request).get()
        #expect(response.status == 200)
        #expect(response.text == body)
        #expect(response.header("content-type") == "application/json")
        #expect(response.header("none") == nil)
        #expect(response.retryAfter == nil)
        let seen = try seen("/echo/post")
        #expect(seen.method == "POST")
        #expect(seen.query == "a=b%20c")
        #expect(seen.text == body)
        #expect(
            Set(seen.headers.map { $0.name.lowercased() }) == [
                "host", "accept", "content-type", "content-length", "x-empty", "webhook-id",
            ])
        #expect(seen.header("x-empty") == "")
        #expect(seen.header("webhook-id") == "msg_1")
    }

    @Test("a body without a type is sent without one, and without an expectation", arguments: [0, 1, 300_000])
    func bodySizes(_ count: Int) async throws {
        var request = HTTPRequest.post(peer.url("/ok/size\(count)"))
        request.headers = []
        request.body = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        #expect(try await client.send(request).get().status == 200)
        let seen = try seen("/ok/size\(count)")
        #expect(seen.body == request.body)
        #expect(seen.header("content-length") == "\(count)")
        #expect(seen.header("content-type") == nil)
        #expect(seen.header("expect") == nil)
    }

    @Test("each method is named as it is, with a body and without", arguments: [false, true])
    func methods(_ withBody: Bool) async throws {
        let methods: [HTTPMethod] = [.get, .post, .put, .patch, .delete, .get]
        for (index, method) in methods.enumerated() {
            let path = "/echo/method\(index)\(withBody)"
            var request = HTTPRequest.post(peer.url(path), withBody ? "body" : "")
            request.method = method
            #expect(try await client.send(request).get().text == (withBody ? "body" : ""))
            #expect(try seen(path).method == method.rawValue)
            #expect(try seen(path).text == (withBody ? "body" : ""))
        }
    }

    @Test(
        "every status is a response", arguments: [200, 201, 202, 204, 301, 304, 400, 404, 410, 413, 429, 500, 503, 599])
    func statuses(_ status: Int) async throws {
        let response = try await client.send(.post(peer.url("/status/\(status)?body=text"))).get()
        #expect(response.status == status)
        #expect(response.text == (status == 204 || status == 304 ? "" : "text"))
    }

    @Test("a redirect is the response, and nobody follows it")
    func redirect() async throws {
        let response = try await client.send(.post(peer.url("/redirect/here"))).get()
        #expect(response.status == 302)
        #expect(response.header("LOCATION") == "/ok")
    }

    @Test("interim responses and trailers are left out of the response")
    func interimAndTrailers() async throws {
        let interim = try await client.send(.post(peer.url("/interim"))).get()
        #expect(interim.status == 200)
        #expect(interim.header("x-final") == "yes")
        #expect(interim.header("x-interim") == nil)
        let chunked = try await client.send(.post(peer.url("/chunked"))).get()
        #expect(chunked.text == "abcde")
        #expect(chunked.header("x-head") == "yes")
        #expect(chunked.header("x-trailer") == nil)
    }

    @Test(
        "Retry-After is read as seconds and as a date, and clamped",
        arguments: [
            ("120", Duration.seconds(120)), ("0", .zero), ("Wed,%2021%20Oct%202015%2007:28:00%20GMT", .zero),
            ("Wed,%2021%20Oct%202115%2007:28:00%20GMT", .seconds(86_400)), ("999999999999", .seconds(86_400)),
            ("99999999999999999999999999", .seconds(86_400)), ("-7", nil), ("later", nil), ("", nil),
        ] as [(String, Duration?)])
    func retryAfter(_ field: String, _ expected: Duration?) async throws {
        let response = try await client.send(.post(peer.url("/status/429?retry_after=\(field)"))).get()
        #expect(response.status == 429)
        #expect(response.retryAfter == expected)
    }

    @Test("a Retry-After of one response is not that of the next on the same handle")
    func retryAfterDoesNotLinger() async throws {
        #expect(try await client.send(.post(peer.url("/status/429?retry_after=9"))).get().retryAfter == .seconds(9))
        #expect(try await client.send(.post(peer.url("/status/429"))).get().retryAfter == nil)
    }

    @Test("a response as large as allowed is taken, one byte more is refused")
    func largest() async throws {
        let request = HTTPRequest.post(peer.url("/echo/limit"), String(repeating: "x", count: 1000))
        let fits = try await client.send(request.with(\.maximumResponseBytes, 1000)).get()
        #expect(fits.body.count == 1000)
        let failure = await client.send(request.with(\.maximumResponseBytes, 999)).failure
        #expect(failure?.kind == .responseTooLarge)
        #expect(failure?.status == 200)
        #expect(failure?.mayHaveArrived == true)
    }

    @Test("of a response that is too long the beginning is given where that is enough, however long it is")
    func cut() async throws {
        var request = HTTPRequest.post(peer.url("/huge"))
        request.cutsLongResponses = true
        let response = try await client.send(request).get()
        #expect(response.status == 200)
        #expect(response.body.count == request.maximumResponseBytes)
        // The next one on the same handle is whole.
        #expect(try await client.send(.post(peer.url("/ok"))).get().status == 200)
    }

    @Test("requests over TLS to a trusted peer succeed")
    func tls() async throws {
        let peer = try TestPeers.secure.get()
        let request = HTTPRequest.post(peer.url("/echo/tls"), "over TLS")
            .with(\.trust, TLSTrust(caFile: peer.caFile)).with(\.allowPlainHTTP, false)
        #expect(try await client.send(request).get().text == "over TLS")
    }

    @Test("the environment's proxy is not used")
    func environment() async {
        // In a process of its own, because the environment can't be changed safely while threads read it.
        await #expect(processExitsWith: .success) {
            for name in ["http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"] {
                setenv(name, "http://127.0.0.1:1", 1)
            }
            let peer = try Peer.http()
            #expect(try await HTTPClient().send(.post(peer.url("/ok"))).get().status == 200)
        }
    }

    @Test("a configured proxy gets the request, even at a loopback address that the request may not contact")
    func proxy() async throws {
        let request = HTTPRequest.post("http://somewhere.example/ok/proxied")
            .with(\.proxy, peer.url("")).with(\.addresses, .publicOnly)
        #expect(try await client.send(request).get().status == 200)
        let seen = try #require(try peer.requests().last { $0.header("host") == "somewhere.example" })
        #expect(seen.method == "POST")
    }
}
