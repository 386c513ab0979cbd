// Files that mean harm, or were mangled: they cost bounded time, and the answer is a flaw or entries, never a crash.

import LeadCore
import LeadTestKit
import Testing

@testable import LeadCalendar

@Suite("Bounds of calendar files")
struct BoundTests {
    @Test("a rule for every day since 1900 is at once at the window")
    func daily() throws {
        let file = CalendarText.file(["DTSTART:19000101", "RRULE:FREQ=DAILY"])
        let entries = try CalendarText.times(file)
        // The day before 2026 in Chicago reaches into it by UTC.
        #expect(entries.count == 366)
        #expect(entries.first == "12-31T06:00 01-01T06:00")
        let counted = CalendarText.file(["DTSTART:19000101", "RRULE:FREQ=DAILY;COUNT=50000"])
        #expect(try CalendarText.times(counted).count == 366)
    }

    @Test(
        "what lies before the window isn't worked out when it needn't be",
        arguments: [("DAILY", 200), ("WEEKLY", 200), ("HOURLY", 200), ("SECONDLY", 1)])
    func skips(frequency: String, count: Int) throws {
        let event = ["DTSTART:19000101T000000", "DURATION:PT1S", "RRULE:FREQ=\(frequency)"]
        let lines = Array(repeating: ["END:VEVENT", "BEGIN:VEVENT"] + event, count: count).flatMap { $0 }
        let start = try CalendarText.instant("2026-01-05T06:00:00Z")
        let window = start..<start + .seconds(1)
        #expect(try CalendarText.times(CalendarText.file(event + lines), window: window).count >= 1)
    }

    @Test("one event has 10,000 instances at most", arguments: ["SECONDLY", "MINUTELY"])
    func instances(frequency: String) throws {
        let file = CalendarText.file(["DTSTART:20260101T000000", "DURATION:PT1S", "RRULE:FREQ=\(frequency)"])
        #expect(try CalendarText.flaw(file) == ICalendarFlaw(.tooManyInstances, line: 4))
        let exactly = CalendarText.file(
            ["DTSTART:20260101T000000", "DURATION:PT1S", "RRULE:FREQ=\(frequency);COUNT=10000"])
        #expect(try CalendarText.times(exactly).count == 10_000)
        let more = CalendarText.file(
            ["DTSTART:20260101T000000", "DURATION:PT1S", "RRULE:FREQ=\(frequency);COUNT=10001"])
        #expect(try CalendarText.flaw(more) == ICalendarFlaw(.tooManyInstances, line: 4))
    }

    @Test("all events have 50,000 entries at most")
    func entries() throws {
        let event = ["DTSTART:20260102T000000", "DURATION:PT1S", "RRULE:FREQ=MINUTELY;COUNT=10000"]
        let five = Array(repeating: ["BEGIN:VEVENT"] + event + ["END:VEVENT"], count: 4).flatMap { $0 }
        let full = Array((event + ["END:VEVENT"] + five).dropLast())
        #expect(try CalendarText.times(CalendarText.file(full)).count == 50_000)
        let over = full + ["END:VEVENT", "BEGIN:VEVENT", "DTSTART:20260102"]
        #expect(try CalendarText.flaw(CalendarText.file(over)) == ICalendarFlaw(.tooManyEntries))
    }

