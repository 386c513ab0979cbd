// Calendar files beside the configuration: which days and absences they give, and what is said of those that can't be
// used.

import Foundation
import LeadConfiguration
import LeadCore
import Testing

@Suite("Calendar files of the configuration") struct CalendarFileTests {
    /// The text of a calendar with these events, each a few lines.
    private static func calendar(_ events: String...) -> String {
        let blocks = events.map { "BEGIN:VEVENT\n\($0)\nEND:VEVENT\n" }.joined()
        return "BEGIN:VCALENDAR\nVERSION:2.0\n\(blocks)END:VCALENDAR\n"
    }

    /// Loads the sample, with Lee keeping an office's holidays and Dana her absences as given, from a folder of its own
    /// that has `files` too.
    private static func load(
        holidays: String = "{}", absences: String = "[]", _ files: [String: String],
        _ look: (ConfigurationLoader.Outcome) throws -> Void
    ) throws {
        let office = "{ time_zone: America/Chicago, hours: { mon-fri: 09:00-17:30 }, holidays: \(holidays) }"
        let text = Samples.good.replacing("name: Lee,", with: "name: Lee, calendar: office,")
            .replacing("name: Jane,", with: "name: Jane, calendar: office,")
            .replacing("name: Dana,", with: "name: Dana, time_zone: America/Chicago, absences: \(absences),")
        try Samples.withFolder { folder in
            for (name, content) in files { try Data(content.utf8).write(to: folder.appending(path: name)) }
            let file = folder.appending(path: "leadbell.yaml")
            try Data("\(text)calendars:\n  office: \(office)\n".utf8).write(to: file)
            try look(
                ConfigurationLoader.load(
                    path: file.path(), kinds: Samples.kinds, secrets: Samples.secrets(), now: Samples.now))
        }
    }

    /// What is wrong, without the folder's name.
    private static func problems(_ outcome: ConfigurationLoader.Outcome) -> [String] {
        Samples.lines(outcome).map { String($0.drop { $0 != ":" }.dropFirst()) }
    }

