// What makes a file unusable, what is said about it, and at which line.

import LeadCore
import Testing

@testable import LeadCalendar

@Suite("Flaws of calendar files")
struct FlawTests {
    @Test(
        "a file that is no calendar, or not whole",
        arguments: [
            ("", ICalendarFlaw(.empty)),
            ("\r\n \n", ICalendarFlaw(.empty)),
            ("\u{FEFF}", ICalendarFlaw(.empty)),
            ("<!DOCTYPE html>\n<html>", ICalendarFlaw(.notACalendar, line: 1)),
            ("\n\nBEGIN:VCARD\nEND:VCARD", ICalendarFlaw(.notACalendar, line: 3)),
            ("\u{0}\u{1}\u{2}", ICalendarFlaw(.notACalendar, line: 1)),
            ("BEGIN:VCALENDAR", ICalendarFlaw(.truncated)),
            ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\n", ICalendarFlaw(.truncated)),
            ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR", ICalendarFlaw(.brokenStructure, line: 3)),
            ("BEGIN:VCALENDAR\nBEGIN:VCALENDAR\n", ICalendarFlaw(.brokenStructure, line: 2)),
            ("BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR\n", ICalendarFlaw(.brokenStructure, line: 3)),
            ("BEGIN:VCALENDAR\nEND:VCALENDAR\nBEGIN:VEVENT\n", ICalendarFlaw(.brokenStructure, line: 3)),
            ("BEGIN:VCALENDAR\nEND:VCALENDAR\nVERSION:2.0\n", ICalendarFlaw(.brokenStructure, line: 3)),
            ("BEGIN:VCALENDAR\nno colon\n", ICalendarFlaw(.brokenLine, line: 2)),
            ("BEGIN:VCALENDAR\n:x\n", ICalendarFlaw(.brokenLine, line: 2)),
            ("BEGIN:VCALENDAR\nX;A=\"b:c\n", ICalendarFlaw(.brokenLine, line: 2)),
            ("BEGIN:VCALENDAR\nX;=b:c\n", ICalendarFlaw(.brokenLine, line: 2)),
            ("BEGIN:VCALENDAR\nX:folded\n  \u{0}\nEND:VCALENDAR", ICalendarFlaw(.notText, line: 2)),
        ])
    func structure(text: String, flaw: ICalendarFlaw) throws {
        #expect(try CalendarText.flaw(Array(text.utf8)) == flaw)
    }

