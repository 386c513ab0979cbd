// From a file's events to entries: which events count, which replace an instance of another, and the limit on all of
// them together. Fails for zones that nobody knows, for ends before beginnings, and beyond the limits.

import Foundation
import LeadCore

/// The working out of one file for one window.
struct CalendarExpansion {
    private let file: CalendarFile
    private let window: Range<Timestamp>
    private let floating: CalendarZone
    private var zones: CalendarZones
    private var budget = RecurrenceBudget()

    init(_ file: CalendarFile, window: Range<Timestamp>, zone: TimeZone) {
        self.file = file
        self.window = window
        floating = .system(zone)
        let end = EventInstances.seconds(window).upperBound + EventInstances.slack
        zones = CalendarZones(file.zones, floating: zone, horizon: end)
    }

    mutating func entries(includeTransparent: Bool) throws(ICalendarFlaw) -> [CalendarEntry] {
        let changes = changedInstances()
        var entries: [CalendarEntry] = []
        for event in file.events {
            guard let start = event.start else { throw ICalendarFlaw(.missing(property: "DTSTART"), line: event.line) }
            if event.isCancelled || (event.isTransparent && !includeTransparent) { continue }
            var changed: [CalendarEvent.Stated] = []
            if let id = event.recurrenceID {
                // Without an id of its own nothing says that another is a newer version of it.
                let newest = changes.newest[InstanceKey(id: event.id, time: id.time)]
                guard event.id.isEmpty || newest == event.line else { continue }
            } else {
                changed = changes.times[event.id] ?? []
            }
            entries += try self.entries(of: event, start, except: changed)
            guard entries.count <= ICalendar.maximumEntries else { throw ICalendarFlaw(.tooManyEntries) }
        }
        return entries.sorted()
    }

    private struct InstanceKey: Hashable {
        let id: String
        let time: CalendarTime
    }

    /// Of the events that replace one instance of another: the line of each instance's newest version, and the
    /// instances by the event's id.
    private func changedInstances() -> (newest: [InstanceKey: Int], times: [String: [CalendarEvent.Stated]]) {
        var newest: [InstanceKey: CalendarEvent] = [:]
        var times: [String: [CalendarEvent.Stated]] = [:]
        for event in file.events {
            guard let id = event.recurrenceID, !event.id.isEmpty else { continue }
            let key = InstanceKey(id: event.id, time: id.time)
            if let other = newest[key], other.sequence > event.sequence { continue }
            if newest.updateValue(event, forKey: key) == nil { times[event.id, default: []].append(id) }
        }
        return (newest.mapValues(\.line), times)
    }

    private mutating func entries(
        of event: CalendarEvent, _ start: CalendarEvent.Stated, except changed: [CalendarEvent.Stated]
    ) throws(ICalendarFlaw) -> [CalendarEntry] {
        let scale = EventScale(isAllDay: start.time.isDay, zone: try zone(of: start))
        let length = try length(from: start, to: event.end, event.duration, scale, property: "DTEND")
        var instances = EventInstances(event, scale, window)
        // A file may have many events of one id and many that replace an instance of it, and each is held against each.
        try budget.spend(Int64(event.exceptions.count + changed.count), line: event.line)
        for stated in event.exceptions + changed { instances.except(stated.time, in: try zone(of: stated)) }
        try instances.take(start.time.wall, length)
        guard event.recurrenceID == nil else { return instances.entries }

        for extra in event.extras {
            let bad = ICalendarFlaw(.badValue(property: "RDATE"), line: extra.start.line)
            guard extra.start.time.isDay == scale.isAllDay else { throw bad }
            let isPeriod = extra.end != nil || extra.duration != nil
            let own =
                try isPeriod
                ? self.length(from: extra.start, to: extra.end, extra.duration, scale, property: "RDATE") : length
            let instant = try zone(of: extra.start).instant(of: extra.start.time.wall)
            try instances.take(scale.isAllDay ? extra.start.time.wall : scale.zone.wall(at: instant), own)
        }
        for (rule, line) in event.rules {
            let recurrence = Recurrence(rule: rule, start: start.time.wall, line: line)
            try recurrence.each(notBefore: instances.earliest(length), &budget) { wall throws(ICalendarFlaw) in
                guard wall < instances.end, scale.isWithin(rule.until, wall) else { return false }
                try instances.take(wall, length)
                return true
            }
        }
        return instances.entries
    }

    private mutating func zone(of stated: CalendarEvent.Stated) throws(ICalendarFlaw) -> CalendarZone {
        guard case .clock(_, let name) = stated.time else { return floating }
        return try zones.zone(name, line: stated.line, &budget)
    }

    private mutating func length(
        from start: CalendarEvent.Stated, to end: CalendarEvent.Stated?, _ duration: CalendarDuration?,
        _ scale: EventScale, property: String
    ) throws(ICalendarFlaw) -> EventLength {
        let bad = ICalendarFlaw(.badValue(property: property), line: end?.line ?? start.line)
        if let end {
            guard end.time.isDay == scale.isAllDay else { throw bad }
            let seconds = try zone(of: end).instant(of: end.time.wall) - zone(of: start).instant(of: start.time.wall)
            guard seconds >= 0 else { throw bad }
            guard scale.isAllDay else { return .exact(seconds) }
            let days = (end.time.wall - start.time.wall) / .secondsOfDay
            // Some write a day's end as the day itself.
            return .calendar(CalendarDuration(days: max(1, days)))
        }
        guard scale.isAllDay else { return .calendar(duration ?? CalendarDuration()) }
        guard let duration else { return .calendar(CalendarDuration(days: 1)) }
        guard duration.seconds % .secondsOfDay == 0 else { throw bad }
        return .calendar(CalendarDuration(days: max(1, duration.days + duration.seconds / .secondsOfDay)))
    }
}

extension CalendarTime {
    var isDay: Bool {
        switch self {
        case .day: true
        case .clock: false
        }
    }

    /// Its midnight, if it is a day.
    var wall: WallSeconds {
        switch self {
        case .day(let day): day * .secondsOfDay
        case .clock(let wall, _): wall
        }
    }
}
