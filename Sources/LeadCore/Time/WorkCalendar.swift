// When an office works, and where a span of working time ends. An instant is working time when the wall clock of the
// calendar's zone then reads within one of its hours, so an hour that daylight saving repeats counts twice and one that it
// leaves out doesn't count. Used by policies, when a case's plan is made.

import Foundation

/// Weekly hours in a time zone, less holidays.
public struct WorkCalendar: Sendable, Equatable {
    /// Hours of one weekday. They belong to the day on which they begin, also when they end after midnight.
    public struct Span: Sendable, Equatable {
        /// The day of the week, 0 for Sunday.
        public let weekday: Int
        /// Minutes since midnight, 0 to 1,439.
        public let opens: Int
        /// Minutes since the midnight before `opens`; more than `opens`, by a day at most.
        public let closes: Int

        /// The hours from `opens` to `closes` on `weekday`.
        public init(weekday: Int, opens: Int, closes: Int) {
            self.weekday = weekday
            self.opens = opens
            self.closes = closes
        }

        fileprivate var week: Range<Int> { weekday * 1440 + opens..<weekday * 1440 + closes }
    }

    /// A day of the proleptic Gregorian calendar.
    public struct Day: Sendable, Hashable {
        /// Days since 1970-01-01.
        public let number: Int64

        /// The day with that number.
        public init(number: Int64) { self.number = number }

