// From a rule to the wall clock's times at which it begins anew. libical names the days; hours, COUNT and the bound on
// the work are ours. Fails when the work of all rules of a file is more than its budget.

import CIcal
import LeadCore
import Synchronization

/// How much working out the rules of one file may cost, in periods looked at, so that its time is bounded whatever
/// it says: libical looks at some 400,000 in a second. Five hundred birthdays since 1604 take a fifth of it.
struct RecurrenceBudget {
    private(set) var left: Int64 = 1_000_000

    mutating func spend(_ periods: Int64, line: Int) throws(ICalendarFlaw) {
        left -= max(1, periods)
        guard left >= 0 else { throw ICalendarFlaw(.tooMuchWork, line: line) }
    }
}

/// One rule, begun at one time.
struct Recurrence {
    let rule: RecurrenceRule
    let start: WallSeconds
    let line: Int

    /// Gives the beginnings in order until `take` answers false; those before `earliest` may be left out.
    ///
    /// The start itself is among them if the rule names it.
    func each(
        notBefore earliest: WallSeconds, _ budget: inout RecurrenceBudget,
        _ take: (WallSeconds) throws(ICalendarFlaw) -> Bool
    ) throws(ICalendarFlaw) {
        var left = rule.count ?? .max
        // Unless they are counted, whole periods before the time that matters are passed over: all of a week, a day or
        // less are alike.
        let period = rule.interval * rule.frequency.seconds
        let skipped = rule.count == nil ? max(0, (earliest - start) / period - 1) * period : 0
        guard let days = rule.days else {
            var next = start + skipped
            while left > 0, next < Self.end {
                try budget.spend(1, line: line)
                guard try take(next) else { return }
                next += period
                left -= 1
            }
            return
        }
        // Months and years aren't alike, so that they are gone through from the start.
        let isAlike = rule.frequency == .daily || rule.frequency == .weekly
        let first = start.floored(by: .secondsOfDay) + (isAlike ? skipped / .secondsOfDay : 0)
        let times = try self.times(&budget)
        try eachDay(days, from: first, &budget) { day throws(ICalendarFlaw) in
            for time in times where day * .secondsOfDay + time >= start {
                guard left > 0, try take(day * .secondsOfDay + time) else { return false }
                left -= 1
            }
            return left > 0
        } spend: { periods, budget throws(ICalendarFlaw) in
            // Days of one period cost as much as a period each: every one of them has all the times.
            try budget.spend(max(1, periods) * Int64(times.count), line: line)
        }
    }

    /// When libical's calendar ends: the beginning of the year 2583.
    private static let end: WallSeconds = 223_894 * .secondsOfDay
    /// Where libical gives up the search for a month or a year with such a day: the year 20000.
    private static let farEnd: WallSeconds = 6_585_322 * .secondsOfDay

    /// Seconds since midnight, in order.
    private func times(_ budget: inout RecurrenceBudget) throws(ICalendarFlaw) -> [Int64] {
        let time = start - start.floored(by: .secondsOfDay) * .secondsOfDay
        let hours = rule.hours.isEmpty ? [time / 3600 * 3600] : rule.hours
        let minutes = rule.minutes.isEmpty ? [time / 60 % 60 * 60] : rule.minutes
        let seconds = rule.seconds.isEmpty ? [time % 60] : rule.seconds
        try budget.spend(Int64(hours.count * minutes.count * seconds.count), line: line)
        return hours.flatMap { hour in minutes.flatMap { minute in seconds.map { hour + minute + $0 } } }
    }

    private func eachDay(
        _ days: String, from first: Int64, _ budget: inout RecurrenceBudget,
        _ take: (Int64) throws(ICalendarFlaw) -> Bool,
        spend: (Int64, inout RecurrenceBudget) throws(ICalendarFlaw) -> Void
    ) throws(ICalendarFlaw) {
        let isBounded = rule.frequency == .daily || rule.frequency == .weekly
        let end = (isBounded ? Self.end : Self.farEnd) / .secondsOfDay
        let period = rule.interval * rule.frequency.seconds / .secondsOfDay
        guard let iterator = try IcalDays(days, from: first, line: line) else {
            // libical went through all years to find nothing.
            return try spend((end - first) / period, &budget)
        }
        var last = first
        while let day = iterator.next() {
            try spend((day - last) / period, &budget)
            guard try take(day) else { return }
            last = day
        }
        try spend((end - last) / period, &budget)
    }
}

/// libical's iterator over the days of a rule.
private struct IcalDays: ~Copyable {
    private let pointer: OpaquePointer

    /// Nil when the rule never names a day.
    init?(_ rule: String, from first: Int64, line: Int) throws(ICalendarFlaw) {
        let civil = CalendarTime.civil(first)
        // Before that, libical reckons by the Julian calendar.
        guard civil.year >= 1583 else {
            throw ICalendarFlaw(.unsupported("A rule that begins before 1583"), line: line)
        }
        let start = cical_day(year: Int32(civil.year), month: Int32(civil.month), day: Int32(civil.day))
        let (result, pointer) = Self.library.withLock { _ in
            var pointer: OpaquePointer?
            let result = cical_days_new(rule, start, &pointer)
            return (result, pointer.map { UInt(bitPattern: $0) })
        }
        guard result != cical_days_bad_rule else { throw ICalendarFlaw(.badValue(property: "RRULE"), line: line) }
        guard let pointer, let opened = OpaquePointer(bitPattern: pointer) else { return nil }
        self.pointer = opened
    }

    deinit { Self.library.withLock { _ in cical_days_free(pointer) } }

    func next() -> Int64? {
        var next = cical_day()
        guard Self.library.withLock({ _ in cical_days_next(pointer, &next) }) == 1 else { return nil }
        return CalendarTime.day(year: Int64(next.year), month: Int64(next.month), day: Int64(next.day))
    }

    /// One call at a time: libical's error state and scratch memory are the thread's or the process's, as it was built.
    private static let library = Mutex<Void>({ cical_start() }())
}
