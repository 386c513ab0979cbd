// When one event is on: lengths, days, recurrences, exceptions, and the nights on which clocks change.

import Foundation
import LeadCore
import Testing

@testable import LeadCalendar

@Suite("When an event is on")
struct EventTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let zone: String
        let lines: [String]
        let times: [String]

        init(_ name: String, zone: String = "America/Chicago", _ lines: [String], _ times: [String]) {
            testDescription = name
            self.zone = zone
            self.lines = lines
            self.times = times
        }
    }

    @Test("in the year 2026", arguments: lengths + zones + recurrences + exceptions + changes)
    func times(of event: Case) throws {
        #expect(try CalendarText.times(CalendarText.file(event.lines), zone: event.zone) == event.times)
    }

    private static let lengths = [
        Case("start and end", ["DTSTART:20260105T090000Z", "DTEND:20260105T100000Z"], ["01-05T09:00 01-05T10:00"]),
        Case("a duration", ["DTSTART:20260105T090000Z", "DURATION:PT1H30M"], ["01-05T09:00 01-05T10:30"]),
        Case("weeks", ["DTSTART:20260105T090000Z", "DURATION:P1W"], ["01-05T09:00 01-12T09:00"]),
        Case("a time has no length", ["DTSTART:20260105T090000Z"], []),
        Case("an end at the start has none", ["DTSTART:20260105T090000Z", "DTEND:20260105T090000Z"], []),
        Case("a day lasts a day", ["DTSTART;VALUE=DATE:20260105"], ["01-05T06:00 01-06T06:00"]),
        Case("a day without VALUE", ["DTSTART:20260105"], ["01-05T06:00 01-06T06:00"]),
        Case("a day that ends on itself", ["DTSTART:20260105", "DTEND:20260105"], ["01-05T06:00 01-06T06:00"]),
        Case("days", ["DTSTART:20260105", "DTEND:20260108"], ["01-05T06:00 01-08T06:00"]),
        Case("days by duration", ["DTSTART:20260105", "DURATION:P3D"], ["01-05T06:00 01-08T06:00"]),
        Case("days by hours", ["DTSTART:20260105", "DURATION:PT48H"], ["01-05T06:00 01-07T06:00"]),
        Case(
            "what began before the window and ends in it", ["DTSTART:20251224T120000Z", "DTEND:20260102T120000Z"],
            ["12-24T12:00 01-02T12:00"]),
        Case("what ends as the window begins", ["DTSTART:20251231T120000Z", "DTEND:20260101T000000Z"], []),
        Case("what begins as the window ends", ["DTSTART:20270101T000000Z", "DURATION:PT1H"], []),
        Case("a leap second", ["DTSTART:20260105T235960Z", "DURATION:PT1S"], ["01-05T23:59 01-06T00:00"]),
        Case("cancelled", ["DTSTART:20260105", "STATUS:CANCELLED"], []),
        Case("transparent", ["DTSTART:20260105T090000Z", "DURATION:PT1H", "TRANSP:TRANSPARENT"], []),
    ]

    private static let zones = [
        Case("floating", ["DTSTART:20260105T090000", "DURATION:PT1H"], ["01-05T15:00 01-05T16:00"]),
        Case(
            "a name of the system's", ["DTSTART;TZID=Europe/Berlin:20260705T090000", "DURATION:PT1H"],
            ["07-05T07:00 07-05T08:00"]),
        Case(
            "a name of the system's in quotes", ["DTSTART;TZID=\"Asia/Kolkata\":20260705T090000", "DURATION:PT1H"],
            ["07-05T03:30 07-05T04:30"]),
        Case(
            "two zones", ["DTSTART;TZID=America/New_York:20260705T090000", "DTEND;TZID=Europe/London:20260706T090000"],
            ["07-05T13:00 07-06T08:00"]),
    ]

    private static let recurrences = [
        Case(
            "a count", ["DTSTART:20260105", "RRULE:FREQ=WEEKLY;COUNT=2"],
            ["01-05T06:00 01-06T06:00", "01-12T06:00 01-13T06:00"]),
        Case(
            "a count that began before the window", ["DTSTART:20251222", "RRULE:FREQ=WEEKLY;COUNT=3"],
            ["01-05T06:00 01-06T06:00"]),
        Case(
            "UNTIL a day, inclusive", ["DTSTART:20260105", "RRULE:FREQ=DAILY;UNTIL=20260106"],
            ["01-05T06:00 01-06T06:00", "01-06T06:00 01-07T06:00"]),
        Case(
            "days UNTIL midnight in UTC", ["DTSTART:20260105", "RRULE:FREQ=DAILY;UNTIL=20260106T000000Z"],
            ["01-05T06:00 01-06T06:00", "01-06T06:00 01-07T06:00"]),
        Case(
            "days UNTIL local midnight in UTC", ["DTSTART:20260105", "RRULE:FREQ=DAILY;UNTIL=20260106T060000Z"],
            ["01-05T06:00 01-06T06:00", "01-06T06:00 01-07T06:00"]),
        Case(
            "UNTIL in UTC of a local time",
            [
                "DTSTART;TZID=America/Chicago:20260105T200000", "DURATION:PT1H",
                "RRULE:FREQ=DAILY;UNTIL=20260107T020000Z",
            ],
            ["01-06T02:00 01-06T03:00", "01-07T02:00 01-07T03:00"]),
        Case(
            "every other week on two days, weeks from Sunday",
            ["DTSTART:20260104", "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4;WKST=SU;BYDAY=TU,SU"],
            [
                "01-04T06:00 01-05T06:00", "01-06T06:00 01-07T06:00", "01-18T06:00 01-19T06:00",
                "01-20T06:00 01-21T06:00",
            ]),
        Case(
            "the 31st, where there is one", ["DTSTART:20260131", "RRULE:FREQ=MONTHLY;COUNT=3"],
            ["01-31T06:00 02-01T06:00", "03-31T05:00 04-01T05:00", "05-31T05:00 06-01T05:00"]),
        Case("29 February", ["DTSTART:20240229", "RRULE:FREQ=YEARLY"], []),
        Case(
            "hours of a day", ["DTSTART:20260105T090000Z", "DURATION:PT10M", "RRULE:FREQ=DAILY;BYHOUR=9,8;COUNT=3"],
            ["01-05T09:00 01-05T09:10", "01-06T08:00 01-06T08:10", "01-06T09:00 01-06T09:10"]),
        Case(
            "within the day", ["DTSTART:20260105T090000Z", "DURATION:PT10M", "RRULE:FREQ=HOURLY;INTERVAL=5;COUNT=2"],
            ["01-05T09:00 01-05T09:10", "01-05T14:00 01-05T14:10"]),
        Case(
            "a rule that doesn't name the start", ["DTSTART:20260105", "RRULE:FREQ=WEEKLY;BYDAY=WE;UNTIL=20260110"],
            ["01-05T06:00 01-06T06:00", "01-07T06:00 01-08T06:00"]),
        Case(
            "more times", ["DTSTART:20260105", "RDATE;VALUE=DATE:20260301,20260105", "RDATE:20260201"],
            ["01-05T06:00 01-06T06:00", "02-01T06:00 02-02T06:00", "03-01T06:00 03-02T06:00"]),
        Case(
            "more periods",
            [
                "DTSTART:20260105T090000Z", "DURATION:PT1H",
                "RDATE;VALUE=PERIOD:20260201T090000Z/PT2H,20260301T090000Z/20260301T120000Z",
            ],
            ["01-05T09:00 01-05T10:00", "02-01T09:00 02-01T11:00", "03-01T09:00 03-01T12:00"]),
        Case("a rule that names no day", ["DTSTART:20250105", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"], []),
        Case(
            "in lower case, with a last semicolon", ["dtstart:20260105", "rrule:freq=daily;count=1;"],
            ["01-05T06:00 01-06T06:00"]),
    ]

    private static let exceptions = [
        Case(
            "a day", ["DTSTART:20260105", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20260106"],
            ["01-05T06:00 01-06T06:00", "01-07T06:00 01-08T06:00"]),
        Case("the start", ["DTSTART:20260105", "EXDATE:20260105"], []),
        Case(
            "a time in another zone",
            [
                "DTSTART;TZID=America/Chicago:20260105T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2",
                "EXDATE:20260105T150000Z",
            ], ["01-06T15:00 01-06T16:00"]),
        Case(
            "times on a day",
            [
                "DTSTART;TZID=America/Chicago:20260105T200000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2",
                "EXDATE;VALUE=DATE:20260105",
            ], ["01-07T02:00 01-07T03:00"]),
        Case(
            "a day by a time on it", ["DTSTART:20260105", "RRULE:FREQ=DAILY;COUNT=2", "EXDATE:20260105T060000Z"],
            ["01-06T06:00 01-07T06:00"]),
    ]

    private static let changes = [
        Case(
            "nine o'clock stays nine o'clock",
            [
                "DTSTART;TZID=America/Chicago:20260302T090000", "DTEND;TZID=America/Chicago:20260302T100000",
                "RRULE:FREQ=WEEKLY;COUNT=2",
            ], ["03-02T15:00 03-02T16:00", "03-09T14:00 03-09T15:00"]),
        Case(
            "a time that is left out is read as before",
            ["DTSTART;TZID=America/Chicago:20260308T023000", "DURATION:PT1H"], ["03-08T08:30 03-08T09:30"]),
        Case(
            "a time that comes twice is the first",
            ["DTSTART;TZID=America/Chicago:20261101T013000", "DURATION:PT1H"], ["11-01T06:30 11-01T07:30"]),
        Case("the short day", ["DTSTART:20260308"], ["03-08T06:00 03-09T05:00"]),
        Case("the long day", ["DTSTART:20261101"], ["11-01T05:00 11-02T06:00"]),
        Case(
            "a day by duration is a day by the calendar, hours are hours",
            ["DTSTART;TZID=America/Chicago:20260307T120000", "DURATION:P1DT1H"], ["03-07T18:00 03-08T18:00"]),
        // 0:00 to 1:00 is left out on 24 April.
        Case("a day without a midnight", zone: "Africa/Cairo", ["DTSTART:20260424"], ["04-23T22:00 04-24T21:00"]),
        Case("the day before it", zone: "Africa/Cairo", ["DTSTART:20260423"], ["04-22T22:00 04-23T22:00"]),
    ]

    @Test("a day whose midnight was left out begins an hour later, and days meet without a gap")
    func saoPaulo() throws {
        let window = try CalendarText.instant("2018-11-01T00:00:00Z")..<CalendarText.instant("2018-12-01T00:00:00Z")
        let file = CalendarText.file(["DTSTART:20181103", "RRULE:FREQ=DAILY;COUNT=3"])
        #expect(
            try CalendarText.times(file, zone: "America/Sao_Paulo", window: window) == [
                "11-03T03:00 11-04T03:00", "11-04T03:00 11-05T02:00", "11-05T02:00 11-06T02:00",
            ])
    }

    @Test("events that leave their owner free count when asked for")
    func transparent() throws {
        for start in ["DTSTART:20260105", "DTSTART:20260105T060000Z"] {
            let file = CalendarText.file([start, "DURATION:P1D", "TRANSP:TRANSPARENT"])
            #expect(try CalendarText.times(file, includeTransparent: true) == ["01-05T06:00 01-06T06:00"])
            #expect(try CalendarText.times(file, includeTransparent: false) == [])
        }
    }

    @Test("an empty window touches nothing, and a window is half-open")
    func windows() throws {
        let file = CalendarText.file(["DTSTART:20260105T090000Z", "DTEND:20260105T100000Z"])
        let from = try CalendarText.instant("2026-01-05T09:00:00Z")
        let until = try CalendarText.instant("2026-01-05T10:00:00Z")
        let tick = Duration.milliseconds(1)
        #expect(try CalendarText.times(file, window: from + tick..<from + tick) == [])
        #expect(try CalendarText.times(file, window: from + tick..<from + tick + tick).count == 1)
        #expect(try CalendarText.times(file, window: from - tick..<from) == [])
        #expect(try CalendarText.times(file, window: until..<until + tick) == [])
        #expect(try CalendarText.times(file, window: until - tick..<until).count == 1)
        let all = Timestamp(milliseconds: .min)..<Timestamp(milliseconds: .max)
        #expect(try CalendarText.times(file, window: all).count == 1)
    }

    @Test("a changed instance replaces its own, its newest version counts, and cancelled it is gone")
    func overrides() throws {
        let master = ["DTSTART:20260105T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3", "UID:a"]
        let end = ["END:VEVENT", "BEGIN:VEVENT", "UID:a", "RECURRENCE-ID:20260106T090000Z"]
        let moved = ["DTSTART:20260107T120000Z", "DURATION:PT2H", "SEQUENCE:2"]
        let older = ["DTSTART:20260107T180000Z", "DURATION:PT2H", "SEQUENCE:1"]
        let first = "01-05T09:00 01-05T10:00"
        let last = "01-07T09:00 01-07T10:00"
        let expected = [first, last, "01-07T12:00 01-07T14:00"]
        #expect(try CalendarText.times(CalendarText.file(master + end + moved)) == expected)
        #expect(try CalendarText.times(CalendarText.file(master + end + moved + end + older)) == expected)
        #expect(try CalendarText.times(CalendarText.file(master + end + older + end + moved)) == expected)
        let gone = CalendarText.file(master + end + moved + ["STATUS:CANCELLED"])
        #expect(try CalendarText.times(gone) == [first, last])
        // Without its event it is on by itself.
        #expect(try CalendarText.times(CalendarText.file(Array(end.dropFirst(2)) + moved)) == [expected[2]])
    }

    @Test(
        "a name is one clean line of 200 characters at most",
        arguments: [
            (#"  Out\, of\; office\nnow\\ "#, #"Out, of; office now\"#),
            ("a\u{7}b\u{202E}c\td", "abc d"),
            ("👩\u{200D}🔬 é", "👩\u{200D}🔬 é"),
            (String(repeating: "é", count: 300), String(repeating: "é", count: 200)),
            ("", ""),
        ])
    func summaries(text: String, summary: String) throws {
        let file = CalendarText.file(["DTSTART:20260105", "SUMMARY;LANGUAGE=en:\(text)"])
        let entries = try ICalendar.entries(
            file, within: CalendarText.year(), zone: CalendarText.zone("UTC"), includeTransparent: false)
        #expect(entries.map(\.summary) == [summary])
    }
}
