// The events and time zones of a file, as they stand in it. What isn't asked for (to-dos, alarms, attachments) is
// passed over once its lines and blocks are found in order. Fails at the first line that makes no sense.

/// A calendar file, read but not yet expanded.
struct CalendarFile {
    private(set) var events: [CalendarEvent] = []
    private(set) var zones: [String: ZoneBlock] = [:]

    /// Calendar, event, alarm: deeper is nonsense.
    private static let maximumDepth = 8

    init(_ bytes: [UInt8]) throws(ICalendarFlaw) {
        guard bytes.count <= ICalendar.maximumBytes else { throw ICalendarFlaw(.tooLarge) }
        guard !bytes.isEmpty else { throw ICalendarFlaw(.empty) }
        var lines = ContentLines(bytes)
        guard let first = try Self.opening(&lines) else { throw ICalendarFlaw(.empty) }
        var path = [first]
        var event = CalendarEvent(line: 0)
        var zone = ZoneBlock(line: 0)
        var observance = ZoneBlock.Observance.Draft(line: 0)
        while let line = try lines.next() {
            switch line.name {
            case "BEGIN":
                let name = Self.blockName(line)
                guard path.count < Self.maximumDepth, path.isEmpty == (name == "VCALENDAR") else {
                    throw ICalendarFlaw(.brokenStructure, line: line.number)
                }
                path.append(name)
                switch path.dropFirst().joined(separator: "/") {
                case "VEVENT": event = CalendarEvent(line: line.number)
                case "VTIMEZONE": zone = ZoneBlock(line: line.number)
                case "VTIMEZONE/STANDARD", "VTIMEZONE/DAYLIGHT": observance = .init(line: line.number)
                default: break
                }
            case "END":
                guard path.last == Self.blockName(line) else {
                    throw ICalendarFlaw(.brokenStructure, line: line.number)
                }
                switch path.dropFirst().joined(separator: "/") {
                case "VEVENT": events.append(event)
                case "VTIMEZONE": try add(zone)
                case "VTIMEZONE/STANDARD", "VTIMEZONE/DAYLIGHT": zone.observances.append(try observance.checked())
                default: break
                }
                path.removeLast()
            default:
                guard let last = path.last else { throw ICalendarFlaw(.brokenStructure, line: line.number) }
                switch (path.count, last) {
                case (2, "VEVENT"): try event.take(line)
                case (2, "VTIMEZONE") where line.name == "TZID": zone.id = line.value
                case (3, "STANDARD") where path[1] == "VTIMEZONE", (3, "DAYLIGHT") where path[1] == "VTIMEZONE":
                    try observance.take(line)
                default: break
                }
            }
        }
        guard path.isEmpty else { throw ICalendarFlaw(.truncated) }
    }

    private static func opening(_ lines: inout ContentLines) throws(ICalendarFlaw) -> String? {
        let line: ContentLine?
        do {
            line = try lines.next()
        } catch {
            // Whatever is wrong with the first line, that it opens no calendar says more.
            throw ICalendarFlaw(.notACalendar, line: error.line)
        }
        guard let line else { return nil }
        guard line.name == "BEGIN", blockName(line) == "VCALENDAR" else {
            throw ICalendarFlaw(.notACalendar, line: line.number)
        }
        return "VCALENDAR"
    }

    private static func blockName(_ line: ContentLine) -> String {
        line.value.uppercased().filter { !$0.isWhitespace }
    }

    private mutating func add(_ zone: ZoneBlock) throws(ICalendarFlaw) {
        guard let id = zone.id else { throw ICalendarFlaw(.missing(property: "TZID"), line: zone.line) }
        // Several calendars in one file define the same zones again.
        if zones[id] == nil { zones[id] = zone }
    }
}

/// A time zone that a file defines.
struct ZoneBlock {
    /// One of its offsets, and when it comes into force.
    struct Observance {
        let line: Int
        let start: WallSeconds
        /// Seconds east of UTC before it.
        let former: Int64
        /// Seconds east of UTC in it.
        let offset: Int64
        let rules: [RecurrenceRule]
        let more: [WallSeconds]
    }

    let line: Int
    var id: String?
    var observances: [Observance] = []

    init(line: Int) { self.line = line }
}

extension ZoneBlock.Observance {
    /// An observance of which not all lines are known.
    struct Draft {
        private let line: Int
        private var start: WallSeconds?
        private var former: Int64?
        private var offset: Int64?
        private var rules: [RecurrenceRule] = []
        private var more: [WallSeconds] = []

        init(line: Int) { self.line = line }

        mutating func take(_ line: ContentLine) throws(ICalendarFlaw) {
            let bad = ICalendarFlaw(.badValue(property: line.name), line: line.number)
            switch line.name {
            case "DTSTART":
                guard case .clock(let wall, _) = CalendarTime(line.value) else { throw bad }
                start = wall
            case "TZOFFSETFROM":
                guard let seconds = UTCOffset.seconds(line.value) else { throw bad }
                former = seconds
            case "TZOFFSETTO":
                guard let seconds = UTCOffset.seconds(line.value) else { throw bad }
                offset = seconds
            case "RRULE": rules.append(try RecurrenceRule(line.value, line: line.number))
            case "RDATE":
                for text in line.value.split(separator: ",") {
                    guard case .clock(let wall, _) = CalendarTime(text) else { throw bad }
                    more.append(wall)
                }
            default: break
            }
        }

        func checked() throws(ICalendarFlaw) -> ZoneBlock.Observance {
            guard let start else { throw ICalendarFlaw(.missing(property: "DTSTART"), line: line) }
            guard let former else { throw ICalendarFlaw(.missing(property: "TZOFFSETFROM"), line: line) }
            guard let offset else { throw ICalendarFlaw(.missing(property: "TZOFFSETTO"), line: line) }
            return .init(line: line, start: start, former: former, offset: offset, rules: rules, more: more)
        }
    }
}
