// Instants, durations in files and messages, and civil time against Foundation's calendar.

import Foundation
import LeadCore
import LeadTestKit
import Testing

@Suite("Timestamp and Duration")
struct TimeTests {
    @Test(
        "durations are read with their units",
        arguments: [
            ("250ms", 250), ("3s", 3000), ("15m", 900_000), ("1h30m", 5_400_000), ("7d", 604_800_000), ("0s", 0),
            ("1m1m", 120_000), ("007s", 7000), ("36525d", 3_155_760_000_000),
        ] as [(String, Int64)])
    func reads(text: String, milliseconds: Int64) {
        #expect(Duration(text: text) == .milliseconds(milliseconds))
    }

    @Test(
        "what has no unit, or an unknown one, or is beyond a century, is no duration",
        arguments: [
            "", "15", "m", "15 m", "15M", "15min", "-3s", "+3s", "1.5h", "3s ", " 3s", "1h30", "h1", "\u{661}s",
            "3\u{FF53}",
            "36526d", "9223372036854775807ms", "9223372036854775808ms", "99999999999999999999d", "36525d1ms",
            "106751991167300d",
        ])
    func refuses(text: String) { #expect(Duration(text: text) == nil) }

    @Test(
        "a duration is told in words",
        arguments: [
            (0, "0 s"), (1, "1 ms"), (999, "999 ms"), (1000, "1 s"), (1999, "1 s"), (59_999, "59 s"), (60_000, "1 min"),
            (61_000, "1 min 1 s"), (299_000, "4 min 59 s"), (301_000, "5 min"), (3_599_000, "59 min"),
            (3_600_000, "1 h"), (5_400_000, "1 h 30 min"), (172_799_000, "47 h 59 min"), (172_800_000, "2 days"),
            (-5000, "0 s"),
        ] as [(Int64, String)])
    func words(milliseconds: Int64, words: String) { #expect(Duration.milliseconds(milliseconds).words == words) }

    @Test("milliseconds of a duration are whole and rounded towards zero")
    func milliseconds() {
        #expect(Duration.microseconds(1999).milliseconds == 1)
        #expect(Duration.microseconds(-1999).milliseconds == -1)
        #expect((Duration.seconds(2) + .microseconds(500)).milliseconds == 2000)
    }

    @Test("instants are ordered, and their difference added again gives the later one")
    func arithmetic() {
        let instant = Sample.start
        let later = instant + .milliseconds(1501)
        #expect(instant < later)
        #expect(later - instant == .milliseconds(1501))
        #expect(later - .milliseconds(1501) == instant)
        #expect(instant + (later - instant) == later)
    }

    @Test("an instant is coded as its number")
    func coding() throws {
        let data = try JSONEncoder().encode([Sample.start])
        #expect(String(decoding: data, as: UTF8.self) == "[1795446000000]")
        #expect(try JSONDecoder().decode([Timestamp].self, from: data) == [Sample.start])
    }
}

@Suite("CivilTime")
struct CivilTimeTests {
    @Test("twenty thousand instants in many zones are what Foundation's calendar says")
    func againstCalendar() throws {
        var random = SeededGenerator(seed: 20_261_123)
        let names = TimeZone.knownTimeZoneIdentifiers.sorted()
        var compared = 0
        for _ in 0..<200 {
            let name = try #require(names.randomElement(using: &random))
            let zone = try #require(TimeZone(identifier: name))
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = zone
            for _ in 0..<100 {
                // 1600 to 2500: Foundation's calendar is Julian before 1582.
                let instant = Timestamp(
                    milliseconds: Int64.random(in: -11_676_096_000_000...16_725_225_600_000, using: &random))
                let date = Date(timeIntervalSince1970: Double(instant.milliseconds) / 1000)
                let wanted = calendar.dateComponents(
                    [.year, .month, .day, .hour, .minute, .second, .weekday], from: date)
                let civil = CivilTime(instant, in: zone)
                let got = [
                    civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second, civil.weekday + 1,
                ]
                let expected = [
                    wanted.year, wanted.month, wanted.day, wanted.hour, wanted.minute, wanted.second, wanted.weekday,
                ].compactMap(\.self)
                if got != expected { Issue.record("\(name) \(instant): \(got) instead of \(expected)") }
                compared += 1
            }
        }
        #expect(compared == 20_000)
    }

    @Test("the instants beside a day's, a year's and a leap day's end fall on their sides")
    func edges() {
        func text(_ milliseconds: Int64) -> String { CivilTime(Timestamp(milliseconds: milliseconds)).rfc3339 }
        #expect(text(0) == "1970-01-01T00:00:00Z")
        #expect(text(-1) == "1969-12-31T23:59:59Z")
        #expect(text(951_782_399_999) == "2000-02-28T23:59:59Z")
        #expect(text(951_782_400_000) == "2000-02-29T00:00:00Z")
        #expect(text(4_107_542_400_000) == "2100-03-01T00:00:00Z")
        #expect(text(-62_135_596_800_000) == "0001-01-01T00:00:00Z")
        #expect(text(253_402_300_799_999) == "9999-12-31T23:59:59Z")
    }

    @Test("the extremes of the arithmetic don't stop it", arguments: [Int64.min, .max])
    func extremes(milliseconds: Int64) {
        let civil = CivilTime(Timestamp(milliseconds: milliseconds), offset: 50_400)
        #expect((1...12).contains(civil.month))
        #expect((0...6).contains(civil.weekday))
    }

    @Test("formats carry the offset")
    func formats() {
        let civil = CivilTime(Sample.start, offset: -(3 * 3600 + 1800))
        #expect(civil.rfc3339 == "2026-11-23T11:30:00-03:30")
        #expect(civil.rfc5322 == "Mon, 23 Nov 2026 11:30:00 -0330")
        #expect(civil.words == "Mon 23 Nov 11:30")
        #expect(CivilTime(Sample.start).rfc5322 == "Mon, 23 Nov 2026 15:00:00 +0000")
        #expect(CivilTime(Sample.start, offset: 45_900).rfc3339 == "2026-11-24T03:45:00+12:45")
    }

    @Test(
        "daylight saving is that of the instant",
        arguments: [
            ("America/Chicago", 1_793_514_600_000, "Sun 1 Nov 01:30"),  // before the clock goes back
            ("America/Chicago", 1_793_518_200_000, "Sun 1 Nov 01:30"),  // an hour later
            ("Europe/Berlin", 1_774_744_200_000, "Sun 29 Mar 01:30"),
            ("Europe/Berlin", 1_774_747_800_000, "Sun 29 Mar 03:30"),
            ("Australia/Lord_Howe", 1_774_744_200_000, "Sun 29 Mar 11:30"),
        ] as [(String, Int64, String)])
    func daylightSaving(zone: String, milliseconds: Int64, words: String) throws {
        let zone = try #require(TimeZone(identifier: zone))
        #expect(CivilTime(Timestamp(milliseconds: milliseconds), in: zone).words == words)
    }
}
