// Whoever was shown a lead as open sees within two seconds that somebody has it, however much waits for them: what says so goes
// first, at the rates that the kinds of channel have by default.

import Curl
import LeadCore
import LeadNotify
import LeadTestKit
import PeerKit
import Testing

@Suite("Settled before all else", .timeLimit(.minutes(5)))
struct SettledFirstStory {
    /// A kind of webhook, with a path of the HTTP peer whose answer is a success.
    struct Hook: Sendable, CustomTestStringConvertible {
        let kind: String
        let path: String
        var testDescription: String { kind }
    }

    private static let hooks = [
        Hook(kind: "teams", path: "/status/202"), Hook(kind: "slack", path: "/slack"),
        Hook(kind: "google-chat", path: "/json?body=%7B%22name%22:%22spaces/A/messages/B%22%7D&x=1"),
        Hook(kind: "mattermost", path: "/slack"),
        Hook(kind: "rocketchat", path: "/json?body=%7B%22success%22:true%7D&x=1"),
        Hook(kind: "ntfy", path: "/json?body=%7B%22id%22:%22x%22%7D&x=1"),
    ]

    private static let backlog = 100

    private static func kind(_ name: String) throws -> ChannelKind {
        try #require(ChannelKind.all.first { $0.name == name })
    }

    /// The channel `way` as a configuration without `rate` and `concurrency` makes it.
    private static func settings(_ kind: ChannelKind, called id: ChannelID = "way", concurrency: Int? = nil)
        -> ChannelSettings
    {
        ChannelSettings(
            id: id, kind: kind.name, isShared: kind.isShared, isMail: kind.isMail,
            concurrency: concurrency ?? kind.defaultConcurrency, limits: kind.defaultLimits,
            changeLimits: kind.defaultChangeLimits, digestSize: kind.digestSize,
            isEditable: kind.isEditable)
    }

    /// Dana is told by `way` alone, and nothing is due for days.
    private static func rulebook(_ kind: ChannelKind, _ address: String, concurrency: Int? = nil) -> Rulebook {
        Sample.rulebook(
            people: [
                Person(id: "dana", name: "Dana Whitfield", isManager: true, reach: [Sample.reach("way", address)]),
                Person(
                    id: "jane", name: "Jane Ortiz", rep: Person.RepProfile(),
                    reach: [Sample.reach("mail", "jane@example.com")]),
            ],
            channels: [settings(kind, concurrency: concurrency), Sample.channels[0]],
            routes: [Route(managers: ["dana"], policy: "standard")],
            policies: ["standard": Sample.policy([(.zero, .notify(.manager)), (.seconds(864_000), .assign("jane"))])],
            operators: [])
    }

    /// Many leads that wait for their rate behind one that has come.
    private func fill(_ house: House) async throws -> CaseID {
        let shown = try await house.drop(lead: 1)
        try await house.waitFor(shown, "the first message") { $0.deliveries.allSatisfy { $0.state == .sent } }
        let leads = try (2...Self.backlog).map { try House.text(Sample.lead($0)) }
        try await house.drop("many.ndjson", leads.joined(separator: "\n"))
        try await house.settle()
        let waiting = try await house.run.database.queues().values.reduce(0) { $0 + $1.unsent }
        #expect(waiting > 20, "there is a backlog")
        return shown
    }

