// The wall clock is set, forward and back, by an hour and by a year, and daylight saving begins and ends: no step comes
// early, none comes twice.

import LeadCore
import LeadTestKit
import Testing

@Suite("Time jumps", .timeLimit(.minutes(5)))
struct TimeJumpsStory {
    /// A night in which the clocks of a zone change, and the instant at which they do.
    struct Night: Sendable, CustomTestStringConvertible {
        let zone: String
        let change: Timestamp
        /// What the reader is told of the time an hour after a lead that came half an hour before the change.
        let ownerBy: String

        var testDescription: String { "\(zone) \(CivilTime(change).rfc3339)" }
    }

    static let nights = [
        Night(zone: "America/Chicago", change: Timestamp(milliseconds: 1_772_956_800_000), ownerBy: "Sun 8 Mar 03:30"),
        Night(zone: "America/Chicago", change: Timestamp(milliseconds: 1_793_516_400_000), ownerBy: "Sun 1 Nov 01:30"),
        Night(zone: "Europe/London", change: Timestamp(milliseconds: 1_774_746_000_000), ownerBy: "Sun 29 Mar 02:30"),
        Night(zone: "Europe/London", change: Timestamp(milliseconds: 1_792_890_000_000), ownerBy: "Sun 25 Oct 01:30"),
        Night(
            zone: "Australia/Lord_Howe", change: Timestamp(milliseconds: 1_775_314_800_000),
            ownerBy: "Sun 5 Apr 02:00"),
        Night(
            zone: "Australia/Lord_Howe", change: Timestamp(milliseconds: 1_791_041_400_000),
            ownerBy: "Sun 4 Oct 03:00"),
    ]

    @Test("in the nights in which the clocks change, every step comes at its time", arguments: nights)
    func daylightSaving(_ night: Night) async throws {
        let start = night.change - .seconds(1800)
        let plan = HousePlan {
            $0.start = start
            $0.rulebook = Cast.rulebook(people: Cast.mailOnly.map { Cast.with($0, in: night.zone) })
        }
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1)
            let asked = try await house.expect(.decide, to: "dana", by: "mail")
            #expect(asked.briefing.sentences.contains { $0.contains("Choose by \(night.ownerBy) (\(night.zone))") })
            try await house.pass(.seconds(10_800))
            try await house.expect(.remind, to: "dana", by: "mail")
            try await house.expect(.escalate, to: "lee", by: "mail")
            try await house.expect(.assigned, to: "jane", by: "mail")
            try await house.expect(.settled, to: "dana", by: "mail")
            try await house.expect(.settled, to: "lee", by: "mail")
            let file = try await house.file(ada)
            #expect(file.history.map { ($0.at - start).milliseconds } == [0, 0, 900_000, 1_800_000, 3_600_000])
        }
    }

    @Test("a clock set back repeats nothing and brings nothing early", arguments: [3600, 31_536_000] as [Int64])
    func back(_ seconds: Int64) async throws {
        try await House.open { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.pass(.seconds(1000))
            try await house.expect(.remind, to: "dana", by: "mail", "teams")

            try await house.jump(by: .seconds(-seconds))
            try await house.expectSilence()
            // A lead that comes while the clock is behind is handled by that clock.
            let bob = try await house.drop(lead: 2)
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: bob)
            try await house.pass(.seconds(900))
            try await house.expect(.remind, to: "dana", by: "mail", "teams", about: bob)
            try await house.expectSilence()

            // The clock is put right again.
            try await house.jump(by: .seconds(seconds - 900))
            try await house.pass(.seconds(799))
            #expect(try await house.story(of: ada) == ["opened", "notified dana", "reminded dana"])
            try await house.pass(.seconds(1))
            try await house.expect(.escalate, to: "lee", by: "mail", "slack", about: ada)
            try await house.pass(.seconds(86_400))
            #expect(
                try await house.story(of: ada)
                    == ["opened", "notified dana", "reminded dana", "notified lee", "assigned to jane"])
            house.journal.readAll()
        }
    }

    @Test("a clock set forward makes of all that is due then one step", arguments: [3600, 31_536_000] as [Int64])
    func forward(_ seconds: Int64) async throws {
        try await House.open { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.pass(.seconds(600))

            try await house.jump(by: .seconds(seconds))
            try await house.expect(.assigned, to: "jane", by: "mail")
            try await house.expect(.settled, to: "dana", by: "mail", "teams")
            try await house.expectSilence()
            let story = ["opened", "notified dana", "skipped 1", "skipped 2", "assigned to jane"]
            #expect(try await house.story(of: ada) == story)

            try await house.jump(by: .seconds(-seconds))
            try await house.pass(.seconds(86_400))
            try await house.expectSilence()
            #expect(try await house.story(of: ada) == story)
        }
    }

    @Test("a clock that trembles around a deadline brings the step once")
    func trembling() async throws {
        try await House.open { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.pass(.seconds(899))
            for _ in 0..<20 {
                try await house.jump(by: .seconds(2))
                try await house.jump(by: .seconds(-2))
            }
            try await house.expect(.remind, to: "dana", by: "mail", "teams")
            try await house.expectSilence()
            #expect(try await house.story(of: ada) == ["opened", "notified dana", "reminded dana"])
        }
    }

    @Test(
        "a message under way when the clock jumps past its lease is sent once",
        arguments: [3600, 31_536_000] as [Int64])
    func underWay(_ seconds: Int64) async throws {
        try await House.open { house in
            try house.hold("mail")
            for number in 1...8 { try await house.drop(lead: number) }
            for _ in 1...8 { try await house.expect(.decide, to: "dana", by: "teams") }
            try await house.settle()
            // Four mails are under way, four wait in hand.
            try await house.jump(by: .seconds(400))
            try await house.jump(by: .seconds(-400))
            try house.release("mail")
            for _ in 1...8 { try await house.expect(.decide, to: "dana", by: "mail") }
            try await house.expectSilence()
            try await house.pass(.seconds(600))
            try await house.expectSilence()

            try house.hold("mail")
            let late = try await house.drop(lead: 9)
            try await house.expect(.decide, to: "dana", by: "teams", about: late)
            try await house.settle()
            try await house.jump(by: .seconds(seconds))
            try house.release("mail")
            try await house.expect(.decide, to: "dana", by: "mail", about: late)
            try await house.settle()
            house.journal.readAll()
        }
    }
}
