// The time in which one case's deadlines count: somebody's hours less their absences.

/// Hours, and times within them that don't count.
public struct WorkingTime: Sendable, Equatable {
    /// When somebody works.
    public let hours: WorkCalendar
    /// When they don't all the same; may overlap.
    public let absences: [Range<Timestamp>]

    /// The time of `hours` less `absences`.
    public init(_ hours: WorkCalendar, except absences: [Range<Timestamp>] = []) {
        self.hours = hours
        self.absences = absences
    }

    func deadline(after duration: Duration, from start: Timestamp) -> Timestamp {
        hours.deadline(after: duration, from: start, except: absences)
    }

    func closures(from start: Timestamp, until end: Timestamp) -> [WorkCalendar.Closure] {
        hours.closures(from: start, until: end, except: absences)
    }
}