    /// What the days are called as holidays; nil for those that are none.
    private static func names(
        _ days: [String], _ holidays: String, _ files: [String: String]
    ) throws -> [String?] {
        var names: [String?] = []
        try load(holidays: holidays, files) { outcome in
            #expect(Self.problems(outcome) == [])
            let hours = try #require(try outcome.get().configuration.rulebook.person("lee")?.hours)
            names = try days.map { day in hours.holidays[try #require(WorkCalendar.Day(text: day))] }
        }
        return names
    }

    @Test("each day of an all-day event is a holiday, every year for ten years; clock times close no office")
    func holidays() throws {
        let file = Self.calendar(
            "DTSTART;VALUE=DATE:20001225\nDTEND;VALUE=DATE:20001227\nRRULE:FREQ=YEARLY\nSUMMARY:Christmas",
            "DTSTART;VALUE=DATE:20261126\nTRANSP:TRANSPARENT", "DTSTART:20261127T090000\nDTEND:20261127T180000")
        let days = [
            "2025-12-25", "2026-12-24", "2026-12-25", "2026-12-26", "2026-12-27", "2035-12-26", "2024-12-25",
            "2046-12-25", "2026-11-26", "2026-11-27",
        ]
        let expected = [
            "Christmas", nil, "Christmas", "Christmas", nil, "Christmas", nil, nil, "holiday", nil,
        ]
        #expect(try Self.names(days, "{ file: us.ics }", ["us.ics": file]) == expected)
    }

    @Test("files and dates stand side by side; a date's name goes before a file's, an earlier file's before a later's")
    func sources() throws {
        let first = Self.calendar(
            "DTSTART;VALUE=DATE:20261225\nSUMMARY:One", "DTSTART;VALUE=DATE:20261226\nSUMMARY:One")
        let second = Self.calendar(
            "DTSTART;VALUE=DATE:20261226\nSUMMARY:Two", "DTSTART;VALUE=DATE:20261228\nSUMMARY:Two")
        let names = try Self.names(
            ["2026-12-24", "2026-12-25", "2026-12-26", "2026-12-28"],
            "{ 2026-12-24: Closed, file: [a.ics, b.ics], 2026-12-25: Christmas }", ["a.ics": first, "b.ics": second])
        #expect(names == ["Closed", "Christmas", "One", "Two"])
    }

    @Test("an event of a thousand years closes the office for those that are looked at, and no test run")
    func endlessEvent() throws {
        let file = Self.calendar("DTSTART;VALUE=DATE:20000101\nDTEND;VALUE=DATE:99990101\nSUMMARY:Gone")
        #expect(try Self.names(["2026-11-25", "2030-01-01"], "{ file: a.ics }", ["a.ics": file]) == ["Gone", "Gone"])
    }

    @Test("a file of holidays that can't be used is an error with its line; one that is over is a warning")
    func badHolidays() throws {
        let broken = Self.calendar("SUMMARY:When?")
        let past = Self.calendar("DTSTART;VALUE=DATE:20260101", "DTSTART:20261127T090000\nDTEND:20261127T180000")
        try Self.load(holidays: "{ file: [a.ics, b.ics, c.ics] }", ["a.ics": broken, "b.ics": past, "c.ics": "x"]) {
            #expect(
                Self.problems($0) == [
                    "20:93: error: an entry of 'file' names a calendar file that can't be used: "
                        + "line 3: DTSTART is missing here; mend the file, or export the calendar anew",
                    "20:100: warning: an entry of 'file' names a calendar file without an all-day event from today on; "
                        + "export a newer one",
                    "20:107: error: an entry of 'file' names a calendar file that can't be used: "
                        + "line 1: the file is not an iCalendar file: it doesn't begin with BEGIN:VCALENDAR; "
                        + "mend the file, or export the calendar anew",
                ])
        }
    }

    @Test("a person's file is named with their zone and substitute, and says when they are away on their clock")
    func absences() throws {
        let file = Self.calendar(
            "DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20270102\nSUMMARY:Christmas",
            "DTSTART:20261127T090000\nDTEND:20261127T120000\nRRULE:FREQ=WEEKLY;COUNT=2",
            "DTSTART:20261130T090000\nDTEND:20261130T120000\nTRANSP:TRANSPARENT",
            "DTSTART:20260901T090000Z\nDTEND:20260901T120000Z")
        let list = "[{ from: 2027-03-01, until: 2027-03-02 }, { file: dana.ics, substitute: lee }]"
        try Self.load(absences: list, ["dana.ics": file]) { outcome in
            let configuration = try outcome.get().configuration
            #expect(configuration.rulebook.absences.count == 1)
            let named = try #require(configuration.absenceFiles.first)
            #expect(named.person == "dana" && named.substitute == "lee" && named.path.hasSuffix("/dana.ics"))
            let spans = try [
                ("2026-11-27T15:00:00Z", "2026-11-27T18:00:00Z"), ("2026-12-04T15:00:00Z", "2026-12-04T18:00:00Z"),
                ("2026-12-24T06:00:00Z", "2027-01-02T06:00:00Z"),
            ].map { from, until in
                Absence(
                    person: "dana", from: try #require(Timestamp(text: from, in: .gmt)),
                    until: try #require(Timestamp(text: until, in: .gmt)), substitute: "lee")
            }
            let read = configuration.absencesInFiles(at: Samples.now) { Issue.record("\($0)") }
            #expect(read.map(\.absences) == [spans])
            #expect(read.map(\.file) == [named])
        }
    }

    @Test("a file of absences that can't be used leaves the configuration usable and is told with its line")
    func badAbsences() throws {
        try Self.load(absences: "[{ file: dana.ics }]", ["dana.ics": "BEGIN:VCALENDAR\nVERSION:2.0\n"]) { outcome in
            #expect(
                Self.problems(outcome) == [
                    "8:76: warning: 'file' names a calendar file that can't be used: the file ends before its "
                        + "END:VCALENDAR: it is incomplete; mend the file, or export the calendar anew"
                ])
            let configuration = try outcome.get().configuration
            var complaints: [String] = []
            #expect(configuration.absencesInFiles(at: Samples.now) { complaints.append($0) }.isEmpty)
            #expect(complaints.count == 1 && complaints.allSatisfy { $0.contains("dana.ics are not known") })
        }
    }

    @Test("a file of more than 8 MiB is not read")
    func largeFile() throws {
        let file = String(repeating: "x", count: 8 << 20)
        try Self.load(absences: "[{ file: dana.ics }]", ["dana.ics": file + "x"]) { outcome in
            #expect(
                Self.problems(outcome) == [
                    "8:76: warning: 'file' names a calendar file that can't be used: it is larger than 8MiB; "
                        + "give a file of 8MiB at most that the daemon may read; "
                        + "relative paths begin in the configuration's folder"
                ])
        }
    }
}
