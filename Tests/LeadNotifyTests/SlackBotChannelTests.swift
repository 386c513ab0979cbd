// What a bot makes of Slack's answers: posted, changed, gone, and every refusal as the outcome that it means.

import Curl
import Foundation
import LeadTestKit
import PeerKit
import Testing

@testable import LeadCore
@testable import LeadNotify

@Suite("Slack bot") struct SlackBotChannelTests {
    private func script(_ peer: Peer, _ query: String) async throws {
        let request = HTTPRequest(
            method: .post, url: peer.url("/script?\(query)"), addresses: .includingLoopback, allowPlainHTTP: true)
        #expect(try await Peers.environment.get().httpClient.send(request).get().status == 200)
    }

    @Test("A message to a member is posted, and changed where it stands; with no blocks of a question left")
    func postAndChange() async throws {
        let peer = try Peer.slack()
        let channel = try SlackBotMessageTests.channel(peer)
        var question = try Fixture.briefing(.decide)
        question.offer = SlackBotMessageTests.offer
        let posting = await channel.post(question, to: Secret("U012AB3CD"))
        #expect(posting.outcome == .sent(detail: "ok"))
        let handle = try #require(posting.handle)
        #expect(handle.hasPrefix("D012AB3CD "))
        #expect(try peer.slackPosts().first?.elements.map(\.actionID).contains("assign") == true)
        #expect(await channel.change(handle, to: try Fixture.briefing(.update)) == .outcome(.sent(detail: "ok")))
        let posts = try peer.slackPosts()
        #expect(posts.count == 1 && posts[0].changes == 1)
        #expect(try posts[0].elements.isEmpty)
        #expect(posts[0].text.hasPrefix("Settled, Billy Moss has it"))
        let request = try #require(try peer.requests().first)
        #expect(request.header("Authorization") == "Bearer \(Peer.slackToken)")
    }

    @Test(
        "Each of Slack's words has its outcome",
        arguments: [
            ("invalid_auth", OutcomeKind.stopped), ("not_authed", .stopped), ("token_revoked", .stopped),
            ("account_inactive", .stopped), ("missing_scope", .stopped), ("channel_not_found", .stopped),
            ("not_in_channel", .stopped), ("is_archived", .stopped), ("restricted_action", .stopped),
            ("ratelimited", .unavailable), ("rate_limited", .unavailable), ("service_unavailable", .unavailable),
            ("request_timeout", .unavailable), ("fatal_error", .unknown), ("internal_error", .unknown),
            ("msg_too_long", .failed), ("invalid_blocks", .failed), ("no_text", .failed),
            ("a_word_of_tomorrow", .failed),
        ])
    func refusals(word: String, expected: OutcomeKind) async throws {
        let peer = try Peer.slack()
        let channel = try SlackBotMessageTests.channel(peer)
        try await script(peer, "method=chat.postMessage&error=\(word)")
        let posting = await channel.post(try Fixture.briefing(), to: Secret("C012AB3CD"))
        #expect(posting.outcome.kind == expected && posting.handle == nil)
        #expect(posting.outcome.words.contains(word))
        expectClean(posting.outcome, [Peer.slackToken])
        #expect((posting.copy == .unknown) == (expected == .unknown))

        // The next one goes through, and its change is refused by the same word.
        let handle = try #require(await channel.post(try Fixture.briefing(), to: Secret("C012AB3CD")).handle)
        try await script(peer, "method=chat.update&error=\(word)")
        guard case .outcome(let outcome) = await channel.change(handle, to: try Fixture.briefing(.update)) else {
            Issue.record("that is no outcome")
            return
        }
        #expect(outcome.kind == expected)
    }

    @Test("A rate limit keeps its Retry-After")
    func rateLimit() async throws {
        let peer = try Peer.slack()
        let channel = try SlackBotMessageTests.channel(peer)
        try await script(peer, "method=chat.postMessage&status=429&retry_after=7")
        let posting = await channel.post(try Fixture.briefing(), to: Secret("C012AB3CD"))
        #expect(posting.outcome == .unavailable(reason: "HTTP 429 from Slack", retryAfter: .seconds(7)))
    }

