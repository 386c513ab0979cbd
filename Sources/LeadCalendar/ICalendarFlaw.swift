// Why a calendar file can't be used. A file is used whole or not at all: an event that can't be read would otherwise be
// missed on the day it counts.

/// What is wrong with a calendar file, and where.
public struct ICalendarFlaw: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of flaw.
    public enum Reason: Sendable, Equatable {
        /// It has more bytes than are read.
        case tooLarge
        /// There is nothing in it.
        case empty
        /// It is something else.
        case notACalendar
        /// A line has a NUL byte or isn't UTF-8.
        case notText
        /// A line isn't `NAME:value`, as RFC 5545, section 3.1, has it.
        case brokenLine
        /// A BEGIN and its END don't match, or are nested too deep.
        case brokenStructure
        /// The file ends within a block.
        case truncated
        /// A property's value can't be read or makes no sense.
        case badValue(property: String)
        /// An event or time zone lacks a property that it can't do without.
        case missing(property: String)
        /// A time zone that neither the file defines nor the system knows.
        case unknownZone(String)
        /// Something allowed that isn't read here.
        case unsupported(String)
        /// An event happens too often within the window.
        case tooManyInstances
        /// All events together happen too often within the window.
        case tooManyEntries
        /// Its rules take too long to work out.
        case tooMuchWork
    }

    /// What is wrong.
    public let reason: Reason
    /// The line, 1-based, if it is one line's fault: where a folded line begins, or an event's BEGIN.
    public let line: Int?

    /// A flaw.
    public init(_ reason: Reason, line: Int? = nil) {
        self.reason = reason
        self.line = line
    }

    /// `line 12: DTSTART can't be read.`
    public var description: String { (line.map { "line \($0): " } ?? "") + sentence }

    /// What is wrong, in plain words.
    public var sentence: String {
        switch reason {
        case .tooLarge: "The calendar has more than \(ICalendar.maximumBytes / 1_048_576) MiB."
        case .empty: "The file is empty."
        case .notACalendar: "The file is not an iCalendar file: it doesn't begin with BEGIN:VCALENDAR."
        case .notText: "The line is not text in UTF-8."
        case .brokenLine: "The line has no 'NAME:value'."
        case .brokenStructure: "BEGIN and END don't match here, or are nested too deep."
        case .truncated: "The file ends before its END:VCALENDAR: it is incomplete."
        case .badValue(let property): "\(property) has a value that can't be read or makes no sense."
        case .missing(let property): "\(property) is missing here."
        case .unknownZone(let name):
            "The time zone '\(name)' is neither defined in the file nor known to the system; "
                + "export the calendar together with its time zones."
        case .unsupported(let what): "\(what) is not supported."
        case .tooManyInstances:
            "The event happens more than \(ICalendar.maximumInstances) times in the time looked at."
        case .tooManyEntries:
            "There are more than \(ICalendar.maximumEntries) entries in the time looked at."
        case .tooMuchWork: "The calendar's rules take too long to work out."
        }
    }
}