        /// Reads `2026-11-26`; nil when the text is anything else or there is no such day.
        public init?(text: String) {
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.map(\.utf8.count) == [4, 2, 2],
                text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 45 }),
                let year = Int64(parts[0]), let month = Int64(parts[1]), let day = Int64(parts[2]),
                (1...12).contains(month)
            else { return nil }
            // Years begin in March, so that the leap day comes last.
            let shifted = month > 2 ? year : year - 1
            let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
            let leaps = shifted.floored(by: 4) - shifted.floored(by: 100) + shifted.floored(by: 400)
            number = shifted * 365 + leaps + dayOfYear - 719_468
            let read = CivilTime(Timestamp(milliseconds: number * WorkCalendar.dayLength))
            guard read.day == day, read.month == month else { return nil }
        }
    }

    /// A time in which nobody works.
    public struct Closure: Sendable, Equatable, Codable {
        /// When it begins, or when one began to look.
        public let from: Timestamp
        /// When it ends, or when one ceased to look.
        public let until: Timestamp
        /// The holidays because of which it is longer than usual.
        public let holidays: [String]

        /// A closure.
        public init(from: Timestamp, until: Timestamp, holidays: [String] = []) {
            self.from = from
            self.until = until
            self.holidays = holidays
        }
    }

    /// Why hours make no calendar.
    public enum Flaw: Error, Sendable, Equatable {
        /// There are none, so no deadline would ever come.
        case noHours
        /// Two of them cover the same time; places in the list.
        case overlap(Int, Int)
    }

    /// Whose wall clock counts.
    public let timeZone: TimeZone
    /// Days on which no hours begin, and what they are called.
    public let holidays: [Day: String]
    /// By weekday, in order.
    let hours: [[Span]]

    /// A calendar of all hours of all days.
    static func always(in zone: TimeZone) -> WorkCalendar {
        WorkCalendar(timeZone: zone, week: (0..<7).map { [Span(weekday: $0, opens: 0, closes: 1440)] })
    }

    private init(timeZone: TimeZone, week: [[Span]]) {
        self.timeZone = timeZone
        holidays = [:]
        hours = week
    }

    /// A calendar; fails when there are no hours or when some overlap.
    public init(timeZone: TimeZone, hours: [Span], holidays: [Day: String] = [:]) throws(Flaw) {
        guard !hours.isEmpty else { throw .noHours }
        for (later, span) in hours.enumerated() {
            for (earlier, other) in hours[..<later].enumerated() {
                // Saturday's night reaches into the next week.
                let isShared = [-10_080, 0, 10_080].contains { shift in
                    other.week.overlaps(span.week.lowerBound + shift..<span.week.upperBound + shift)
                }
                if isShared { throw .overlap(earlier, later) }
            }
        }
        self.timeZone = timeZone
        self.holidays = holidays
        self.hours = (0..<7).map { weekday in
            hours.filter { $0.weekday == weekday }.sorted { $0.opens < $1.opens }
        }
    }

    /// The instant at which `duration` of working time since `start` is over; `start` itself when it is nothing. Times in
    /// `absences`, which may overlap, don't count.
    ///
    /// What would take longer than ten years ends after ten years: a deadline always comes.
    public func deadline(
        after duration: Duration, from start: Timestamp, except absences: [Range<Timestamp>] = []
    ) -> Timestamp {
        var left = duration.milliseconds
        guard left > 0 else { return start }
        var end = start.milliseconds + Self.horizon
        eachOpening(start.milliseconds..<end, except: absences) { open in
            let length = open.upperBound - open.lowerBound
            guard left > length else {
                end = open.lowerBound + left
                return false
            }
            left -= length
            return true
        }
        return Timestamp(milliseconds: end)
    }

    /// When nobody works between `start` and `end`, in order.
    public func closures(
        from start: Timestamp, until end: Timestamp, except absences: [Range<Timestamp>] = []
    ) -> [Closure] {
        var closures: [Closure] = []
        var shut = start.milliseconds
        eachOpening(start.milliseconds..<max(start, end).milliseconds, except: absences) { open in
            if shut < open.lowerBound { closures.append(closure(shut..<open.lowerBound)) }
            shut = open.upperBound
            return true
        }
        if shut < end.milliseconds { closures.append(closure(shut..<end.milliseconds)) }
        return closures
    }

    private func closure(_ range: Range<Int64>) -> Closure {
        let days = [range.lowerBound, range.upperBound - 1].map { instant in
            let date = Date(timeIntervalSince1970: Double(instant) / 1000)
            return (instant + Int64(timeZone.secondsFromGMT(for: date)) * 1000).floored(by: Self.dayLength)
        }
        let names = (days[0]...days[1]).compactMap { day in
            usualSpans(on: day).isEmpty ? nil : holidays[Day(number: day)]
        }
        return Closure(
            from: Timestamp(milliseconds: range.lowerBound), until: Timestamp(milliseconds: range.upperBound),
            holidays: names)
    }

    /// The first stretch of working time that ends after `start`, cut off there; when there is none within ten years, an
    /// empty one then.
    public func opening(notBefore start: Timestamp) -> Range<Timestamp> {
        let horizon = start.milliseconds + Self.horizon
        var found: Range<Int64>?
        eachOpening(start.milliseconds..<horizon) { open in
            guard let first = found else {
                found = open
                return true
            }
            // Hours that follow each other without a break are one stretch.
            guard first.upperBound == open.lowerBound else { return false }
            found = first.lowerBound..<open.upperBound
            return open.upperBound - first.lowerBound < 7 * Self.dayLength
        }
        let range = found ?? horizon..<horizon
        return Timestamp(milliseconds: range.lowerBound)..<Timestamp(milliseconds: range.upperBound)
    }

    /// As below, without what `absences` cover.
    private func eachOpening(
        _ range: Range<Int64>, except absences: [Range<Timestamp>], _ take: (Range<Int64>) -> Bool
    ) {
        guard !absences.isEmpty else { return eachOpening(range, take) }
        let covered = absences.map { $0.lowerBound.milliseconds..<$0.upperBound.milliseconds }
            .sorted { $0.lowerBound < $1.lowerBound }
        eachOpening(range) { open in
            var start = open.lowerBound
            for absence in covered where absence.upperBound > start && absence.lowerBound < open.upperBound {
                if start < absence.lowerBound, !take(start..<absence.lowerBound) { return false }
                start = absence.upperBound
            }
            return start < open.upperBound ? take(start..<open.upperBound) : true
        }
    }

    /// Gives the working time within `range` in order, piece by piece, until `take` answers false.
    private func eachOpening(_ range: Range<Int64>, _ take: (Range<Int64>) -> Bool) {
        var start = range.lowerBound
        // From one change of the zone's offset to the next, local time is a plain shift of UTC.
        while start < range.upperBound {
            let date = Date(timeIntervalSince1970: Double(start) / 1000)
            let offset = Int64(timeZone.secondsFromGMT(for: date)) * 1000
            var end = range.upperBound
            if let change = timeZone.nextDaylightSavingTimeTransition(after: date) {
                let instant = Int64((change.timeIntervalSince1970 * 1000).rounded())
                if instant > start { end = min(end, instant) }
            }
            // The day before may still be open after midnight.
            var day = (start + offset).floored(by: Self.dayLength) - 1
            while day * Self.dayLength - offset < end {
                for span in spans(on: day) {
                    let midnight = day * Self.dayLength - offset
                    let opens = max(start, midnight + Int64(span.opens) * 60_000)
                    let closes = min(end, midnight + Int64(span.closes) * 60_000)
                    if opens < closes, !take(opens..<closes) { return }
                }
                day += 1
            }
            start = end
        }
    }

    private func spans(on day: Int64) -> [Span] {
        holidays[Day(number: day)] == nil ? usualSpans(on: day) : []
    }

    private func usualSpans(on day: Int64) -> [Span] {
        // 1970-01-01 was a Thursday.
        hours[Int(day + 4 - (day + 4).floored(by: 7) * 7)]
    }

    static let dayLength: Int64 = 86_400_000
    private static let horizon = 3653 * dayLength
}

extension Int64 {
    /// The quotient, rounded down.
    fileprivate func floored(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
