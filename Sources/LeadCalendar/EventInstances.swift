// The instances of one event within a window: where each begins and ends, which are excepted, and the limit on their
// number. Used by CalendarExpansion, once per event.

import LeadCore

/// What an event's times are counted on: days, or a wall clock.
struct EventScale {
    let isAllDay: Bool
    let zone: CalendarZone

    /// Whether a rule's UNTIL lets it begin at `wall`.
    func isWithin(_ until: CalendarTime?, _ wall: WallSeconds) -> Bool {
        switch until {
        case nil: return true
        case .day(let day): return wall < (day + 1) * .secondsOfDay
        case .clock(let end, .utc):
            // A day's UNTIL in UTC is a local midnight, unless it is midnight there: then the date is meant.
            let time = end - end.floored(by: .secondsOfDay) * .secondsOfDay
            let isDate = isAllDay && (time == 0 || time == .secondsOfDay - 1)
            return (isDate ? wall : zone.instant(of: wall)) <= end
        case .clock(let end, _): return wall <= end
        }
    }
}

/// How long an instance lasts.
enum EventLength {
    /// Seconds, from DTSTART to DTEND (RFC 5545, section 3.8.5.3: the same exact duration for all).
    case exact(Int64)
    case calendar(CalendarDuration)

    func end(of wall: WallSeconds, in zone: CalendarZone) -> Int64 {
        switch self {
        case .exact(let seconds): zone.instant(of: wall) + seconds
        case .calendar(let length):
            zone.instant(of: wall + length.days * .secondsOfDay) + length.seconds
        }
    }

    var seconds: Int64 {
        switch self {
        case .exact(let seconds): seconds
        case .calendar(let length): length.days * .secondsOfDay + length.seconds
        }
    }
}

/// What has been found of one event.
struct EventInstances {
    private(set) var entries: [CalendarEntry] = []

    private let event: CalendarEvent
    private let scale: EventScale
    private let window: Range<Int64>
    private var taken: Set<WallSeconds> = []
    private var exceptedInstants: Set<Int64> = []
    private var exceptedDays: Set<Int64> = []

    init(_ event: CalendarEvent, _ scale: EventScale, _ window: Range<Timestamp>) {
        self.event = event
        self.scale = scale
        self.window = Self.seconds(window)
    }

    /// More than a wall clock is from UTC, on either side, with an hour's change.
    static let slack: Int64 = 2 * .secondsOfDay

    /// A window in seconds since 1970, rounded outwards, which makes no difference to entries on whole seconds.
    static func seconds(_ window: Range<Timestamp>) -> Range<Int64> {
        let lower = window.lowerBound.milliseconds.floored(by: 1000)
        guard !window.isEmpty else { return lower..<lower }
        let upper = (window.upperBound.milliseconds - 1).floored(by: 1000) + 1
        // The years 1 to 9999, which calendar files can name.
        return (lower..<upper).clamped(to: -62_135_596_800..<253_402_300_800)
    }

    /// What begins before that can't touch the window.
    func earliest(_ length: EventLength) -> WallSeconds { window.lowerBound - length.seconds - Self.slack }

    /// What begins then or later can't touch the window.
    var end: WallSeconds { window.upperBound + Self.slack }

    /// Leaves out what begins at `time`; of a day, whatever begins on it.
    mutating func except(_ time: CalendarTime, in zone: CalendarZone) {
        switch time {
        case .day(let day): exceptedDays.insert(day)
        case .clock(let wall, let name):
            guard scale.isAllDay else {
                exceptedInstants.insert(zone.instant(of: wall))
                return
            }
            let local = name == .utc ? scale.zone.wall(at: wall) : wall
            exceptedDays.insert(local.floored(by: .secondsOfDay))
        }
    }

    /// Adds the instance that begins at `wall`, if it touches the window, isn't excepted and is new.
    mutating func take(_ wall: WallSeconds, _ length: EventLength) throws(ICalendarFlaw) {
        guard !window.isEmpty, wall < end, wall >= earliest(length) else { return }
        let from = scale.zone.instant(of: wall)
        let until = length.end(of: wall, in: scale.zone)
        let day = wall.floored(by: .secondsOfDay)
        guard from < until, from < window.upperBound, until > window.lowerBound,
            !exceptedDays.contains(day), !exceptedInstants.contains(from), taken.insert(wall).inserted
        else { return }
        guard entries.count < ICalendar.maximumInstances else {
            throw ICalendarFlaw(.tooManyInstances, line: event.line)
        }
        let days = scale.isAllDay ? day...day + length.seconds / .secondsOfDay - 1 : nil
        entries.append(
            CalendarEntry(
                from: Timestamp(milliseconds: from * 1000), until: Timestamp(milliseconds: until * 1000), days: days,
                summary: event.summary))
    }
}
