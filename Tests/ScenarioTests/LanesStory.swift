// Each destination's lane: it keeps to its rate, rests when its peer is down, stops when its configuration is wrong, and
// none of that delays another.

import LeadCore
import LeadTestKit
import Testing

@Suite("Lanes", .timeLimit(.minutes(5)))
struct LanesStory {
    private func plan(
        _ limits: [RateLimit], concurrency: Int = 2, operators: [PersonID] = ["lee"]
    ) -> HousePlan {
        HousePlan {
            $0.rulebook = Cast.rulebook(
                operators: operators,
                channels: Sample.channels.map { channel in
                    guard channel.id == "teams" else { return channel }
                    return ChannelSettings(
                        id: channel.id, kind: channel.kind, isShared: false, isMail: false,
                        concurrency: concurrency,
                        limits: limits)
                })
        }
    }

    @Test("a rate is kept, mail doesn't wait for it, and what waits goes out when its time has come")
    func rate() async throws {
        try await House.open(plan([RateLimit(2, per: .seconds(1)), RateLimit(5, per: .seconds(10))])) {
            house in
            for number in 1...8 { try await house.drop(lead: number) }
            for _ in 1...8 { try await house.expect(.decide, to: "dana", by: "mail") }
            for _ in 1...2 { try await house.expect(.decide, to: "dana", by: "teams") }
            try await house.expectSilence()
            let begin = house.clock.now()
            try await house.pass(.milliseconds(999))
            try await house.expectSilence()
            try await house.pass(.seconds(20))
            for _ in 1...6 { try await house.expect(.decide, to: "dana", by: "teams") }
            let times = house.journal.now.letters.filter { $0.channel == "teams" }.map {
                ($0.begun - begin).milliseconds
            }
            #expect(
                times == [0, 0, 1000, 1000, 10_000, 10_000, 11_000, 11_000], "one of five is kept for what is urgent")
        }
    }

    @Test("who is reached at one address shares its lane: one rate, and one alarm where it is gone")
    func shared() async throws {
        let people = Sample.people.map { person in
            person.isManager
                ? Person(
                    id: person.id, name: person.name, isManager: true,
                    reach: [
                        Sample.reach("teams", "https://teams.example/sales"),
                        Sample.reach("mail", "\(person.id)@example.com"),
                    ])
                : Cast.with(person, "mail")
        }
        let plan = HousePlan {
            $0.rulebook = Cast.rulebook(
                people: people,
                policy: Sample.policy([(.zero, .notify(.people(["dana", "lee"]))), (.seconds(3600), .assign("jane"))]),
                operators: ["jane"],
                channels: Sample.channels.map { channel in
                    guard channel.id == "teams" else { return channel }
                    return ChannelSettings(
                        id: channel.id, kind: channel.kind, isShared: false, isMail: false, concurrency: 2,
                        limits: [RateLimit(1, per: .seconds(1))])
                })
        }
        try await House.open(plan) { house in
            let teams = try house.channel("teams")
            try await house.drop(lead: 1)
            try await house.settle()
            #expect(teams.sent.count == 1, "the peer counts both")
            try await house.pass(.seconds(1))
            #expect(teams.sent.count == 2)
            teams.answer { _, _ in .stopped(reason: "HTTP 410 from the webhook") }
            try await house.pass(.seconds(10))
            try await house.drop(lead: 2)
            try await house.pass(.seconds(10))
            #expect(teams.sent.count == 3, "what one message found out holds for both")
            #expect(try house.channel("mail").sent.count { $0.briefing.kind == .alarm } == 1)
            #expect(try house.run.engine.lanes().filter { $0.channel == "teams" }.map(\.id) == ["teams/dana"])
            house.journal.readAll()
        }
    }

    @Test(
        "a peer that is down is left in peace, probed by one message, and gets all that waited when it is back"
    )
    func breaker() async throws {
        let plan = plan([], concurrency: 1)
        try await House.open(plan) { house in
            let teams = try house.channel("teams")
            teams.answer { _, _ in .unavailable(reason: "HTTP 503", retryAfter: nil) }
            for number in 1...20 { try await house.drop(lead: number) }
            for _ in 1...20 { try await house.expect(.decide, to: "dana", by: "mail") }
            try await house.expectSilence()
            #expect(teams.sent.count == 5, "the breaker opens after five failures in a row")
            try await house.pass(.seconds(120))
            #expect(
                (8...10).contains(teams.sent.count), "one probe each time the breaker's pause is over")
            let status = try #require(try house.run.engine.lanes().first { $0.id == "teams/dana" })
            #expect(status.lane.lastTrouble?.reason == "HTTP 503")

            teams.answer { _, _ in .sent(detail: "taken") }
            try await house.pass(.seconds(600))
            for _ in 1...20 { try await house.expect(.decide, to: "dana", by: "teams") }
            let lines = house.journal.now.log.filter {
                $0.contains("channel rests") || $0.contains("channel works")
            }
            #expect(lines.count <= 7 && lines.last?.contains("channel works again") == true)
        }
    }

    @Test("a peer's Retry-After holds the whole lane, and no other")
    func retryAfter() async throws {
        try await House.open(plan([], concurrency: 1)) { house in
            let teams = try house.channel("teams")
            teams.script([.unavailable(reason: "HTTP 429", retryAfter: .seconds(90))])
            for number in 1...4 { try await house.drop(lead: number) }
            for _ in 1...4 { try await house.expect(.decide, to: "dana", by: "mail") }
            try await house.pass(.seconds(89))
            #expect(teams.sent.count == 1)
            try await house.pass(.seconds(1))
            for _ in 1...4 { try await house.expect(.decide, to: "dana", by: "teams") }
        }
    }

    @Test(
        "a webhook that is gone is tried once, alarms once, and holds what comes until somebody resumes it"
    )
    func stopped() async throws {
        try await House.open(plan([], concurrency: 1)) { house in
            let teams = try house.channel("teams")
            teams.answer { _, _ in .stopped(reason: "HTTP 410 from the webhook") }
            let first = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail")
            let alarm = try await house.expect(.alarm, to: "lee", by: "mail", "slack")
            #expect(alarm.briefing.sentences.joined().contains("not reached by teams: HTTP 410"))
            try await house.expect(.remind, to: "dana", by: "mail", about: first)
            for number in 2...4 {
                try await house.drop(lead: number)
                try await house.expect(.decide, to: "dana", by: "mail")
            }
            try await house.expectSilence()
            #expect(teams.sent.count == 1, "a stopped webhook isn't tried with each lead")
            let stops = house.journal.now.log.filter { $0.contains("channel stopped") }
            #expect(stops.count == 1)
            let states = try await house.file(first).deliveries.filter { $0.delivery.channel == "teams" }
            #expect(states.map(\.state) == [.held])
            #expect(try await house.story(of: first).last == "dana not reached by teams")

            // Resuming what isn't mended tries once, and stops again.
            #expect(try await house.run.engine.resume(["teams"]) == Revived(pending: 4))
            try await house.settle()
            #expect(teams.sent.count == 2)
            try await house.expectSilence()

            teams.answer { _, _ in .sent(detail: "taken") }
            #expect(try await house.run.engine.resume(nil).pending == 4)
            for _ in 1...4 { try await house.expect(.decide, to: "dana", by: "teams") }
            try await house.expectSilence()
        }
    }

    @Test(
        "a reload and a restart try a stopped webhook again, and questions that were answered meanwhile stay unasked"
    )
    func mended() async throws {
        try await House.open(plan([])) { house in
            let teams = try house.channel("teams")
            teams.answer { _, _ in .stopped(reason: "HTTP 404") }
            let first = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail")
            try await house.expect(.alarm, to: "lee", by: "mail", "slack")
            try await house.expect(.remind, to: "dana", by: "mail", about: first)
            try await house.drop(lead: 2)
            try await house.expect(.decide, to: "dana", by: "mail")
            try await house.settle()
            try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: first)
            try await house.expect(.assigned, to: "jane", by: "mail")
            try await house.expect(.settled, to: "dana", by: "mail")
            try await house.settle()

            teams.answer { _, _ in .sent(detail: "taken") }
            try house.reload(house.rulebook.now)
            try await house.expect(.decide, to: "dana", by: "teams")
            try await house.expect(.settled, to: "dana", by: "teams")
            try await house.expectSilence()

            teams.answer { _, _ in .stopped(reason: "HTTP 404") }
            try await house.drop(lead: 3)
            try await house.expect(.decide, to: "dana", by: "mail")
            try await house.expect(.alarm, to: "lee", by: "mail", "slack")
            try await house.expect(.remind, to: "dana", by: "mail")
            try await house.settle()
            teams.answer { _, _ in .sent(detail: "taken") }
            try await house.stop()
            try await house.start()
            try await house.expect(.decide, to: "dana", by: "teams")
        }
    }

    @Test("messages that failed are sent when somebody wants them tried again")
    func retry() async throws {
        try await House.open(plan([])) { house in
            try house.channel("teams").script([.failed(reason: "HTTP 400")])
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail")
            try await house.expect(.alarm, to: "lee", by: "mail", "slack")
            try await house.expect(.remind, to: "dana", by: "mail")
            try await house.settle()
            #expect(try await house.run.database.undelivered(limit: 10).map(\.delivery.caseID) == [ada])
            #expect(try await house.run.engine.retry(.all) == Revived(pending: 1))
            try await house.expect(.decide, to: "dana", by: "teams")
            #expect(try await house.run.database.undelivered(limit: 10).isEmpty)
        }
    }

    @Test("a long queue behind a slow rate is worked off at its rate, though leases end meanwhile")
    func longQueue() async throws {
        try await House.open(plan([RateLimit(10, per: .seconds(10))], concurrency: 1)) { house in
            let text = try (1...220).map { try House.text(Sample.lead($0)) }.joined(separator: "\n")
            try await house.drop("many.ndjson", text)
            for _ in 1...220 { try await house.expect(.decide, to: "dana", by: "mail") }
            let begin = house.clock.now()
            try await house.pass(.seconds(245))
            for _ in 1...220 { try await house.expect(.decide, to: "dana", by: "teams") }
            let times = house.journal.now.letters.filter { $0.channel == "teams" }.map {
                ($0.begun - begin).milliseconds
            }
            #expect(times == (0..<220).map { $0 / 9 * 10_000 }, "one of ten is kept for what is urgent")
            let records =
                try await house.run.database.file(Sample.key(of: Sample.lead(219)).caseID)?.deliveries ?? []
            #expect(records.allSatisfy { $0.attempts == 1 }, "waiting is no attempt")
        }
    }
}
