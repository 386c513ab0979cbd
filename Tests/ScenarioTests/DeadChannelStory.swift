// A channel that hangs, defers or refuses is its own trouble: the others go on at once, it is tried again with growing
// pauses, and in the end an operator hears of it, once.

import Curl
import Foundation
import LeadCore
import LeadNotify
import LeadTestKit
import PeerKit
import Synchronization
import Testing

@Suite("A dead channel", .timeLimit(.minutes(5)))
struct DeadChannelStory {
    @Test("chat that hangs keeps no mail waiting")
    func hanging() async throws {
        try await House.open { house in
            try house.hold("teams")
            for number in 1...10 { try await house.drop(lead: number) }
            for _ in 1...10 { try await house.expect(.decide, to: "dana", by: "mail") }
            try await house.expectSilence()
            #expect(try house.channel("teams").mostInFlight == 2, "the lane's concurrency bounds what hangs")
            try house.release("teams")
            for _ in 1...10 { try await house.expect(.decide, to: "dana", by: "teams") }
        }
    }

    @Test("a deferred message is tried again with growing pauses until its horizon; then the operator is alarmed once")
    func horizon() async throws {
        let plan = HousePlan {
            $0.rulebook = Cast.rulebook(retry: RetryPolicy(horizon: .seconds(600)))
        }
        try await House.open(plan) { house in
            try house.channel("teams").answer { _, _ in .deferred(reason: "HTTP 503", retryAfter: nil) }
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail")
            try await house.pass(.seconds(890))

            let attempts = house.journal.now.letters.filter { $0.channel == "teams" }.map(\.begun)
            let pauses = zip(attempts.dropFirst(), attempts).map { ($0 - $1).milliseconds }
            #expect(pauses == [3750, 7500, 15_000, 30_000, 60_000, 120_000, 240_000])
            let alarm = try await house.expect(.alarm, to: "lee", by: "mail", "slack")
            let words = alarm.briefing.sentences.joined(separator: " ")
            #expect(words.contains("Dana Whitfield was not reached by teams: given up after 8 attempts"))
            #expect(words.contains("HTTP 503"))
            // Her first mail could not say so.
            let mail = try await house.expect(.remind, to: "dana", by: "mail")
            #expect(mail.briefing.sentences.contains { $0.hasPrefix("teams takes no messages for you") })
            try await house.expectSilence()

            let file = try await house.file(ada)
            #expect(file.deliveries.filter { $0.state == .failed }.count == 1)
            #expect(file.history.last?.event.words == "dana not reached by teams")
        }
    }

    @Test("a message that is refused for good alarms the operator at once, and an alarm about an alarm is none")
    func refused() async throws {
        try await House.open { house in
            try house.channel("teams").answer { _, _ in .failed(reason: "HTTP 410") }
            try house.channel("slack").answer { _, _ in .failed(reason: "HTTP 404") }
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail")
            try await house.expect(.alarm, to: "lee", by: "mail")
            try await house.expect(.remind, to: "dana", by: "mail")
            try await house.expectSilence()
            let story = try await house.story(of: ada)
            #expect(story == ["opened", "notified dana", "dana not reached by teams", "lee not reached by slack"])
        }
    }

