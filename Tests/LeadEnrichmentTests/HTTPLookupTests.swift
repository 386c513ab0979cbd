// Asking a real HTTP server: what it knows, that it knows nothing, and everything that it can do wrong. Answers are kept
// in a real database.

import Curl
import Foundation
import LeadCore
import LeadSpool
import LeadStorage
import LeadTestKit
import PeerKit
import Synchronization
import Testing

@testable import LeadEnrichment

@Suite("HTTPLookup", .timeLimit(.minutes(2)))
struct HTTPLookupTests {
    private static let client = Result { try HTTPClient() }
    static let plain = Result { try Peer.http() }
    let clock = ManualClock(Sample.start)
    private let folder = TemporaryDirectory()
    private let store: SQLiteCaseStore
    let news = Kept<OutsideNews>()

    init() throws { store = try SQLiteCaseStore(path: folder.file("store.sqlite")) }

    private static let standard: [String: OptionValue] = [
        "plain_http": .flag(true), "addresses": .text("loopback"),
        "fields": .pairs([NamedValue("owner", "records[0].owner.email"), NamedValue("industry", "records[0].industry")]
        ),
    ]

    func lookup(
        _ url: String, _ options: [String: OptionValue] = [:], clock: (any TimeSource)? = nil
    ) throws -> HTTPLookup {
        let outside = Outside(
            client: try Self.client.get(), answers: store, clock: clock ?? self.clock,
            read: RecordFormat.fields(ofObject:by:)
        ) { [news] in news.add($0) }
        let values = Self.standard.merging(["url": .text(url)]) { $1 }.merging(options) { $1 }
        let made = try HTTPLookup.kind.make("crm", OptionValues(values), outside)
        return try #require(made as? HTTPLookup)
    }

    /// A path of the peer that answers with `json`.
    static func json(_ json: String) -> String {
        "/json?body=" + Escaping.url(json) + "&domain={web_domain}"
    }

    private static let known = #"{"records":[{"owner":{"email":"dana@example.com"},"industry":"Stone"}]}"#
    let lead = Lead(given: [.webDomain: "acme.example", .company: "Acme Arts"])

    @Test("a store that can't keep answers is told of, and the API is asked all the same")
    func storeFails() async throws {
        let peer = try Peer.http()
        let enricher = try lookup(peer.url(Self.json(Self.known)))
        try await store.close()
        let enrichment = await enricher.enrich(lead)
        #expect(enrichment.findings.map(\.text).contains("dana@example.com"))
        // Once it could not look, once not keep.
        #expect(news.all.count == 2)
    }

    // MARK: Answers

