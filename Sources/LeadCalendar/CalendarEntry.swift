// What a calendar file comes down to: times at which something is on. Used by whoever needs to know holidays or
// absences.

import LeadCore

/// One time for which a calendar file says that something is on.
public struct CalendarEntry: Sendable, Equatable {
    /// When it begins.
    public let from: Timestamp
    /// When it is over; later than `from`.
    public let until: Timestamp
    /// The days that it covers, by `WorkCalendar.Day.number`, when it is on all day; nil when it has a clock time.
    public let days: ClosedRange<Int64>?
    /// What it is called: trimmed, on one line, without control characters, 200 characters at most, possibly empty.
    public let summary: String

    /// An entry.
    public init(from: Timestamp, until: Timestamp, days: ClosedRange<Int64>? = nil, summary: String) {
        self.from = from
        self.until = until
        self.days = days
        self.summary = summary
    }
}

extension CalendarEntry: Comparable {
    /// By beginning, then by end, then by name.
    public static func < (left: CalendarEntry, right: CalendarEntry) -> Bool {
        (left.from, left.until, left.summary) < (right.from, right.until, right.summary)
    }
}
