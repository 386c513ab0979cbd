// Calendars and entries as texts, for tables of cases.

import Foundation
import LeadCore
import Testing

@testable import LeadCalendar

enum CalendarText {
    /// A file with one block in it, lines joined as the RFC wants.
    static func file(_ lines: [String], in block: String = "VEVENT") -> [UInt8] {
        Array(
            (["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN", "BEGIN:\(block)"] + lines
                + ["END:\(block)", "END:VCALENDAR", ""]).joined(separator: "\r\n").utf8)
    }

    static func instant(_ text: String) throws -> Timestamp {
        let date = try Date(text, strategy: .iso8601)
        return Timestamp(milliseconds: Int64(date.timeIntervalSince1970 * 1000))
    }

    static func zone(_ name: String) throws -> TimeZone { try #require(TimeZone(identifier: name)) }

    /// The year 2026 in UTC.
    static func year() throws -> Range<Timestamp> {
        try instant("2026-01-01T00:00:00Z")..<instant("2027-01-01T00:00:00Z")
    }

    /// `2026-11-26T06:00:00Z 2026-11-27T06:00:00Z 2026-11-26..2026-11-26 Thanksgiving`
    static func shown(_ entry: CalendarEntry) -> String {
        let days = entry.days.map { "\(day($0.lowerBound))..\(day($0.upperBound))" } ?? "-"
        return "\(CivilTime(entry.from).rfc3339) \(CivilTime(entry.until).rfc3339) \(days) \(entry.summary)"
    }

    private static func day(_ number: Int64) -> String {
        String(CivilTime(Timestamp(milliseconds: number * 86_400_000)).rfc3339.prefix(10))
    }

    /// `11-26T06:00 11-27T06:00` for each entry, as all tables are of the year 2026.
    static func times(
        _ bytes: [UInt8], zone: String = "America/Chicago", window: Range<Timestamp>? = nil,
        includeTransparent: Bool = false
    ) throws -> [String] {
        let entries = try ICalendar.entries(
            bytes, within: window ?? year(), zone: self.zone(zone), includeTransparent: includeTransparent)
        return entries.map { entry in
            [entry.from, entry.until].map { String(CivilTime($0).rfc3339.dropFirst(5).prefix(11)) }
                .joined(separator: " ")
        }
    }

    static func flaw(_ bytes: [UInt8], window: Range<Timestamp>? = nil) throws -> ICalendarFlaw? {
        do {
            _ = try ICalendar.entries(
                bytes, within: window ?? year(), zone: zone("America/Chicago"), includeTransparent: true)
            return nil
        } catch let flaw as ICalendarFlaw {
            return flaw
        }
    }
}

/// The files beside the tests.
enum Fixtures {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".ics") }.map { String($0.dropLast(4)) }.sorted()
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: name + ".ics")))
    }
}
