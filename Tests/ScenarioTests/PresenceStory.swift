// People come and go: leave with a substitute or by a calendar file, a weekend, a night in which the clocks change.
// Deadlines are kept to the second, and nobody is asked who isn't there while somebody else is.

import Foundation
import LeadConfiguration
import LeadCore
import LeadTestKit
import Logging
import Testing

@testable import leadbell

@Suite("Presence", .timeLimit(.minutes(5)))
struct PresenceStory {
    private static func instant(_ text: String) throws -> Timestamp {
        try #require(Timestamp(text: text, in: .gmt))
    }

    private static func policy(
        _ steps: [EscalationPolicy.Step], _ zone: String, _ hours: [WorkCalendar.Span],
        holidays: [WorkCalendar.Day: String] = [:]
    ) throws -> EscalationPolicy {
        let zone = try #require(TimeZone(identifier: zone))
        let office = try WorkCalendar(timeZone: zone, hours: hours, holidays: holidays)
        return try EscalationPolicy(steps: steps, clock: .office(office))
    }

    @Test("while a manager is on leave the substitute is asked, also after a restart, and no longer once they are back")
    func leave() async throws {
        let plan = HousePlan { $0.rulebook = Cast.rulebook(people: Cast.mailOnly) }
        try await House.open(plan) { house in
            try await house.run.engine.presence.record(
                Absence(
                    person: "dana", from: Sample.start - .seconds(60), until: Sample.start + .seconds(86_400),
                    substitute: "lee"))
            let first = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "lee", by: "mail", about: first)
            #expect(
                try await house.story(of: first) == ["opened", "passed over dana for lee", "notified lee"])
            try await house.stop()
            try await house.start()
            let second = try await house.drop(lead: 2)
            try await house.expect(.decide, to: "lee", by: "mail", about: second)
            try await house.decide(.assign(rep: "billy", by: "lee", note: nil), on: first)
            try await house.expect(.assigned, to: "billy", by: "mail", about: first)
            try await house.expect(.settled, to: "lee", by: "mail", about: first)
            try await house.pass(.seconds(900))
            try await house.expect(.remind, to: "lee", by: "mail", about: second)
            try await house.decide(.assign(rep: "billy", by: "lee", note: nil), on: second)
            try await house.expect(.assigned, to: "billy", by: "mail", about: second)
            try await house.expect(.settled, to: "lee", by: "mail", about: second)
            try await house.pass(.seconds(85_500))
            try await house.drop(lead: 3)
            try await house.expect(.decide, to: "dana", by: "mail")
        }
    }

    @Test("a manager whose leave begins while a lead waits for them: the next is asked then, also after a restart")
    func leaveBegins() async throws {
        let plan = HousePlan { $0.rulebook = Cast.rulebook(people: Cast.mailOnly) }
        try await House.open(plan) { house in
            try await house.run.engine.presence.record(
                Absence(
                    person: "dana", from: Sample.start + .seconds(60), until: Sample.start + .seconds(86_400)))
            let first = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", about: first)
            try await house.pass(.seconds(60))
            try await house.expect(.escalate, to: "lee", by: "mail", about: first)
            #expect(
                try await house.story(of: first) == [
                    "opened", "notified dana", "passed over dana for lee", "notified lee",
                ])
            try await house.stop()
            try await house.start()
            try await house.pass(.seconds(840))
            try await house.expect(.remind, to: "lee", by: "mail", about: first)
        }
    }

    @Test("a leave that begins after another of the same manager is noticed too, with a lead between them")
    func secondLeave() async throws {
        let plan = HousePlan { $0.rulebook = Cast.rulebook(people: Cast.mailOnly) }
        try await House.open(plan) { house in
            for begin in [60, 300] as [Int64] {
                let from = Sample.start + .seconds(begin)
                try await house.run.engine.presence.record(
                    Absence(person: "dana", from: from, until: from + .seconds(60)))
            }
            try await house.pass(.seconds(200))
            let first = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", about: first)
            try await house.pass(.seconds(100))
            try await house.expect(.escalate, to: "lee", by: "mail", about: first)
        }
    }

    @Test("managers who take turns go on where they were after a restart")
    func turns() async throws {
        let plan = HousePlan {
            $0.rulebook = Cast.rulebook(
                people: Cast.mailOnly, routes: [Route(managers: ["dana", "lee"], policy: "standard", ask: .inTurn)])
        }
        try await House.open(plan) { house in
            let first = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", about: first)
            try await house.stop()
            try await house.start()
            let second = try await house.drop(lead: 2)
            try await house.expect(.decide, to: "lee", by: "mail", about: second)
            let third = try await house.drop(lead: 3)
            try await house.expect(.decide, to: "dana", by: "mail", about: third)
        }
    }

    @Test("a manager whose calendar file is replaced while the daemon runs is passed over, until it is replaced again")
    func calendarFile() async throws {
        let plan = HousePlan { $0.rulebook = Cast.rulebook(people: Cast.mailOnly) }
        try await House.open(plan) { house in
            let path = house.folder.file("dana.ics")
            func replace(_ event: String) throws {
                let aside = house.folder.file("aside/dana.ics")
                try "BEGIN:VCALENDAR\n\(event)END:VCALENDAR\n".write(toFile: aside, atomically: true, encoding: .utf8)
                guard rename(aside, path) == 0 else { throw StoryFault(description: "not replaced: \(errno)") }
            }
            try replace("")
            let log = Logger(label: "house") { _ in LogToJournal(journal: house.journal) }
            let files = AbsenceFiles(presence: try house.run.engine.presence, clock: house.clock.aside, log: log)
            files.adopt([AbsenceFile(person: "dana", path: path, zone: .gmt)])
            let following = Task { await files.run() }
            defer { following.cancel() }
            let first = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", about: first)

            try replace("BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261123\nDTEND;VALUE=DATE:20261125\nEND:VEVENT\n")
            try await house.waitFor("the absence") { house.rulebook.now.absences.map(\.person) == ["dana"] }
            // The lead that waits for her goes on to the next at once.
            try await house.expect(.escalate, to: "lee", by: "mail", about: first)
            #expect(
                try await house.story(of: first) == [
                    "opened", "notified dana", "passed over dana for lee", "notified lee",
                ])
            let second = try await house.drop(lead: 2)
            try await house.expect(.decide, to: "lee", by: "mail", about: second)
            #expect(
                try await house.story(of: second) == ["opened", "passed over dana for lee", "notified lee"])

            try replace("")
            try await house.waitFor("no absence") { house.rulebook.now.absences.isEmpty }
            let third = try await house.drop(lead: 3)
            try await house.expect(.decide, to: "dana", by: "mail", about: third)
        }
    }

    @Test("a lead of Friday evening: the reminder and the fallback come on Monday, by working minutes")
    func weekend() async throws {
        let week = (1...5).map { WorkCalendar.Span(weekday: $0, opens: 540, closes: 1050) }
        let monday = try #require(WorkCalendar.Day(text: "2026-11-30"))
        let policy = try Self.policy(
            Sample.standard.steps, "America/Chicago", week, holidays: [monday: "A holiday"])
        let friday = try Self.instant("2026-11-27T23:20:00Z")
        let plan = HousePlan {
            $0.rulebook = Cast.rulebook(people: Cast.mailOnly, policy: policy)
            $0.start = friday
        }
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail")
            // To Tuesday at 9:05, since Monday is a holiday.
            let reminder = try Self.instant("2026-12-01T15:05:00Z")
            try await house.pass(reminder - friday - .milliseconds(1))
            try await house.expectSilence()
            try await house.pass(.milliseconds(1))
            try await house.expect(.remind, to: "dana", by: "mail")
            try await house.pass(.seconds(900))
            try await house.expect(.escalate, to: "lee", by: "mail")
            try await house.pass(.seconds(1800))
            try await house.expect(.assigned, to: "jane", by: "mail")
            try await house.expect(.settled, to: "dana", by: "mail")
            try await house.expect(.settled, to: "lee", by: "mail")
            #expect(try await house.file(ada).history.last?.at == Self.instant("2026-12-01T15:50:00Z"))
        }
    }

    @Test("in the night in which an hour comes twice, both of them are working time, and each step comes once")
    func doubledHour() async throws {
        let night = [WorkCalendar.Span(weekday: 6, opens: 1320, closes: 1800)]
        // Saturday 23:00 in New York, on the last night of daylight saving time.
        let start = try Self.instant("2026-11-01T03:00:00Z")
        let policy = try Self.policy(
            [
                .init(after: .zero, action: .notify(.manager)), .init(after: .seconds(7200), action: .remind(.manager)),
                .init(after: .seconds(5 * 3600), action: .assign("jane")),
            ], "America/New_York", night)
        let plan = HousePlan {
            $0.rulebook = Cast.rulebook(people: Cast.mailOnly, policy: policy)
            $0.start = start
        }
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail")
            for _ in 0..<2 {
                try await house.pass(.seconds(3600))
            }
            try await house.expect(.remind, to: "dana", by: "mail")
            try await house.pass(.seconds(3 * 3600))
            try await house.expect(.assigned, to: "jane", by: "mail")
            try await house.expect(.settled, to: "dana", by: "mail")
            let end = try #require(try await house.file(ada).history.last?.at)
            #expect(end - start == .seconds(5 * 3600))
            let zone = try #require(TimeZone(identifier: "America/New_York"))
            // Two hours to 1:00, one to 1:00 again, two to 3:00.
            #expect(CivilTime(end, in: zone).words == "Sun 1 Nov 03:00")
        }
    }
}
