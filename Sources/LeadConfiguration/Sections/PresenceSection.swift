// `people[].calendar`, `hours`, `holidays` and `absences`: when a person is there.

import Foundation
import LeadCore

extension SectionReader {
    /// The person's hours, and the calendar that they name, whether as hours or for its holidays alone.
    func readPersonHours(
        _ map: MappingReader, zone: TimeZone, calendars: CalendarDrafts
    ) -> (hours: WorkCalendar?, calendar: String?) {
        let calendar = map.optional("calendar")
        let hours = map.optional("hours")
        let holidays = map.optional("holidays")
        if let calendar {
            hours?.error("is given beside 'calendar'", "one of the two is enough")
            holidays?.error("is given beside 'calendar', which has its own", "remove it")
            let name = calendar.reference(to: calendars.names, what: "calendar")
            return (name.flatMap { calendars.usable[$0] }, name)
        }
        let name = holidays?.reference(to: calendars.names, what: "calendar")
        guard let hours else {
            holidays?.error("is given without 'hours'", "add hours: { mon-fri: 09:00-17:30 }, or name a calendar")
            return (nil, name)
        }
        guard let read = readHours(hours) else { return (nil, name) }
        let days = name.flatMap { calendars.usable[$0]?.holidays } ?? [:]
        return (self.calendar(zone, read, days, at: hours.position), name)
    }

    /// Absences as the configuration gives them, and the calendar files that tell of more; dates are days in the
    /// person's zone.
    func readAbsences(
        _ item: Item, of person: Person, people: [PersonDraft]
    ) -> (absences: [Absence], files: [AbsenceFile]) {
        var absences: [Absence] = []
        var files: [AbsenceFile] = []
        for entry in item.list(of: "an absence") ?? [] {
            guard let map = entry.mapping("an absence") else { continue }
            defer { map.finish() }
            var substitute: PersonID?
            if let item = map.optional("substitute"), let name = item.reference(to: people.names, what: "person") {
                if name == person.id.text { item.error("is the person who is away", "name somebody else") }
                substitute = PersonID(name)
            }
            if let item = map.optional("file") {
                for other in [map.optional("from"), map.optional("until")] {
                    other?.error("is given beside 'file'", "make it an absence of its own")
                }
                guard let path = item.text("a path") else { continue }
                let file = AbsenceFile(
                    person: person.id, path: folder.path(path), zone: person.timeZone, substitute: substitute)
                check(file, item)
                files.append(file)
            } else if let (from, until) = readSpan(map, in: person.timeZone) {
                absences.append(Absence(person: person.id, from: from, until: until, substitute: substitute))
            }
        }
        return (absences, files)
    }

    private func readSpan(_ map: MappingReader, in zone: TimeZone) -> (from: Timestamp, until: Timestamp)? {
        let from = map.required("from", "write from: 2026-12-24, or file: dana.ics")?.instant(in: zone)
        let untilItem = map.required("until", "write when they are back, as in until: 2027-01-02")
        let until = untilItem?.instant(in: zone)
        guard let from, let until else { return nil }
        if until <= from { untilItem?.error("is not after 'from'", "it is when they are back") }
        return (from, until)
    }

    /// Warns of a file that can't be used: it may be mended at any time, and the daemon does without until then.
    private func check(_ file: AbsenceFile, _ item: Item) {
        // Commands that need no secrets don't show warnings either.
        guard !secrets.isBlind else { return }
        do throws(CalendarSourceFlaw) {
            _ = try file.absences(around: now)
        } catch {
            item.warn("names a calendar file that can't be used: \(error)", error.remedy)
        }
    }
}

extension Item {
    /// `2026-12-24`, which is its midnight, `2026-12-24T13:00`, or with an offset.
    func instant(in zone: TimeZone) -> Timestamp? {
        guard let text = text("a date") else { return nil }
        guard let instant = Timestamp(text: text, in: zone) else {
            error("is no date", "write 2026-12-24, or 2026-12-24T13:00")
            return nil
        }
        return instant
    }
}
