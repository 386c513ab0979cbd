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

    /// Absences as the file gives them; dates are days in the person's zone.
    func readAbsences(_ item: Item, of person: Person, people: [PersonDraft]) -> [Absence] {
        (item.list(of: "an absence") ?? []).compactMap { entry in
            guard let map = entry.mapping("an absence") else { return nil }
            defer { map.finish() }
            let from = map.required("from", "write from: 2026-12-24")?.instant(in: person.timeZone)
            let untilItem = map.required("until", "write when they are back, as in until: 2027-01-02")
            let until = untilItem?.instant(in: person.timeZone)
            var substitute: PersonID?
            if let item = map.optional("substitute"), let name = item.reference(to: people.names, what: "person") {
                if name == person.id.text { item.error("is the person who is away", "name somebody else") }
                substitute = PersonID(name)
            }
            guard let from, let until else { return nil }
            if until <= from { untilItem?.error("is not after 'from'", "it is when they are back") }
            return Absence(person: person.id, from: from, until: until, substitute: substitute)
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
