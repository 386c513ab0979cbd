// Several relays in order: a mail goes by the first that takes it, one that is down is left in peace for a while, and what a
// relay says of a mail is the last word. Logins by a token that somebody renews.

import Curl
import Foundation
import LeadTestKit
import PeerKit
import Synchronization
import Testing

@testable import LeadCore
@testable import LeadNotify

@Suite("Relays in order") struct RelayTests {
    private let address = Secret("dana@example.com")

    private func channel(
        _ relays: [String], _ options: [String: OptionValue], clock: ManualClock? = nil,
        report: @escaping @Sendable (ChannelNews) -> Void = { _ in }
    ) throws -> any Channel {
        let base: [String: OptionValue] = [
            "relay": .text(relays[0]), "fallback": .texts(Array(relays.dropFirst())),
            "from": .text("leads@example.com"),
            "timeout": .duration(.seconds(20)), "addresses": .text("loopback"),
        ]
        let client = try Peers.environment.get().httpClient
        let clock = clock ?? ManualClock()
        let environment = ChannelEnvironment(
            httpClient: client, hostName: "leads.example.com", now: { clock.now() }, report: report)
        return try ChannelKind.smtp.make("mail", OptionValues(base.merging(options) { $1 }), environment)
    }

    private func login(_ peer: Peer) -> [String: OptionValue] {
        ["username": .text(Peer.username), "password": .secret(Secret(Peer.password)), "ca_file": .text(peer.caFile)]
    }

    private func url(_ peer: Peer, host: String = "127.0.0.1") -> String { "smtp://\(host):\(peer.port)" }

    @Test(
        "what takes nothing is passed over",
        arguments: [
            "greeting-421", "greeting-554", "no-starttls", "no-auth", "bad-login", "close-greeting", "drop-rcpt",
        ])
    func failover(mode: String) async throws {
        let first = try Peer.smtp(mode: mode)
        let second = try Peer.smtp(mode: "plain")
        let channel = try channel([url(first), url(second)], login(first))
        let outcome = await channel.send(try Fixture.briefing(), to: address)
        await channel.close()
        #expect(outcome == .sent(detail: "by fallback relay 1: 250 2.0.0 queued as PEER1"))
        #expect(try first.mails().isEmpty)
        let mail = try #require(try second.mails().first)
        #expect(mail.auth == nil && !mail.tls, "a relay on this host gets no login")
    }