    @Test(
        "rules that take long to find nothing are given up together",
        arguments: [
            "FREQ=MONTHLY;BYSETPOS=99", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;INTERVAL=2", "FREQ=WEEKLY;COUNT=100000",
            "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;BYHOUR=1,2,3,4,5,6,7,8;BYMINUTE=1,2,3,4,5,6,7,8,9;BYSECOND=1,2,3,4",
            "FREQ=SECONDLY;COUNT=2000000000", "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1",
            "FREQ=MONTHLY;BYMONTHDAY=\(list(1...31));BYHOUR=\(list(0...23));BYMINUTE=\(list(0...59));BYSECOND=0,30",
        ])
    func work(rule: String) throws {
        let event = ["END:VEVENT", "BEGIN:VEVENT", "DTSTART:19010101", "RRULE:\(rule)"]
        let file = CalendarText.file(["DTSTART:20250101"] + Array(repeating: event, count: 2000).flatMap { $0 })
        let start = ContinuousClock.now
        let flaw = try CalendarText.flaw(file)
        #expect(flaw?.reason == .tooMuchWork)
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test("events that replace instances of many others are held against each within the same bound")
    func overrides() throws {
        let plain = ["END:VEVENT", "BEGIN:VEVENT", "UID:one", "DTSTART:20260105T090000"]
        let others = (0..<3_000).flatMap { number in
            let clock = "\(1_000_000 + number / 60 % 24 * 10_000 + number % 60 * 100)".dropFirst()
            let time = "2027010\(1 + number / 1_440)T\(clock)"
            return ["END:VEVENT", "BEGIN:VEVENT", "UID:one", "DTSTART:\(time)", "RECURRENCE-ID:\(time)"]
        }
        let file = CalendarText.file(
            ["UID:one", "DTSTART:20260105T090000"] + Array(repeating: plain, count: 3_000).flatMap { $0 } + others)
        #expect(try CalendarText.flaw(file)?.reason == .tooMuchWork)
    }

    @Test("a list that would fill libical's array to its end mark is refused, the one before it is read")
    func fullLists() throws {
        func flaw(_ rule: String) throws -> ICalendarFlaw.Reason? {
            try CalendarText.flaw(CalendarText.file(["DTSTART:20260105", "RRULE:\(rule)"]))?.reason
        }
        let bad = ICalendarFlaw.Reason.badValue(property: "RRULE")
        #expect(try flaw("FREQ=YEARLY;BYMONTH=1;BYWEEKNO=\(list(1...53)),-1,-2") == nil)
        #expect(try flaw("FREQ=YEARLY;BYMONTH=1;BYWEEKNO=\(list(1...53)),-1,-2,-3") == bad)
        #expect(try flaw("FREQ=MONTHLY;BYMONTHDAY=\(list(1...31))") == nil)
        #expect(try flaw("FREQ=MONTHLY;BYMONTHDAY=\(list(1...31)),-1") == bad)
    }

    @Test("a time zone of the file can't take long either")
    func zones() throws {
        for rule in ["FREQ=SECONDLY", "FREQ=DAILY", "FREQ=MONTHLY;BYSETPOS=99"] {
            let lines = [
                "TZID:A", "BEGIN:STANDARD", "DTSTART:16010101T000000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0100",
                "RRULE:\(rule)", "END:STANDARD", "END:VTIMEZONE", "BEGIN:VEVENT", "DTSTART;TZID=A:20260105T090000",
                "DURATION:PT1H", "END:VEVENT", "BEGIN:VTIMEZONE", "TZID:B",
            ]
            let flaw = try CalendarText.flaw(CalendarText.file(lines, in: "VTIMEZONE"))
            #expect(flaw == (rule.hasSuffix("99") ? nil : ICalendarFlaw(.tooManyInstances, line: 6)))
        }
    }

    @Test("100,000 nested blocks, lines, parameters, dates and folds are read or refused")
    func depth() throws {
        let many = 100_000
        let nested = ["BEGIN:VCALENDAR"] + Array(repeating: "BEGIN:VEVENT", count: many)
        #expect(
            try CalendarText.flaw(Array(nested.joined(separator: "\n").utf8))
                == ICalendarFlaw(.brokenStructure, line: 9))
        let dates = Array(repeating: "20260105", count: many).joined(separator: ",")
        let parameters = Array(repeating: ";A=b", count: many).joined()
        let lines = [
            "DTSTART:20260105", "RDATE:\(dates)", "EXDATE:\(dates)", "X\(parameters):y",
            "SUMMARY:x" + String(repeating: "\n y", count: many), "X:" + String(repeating: "e\u{301}", count: many),
            "SUMMARY:a" + String(repeating: "\u{301}", count: many),
        ]
        #expect(try CalendarText.times(CalendarText.file(lines)) == [])
    }