    @Test("each kind of webhook tells at once, though a hundred leads wait for its rate", arguments: hooks)
    func webhooks(hook: Hook) async throws {
        let peer = try Peer.http()
        let client = try HTTPClient(maximumConnectionsPerHost: 16)
        let kind = try Self.kind(hook.kind)
        let channel = try kind.make(
            "way", OptionValues(["addresses": .text("loopback"), "plain_http": .flag(true)]),
            ChannelEnvironment(httpClient: client, hostName: "leads.example.com"))
        let plan = HousePlan {
            $0.rulebook = Self.rulebook(kind, peer.url(hook.path))
            $0.channels = [channel, ScriptedChannel(id: "mail")]
        }
        try await House.open(plan) { house in
            let shown = try await fill(house)
            try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: shown)
            try await house.pass(.seconds(2))
            try await house.expect(.settled, to: "dana", by: "way", about: shown)
            house.journal.readAll()
        }
        await client.shutdown()
    }

    /// Tells `story` in a house whose manager is told by the bot alone, at its own rate.
    private static func withBot(_ story: (House, Workspace) async throws -> Void) async throws {
        let slack = try Workspace()
        let kind = try kind("slack-bot")
        let options: [String: OptionValue] = [
            "addresses": .text("loopback"), "plain_http": .flag(true), "api": .text(slack.peer.url("/api")),
            "token": .secret(Secret(Peer.slackToken)), "signing_secret": .secret(Secret(Workspace.secret)),
        ]
        let channel = try kind.make(
            "way", OptionValues(options), ChannelEnvironment(httpClient: slack.client, hostName: "leads.example.com"))
        let plan = HousePlan {
            $0.rulebook = rulebook(kind, "U0DANA0001")
            $0.channels = [channel, ScriptedChannel(id: "mail")]
            $0.hasPages = true
        }
        try await House.open(plan) { house in try await story(house, slack) }
        await slack.client.shutdown()
    }

    @Test("the bot changes what it has posted at once, though a hundred leads wait for its rate")
    func bot() async throws {
        try await Self.withBot { house, slack in
            let shown = try await fill(house)
            try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: shown)
            try await house.pass(.seconds(2))
            #expect(try slack.posts()[0].text.contains("Settled, Jane Ortiz has it"))
            #expect(try slack.posts().count < 10, "the others still wait")
            house.journal.readAll()
        }
    }

    /// How many of the bot's messages show that Jane has the lead.
    private static func settled(_ slack: Workspace) throws -> Int {
        try slack.posts().count { $0.text.contains("Settled, Jane Ortiz has it") }
    }

    @Test(
        "leads that are settled at once on their pages: the bot shows three at once, which is its rate, and three more every three seconds, before all that is new",
        arguments: [3, 6])
    func together(_ count: Int) async throws {
        try await Self.withBot { house, slack in
            var paths: [String] = []
            for number in 1...count {
                try await house.drop(lead: number)
                try await house.pass(.seconds(3))
                paths.append(try await house.expect(.decide, to: "dana", by: "way").path)
            }
            try await Browser.open(house) { browser in
                var pages: [Browser.Page] = []
                for path in paths { pages.append(try await browser.open(path)) }
                try await house.pass(.seconds(3))
                let (decided, began) = (house.clock.now(), ContinuousClock.now)
                for page in pages {
                    #expect(try await browser.press("assign", on: page, ["rep": "jane"]).status == 200)
                }
                try await house.waitFor("three to be settled") { try Self.settled(slack) >= 3 }
                #expect(ContinuousClock.now - began < .seconds(2), "by the clock on the wall it takes no time at all")
                #expect(house.clock.now() == decided)
            }
            try await house.drop(lead: count + 1)
            try await house.settle()
            #expect(try Self.settled(slack) == 3)
            try await house.pass(.milliseconds(2999))
            #expect(try Self.settled(slack) == 3)
            #expect(try slack.posts().count == count, "the rate is used up")
            try await house.pass(.milliseconds(1))
            #expect(try Self.settled(slack) == count)
            #expect(try slack.posts().count == (count == 3 ? 4 : 6), "what is new comes after what is settled")
            try await house.pass(.seconds(3))
            #expect(try slack.posts().count == count + 1)
            #expect(try slack.posts().prefix(count).allSatisfy { $0.changes == 1 })
            #expect(try slack.peer.slackRefusals() == [])
            for _ in 1...count { try await house.expect(.assigned, to: "jane", by: "mail") }
            house.journal.readAll()
        }
    }

    @Test("every channel that showed the lead as open shows that it is settled, whatever its kind")
    func everywhere() async throws {
        let slack = try Workspace()
        let peer = try Peer.http()
        let relay = try Peer.smtp()
        let environment = ChannelEnvironment(httpClient: slack.client, hostName: "leads.example.com")
        let webhooks = try Self.hooks.map { hook in
            try Self.kind(hook.kind).make(
                ChannelID(hook.kind), OptionValues(["addresses": .text("loopback"), "plain_http": .flag(true)]),
                environment)
        }
        let mail = try #require(ChannelShop.mail(slack.client, relay))
        let settings =
            try Self.hooks.map { Self.settings(try Self.kind($0.kind), called: ChannelID($0.kind)) } + [
                Self.settings(try Self.kind("slack-bot"), called: "bot"), Sample.channels[0],
            ]
        let ways =
            Self.hooks.map { Sample.reach(ChannelID($0.kind), peer.url($0.path)) } + [
                Sample.reach("bot", "U0DANA0001"), Sample.reach("mail", "dana@example.com"),
            ]
        let people = [
            Person(id: "dana", name: "Dana Whitfield", isManager: true, reach: ways), Sample.people[1],
            Sample.people[3],
        ]
        let plan = HousePlan {
            $0.rulebook = Sample.rulebook(
                people: people, channels: settings + [Sample.channels[2]],
                routes: [Route(managers: ["dana"], policy: "standard")], operators: [])
            $0.channels = webhooks + [mail, slack.channel]
        }
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1)
            for way in ways { try await house.expect(.decide, to: "dana", by: way.channel) }
            try await house.settle()
            let began = ContinuousClock.now
            try await house.decide(.assign(rep: "jane", by: "lee", note: nil), on: ada)
            try await house.pass(.seconds(2))
            for way in ways where way.channel != "bot" { try await house.expect(.settled, to: "dana", by: way.channel) }
            _ = try await slack.posts(house, "to be settled") { $0.text.contains("Settled, Jane Ortiz has it") }
            #expect(ContinuousClock.now - began < .seconds(2), "by the clock on the wall it takes no time at all")
            try await house.expect(.assigned, to: "jane", by: "mail")
            #expect(try peer.requests().count == 2 * Self.hooks.count)
            #expect(try relay.mails().count == 3)
            try await house.expectSilence()
        }
        await slack.client.shutdown()
    }

    @Test("mail says it before all that waits for the relay")
    func mail() async throws {
        let kind = try Self.kind("smtp")
        let plan = HousePlan {
            // One connection, which has the next mail at hand.
            $0.rulebook = Self.rulebook(kind, "dana@example.com", concurrency: 1)
            $0.channels = [ScriptedChannel(id: "way"), ScriptedChannel(id: "mail")]
        }
        try await House.open(plan) { house in
            let shown = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "way")
            try await house.settle()
            try house.hold("way")
            let leads = try (2...Self.backlog).map { try House.text(Sample.lead($0)) }
            try await house.drop("many.ndjson", leads.joined(separator: "\n"))
            try await house.settle()
            try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: shown)
            try await house.settle()
            #expect(try house.channel("way").sent.count == 3)
            try house.channel("way").releaseOne()
            try await house.settle()
            #expect(try house.channel("way").sent.map(\.briefing.kind) == [.decide, .decide, .decide, .settled])
            try house.release("way")
            try await house.expect(.settled, to: "dana", by: "way", about: shown)
            try await house.settle()
            house.journal.readAll()
        }
    }
}