    @Test("a relay that takes nothing is left in peace for a minute, while the mails that follow go by the next")
    func rest() async throws {
        let (busy, second) = (try Peer.smtp(mode: "greeting-421"), try Peer.smtp(mode: "plain"))
        let clock = ManualClock()
        let news = Mutex<[ChannelNews]>([])
        let channel = try channel([url(busy), url(second)], login(busy), clock: clock) { one in
            news.withLock { $0.append(one) }
        }
        for _ in 1...5 { #expect(await channel.send(try Fixture.briefing(), to: address).kind == .sent) }
        #expect(try second.mails().count == 5)
        #expect(try busy.connections() == 1)
        clock.advance(by: .seconds(60))
        for _ in 1...5 { #expect(await channel.send(try Fixture.briefing(), to: address).kind == .sent) }
        #expect(try busy.connections() == 2)
        let complaint = "the first relay takes nothing at the moment: the relay takes no mail: 421 4.3.2 too busy"
        #expect(channel.complaint == complaint)
        #expect(news.withLock { $0 } == [ChannelNews(channel: "mail", complaint: complaint, isLasting: false)])
        await channel.close()
    }

    @Test("a relay that comes back is complained of no more, and when all are down the mails tell")
    func back() {
        let book = RelayBook(count: 2)
        #expect(book.failed(1, reason: "down", at: Sample.start) && book.complaint != nil)
        #expect(!book.failed(1, reason: "still down", at: Sample.start))
        #expect(book.failed(0, reason: "down", at: Sample.start) && book.complaint == nil)
        book.answered(0)
        #expect(book.complaint == "fallback relay 1 takes nothing at the moment: still down")
        #expect(book.fault == nil, "it may pass")
        #expect(book.stopped(1, reason: "refused") && !book.stopped(1, reason: "refused, id 2"))
        #expect(!book.failed(1, reason: "a mail that was on its way", at: Sample.start))
        #expect(book.fault == "fallback relay 1 is left out: refused")
        #expect(book.places(at: Sample.start) == [0] && book.stop == "refused")
        book.resume()
        #expect(
            book.places(at: Sample.start) == [0, 1] && book.stop == nil && book.complaint == nil && book.fault == nil)
    }

    // MARK: Relays that want another configuration

    @Test(
        "a relay that refuses us for good is asked once, which is told once, and again when somebody has mended it",
        arguments: ["bad-login", "say-auth-534", "say-mail-550-5.7.60", "say-mail-530"])
    func leftOut(mode: String) async throws {
        let (first, second) = (try Peer.smtp(mode: mode), try Peer.smtp(mode: "plain"))
        let clock = ManualClock()
        let news = Mutex<[ChannelNews]>([])
        let channel = try channel([url(first), url(second)], login(first), clock: clock) { one in
            news.withLock { $0.append(one) }
        }
        #expect(channel.complaint == nil)
        for _ in 1...4 {
            let outcome = await channel.send(try Fixture.briefing(), to: address)
            #expect(outcome == .sent(detail: "by fallback relay 1: 250 2.0.0 queued as PEER1"))
            clock.advance(by: .seconds(3600))
        }
        #expect(try first.connections() == 1, "an account is locked by further attempts")
        let complaint = try #require(channel.complaint)
        #expect(complaint.hasPrefix("the first relay is left out: ") && complaint.contains("relay refused"))
        expectClean(.failed(reason: complaint))
        #expect(news.withLock { $0 } == [ChannelNews(channel: "mail", complaint: complaint, isLasting: true)])

        channel.resume()
        #expect(channel.complaint == nil)
        #expect(await channel.send(try Fixture.briefing(), to: address).kind == .sent)
        #expect(try first.connections() == 2)
        #expect(news.withLock { $0.count } == 2 && channel.complaint == complaint)
        await channel.close()
    }

    @Test(
        "while one relay is left out and the other down, mail waits; when both are left out, the channel stops unasked")
    func noneLeft() async throws {
        let (first, second) = (try Peer.smtp(mode: "bad-login"), try Peer.smtp(mode: "bad-login"))
        let both = try channel(
            [url(first), "smtps://127.0.0.1:\(try SilentPeer.refusedPort())"], login(first))
        for _ in 1...2 {
            let outcome = await both.send(try Fixture.briefing(), to: address)
            #expect(outcome.kind == .unavailable, "\(outcome)")
        }
        #expect(try first.connections() == 1)
        await both.close()

        let alone = try channel([url(second)], login(second))
        for _ in 1...3 { #expect(await alone.send(try Fixture.briefing(), to: address).kind == .stopped) }
        #expect(try second.connections() == 1)
        #expect(alone.complaint == nil, "a channel that is stopped says so itself")
        alone.resume()
        #expect(await alone.send(try Fixture.briefing(), to: address).kind == .stopped)
        #expect(try second.connections() == 2)
        await alone.close()
    }

    @Test(
        "what a relay says of one mailbox or one message stops nothing and leaves no relay out",
        arguments: ["say-rcpt-550-5.7.133", "say-rcpt-530-5.7.57", "say-message-550-5.7.26", "say-data-554-5.7.0"])
    func oneMail(mode: String) async throws {
        let (first, second) = (try Peer.smtp(mode: mode), try Peer.smtp(mode: "plain"))
        let channel = try channel([url(first), url(second)], login(first))
        for _ in 1...2 {
            let outcome = await channel.send(try Fixture.briefing(), to: address)
            #expect(outcome.kind == .failed, "\(outcome)")
            expectClean(outcome)
        }
        #expect(channel.complaint == nil)
        #expect(try second.connections() == 0, "it isn't offered to another either")
        await channel.close()
    }

    @Test(
        "what a relay says of the mail is the last word, and what may have arrived goes nowhere else",
        arguments: [
            ("refuse-rcpt", OutcomeKind.failed), ("tempfail-rcpt", .deferred), ("refuse-data", .failed),
            ("drop-after-data", .unknown),
        ])
    func lastWord(_ row: (mode: String, kind: OutcomeKind)) async throws {
        let first = try Peer.smtp(mode: row.mode)
        let second = try Peer.smtp(mode: "plain")
        let channel = try channel([url(first), url(second)], login(first))
        let outcome = await channel.send(try Fixture.briefing(), to: address)
        await channel.close()
        #expect(outcome.kind == row.kind)
        #expect(try second.mails().isEmpty)
        expectClean(outcome)
    }

    @Test("when no relay takes anything the outcome is that of one that may come back")
    func allDown() async throws {
        let first = try Peer.smtp(mode: "bad-login")
        let dead = "smtp://127.0.0.1:\(try SilentPeer.refusedPort())"
        let channel = try channel([url(first), dead], login(first))
        let outcome = await channel.send(try Fixture.briefing(), to: address)
        await channel.close()
        #expect(outcome.kind == .unavailable)
        expectClean(outcome)
    }

    @Test("relays that rest come last, and first again once their time is over")
    func order() {
        var order = RelayOrder(count: 3)
        let now = Sample.start
        #expect(order.places(at: now) == [0, 1, 2])
        order.failed(0, at: now)
        #expect(order.places(at: now + .seconds(59)) == [1, 2, 0])
        #expect(order.places(at: now + .seconds(60)) == [0, 1, 2])
        order.failed(1, at: now)
        order.answered(0)
        #expect(order.places(at: now) == [0, 2, 1])
        #expect(order.places(at: now - .seconds(3600)) == [0, 1, 2], "a clock that is set back ends the rest")
    }

    // MARK: XOAUTH2

    @Test("a login by a token is by the one that the file has by then; one that is refused is no end")
    func token() async throws {
        let peer = try Peer.smtp(mode: "token")
        let folder = TemporaryDirectory()
        let file = folder.file("token")
        try "ya29.expired\n".write(toFile: file, atomically: true, encoding: .utf8)
        let channel = try channel(
            [url(peer)], ["username": .text(Peer.username), "token_file": .text(file), "ca_file": .text(peer.caFile)])
        let refused = await channel.send(try Fixture.briefing(), to: address)
        #expect(refused.kind == .unavailable)
        #expect(refused.words.contains("refused the access token"))
        expectClean(refused, ["ya29"])

        try "ya29.good\n".write(toFile: file, atomically: true, encoding: .utf8)
        for kind in [MessageKind.decide, .remind] {
            #expect(await channel.send(try Fixture.briefing(kind), to: address).kind == .sent)
        }
        let mails = try peer.mails()
        #expect(mails.map(\.auth) == [Peer.username, Peer.username] && mails.allSatisfy(\.tls))
        #expect(mails.map(\.connection) == [mails[0].connection, mails[0].connection], "one login for both")

        try FileManager.default.removeItem(atPath: file)
        let missing = await channel.send(try Fixture.briefing(), to: address)
        #expect(missing.kind == .unavailable && missing.words.contains("token_file"))
        await channel.close()
    }

    @Test("no dialogue shows the token")
    func hidden() async throws {
        let peer = try Peer.smtp(mode: "token")
        let file = TemporaryDirectory()
        let path = file.file("token")
        try "ya29.good".write(toFile: path, atomically: true, encoding: .utf8)
        let channel = try channel(
            [url(peer)], ["username": .text(Peer.username), "token_file": .text(path), "ca_file": .text(peer.caFile)])
        let exchange = await channel.rehearse(try Fixture.briefing(.test), to: address)
        await channel.close()
        #expect(exchange.outcome.kind == .sent)
        let secret = Base64.string("user=\(Peer.username)\u{1}auth=Bearer ya29.good\u{1}\u{1}".utf8)
        #expect(!exchange.lines.contains { $0.contains("ya29") || $0.contains(secret) })
    }

    @Test("options that contradict each other are refused with the remedy")
    func flaws() {
        func flaw(_ options: [String: OptionValue]) -> String? {
            let base: [String: OptionValue] = ["relay": .text("smtp://a.example"), "from": .text("a@b.example")]
            return ChannelKind.smtp.check(OptionValues(base.merging(options) { $1 }))?.option
        }
        #expect(flaw(["fallback": .texts(["http://b.example"])]) == "fallback")
        #expect(flaw(["fallback": .texts(["smtp://b.example", "smtps://c.example"])]) == nil)
        #expect(flaw(["token_file": .text("/x")]) == "username")
        let both: [String: OptionValue] = [
            "token_file": .text("/x"), "username": .text("u"), "password": .secret(Secret("p")),
        ]
        #expect(flaw(both) == "token_file")
        #expect(
            flaw(["fallback_username": .text("u"), "fallback_password": .secret(Secret("p"))]) == "fallback_username")
    }
}
