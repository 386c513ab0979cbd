// A recurrence rule (RFC 5545, section 3.3.10), read and checked. What names days is written anew for libical; the
// parts of a day, COUNT and UNTIL stay here. Fails for what the RFC forbids and for what libical would get wrong.

/// How an event recurs.
struct RecurrenceRule: Equatable {
    enum Frequency: String {
        case secondly = "SECONDLY"
        case minutely = "MINUTELY"
        case hourly = "HOURLY"
        case daily = "DAILY"
        case weekly = "WEEKLY"
        case monthly = "MONTHLY"
        case yearly = "YEARLY"

        /// The seconds of its unit, at the least.
        var seconds: Int64 {
            switch self {
            case .secondly: 1
            case .minutely: 60
            case .hourly: 3600
            case .daily: 86_400
            case .weekly: 7 * 86_400
            case .monthly: 28 * 86_400
            case .yearly: 365 * 86_400
            }
        }
    }

    let frequency: Frequency
    let interval: Int64
    let count: Int?
    let until: CalendarTime?
    /// Seconds since midnight, in order; empty when the start's own are meant.
    let hours: [Int64]
    let minutes: [Int64]
    let seconds: [Int64]
    /// What of it names days, for libical; nil when it recurs within the day.
    let days: String?
}

extension RecurrenceRule {
    /// Reads `FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10`.
    init(_ text: String, line: Int) throws(ICalendarFlaw) {
        let bad = ICalendarFlaw(.badValue(property: "RRULE"), line: line)
        var parts: [String: String] = [:]
        for part in text.uppercased().split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, parts[String(pair[0])] == nil else { throw bad }
            // Outlook has written 'MO, FR'.
            parts[String(pair[0])] = pair[1].filter { $0 != " " }
        }
        func unsupported(_ what: String) -> ICalendarFlaw { ICalendarFlaw(.unsupported(what), line: line) }

        guard let name = parts.removeValue(forKey: "FREQ"), let frequency = Frequency(rawValue: name) else { throw bad }
        self.frequency = frequency
        guard let interval = Int64(parts.removeValue(forKey: "INTERVAL") ?? "1"), (1...1000).contains(interval) else {
            throw bad
        }
        self.interval = interval
        let count = parts.removeValue(forKey: "COUNT")
        self.count = count.flatMap { Int($0) }
        let until = parts.removeValue(forKey: "UNTIL")
        self.until = until.flatMap { CalendarTime($0) }
        guard count == nil || self.count.map({ $0 > 0 }) == true, until == nil || self.until != nil,
            count == nil || until == nil
        else { throw bad }
        let skip = parts.removeValue(forKey: "SKIP")
        guard parts.removeValue(forKey: "RSCALE") ?? "GREGORIAN" == "GREGORIAN", skip ?? "OMIT" == "OMIT" else {
            throw unsupported("A rule with RSCALE or SKIP")
        }

        func times(_ name: String, _ range: ClosedRange<Int>, _ unit: Int64) throws(ICalendarFlaw) -> [Int64] {
            guard let text = parts.removeValue(forKey: name) else { return [] }
            guard let numbers = Self.numbers(text, range) else { throw bad }
            return numbers.map { Int64($0) * unit }
        }
        hours = try times("BYHOUR", 0...23, 3600)
        minutes = try times("BYMINUTE", 0...59, 60)
        seconds = try times("BYSECOND", 0...59, 1)
        guard frequency.seconds >= 86_400 else {
            guard parts["WKST"] == nil ? parts.isEmpty : parts.count == 1, (hours + minutes + seconds).isEmpty else {
                throw unsupported("A rule with \(frequency.rawValue) and BY parts")
            }
            days = nil
            return
        }
        let hasTimes = hours.count > 1 || minutes.count > 1 || seconds.count > 1
        if parts["BYSETPOS"] != nil, hasTimes || (frequency != .monthly && frequency != .yearly) {
            throw unsupported("A rule with BYSETPOS but neither MONTHLY nor YEARLY days")
        }
        if frequency == .daily, parts["BYMONTHDAY"]?.contains("-") == true {
            // libical 3.0 would pass over them.
            throw unsupported("A DAILY rule with days counted from a month's end")
        }
        if frequency == .yearly, parts["BYMONTHDAY"] != nil, parts["BYMONTH"] == nil, parts["BYWEEKNO"] == nil,
            parts["BYYEARDAY"] == nil
        {
            // Every month's; libical 3.0 would take the start's month alone.
            guard parts["BYDAY"]?.contains(where: \.isNumber) != true else {
                throw unsupported("A YEARLY rule with days counted in the month and in the year")
            }
            parts["BYMONTH"] = "1,2,3,4,5,6,7,8,9,10,11,12"
        }
        guard let days = Self.days(frequency, interval, parts) else { throw bad }
        self.days = days
    }

    /// The rule's days in libical's words, or nil if the RFC has no such rule.
    private static func days(_ frequency: Frequency, _ interval: Int64, _ parts: [String: String]) -> String? {
        var words = ["FREQ=\(frequency.rawValue)", "INTERVAL=\(interval)"]
        for (name, value) in parts.sorted(by: { $0.key < $1.key }) {
            let list: [String]?
            switch (name, frequency) {
            case ("WKST", _): list = weekdays.contains(value) ? [value] : nil
            case ("BYMONTH", _): list = numbers(value, 1...12)?.map(String.init)
            case ("BYMONTHDAY", .daily), ("BYMONTHDAY", .monthly), ("BYMONTHDAY", .yearly):
                list = numbers(value, -31...31, without: 0, atMost: 31)?.map(String.init)
            case ("BYYEARDAY", .yearly): list = numbers(value, -366...366, without: 0)?.map(String.init)
            case ("BYWEEKNO", .yearly): list = numbers(value, -53...53, without: 0, atMost: 55)?.map(String.init)
            case ("BYSETPOS", _): list = numbers(value, -366...366, without: 0)?.map(String.init)
            case ("BYDAY", _):
                let mayCount = frequency == .monthly || frequency == .yearly && parts["BYWEEKNO"] == nil
                list = byDay(value, mayCount: mayCount)
            default: list = nil
            }
            guard let list, !list.isEmpty else { return nil }
            words.append("\(name)=\(list.joined(separator: ","))")
        }
        return words.joined(separator: ";")
    }

    private static func byDay(_ text: String, mayCount: Bool) -> [String]? {
        var days: Set<String> = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let place = item.dropLast(2)
            guard weekdays.contains(String(item.suffix(2))) else { return nil }
            if place.isEmpty {
                days.insert(String(item))
            } else {
                guard mayCount, let number = Int(place), number != 0, (-53...53).contains(number) else { return nil }
                days.insert("\(number)\(item.suffix(2))")
            }
        }
        return days.count <= 385 ? days.sorted() : nil
    }

    /// The numbers of a list, each once and in order; nil when one is no number or out of range.
    private static func numbers(
        _ text: String, _ range: ClosedRange<Int>, without zero: Int? = nil, atMost room: Int = 366
    ) -> [Int]? {
        var numbers: Set<Int> = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let number = Int(item), range.contains(number), number != zero else { return nil }
            numbers.insert(number)
        }
        // libical's arrays have room for one more, the mark of their end, which a full list would write beyond them.
        return numbers.count <= room ? numbers.sorted() : nil
    }

    private static let weekdays: Set<String> = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
}