    @Test("Beyond Slack's documented rates a workspace refuses, in each conversation by itself, and says for how long")
    func documentedRates() async throws {
        let peer = try Peer.slack(keepsLimits: true)
        let channel = try SlackBotMessageTests.channel(peer)
        let (question, update) = (try Fixture.briefing(), try Fixture.briefing(.update))
        var handles: [String] = []
        var refused: DeliveryOutcome?
        // On a machine that is so slow that a second passes for each, none is refused.
        let deadline = ContinuousClock.now + .seconds(30)
        while refused == nil, ContinuousClock.now < deadline {
            let posting = await channel.post(question, to: Secret("C012AB3CD"))
            if let handle = posting.handle { handles.append(handle) } else { refused = posting.outcome }
        }
        #expect(handles.count >= 4)
        let reason = "HTTP 429 from Slack: {\"ok\":false,\"error\":\"ratelimited\"}"
        #expect(refused == .unavailable(reason: reason, retryAfter: .seconds(1)))
        #expect(await channel.post(question, to: Secret("C012AB3CE")).outcome.kind == .sent)
        // Asked again at once.
        #expect(await channel.post(question, to: Secret("C012AB3CD")).outcome.kind == .unavailable)

        var change = CopyChange.gone
        var count = 0
        let handle = try #require(handles.first)
        repeat {
            change = await channel.change(handle, to: update)
            count += 1
        } while change == .outcome(.sent(detail: "ok")) && ContinuousClock.now < deadline
        #expect(count == 51)
        guard case .outcome(.unavailable(reason, let pause?)) = change else {
            Issue.record("that is no refusal for a time: \(change)")
            return
        }
        #expect((.seconds(30)...(.seconds(60))).contains(pause), "the first one is a minute old then")
        #expect(
            try peer.slackRefusals() == [
                "chat.postMessage ratelimited", "chat.postMessage ratelimited: hasty", "chat.update ratelimited",
            ])
    }

    /// The faults of a grid of changes, each an address of the API.
    private static let changes: [(fault: String, expected: OutcomeKind)] = [
        ("refused", .unavailable), ("hang at connect", .unavailable), ("hang at TLS", .unavailable),
        ("no such host", .unavailable),
        ("/hang-headers", .unknown), ("/hang-body", .unknown), ("/drip", .unknown), ("/drip-headers", .unknown),
        ("/reset", .unknown), ("/half", .unknown), ("/garbage", .unknown), ("/huge", .failed),
        ("/huge-headers", .unknown), ("/status/429?retry_after=7", .unavailable),
        ("/half-status/429?retry_after=7", .unavailable), ("/status/500", .unavailable), ("/status/503", .unavailable),
        ("/redirect", .stopped), ("/status/400", .failed), ("/status/401", .stopped), ("/status/403", .stopped),
        ("/status/404", .stopped), ("/status/410", .stopped), ("/status/413", .failed), ("/slack", .failed),
        ("/json?body=[]", .failed), ("/json?body=%7B%22ok%22:false,%22error%22:%22ratelimited%22%7D", .unavailable),
    ]

    /// What comes of a change by way of `api`.
    private func change(_ api: String, _ options: [String: OptionValue]) async throws -> DeliveryOutcome? {
        let options = options.merging(["api": .text(api)]) { $1 }
        let channel = try SlackBotMessageTests.channel(try Peers.plain.get(), options)
        guard case .outcome(let outcome) = await channel.change("D1 1.2", to: try Fixture.briefing(.update)) else {
            return nil
        }
        return outcome
    }

    @Test("A change that meets a fault of the peer has the outcome of any message", arguments: changes)
    func changeFaults(_ row: (fault: String, expected: OutcomeKind)) async throws {
        let (full, silent) = (try SilentPeer.full(), try SilentPeer.accepting())
        let plain = try Peers.plain.get()
        let base =
            switch row.fault {
            case "refused": "http://127.0.0.1:\(try SilentPeer.refusedPort())/?"
            case "hang at connect": "http://127.0.0.1:\(full.port)/?"
            case "hang at TLS": "https://127.0.0.1:\(silent.port)/?"
            case "no such host": "https://no-such-host.invalid/?"
            default: plain.url(row.fault + (row.fault.contains("?") ? "&" : "?"))
            }
        // Whoever talks is listened to for long enough on a slow machine too.
        let isSilent = ["hang", "/hang", "/drip"].contains { row.fault.hasPrefix($0) }
        let outcome = try #require(
            try await change(
                "\(base)\(Peers.token)&method=", ["timeout": .duration(isSilent ? .milliseconds(400) : .seconds(20))]))
        #expect(outcome.kind == row.expected, "\(outcome)")
        if case .unavailable(_, let wait) = outcome, row.fault.contains("retry_after") { #expect(wait == .seconds(7)) }
        expectClean(outcome, [Peer.slackToken])
    }

    @Test(
        "A change goes to no address whose certificate is bad",
        arguments: PeerCertificate.allCases.filter { $0 != .good })
    func changeCertificate(_ certificate: PeerCertificate) async throws {
        let web = try Peer.http(cert: certificate)
        let outcome = try #require(
            try await change(
                web.url("/slack?\(Peers.token)&method="),
                ["ca_file": .text(web.caFile), "plain_http": .flag(false)]))
        #expect(outcome.kind == .unavailable && outcome.words.contains("certificate"), "\(outcome)")
        expectClean(outcome, [Peer.slackToken])
        #expect(try web.connections() >= 1 && web.requests().isEmpty)
    }

    @Test("An answer to a press goes to no address whose certificate is bad")
    func responseCertificate() async throws {
        for certificate in PeerCertificate.allCases where certificate != .good {
            let web = try Peer.http(cert: certificate)
            let slack = try Peer.slack()
            let channel = try SlackBotMessageTests.channel(slack, ["ca_file": .text(web.caFile)])
            let press = ChatPress(
                stamp: "", at: Sample.start, account: "U012AB3CD",
                target: ChatTarget(caseID: "7zq4m0c2d9xk1b5r", round: 1),
                action: .claim, replyTo: Secret(web.url("/response/1")), isPrompt: false)
            let outcome = await channel.answer(ChatAnswer("María López has it.", about: press.target), to: press)
            #expect(outcome.kind == .unavailable && outcome.words.contains("certificate"), "\(outcome)")
            expectClean(outcome)
            #expect(try web.connections() >= 1 && web.requests().isEmpty)
        }
    }

    @Test("A message that somebody has removed is gone; one that can't be changed any more stays")
    func goneAndFixed() async throws {
        let peer = try Peer.slack()
        let channel = try SlackBotMessageTests.channel(peer)
        let update = try Fixture.briefing(.update)
        #expect(await channel.change("C012AB3CD 1.000001", to: update) == .gone)
        #expect(await channel.change("nonsense", to: update) == .gone)
        for word in ["cant_update_message", "edit_window_closed"] {
            try await script(peer, "method=chat.update&error=\(word)")
            #expect(await channel.change("C012AB3CD 1.000001", to: update) == .fixed(reason: word))
        }
    }

    @Test(
        "What is no answer of the API is no success",
        arguments: [
            ("ok", false), ("", false), ("[]", false), ("{}", false), ("<html>login</html>", false),
            ("{\"ok\":\"yes\"}", false), ("{\"ok\":false}", false),
            ("{\"ok\":false,\"error\":\"<b>María</b>\"}", false), ("{\"ok\":true}", true),
            ("{\"ok\":true,\"channel\":\"C1 \\\"\",\"ts\":\"1\"}", true),
        ])
    func strangeAnswers(body: String, isSent: Bool) async throws {
        let peer = try Peers.plain.get()
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        let encoded = try #require(body.addingPercentEncoding(withAllowedCharacters: allowed))
        let api = peer.url("/json?body=\(encoded)&x=1&method=")
        let channel = try SlackBotMessageTests.channel(peer, ["api": .text(api)])
        let posting = await channel.post(try Fixture.briefing(), to: Secret("C012AB3CD"))
        #expect((posting.outcome.kind == .sent) == isSent && posting.handle == nil)
        #expect(!posting.outcome.words.contains("María"))
    }

    @Test("Options are refused with their remedy, and an address is an ID")
    func options() throws {
        func flaw(_ options: [String: OptionValue]) -> String? {
            ChannelKind.slackBot.check(OptionValues(options)).map { $0.option ?? "whole" }
        }
        let good: [String: OptionValue] = ["token": .secret(Secret("xoxb-1-a"))]
        #expect(flaw(good) == nil)
        #expect(flaw([:]) == "whole")
        for token in ["xoxp-1-a", "https://hooks.slack.com/services/T/B/x", "xoxb-1 a"] {
            #expect(flaw(["token": .secret(Secret(token))]) == "token")
        }
        #expect(flaw(good.merging(["api": .text("slack.com")]) { $1 }) == "api")
        #expect(flaw(good.merging(["signing_secret": .secret(Secret("short"))]) { $1 }) == "signing_secret")
        for address in ["U012AB3CD", "W012AB3CD", "C012AB3CD", "G012AB3CD", "D012AB3CD"] {
            #expect(ChannelKind.slackBot.checkAddress(address) == nil)
        }
        for address in [
            "#leads", "@dana", "dana@example.com", "https://hooks.slack.com/x", "U1", "u012ab3cd", "T012AB3CD",
        ] {
            let complaint = ChannelKind.slackBot.checkAddress(address)
            #expect(complaint?.contains(address) == false)
        }
        #expect(ChannelKind.slackBot.account("U012AB3CD") == "U012AB3CD")
        #expect(ChannelKind.slackBot.account("C012AB3CD") == nil)
    }

    @Test("A rehearsal shows the exchange without the token")
    func rehearsal() async throws {
        let peer = try Peer.slack()
        let channel = try SlackBotMessageTests.channel(peer)
        let exchange = await channel.rehearse(try Fixture.briefing(.test), to: Secret("U012AB3CD"))
        #expect(exchange.outcome == .sent(detail: "ok"))
        let text = exchange.lines.joined(separator: "\n")
        #expect(text.contains("Authorization: …") && text.contains("< HTTP 200"))
        #expect(!text.contains(Peer.slackToken) && !text.contains(SlackBotMessageTests.signingSecret))
    }
}
