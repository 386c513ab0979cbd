// One VEVENT as it stands in its file: the properties that say when it is on, and its name. Fails for a value that
// can't be read, at its line.

/// An event of a calendar file.
struct CalendarEvent {
    /// A time and the line that says it.
    struct Stated {
        let time: CalendarTime
        let line: Int
    }

    /// A time besides the rules' (RDATE), with an end of its own if it is a period.
    struct Extra {
        let start: Stated
        let end: Stated?
        let duration: CalendarDuration?
    }

    let line: Int
    private(set) var id = ""
    private(set) var start: Stated?
    private(set) var end: Stated?
    private(set) var duration: CalendarDuration?
    private(set) var rules: [(rule: RecurrenceRule, line: Int)] = []
    private(set) var extras: [Extra] = []
    private(set) var exceptions: [Stated] = []
    private(set) var recurrenceID: Stated?
    private(set) var sequence = 0
    private(set) var summary = ""
    private(set) var isCancelled = false
    private(set) var isTransparent = false

    init(line: Int) { self.line = line }

    mutating func take(_ line: ContentLine) throws(ICalendarFlaw) {
        switch line.name {
        case "UID": id = line.value
        case "DTSTART": start = try Self.stated(line.value, line)
        case "DTEND": end = try Self.stated(line.value, line)
        case "DURATION":
            guard let duration = CalendarDuration(line.value) else { throw Self.bad(line) }
            self.duration = duration
        case "RRULE": rules.append((try RecurrenceRule(line.value, line: line.number), line.number))
        case "EXRULE": throw ICalendarFlaw(.unsupported("EXRULE"), line: line.number)
        case "RDATE":
            for text in line.value.split(separator: ",") { extras.append(try Self.extra(text, line)) }
        case "EXDATE":
            for text in line.value.split(separator: ",") { exceptions.append(try Self.stated(text, line)) }
        case "RECURRENCE-ID":
            guard line.parameter("RANGE") == nil else {
                throw ICalendarFlaw(.unsupported("RECURRENCE-ID with RANGE"), line: line.number)
            }
            recurrenceID = try Self.stated(line.value, line)
        case "SEQUENCE": sequence = Int(line.value) ?? 0
        case "SUMMARY": summary = String(calendarText: line.value)
        case "STATUS": isCancelled = line.value.uppercased() == "CANCELLED"
        case "TRANSP": isTransparent = line.value.uppercased() == "TRANSPARENT"
        default: break
        }
    }

    private static func stated(_ text: some StringProtocol, _ line: ContentLine) throws(ICalendarFlaw) -> Stated {
        guard let time = CalendarTime(text, zone: line.parameter("TZID")) else { throw bad(line) }
        return Stated(time: time, line: line.number)
    }

    private static func extra(_ text: Substring, _ line: ContentLine) throws(ICalendarFlaw) -> Extra {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let start = try stated(parts[0], line)
        switch parts.count {
        case 1: return Extra(start: start, end: nil, duration: nil)
        case 2 where parts[1].hasPrefix("P"):
            guard let duration = CalendarDuration(parts[1]) else { throw bad(line) }
            return Extra(start: start, end: nil, duration: duration)
        case 2: return Extra(start: start, end: try stated(parts[1], line), duration: nil)
        default: throw bad(line)
        }
    }

    private static func bad(_ line: ContentLine) -> ICalendarFlaw {
        ICalendarFlaw(.badValue(property: line.name), line: line.number)
    }
}
