// Working time against a model that asks the wall clock of every single minute, and the nights and days that are easily
// got wrong, by name.

import Foundation
import LeadTestKit
import Testing

@testable import LeadCore

@Suite("Working time")
struct WorkCalendarTests {
    private typealias Span = WorkCalendar.Span

    private static func zone(_ name: String) throws -> TimeZone { try #require(TimeZone(identifier: name)) }

    private static func at(_ text: String) throws -> Timestamp {
        let date = try Date(text, strategy: .iso8601)
        return Timestamp(milliseconds: Int64(date.timeIntervalSince1970 * 1000))
    }

    /// Monday to Friday, 9:00 to 17:30.
    private static let week = (1...5).map { Span(weekday: $0, opens: 540, closes: 1050) }

    @Test(
        "a deadline is where the working time is over",
        arguments: [
            // Within a day, and to its very end.
            ("2026-11-23T15:00:00Z", 30, "2026-11-23T15:30:00Z"),
            ("2026-11-23T23:00:00Z", 30, "2026-11-23T23:30:00Z"),
            // Nothing is at once, also at night.
            ("2026-11-22T03:00:00Z", 0, "2026-11-22T03:00:00Z"),
            // Over a weekend, from inside it, and over Thanksgiving.
            ("2026-11-20T23:20:00Z", 30, "2026-11-23T15:20:00Z"),
            ("2026-11-21T12:00:00Z", 30, "2026-11-23T15:30:00Z"),
            ("2026-11-25T23:20:00Z", 30, "2026-11-27T15:20:00Z"),
            // Over the weekends on which daylight saving ends and begins.
            ("2026-10-30T22:20:00Z", 30, "2026-11-02T15:20:00Z"),
            ("2026-03-06T23:20:00Z", 30, "2026-03-09T14:20:00Z"),
        ])
    func office(start: String, minutes: Int, end: String) throws {
        let holiday = try #require(WorkCalendar.Day(text: "2026-11-26"))
        let calendar = try WorkCalendar(
            timeZone: Self.zone("America/Chicago"), hours: Self.week, holidays: [holiday: "Thanksgiving"])
        #expect(try calendar.deadline(after: .seconds(minutes * 60), from: Self.at(start)) == Self.at(end))
    }

    @Test(
        "a shift over the night of a change has the hours that the clock shows",
        arguments: [
            // 2:00 to 3:00 is left out: eight hours by the clock are seven.
            ("2026-03-07T23:00:00Z", 9 * 60, "2026-03-08T22:00:00Z"),
            // It comes twice: eight hours by the clock are nine.
            ("2026-10-31T22:00:00Z", 9 * 60, "2026-11-01T11:00:00Z"),
        ])
    func nights(start: String, minutes: Int, end: String) throws {
        // Saturday 22:00 to Sunday 6:00, and Sunday from 16:00.
        let calendar = try WorkCalendar(
            timeZone: Self.zone("America/New_York"),
            hours: [Span(weekday: 6, opens: 1320, closes: 1800), Span(weekday: 0, opens: 960, closes: 1440)])
        #expect(try calendar.deadline(after: .seconds(minutes * 60), from: Self.at(start)) == Self.at(end))
    }

    @Test("closures tell from when to when, and the holidays that made them longer")
    func closures() throws {
        let days = try ["2026-11-26": "Thanksgiving", "2026-11-28": "a Saturday"].map { text, name in
            (try #require(WorkCalendar.Day(text: text)), name)
        }
        let calendar = try WorkCalendar(
            timeZone: Self.zone("America/Chicago"), hours: Self.week,
            holidays: Dictionary(days) { first, _ in first })
        let found = try calendar.closures(from: Self.at("2026-11-25T12:00:00Z"), until: Self.at("2026-11-30T15:30:00Z"))
        #expect(
            try found == [
                WorkCalendar.Closure(from: Self.at("2026-11-25T12:00:00Z"), until: Self.at("2026-11-25T15:00:00Z")),
                WorkCalendar.Closure(
                    from: Self.at("2026-11-25T23:30:00Z"), until: Self.at("2026-11-27T15:00:00Z"),
                    holidays: ["Thanksgiving"]),
                WorkCalendar.Closure(from: Self.at("2026-11-27T23:30:00Z"), until: Self.at("2026-11-30T15:00:00Z")),
            ])
        #expect(calendar.closures(from: Sample.start, until: Sample.start).isEmpty)
    }

    @Test("what never ends ends after ten years")
    func never() throws {
        let calendar = try WorkCalendar(timeZone: .gmt, hours: [Span(weekday: 1, opens: 0, closes: 1)])
        let end = calendar.deadline(after: .seconds(1_000_000), from: Sample.start)
        #expect(end == Sample.start + .seconds(3653 * 86_400))
    }

    @Test("hours that overlap are no calendar, over midnight and over the week's end too")
    func flaws() {
        #expect(throws: WorkCalendar.Flaw.noHours) { try WorkCalendar(timeZone: .gmt, hours: []) }
        let pairs = [
            (Span(weekday: 1, opens: 540, closes: 720), Span(weekday: 1, opens: 719, closes: 800)),
            (Span(weekday: 1, opens: 1320, closes: 1800), Span(weekday: 2, opens: 300, closes: 400)),
            (Span(weekday: 6, opens: 1320, closes: 1800), Span(weekday: 0, opens: 300, closes: 400)),
            (Span(weekday: 0, opens: 300, closes: 400), Span(weekday: 6, opens: 1320, closes: 1800)),
        ]
        for (first, second) in pairs {
            #expect(throws: WorkCalendar.Flaw.overlap(0, 1)) {
                try WorkCalendar(timeZone: .gmt, hours: [first, second])
            }
        }
        #expect(throws: Never.self) {
            try WorkCalendar(
                timeZone: .gmt,
                hours: [Span(weekday: 6, opens: 1320, closes: 1740), Span(weekday: 0, opens: 300, closes: 400)])
        }
    }

    @Test(
        "days are read as dates that exist",
        arguments: [
            ("1970-01-01", 0), ("2024-02-29", 19_782), ("2026-11-26", 20_783), ("2023-02-29", nil), ("2026-13-01", nil),
            ("2026-00-01", nil), ("2026-1-01", nil), ("26-11-2026", nil), ("2026-11-26x", nil), ("", nil),
        ] as [(String, Int64?)])
    func days(text: String, number: Int64?) { #expect(WorkCalendar.Day(text: text)?.number == number) }

    @Test("it is as the clock on the wall says, minute by minute, in every zone and on the days of changes")
    func model() throws {
        var random = SeededGenerator(seed: 20_261_126)
        let zones = TimeZone.knownTimeZoneIdentifiers.compactMap { TimeZone(identifier: $0) }
        let newYear = try Self.at("2020-01-01T00:00:00Z")
        for number in 0..<20_000 {
            let zone = zones[number % zones.count]
            let calendar = try Self.anyCalendar(in: zone, from: newYear, &random)
            var start = newYear + .seconds(60 * Int.random(in: 0..<5_256_000, using: &random))
            // Half of the cases begin shortly before the zone's clocks change, where they do.
            let date = Date(timeIntervalSince1970: Double(start.milliseconds) / 1000)
            if number % 2 == 0, let change = zone.nextDaylightSavingTimeTransition(after: date) {
                let minute = Int64(change.timeIntervalSince1970 / 60) - Int64.random(in: 0..<900, using: &random)
                start = Timestamp(milliseconds: minute * 60_000)
            }
            let minutes = Int.random(in: 0...300, using: &random)
            let absences = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                let from = start + .seconds(60 * Int.random(in: -500...900, using: &random))
                return from..<from + .seconds(60 * Int.random(in: 0...600, using: &random))
            }
            let found = calendar.deadline(after: .seconds(60 * minutes), from: start, except: absences)
            let expected = Model(calendar, absences).deadline(minutes: minutes, from: start)
            let name = "case \(number): \(minutes) min from \(start.milliseconds) in \(zone.identifier): \(calendar)"
            try #require(found == expected, "\(name)")
            // What is not closed until then is the working time that was asked for.
            let closed = calendar.closures(from: start, until: found, except: absences)
                .reduce(.zero) { $0 + ($1.until - $1.from) }
            try #require(found - start - closed == .seconds(60 * minutes), "\(name)")
        }
    }

    /// One to three spans a day on most days, some over midnight, with holidays on some days.
    private static func anyCalendar(
        in zone: TimeZone, from first: Timestamp, _ random: inout SeededGenerator
    ) throws -> WorkCalendar {
        var hours: [Span] = []
        for weekday in 0..<7 where Int.random(in: 0..<6, using: &random) > 0 {
            var minute = Int.random(in: 0..<600, using: &random)
            for _ in 0..<Int.random(in: 1...3, using: &random) where minute < 1440 {
                let closes = minute + Int.random(in: 1...700, using: &random)
                let span = Span(weekday: weekday, opens: minute, closes: closes)
                do {
                    _ = try WorkCalendar(timeZone: zone, hours: hours + [span])
                    hours.append(span)
                } catch {
                    // A night that reaches into what is there already.
                }
                minute = closes + Int.random(in: 0..<300, using: &random)
            }
        }
        if hours.isEmpty { hours = Self.week }
        let day = first.milliseconds / 86_400_000
        var holidays: [WorkCalendar.Day: String] = [:]
        for _ in 0..<400 {
            holidays[WorkCalendar.Day(number: day + Int64.random(in: 0..<3700, using: &random))] = "a holiday"
        }
        return try WorkCalendar(timeZone: zone, hours: hours, holidays: holidays)
    }
}

