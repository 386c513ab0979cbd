// Calendar files that the configuration names, from disk to entries. A file is used whole or refused whole, with the
// line; what to do about it is said with it.

import Foundation
import LeadCalendar
import LeadCore

/// Why a calendar file can't be used.
public enum CalendarSourceFlaw: Error, Sendable, Equatable, CustomStringConvertible {
    /// It could not be read from disk: "it does not exist".
    case unreadable(reason: String)
    /// It is no calendar, or one that can't be worked out.
    case broken(ICalendarFlaw)

    /// What is wrong, as it stands after a colon: "line 12: DTSTART is missing here".
    public var description: String {
        switch self {
        case .unreadable(let reason): reason
        case .broken(let flaw): (flaw.line.map { "line \($0): " } ?? "") + Wording.clause(flaw.sentence)
        }
    }

    /// What to do about it.
    public var remedy: String {
        switch self {
        case .unreadable:
            "give a file of \(ICalendar.maximumBytes / 1_048_576)MiB at most that the daemon may read; "
                + "relative paths begin in the configuration's folder"
        case .broken: "mend the file, or export the calendar anew"
        }
    }
}

extension ICalendar {
    /// The entries of the file at `path`, as `entries` gives those of bytes.
    static func entries(
        ofFile path: String, within window: Range<Timestamp>, zone: TimeZone, includeTransparent: Bool
    ) throws(CalendarSourceFlaw) -> [CalendarEntry] {
        switch FileReading.fromDisk(path, limit: maximumBytes) {
        case .unreadable(let reason): throw .unreadable(reason: reason)
        case .read(let bytes, _):
            do throws(ICalendarFlaw) {
                return try entries(bytes, within: window, zone: zone, includeTransparent: includeTransparent)
            } catch {
                throw .broken(error)
            }
        }
    }
}