    @Test(
        "an event that can't be read, at its line",
        arguments: [
            (["SUMMARY:x"], .missing(property: "DTSTART"), 4),
            (["DTSTART:20260230"], .badValue(property: "DTSTART"), 5),
            (["DTSTART:00000101"], .badValue(property: "DTSTART"), 5),
            (["DTSTART:20260101T250000"], .badValue(property: "DTSTART"), 5),
            (["DTSTART:20260101T250000X"], .badValue(property: "DTSTART"), 5),
            (["DTSTART:tomorrow"], .badValue(property: "DTSTART"), 5),
            (["DTSTART:"], .badValue(property: "DTSTART"), 5),
            (["DTSTART:20260102", "DTEND:20260101"], .badValue(property: "DTEND"), 6),
            (["DTSTART:20260102", "DTEND:20260103T000000Z"], .badValue(property: "DTEND"), 6),
            (["DTSTART:20260102T090000", "DTEND:20260103"], .badValue(property: "DTEND"), 6),
            (["DTSTART:20260102T090000", "DURATION:-PT1H"], .badValue(property: "DURATION"), 6),
            (["DTSTART:20260102T090000", "DURATION:P"], .badValue(property: "DURATION"), 6),
            (["DTSTART:20260102T090000", "DURATION:P99999999999D"], .badValue(property: "DURATION"), 6),
            (["DTSTART:20260102", "DURATION:PT1H"], .badValue(property: "DTEND"), 5),
            (["DTSTART:20260102", "EXDATE:x"], .badValue(property: "EXDATE"), 6),
            (["DTSTART:20260102", "RDATE:20260102T090000Z"], .badValue(property: "RDATE"), 6),
            (["DTSTART:20260102T090000Z", "RDATE:20260102T090000Z/P1D/P1D"], .badValue(property: "RDATE"), 6),
            (["DTSTART;TZID=Nowhere/Town:20260102T090000"], .unknownZone("Nowhere/Town"), 5),
            (["DTSTART;TZID=W. Europe Standard Time:20260102T090000"], .unknownZone("W. Europe Standard Time"), 5),
            (["DTSTART;TZID=../../etc/passwd:20260102T090000"], .unknownZone("../../etc/passwd"), 5),
            (["DTSTART;TZID=:20260102T090000"], .unknownZone(""), 5),
            (["DTSTART;TZID=EST5:20260102T090000"], .unknownZone("EST5"), 5),
            (["DTSTART:20260102T090000Z", "EXDATE;TZID=Mars/Base:20260102T090000"], .unknownZone("Mars/Base"), 6),
            (["DTSTART:20260102", "EXRULE:FREQ=DAILY"], .unsupported("EXRULE"), 6),
            (
                ["DTSTART:20260102", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260102"],
                .unsupported("RECURRENCE-ID with RANGE"), 6
            ),
            (["DTSTART:15000102", "RRULE:FREQ=YEARLY"], .unsupported("A rule that begins before 1583"), 6),
        ] as [([String], ICalendarFlaw.Reason, Int)])
    func events(lines: [String], reason: ICalendarFlaw.Reason, line: Int) throws {
        #expect(try CalendarText.flaw(CalendarText.file(lines)) == ICalendarFlaw(reason, line: line))
    }

    @Test(
        "a rule that the RFC doesn't have",
        arguments: [
            "", "DAILY", "FREQ=", "FREQ=FORTNIGHTLY", "COUNT=2", "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;COUNT=0",
            "FREQ=DAILY;COUNT=x", "FREQ=DAILY;COUNT=2;UNTIL=20260105", "FREQ=DAILY;UNTIL=soon", "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;INTERVAL=99999", "FREQ=DAILY;BYMONTH=13", "FREQ=DAILY;BYMONTH=", "FREQ=DAILY;BYDAY=XX",
            "FREQ=DAILY;BYDAY=2MO", "FREQ=WEEKLY;BYMONTHDAY=1", "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=MONTHLY;BYDAY=54MO",
            "FREQ=MONTHLY;BYYEARDAY=1", "FREQ=MONTHLY;BYWEEKNO=1", "FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO",
            "FREQ=YEARLY;BYYEARDAY=367", "FREQ=DAILY;BYHOUR=24", "FREQ=DAILY;WKST=1", "FREQ=DAILY;X-ODD=1",
            "FREQ=MONTHLY;BYDAY=-128MO", "FREQ=DAILY;COUNT=99999999999999999999",
        ])
    func rules(rule: String) throws {
        let file = CalendarText.file(["DTSTART:20260102", "RRULE:\(rule)"])
        #expect(try CalendarText.flaw(file) == ICalendarFlaw(.badValue(property: "RRULE"), line: 6))
    }

    @Test(
        "a rule that would be read wrong is refused and named",
        arguments: [
            "FREQ=DAILY;BYSETPOS=1", "FREQ=MONTHLY;BYDAY=MO;BYHOUR=9,10;BYSETPOS=1", "FREQ=HOURLY;BYDAY=MO",
            "RSCALE=HEBREW;FREQ=YEARLY", "FREQ=YEARLY;SKIP=FORWARD",
            "FREQ=DAILY;BYMONTHDAY=-1", "FREQ=YEARLY;BYMONTHDAY=13;BYDAY=1FR",
        ])
    func unsupported(rule: String) throws {
        let flaw = try #require(try CalendarText.flaw(CalendarText.file(["DTSTART:20260102", "RRULE:\(rule)"])))
        guard case .unsupported = flaw.reason else {
            Issue.record("\(flaw)")
            return
        }
        #expect(flaw.line == 6)
    }

    @Test(
        "a time zone block that can't be read, at its line",
        arguments: [
            (["X-A:b"], .missing(property: "TZID"), 4),
            (["TZID:A", "BEGIN:STANDARD", "END:STANDARD"], .missing(property: "DTSTART"), 6),
            (
                ["TZID:A", "BEGIN:STANDARD", "DTSTART:19700101T000000", "END:STANDARD"],
                .missing(property: "TZOFFSETFROM"), 6
            ),
            (["TZID:A", "BEGIN:STANDARD", "TZOFFSETTO:+99:00", "END:STANDARD"], .badValue(property: "TZOFFSETTO"), 7),
            (["TZID:A", "BEGIN:DAYLIGHT", "DTSTART:19700101", "END:DAYLIGHT"], .badValue(property: "DTSTART"), 7),
        ] as [([String], ICalendarFlaw.Reason, Int)])
    func zones(lines: [String], reason: ICalendarFlaw.Reason, line: Int) throws {
        #expect(try CalendarText.flaw(CalendarText.file(lines, in: "VTIMEZONE")) == ICalendarFlaw(reason, line: line))
    }

    @Test("a zone without offsets is a flaw once an event uses it, and an unused one is none")
    func emptyZone() throws {
        let empty = ["TZID:A", "END:VTIMEZONE", "BEGIN:VEVENT", "DTSTART;TZID=A:20260105T090000", "DURATION:PT1H"]
        let unused = ["TZID:A", "END:VTIMEZONE", "BEGIN:VEVENT", "DTSTART:20260105T090000Z", "DURATION:PT1H"]
        let file = { (lines: [String]) in
            CalendarText.file(lines + ["END:VEVENT", "BEGIN:VTIMEZONE", "TZID:B"], in: "VTIMEZONE")
        }
        #expect(
            try CalendarText.flaw(file(empty))
                == ICalendarFlaw(.missing(property: "STANDARD or DAYLIGHT"), line: 4))
        #expect(try CalendarText.flaw(file(unused)) == nil)
    }

    @Test("bytes that are no UTF-8 are a flaw at their line")
    func encoding() throws {
        let file = CalendarText.file(["DTSTART:20260102", "SUMMARY:Auer Haus"]).map { byte in
            byte == UInt8(ascii: "u") ? 0xDF : byte
        }
        #expect(try CalendarText.flaw(file) == ICalendarFlaw(.notText, line: 6))
    }

    @Test("a flaw says in a sentence what is wrong and where")
    func words() throws {
        let flaw = try #require(
            try CalendarText.flaw(CalendarText.file(["DTSTART;TZID=Ode\u{7}ssa:20260102T090000"])))
        #expect(
            flaw.description
                == "line 5: The time zone 'Odessa' is neither defined in the file nor known to the system; "
                + "export the calendar together with its time zones.")
        #expect(ICalendarFlaw(.truncated).description == "The file ends before its END:VCALENDAR: it is incomplete.")
    }
}
