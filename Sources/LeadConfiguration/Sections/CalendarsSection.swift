// `calendars`: when offices work. Policies name one when their times are to count in working time.

import Foundation
import LeadCore

extension SectionReader {
    /// Calendars as read.
    struct CalendarDrafts {
        /// Those without flaws.
        var usable: [String: WorkCalendar] = [:]
        /// All names, flawed or not, in the order of the file.
        var declared: [(name: String, position: Position)] = []

        var names: [String] { declared.map(\.name) }
    }

    /// Warns of calendars that nobody names.
    func warnUnused(_ calendars: CalendarDrafts, people: [PersonDraft], policies: PolicyDrafts) {
        let used = policies.calendars.union(people.compactMap(\.calendar))
        for (name, position) in calendars.declared where !used.contains(name) {
            findings.warn(position, "nobody uses this calendar", "name it in a policy or with a person, or remove it")
        }
    }

    func readCalendars(_ root: MappingReader) -> CalendarDrafts {
        var drafts = CalendarDrafts()
        for (name, position, item) in root.optional("calendars")?.mapping("'calendars'")?.all() ?? [] {
            if !Item.isIdentifier(name) {
                findings.error(position, "a calendar's name is not usable", Item.identifierRule)
            }
            if name == Self.addressed {
                findings.error(position, "the name 'addressed' has a meaning of its own in policies", "choose another")
            }
            drafts.declared.append((name, position))
            guard let map = item.mapping("a calendar") else { continue }
            let zone = map.required("time_zone", "whose clock the hours are told by").flatMap(readZone)
            let hours = map.required("hours", "write hours: { mon-fri: 09:00-17:30 }").flatMap(readHours)
            let holidays = map.optional("holidays").map(readHolidays) ?? [:]
            map.finish()
            guard let zone, let hours else { continue }
            drafts.usable[name] = calendar(zone, hours, holidays, at: map.position)
        }
        return drafts
    }

    /// In a policy, the time of the manager who is asked first.
    static let addressed = "addressed"

    /// Hours as they stand in the file, with where each stands.
    typealias ReadHours = [(span: WorkCalendar.Span, item: Item)]

    /// The calendar of `hours`; nil when they make none, which is noted.
    func calendar(
        _ zone: TimeZone, _ hours: ReadHours, _ holidays: [WorkCalendar.Day: String], at position: Position
    ) -> WorkCalendar? {
        do throws(WorkCalendar.Flaw) {
            return try WorkCalendar(timeZone: zone, hours: hours.map(\.span), holidays: holidays)
        } catch {
            switch error {
            case .noHours: findings.error(position, "there are no hours, so no deadline would ever come")
            case .overlap(let earlier, let later):
                hours[later].item.error(
                    "overlaps with the hours in line \(hours[earlier].item.position.line)",
                    "let each begin where the other has ended")
            }
            return nil
        }
    }

    /// Nil when some could not be read, so that what follows from it isn't reported again.
    func readHours(_ item: Item) -> ReadHours? {
        guard let entries = item.mapping("'hours'")?.all() else { return nil }
        var hours: ReadHours = []
        var isWhole = true
        for (key, position, item) in entries {
            guard let weekdays = Self.weekdays(key) else {
                findings.error(position, "this is no day of the week", "write mon to sun, or a range such as mon-fri")
                isWhole = false
                continue
            }
            for (text, item) in item.texts() {
                guard let (opens, closes) = Self.times(text) else {
                    item.error("is no span of a day", "write 09:00-17:30, or 22:00-06:00 when it ends the next day")
                    isWhole = false
                    continue
                }
                hours += weekdays.map { (WorkCalendar.Span(weekday: $0, opens: opens, closes: closes), item) }
            }
        }
        return isWhole ? hours : nil
    }

    private static let dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    /// `mon`, or `fri-mon`: from one day to the next of that name.
    private static func weekdays(_ text: String) -> [Int]? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map {
            dayNames.firstIndex(of: String($0))
        }
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1] else { return nil }
        return (0...(last - first + 7) % 7).map { (first + $0) % 7 }
    }

    /// `09:00-17:30`; an end that is not after the beginning is on the next day.
    private static func times(_ text: String) -> (opens: Int, closes: Int)? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { minutes(String($0)) }
        guard ends.count == 2, let opens = ends[0], let closes = ends[1], opens != closes, opens < 1440 else {
            return nil
        }
        return (opens, closes > opens ? closes : closes + 1440)
    }

    private static func minutes(_ text: String) -> Int? {
        let parts = text.trimmed.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].utf8.count == 2, (1...2).contains(parts[0].utf8.count),
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60, hour * 60 + minute <= 1440
        else { return nil }
        return hour * 60 + minute
    }
}