    @Test("a message whose outcome is unknown is sent again under the same id")
    func unknown() async throws {
        try await House.open { house in
            try house.channel("mail").script([.unknown(reason: "the connection broke after the message")])
            try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "teams")
            try await house.expectSilence()
            try await house.pass(.seconds(4))
            try await house.expect(.decide, to: "dana", by: "mail")
            let copies = house.journal.now.letters.filter { $0.channel == "mail" }
            #expect(copies.count == 2)
            #expect(Set(copies.map(\.delivery)).count == 1)
        }
    }

    @Test("fifty dead lanes delay no other")
    func fiftyLanes() async throws {
        let people = (1...51).map { number in
            Person(
                id: PersonID("m\(number)"), name: "Manager \(number)", isManager: true,
                reach: [Sample.reach("teams", number <= 50 ? "dead/\(number)" : "alive/\(number)")])
        }
        let everyone = EscalationPolicy.Audience.people(people.map(\.id))
        let trap = TrapChannel(id: "teams")
        let plan = HousePlan {
            $0.rulebook = Cast.rulebook(
                people: people + Cast.mailOnly, routes: [Route(managers: ["m51"], policy: "standard")],
                policy: Sample.policy([(.zero, .notify(everyone)), (.seconds(3600), .assign("jane"))]))
            $0.channels = [trap, ScriptedChannel(id: "mail"), ScriptedChannel(id: "slack")]
        }
        try await House.open(plan) { house in
            house.allowHanging("teams")
            for number in 1...20 { try await house.drop(lead: number) }
            for _ in 1...20 { try await house.expect(.decide, to: "m51", by: "teams") }
            try await house.waitFor("every dead lane to be busy") { house.journal.look { $0.underWay.count } == 100 }
            trap.open()
            for number in 1...50 {
                for _ in 1...20 { try await house.expect(.decide, to: PersonID("m\(number)"), by: "teams") }
            }
        }
    }

    @Test("with real channels: a webhook that hangs keeps no mail waiting, and a Retry-After is kept")
    func realChannels() async throws {
        let relay = try Peer.smtp()
        let hooks = try Peer.http()
        let client = try HTTPClient()
        let people = [
            person("dana", isManager: true, teams: hooks.url("/hang-headers")),
            person("lee", isManager: true, teams: hooks.url("/status/429?retry_after=90&times=1")),
            person("jane", rep: Person.RepProfile(), teams: hooks.url("/status/202")),
        ]
        let rulebook = Cast.rulebook(
            people: people, routes: [Route(managers: ["dana"], policy: "standard")],
            policy: Sample.policy([
                (.zero, .notify(.people(["dana", "lee"]))), (.seconds(3600), .assign("jane")),
            ]))
        let plan = HousePlan {
            $0.rulebook = rulebook
            $0.channels = [
                ChannelShop.teams(client), ChannelShop.mail(client, relay), ScriptedChannel(id: "slack"),
            ].compactMap(\.self)
        }
        try await House.open(plan) { house in
            house.allowHanging("teams")
            try await house.drop(lead: 1)
            try await hooks.awaitEvent(.hang)
            try await house.expect(.decide, to: "dana", by: "mail")
            try await house.expect(.decide, to: "lee", by: "mail")
            #expect(try relay.mails().flatMap(\.to).sorted() == ["dana@example.com", "lee@example.com"])

            // Lee's webhook answers 429 at first, and gets its ninety seconds.
            try await house.waitFor("the 429") {
                house.journal.look { $0.letters.contains { $0.person == "lee" && !$0.arrived } }
            }
            try await house.pass(.seconds(89))
            #expect(try hooks.requests().filter { $0.path == "/status/429" }.count == 1)
            try await house.pass(.seconds(1))
            try await house.expect(.decide, to: "lee", by: "teams")
            #expect(try hooks.requests().filter { $0.path == "/status/429" }.count == 2)

            // Whatever hangs ends with its connection; its outcome is unknown, and by then it is overtaken.
            await client.shutdown()
            try await house.waitFor("the hanging request to end") {
                house.journal.look { $0.letters.contains { $0.person == "dana" && $0.channel == "teams" } }
            }
            await house.kill()
            try await house.start()
        }
    }

    private func person(
        _ id: PersonID, isManager: Bool = false, rep: Person.RepProfile? = nil, teams: String
    ) -> Person {
        Person(
            id: id, name: "Ms \(id)", isManager: isManager, rep: rep,
            reach: [Sample.reach("mail", "\(id)@example.com"), Sample.reach("teams", teams)])
    }
}

/// Messages to the address `dead` hang until the trap opens.
final class TrapChannel: Channel {
    private struct State {
        var isOpen = false
        var caught: [CheckedContinuation<Void, Never>] = []
    }

    let id: ChannelID
    private let state = Mutex(State())

    init(id: ChannelID) { self.id = id }

    func send(_ briefing: Briefing, to address: Secret) async -> DeliveryOutcome {
        if address.revealed.hasPrefix("dead") {
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock { state in
                    if !state.isOpen { state.caught.append(continuation) }
                    return state.isOpen
                }
                if isOpen { continuation.resume() }
            }
        }
        return .sent(detail: "taken")
    }

    func open() {
        let caught = state.withLock { state in
            state.isOpen = true
            defer { state.caught = [] }
            return state.caught
        }
        for continuation in caught { continuation.resume() }
    }

    func close() async { open() }
}

/// Real channels that lead to peers.
enum ChannelShop {
    static func teams(_ client: HTTPClient) -> (any Channel)? {
        make("teams", "teams", ["addresses": .text("loopback"), "plain_http": .flag(true)], client)
    }

    static func mail(_ client: HTTPClient, _ relay: Peer) -> (any Channel)? {
        let options: [String: OptionValue] = [
            "relay": .text("smtp://localhost:\(relay.port)"), "from": .text("Leads <leads@example.com>"),
            "username": .text(Peer.username), "password": .secret(Secret(Peer.password)),
            "ca_file": .text(relay.caFile), "addresses": .text("loopback"),
        ]
        return make("mail", "smtp", options, client)
    }

    /// Events, posted to `url`.
    static func events(_ id: ChannelID, _ client: HTTPClient, to url: String) -> (any Channel)? {
        let options: [String: OptionValue] = [
            "url": .secret(Secret(url)), "addresses": .text("loopback"), "plain_http": .flag(true),
            "secret": .secret(Secret("whsec_" + Data(repeating: 7, count: 32).base64EncodedString())),
        ]
        return make(id, "webhook", options, client)
    }

    /// A house whose people are reached by mail alone, through `relay`.
    static func mailOnly(_ client: HTTPClient, _ relay: Peer) throws -> HousePlan {
        let channel = try #require(mail(client, relay))
        return HousePlan {
            $0.rulebook = Cast.rulebook(people: Cast.mailOnly)
            $0.channels = [channel, ScriptedChannel(id: "teams"), ScriptedChannel(id: "slack")]
        }
    }

    private static func make(
        _ id: ChannelID, _ kind: String, _ options: [String: OptionValue], _ client: HTTPClient
    ) -> (any Channel)? {
        guard let kind = ChannelKind.all.first(where: { $0.name == kind }) else { return nil }
        do throws(OptionFlaw) {
            let environment = ChannelEnvironment(httpClient: client, hostName: "leads.example.com")
            return try kind.make(id, OptionValues(options), environment)
        } catch {
            Issue.record("the channel \(id) can't be made: \(error.sentence)")
            return nil
        }
    }
}