    @Test("what the API knows is taken from where the configuration says, with when and by what")
    func known() async throws {
        let peer = try Peer.http()
        let enricher = try lookup(
            peer.url(Self.json(Self.known)), ["confidence": .integer(90), "bearer": .secret(Secret("s3cret"))])
        let found = await enricher.enrich(lead)
        #expect(
            found
                == Enrichment(findings: [
                    .init(
                        .owner, "dana@example.com", basis: "web_domain acme.example", confidence: 90, at: Sample.start),
                    .init(.industry, "Stone", basis: "web_domain acme.example", confidence: 90, at: Sample.start),
                ]))
        let request = try #require(try peer.requests().first)
        #expect(request.method == "GET")
        #expect(request.query.hasSuffix("&domain=acme.example"))
        #expect(request.header("Authorization") == "Bearer s3cret")
        #expect(request.header("Accept") == "application/json")
    }

    @Test("a question can be posted, with further headers and secrets in the query")
    func posted() async throws {
        let peer = try Peer.http()
        let enricher = try lookup(
            peer.url("/echo?v=1"),
            [
                "body": .text(#"{"records":[{"owner":{"email":"{company}"}}]}"#),
                "headers": .secrets([NamedValue("X-Key", Secret("k3y"))]),
                "query": .secrets([NamedValue("api key", Secret("a&b"))]),
            ])
        let found = await enricher.enrich(Lead(given: [.company: "A \"quoted\" firm"]))
        #expect(found.findings.map(\.text) == [#"A "quoted" firm"#])
        let request = try #require(try peer.requests().first)
        #expect(request.method == "POST")
        #expect(request.query == "v=1&api%20key=a%26b")
        #expect(request.header("x-key") == "k3y")
        #expect(request.header("content-type") == "application/json")
    }

    @Test("a lead without what the question needs is not asked about")
    func nothingToAsk() async throws {
        let peer = try Peer.http()
        let enricher = try lookup(peer.url("/x/{web_domain}/y"))
        for lead in [Lead(given: [:]), Lead(given: [.webDomain: ".."]), Lead(given: [.webDomain: "."])] {
            #expect(await enricher.enrich(lead) == Enrichment())
        }
        #expect(try peer.requests().isEmpty)
        let idle = HTTPLookup(
            name: "crm",
            settings: try HTTPLookupSettings(
                OptionValues(Self.standard.merging(["url": .text("https://a.example/{web_domain}")]) { $1 })),
            outside: nil)
        #expect(await idle.enrich(lead) == Enrichment(failure: "is not asked here"))
    }

    @Test(
        "an answer is kept until it is old, across restarts, and says when it was given", arguments: [true, false])
    func kept(isKnown: Bool) async throws {
        let peer = try Peer.http()
        let url = peer.url(Self.json(isKnown ? Self.known : "{}"))
        let options: [String: OptionValue] = ["ttl": .duration(.seconds(100)), "miss_ttl": .duration(.seconds(10))]
        let first = try await lookup(url, options).enrich(lead)
        #expect(first.findings.isEmpty == !isKnown)
        clock.advance(by: .seconds(isKnown ? 99 : 9))
        #expect(try await lookup(url, options).enrich(lead) == first)
        #expect(try peer.requests().count == 1)
        clock.advance(by: .seconds(1))
        let second = try await lookup(url, options).enrich(lead)
        #expect(second.findings.map(\.text) == first.findings.map(\.text))
        #expect(second.findings.allSatisfy { $0.at == clock.now() })
        #expect(try peer.requests().count == 2)
    }

    @Test("other questions have other answers: another value, path or name asks anew")
    func questions() async throws {
        let peer = try Peer.http()
        let url = peer.url(Self.json(Self.known))
        _ = try await lookup(url).enrich(lead)
        _ = try await lookup(url).enrich(Lead(given: [.webDomain: "other.example"]))
        _ = try await lookup(url, ["fields": .pairs([NamedValue("owner", "records[0].industry")])]).enrich(lead)
        #expect(try peer.requests().count == 3)
    }

    @Test("leads that ask the same at once share one request")
    func shared() async throws {
        let peer = try Peer.http()
        let enricher = try lookup(peer.url(Self.json(Self.known) + "&delay=200"))
        let lead = lead
        let answers = await withTaskGroup(of: Enrichment.self) { group in
            for _ in 0..<50 { group.addTask { await enricher.enrich(lead) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.allSatisfy { $0.findings.count == 2 })
        #expect(try peer.requests().count == 1)
    }

    @Test("different questions are under way together, no more of them than allowed")
    func together() async throws {
        let peer = try Peer.http()
        let enricher = try lookup(
            peer.url(Self.json(Self.known) + "&delay=100&firm={company}"), ["concurrency": .integer(3)])
        let answers = await withTaskGroup(of: Enrichment.self) { group in
            for number in 0..<12 {
                group.addTask {
                    await enricher.enrich(Lead(given: [.webDomain: "acme.example", .company: "Firm \(number)"]))
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.allSatisfy { $0.findings.count == 2 })
        #expect(try peer.requests().count == 12)
        // Connections are kept, so there are as many as there ever were requests at a time.
        #expect(try peer.connections() == 3)
    }

    @Test("a store that fails is no reason not to ask")
    func noStore() async throws {
        try await store.close()
        let enricher = try lookup(try Self.plain.get().url(Self.json(Self.known)))
        #expect(await enricher.enrich(lead).findings.count == 2)
    }

    @Test("of a list of named things, a path takes the one of that name")
    func named() async throws {
        let peer = try Peer.http()
        let json =
            #"{"answers":[{"name":"email","values":["ada@acme.example"]},{"name":"what now?","values":["Reliefs","A bust"]}]}"#
        let paths = [
            NamedValue("email", "answers[name=email].values[0]"),
            NamedValue("product", "answers[name='what now?'].values"),
            NamedValue("phone", "answers[name=phone].values[0]"),
        ]
        let found = try await lookup(peer.url(Self.json(json)), ["fields": .pairs(paths)]).enrich(lead)
        #expect(found.findings.map(\.text) == ["ada@acme.example", "Reliefs, A bust"])
    }

    // MARK: What goes wrong

    @Test(
        "whatever the API does is a gap and no more",
        arguments: [
            ("/status/500", "failed (HTTP 500)"), ("/status/401", "refused the credentials (HTTP 401)"),
            ("/status/400", "refused the question (HTTP 400)"),
            ("/redirect", "redirects (HTTP 302), which is not followed"),
            ("/status/429?retry_after=7", "was asked too often (HTTP 429)"),
            ("/ok", "answered with something that is not JSON"), ("/garbage", "could not be asked: the peer's answer"),
            ("/reset", "could not be asked: the connection"), ("/half", "could not be asked: the connection"),
            ("/hang-headers", "could not be asked: the peer did not answer in time"),
            ("/drip", "could not be asked: the peer did not answer in time"),
            ("/huge", "answered with more than 256 KiB"), ("/huge-headers", "answered with more than"),
            ("/json?body=%5B%5B%5B", "answered with something that is not JSON"),
        ])
    func faults(path: String, reason: String) async throws {
        let separator = path.contains("?") ? "&" : "?"
        let enricher = try lookup(
            try Self.plain.get().url(path + separator + "domain={web_domain}"),
            ["timeout": .duration(.milliseconds(500))])
        let found = await enricher.enrich(lead)
        #expect(found.findings.isEmpty)
        #expect(found.failure?.hasPrefix(reason) == true, "\(found.failure ?? "")")
        #expect(found.failure?.contains("acme") != true)
    }

    @Test("an answer of the wrong types fills what it can, and isn't kept")
    func wrongTypes() async throws {
        let peer = try Peer.http()
        let enricher = try lookup(peer.url(Self.json(#"{"records":[{"owner":{"email":{"x":1}},"industry":7}]}"#)))
        for _ in 0..<2 {
            let found = await enricher.enrich(lead)
            #expect(found.findings.map(\.text) == ["7"])
            #expect(found.failure == "answered with no text for owner")
        }
        #expect(try peer.requests().count == 2)
    }

    @Test(
        "nothing known is no failure",
        arguments: ["/status/404", "/status/204", "/json?body=%7B%7D", "/json?body=null"])
    func nothing(path: String) async throws {
        let separator = path.contains("?") ? "&" : "?"
        let enricher = try lookup(try Self.plain.get().url(path + separator + "domain={web_domain}"))
        #expect(await enricher.enrich(lead) == Enrichment())
    }

    @Test("after failures in a row it is left alone for a while, and tried again after it")
    func breaker() async throws {
        let peer = try Peer.http()
        let enricher = try lookup(
            peer.url("/status/500?times=3&body=x&domain={web_domain}"),
            ["failures": .integer(3), "pause": .duration(.seconds(60))])
        for _ in 0..<3 { _ = await enricher.enrich(lead) }
        let refused = await enricher.enrich(lead)
        #expect(refused.failure == "has failed too often in a row, and is asked again in 1 min")
        #expect(try peer.requests().count == 3)
        clock.advance(by: .seconds(60))
        #expect(await enricher.enrich(lead).failure == "answered with something that is not JSON")
        #expect(try peer.requests().count == 4)
    }

    @Test("an API that wants to be left alone is")
    func retryAfter() async throws {
        let peer = try Peer.http()
        let enricher = try lookup(peer.url("/status/429?retry_after=7&domain={web_domain}"))
        _ = await enricher.enrich(lead)
        #expect(await enricher.enrich(lead).failure == "wants to be left alone for 7 s")
        #expect(try peer.requests().count == 1)
        clock.advance(by: .seconds(7))
        _ = await enricher.enrich(lead)
        #expect(try peer.requests().count == 2)
    }

    @Test("addresses inside are refused unless they are allowed", arguments: ["public", "private"])
    func inside(policy: String) async throws {
        let peer = try Peer.http()
        let enricher = try lookup(peer.url(Self.json(Self.known)), ["addresses": .text(policy)])
        let failure = await enricher.enrich(lead).failure
        #expect(failure == "could not be asked: the host's address is one that must not be contacted from here")
        #expect(try peer.connections() == 0)
    }

    @Test(
        "a certificate that is wrong gets not one byte of the lead",
        arguments: [PeerCertificate.expired, .wrongHost, .selfSigned])
    func certificate(_ certificate: PeerCertificate) async throws {
        let peer = try Peer.http(cert: certificate)
        let enricher = try lookup(peer.url(Self.json(Self.known)), ["ca_file": .text(peer.caFile)])
        #expect(await enricher.enrich(lead).failure?.hasPrefix("could not be asked: the peer's certificate") == true)
        #expect(try peer.requests().isEmpty)
        let good = try Peer.http(cert: .good)
        let other = try lookup(good.url(Self.json(Self.known)), ["ca_file": .text(good.caFile)])
        #expect(await other.enrich(lead).findings.count == 2)
    }

    // MARK: Options

    @Test(
        "options that can't be used are refused with their remedy",
        arguments: [
            ("url", "api.example.com/{web_domain}"), ("url", "ftp://a.example/{web_domain}"),
            ("url", "https://{web_domain}/x"), ("url", "https://a.example"), ("url", "https://a.example{web_domain}/"),
            ("url", "https://user:pw@a.example/{web_domain}"), ("url", "https://a.example/ {web_domain}"),
            ("url", "https://a.example/{web_domain}#x"), ("url", "https://a.example/{Web}"),
            ("url", "https://a.example/x"),
            ("url", "https:///{web_domain}"), ("rate", "10"), ("method", "get"),
        ])
    func options(option: String, text: String) {
        var values = Self.standard.merging(["url": .text("https://a.example/{web_domain}")]) { $1 }
        if option == "method" { values["body"] = .text("{}") }
        values[option] = .text(text)
        let flaw = #expect(throws: OptionFlaw.self) { try HTTPLookup.kind.make("crm", OptionValues(values), nil) }
        #expect(flaw?.option == (option == "method" ? "body" : option))
        #expect(flaw?.sentence.contains("pw") != true)
    }

    @Test("fields that aren't an enricher's, paths that are none and headers of the client's own are refused")
    func fields() {
        let values = Self.standard.merging(["url": .text("https://a.example/{web_domain}")]) { $1 }
        for (option, value) in [
            ("fields", OptionValue.pairs([NamedValue("id", "a")])), ("fields", .pairs([NamedValue("owner", "a..b")])),
            ("headers", .secrets([NamedValue("Host", Secret("x"))])),
            ("headers", .secrets([NamedValue("Bad name", Secret("x"))])), ("timeout", .duration(.seconds(121))),
            ("pause", .duration(.seconds(3601))),
        ] {
            let changed = values.merging([option: value]) { $1 }
            let flaw = #expect(throws: OptionFlaw.self) { try HTTPLookup.kind.make("crm", OptionValues(changed), nil) }
            #expect(flaw?.option == option)
        }
        #expect(throws: OptionFlaw.self) {
            try HTTPLookup.kind.make(
                "crm",
                OptionValues(
                    values.merging(["plain_http": .flag(false), "url": .text("http://a.example/{id}")]) { $1 }),
                nil)
        }
    }
}

/// What was told, in order.
final class Kept<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    var all: [Element] { elements.withLock { $0 } }

    func add(_ element: Element) { elements.withLock { $0.append(element) } }
}