/// Working time by looking at the clock in every minute.
private struct Model {
    private let calendar: WorkCalendar
    private let spans: [[WorkCalendar.Span]]
    private let absences: [Range<Timestamp>]

    init(_ calendar: WorkCalendar, _ absences: [Range<Timestamp>]) {
        self.calendar = calendar
        self.absences = absences
        spans = calendar.hours
    }

    func deadline(minutes: Int, from start: Timestamp) -> Timestamp {
        var left = minutes
        var minute = start.milliseconds / 60_000
        var offset: Int64 = 0
        var steady: Int64 = 0
        while left > 0 {
            // The zone is asked once a quarter of an hour, and every minute in one in which its clocks change.
            if minute >= steady {
                offset = self.offset(at: minute)
                steady = self.offset(at: minute + 15) == offset ? minute + 15 : minute + 1
            }
            let isAway = absences.contains { $0.contains(Timestamp(milliseconds: minute * 60_000)) }
            if !isAway, isOpen(minute + offset) { left -= 1 }
            minute += 1
        }
        return Timestamp(milliseconds: minute * 60_000)
    }

    private func offset(at minute: Int64) -> Int64 {
        Int64(calendar.timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(minute * 60)))) / 60
    }

    /// Whether someone works when the wall clock shows this minute since 1970.
    private func isOpen(_ local: Int64) -> Bool {
        let day = local / 1440
        let time = Int(local % 1440)
        return covers(day, time) || covers(day - 1, time + 1440)
    }

    private func covers(_ day: Int64, _ time: Int) -> Bool {
        let today = spans[Int((day + 4) % 7)]
        return today.contains { $0.opens <= time && time < $0.closes }
            && calendar.holidays[WorkCalendar.Day(number: day)] == nil
    }
}