    @Test("8 MiB are read, more are not")
    func size() throws {
        let file = CalendarText.file(["DTSTART:20260105"])
        let padded = file + Array(repeating: 10, count: ICalendar.maximumBytes - file.count)
        #expect(try CalendarText.times(padded).count == 1)
        #expect(try CalendarText.flaw(padded + [10]) == ICalendarFlaw(.tooLarge))
    }

    @Test("mangled files give a flaw or entries within the window", arguments: [1, 2, 3, 4] as [UInt64])
    func mangled(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed)
        let files = try Fixtures.names().map { try Fixtures.bytes($0) }
        let zone = try CalendarText.zone("America/Chicago")
        let window = try CalendarText.year()
        var flaws = 0
        for _ in 0..<1500 {
            var bytes = files.randomElement(using: &dice)!
            for _ in 0..<Int.random(in: 1...6, using: &dice) { Self.mangle(&bytes, files, &dice) }
            do {
                let entries = try ICalendar.entries(bytes, within: window, zone: zone, includeTransparent: true)
                #expect(entries.count <= ICalendar.maximumEntries && entries == entries.sorted(), "seed \(seed)")
                let isSound = entries.allSatisfy { entry in
                    entry.from < entry.until && entry.from < window.upperBound && entry.until > window.lowerBound
                        && entry.summary.count <= 200
                }
                #expect(isSound, "seed \(seed)")
            } catch {
                flaws += 1
            }
        }
        #expect((100..<1500).contains(flaws))
    }

    private static let pieces = [
        "RRULE:FREQ=SECONDLY", "FREQ=YEARLY;", "BYDAY=-53SU;", "BYYEARDAY=-366,366;", "BYSETPOS=-366;",
        "INTERVAL=1000;", "BYWEEKNO=53,-53;", "UNTIL=99991231T235959Z", "COUNT=2147483647", "DTSTART:99991231T235959",
        "DTEND:00010101", "BYMONTHDAY=-31;",
        "BEGIN:VEVENT", "END:VEVENT", "DURATION:P9999999W", "\r\n ", ",", ";", ":", "\"", "T", "Z", "0", "9", "-",
        "RDATE:16010101/P1D", "TZOFFSETFROM:-2359", "RECURRENCE-ID:20261026T140000Z", "\u{0}", "FREQ=MONTHLY;",
    ]

    private static func mangle(_ bytes: inout [UInt8], _ files: [[UInt8]], _ dice: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &dice)
        let end = min(bytes.count, place + Int.random(in: 1...40, using: &dice))
        switch Int.random(in: 0..<9, using: &dice) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &dice)
        case 1: bytes.removeSubrange(place..<end)
        case 2: bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &dice))
        case 3: bytes[place] = UInt8(ascii: "0") + UInt8.random(in: 0...9, using: &dice)
        case 4:
            let other = files.randomElement(using: &dice)!
            let from = Int.random(in: 0..<other.count, using: &dice)
            bytes.insert(contentsOf: other[from..<min(other.count, from + 60)], at: place)
        case 5:
            // A whole line elsewhere.
            let lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
            let line = lines.randomElement(using: &dice)!
            var moved = lines
            moved.insert(line, at: Int.random(in: 0...lines.count, using: &dice))
            bytes = Array(moved.joined(separator: [10]))
        default:
            // Digits and words where they can do most.
            let places = bytes.indices.filter { bytes[$0] == UInt8(ascii: ":") || bytes[$0] == UInt8(ascii: ";") }
            let at = places.randomElement(using: &dice).map { $0 + 1 } ?? place
            bytes.insert(contentsOf: pieces.randomElement(using: &dice)!.utf8, at: at)
        }
    }
}

/// "1,2,3".
private func list(_ numbers: ClosedRange<Int>) -> String { numbers.map(String.init).joined(separator: ",") }
