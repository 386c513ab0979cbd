// `calendars.NAME.holidays`: days on which an office is closed, by date or from calendar files.

import Foundation
import LeadCalendar
import LeadCore

extension SectionReader {
    /// Holidays by day; what stands in the configuration goes before what calendar files say.
    func readHolidays(_ item: Item) -> [WorkCalendar.Day: String] {
        var written: [WorkCalendar.Day: String] = [:]
        var fromFiles: [WorkCalendar.Day: String] = [:]
        for (key, position, item) in item.mapping("'holidays'")?.all() ?? [] {
            if key == "file" {
                for (path, item) in item.texts() {
                    fromFiles.merge(holidays(ofFile: path, item)) { first, _ in first }
                }
                continue
            }
            let name = item.text("the holiday's name")
            if let day = WorkCalendar.Day(text: key) {
                written[day] = name
            } else {
                findings.error(
                    position, "this is no date", "write it as 2026-11-26: Thanksgiving, or file: holidays.ics")
            }
        }
        return written.merging(fromFiles) { first, _ in first }
    }

    /// Each whole day of the file's all-day events from a year back to ten years ahead, which is as far as a deadline
    /// can lie; events with a clock time close no office.
    private func holidays(ofFile path: String, _ item: Item) -> [WorkCalendar.Day: String] {
        let year = Duration.seconds(366 * 86_400)
        let window = now - year..<now + year * 10
        let entries: [CalendarEntry]
        do throws(CalendarSourceFlaw) {
            // Whole days are the same in every zone, and holidays are often written as time in which one is free.
            entries = try ICalendar.entries(
                ofFile: folder.path(path), within: window, zone: .gmt, includeTransparent: true)
        } catch {
            item.error("names a calendar file that can't be used: \(error)", error.remedy)
            return [:]
        }
        let wanted = window.lowerBound.day...window.upperBound.day
        var days: [WorkCalendar.Day: String] = [:]
        for entry in entries {
            guard let span = entry.days, span.overlaps(wanted) else { continue }
            let name = entry.summary.isEmpty ? "holiday" : entry.summary
            for number in span.clamped(to: wanted) {
                days[WorkCalendar.Day(number: number)] = days[WorkCalendar.Day(number: number)] ?? name
            }
        }
        if !days.keys.contains(where: { $0.number >= now.day }) {
            item.warn("names a calendar file without an all-day event from today on", "export a newer one")
        }
        return days
    }
}

extension Timestamp {
    /// The day of UTC that it lies in, by `WorkCalendar.Day.number`; from 1970 on.
    fileprivate var day: Int64 { milliseconds / 86_400_000 }
}
