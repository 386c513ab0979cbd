// Time zones: those that a file defines (VTIMEZONE), those of the system, and the instant that a wall clock's time in
// them is. Fails for names that are neither.

import Foundation
import LeadCore

/// A rule for reading a wall clock.
enum CalendarZone {
    case utc
    case system(TimeZone)
    case table(ZoneTable)

    /// Seconds east of UTC at an instant in seconds since 1970.
    func offset(at instant: Int64) -> Int64 {
        switch self {
        case .utc: 0
        case .system(let zone): Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant))))
        case .table(let table): table.offset(at: instant)
        }
    }

    /// The instant of a wall clock's time, in seconds since 1970.
    ///
    /// A time that comes twice is the first, one that is left out is read by the offset before it (RFC 5545, section
    /// 3.3.5), so that a midnight which is left out is the day's beginning.
    func instant(of wall: WallSeconds) -> Int64 {
        let before = offset(at: wall - 86_400)
        let after = offset(at: wall + 86_400)
        if before == after || offset(at: wall - before) == before { return wall - before }
        return offset(at: wall - after) == after ? wall - after : wall - before
    }

    /// What the wall clock shows at an instant.
    func wall(at instant: Int64) -> WallSeconds { instant + offset(at: instant) }
}

/// The changes of a zone that a file defines, worked out.
struct ZoneTable {
    private let initial: Int64
    private let changes: [(instant: Int64, offset: Int64)]

    init(_ block: ZoneBlock, until horizon: Int64, _ budget: inout RecurrenceBudget) throws(ICalendarFlaw) {
        guard !block.observances.isEmpty else {
            throw ICalendarFlaw(.missing(property: "STANDARD or DAYLIGHT"), line: block.line)
        }
        var changes: [(instant: Int64, offset: Int64, former: Int64)] = []
        for observance in block.observances {
            for wall in try observance.onsets(until: horizon, &budget) {
                changes.append((wall - observance.former, observance.offset, observance.former))
            }
        }
        changes.sort { $0.instant < $1.instant }
        initial = changes[0].former
        self.changes = changes.map { ($0.instant, $0.offset) }
    }

    func offset(at instant: Int64) -> Int64 {
        var low = 0
        var high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].instant <= instant { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? initial : changes[low - 1].offset
    }
}

extension ZoneBlock.Observance {
    fileprivate func onsets(
        until horizon: Int64, _ budget: inout RecurrenceBudget
    ) throws(ICalendarFlaw) -> [WallSeconds] {
        var onsets = [start] + more
        for rule in rules {
            // In UTC, where the wall clock until the change shows it.
            let until = rule.until.map { if case .clock(let end, .utc) = $0 { end + former } else { $0.wall } }
            let recurrence = Recurrence(rule: rule, start: start, line: line)
            try recurrence.each(notBefore: start, &budget) { wall throws(ICalendarFlaw) in
                guard wall <= horizon else { return false }
                guard wall <= (until ?? wall) else { return false }
                if wall != start { onsets.append(wall) }
                guard onsets.count <= ICalendar.maximumInstances else {
                    throw ICalendarFlaw(.tooManyInstances, line: line)
                }
                return true
            }
        }
        return onsets
    }
}

/// The zones that a file's times name, each worked out when it is first asked for.
struct CalendarZones {
    private let blocks: [String: ZoneBlock]
    private let floating: CalendarZone
    private let horizon: Int64
    private var known: [String: CalendarZone] = [:]

    /// - Parameters:
    ///   - floating: Where days and floating times are read.
    ///   - horizon: After it, a zone that the file defines changes no more.
    init(_ blocks: [String: ZoneBlock], floating: TimeZone, horizon: Int64) {
        self.blocks = blocks
        self.floating = .system(floating)
        self.horizon = horizon
    }

    mutating func zone(
        _ name: CalendarTime.ZoneName, line: Int, _ budget: inout RecurrenceBudget
    ) throws(ICalendarFlaw) -> CalendarZone {
        switch name {
        case .floating: return floating
        case .utc: return .utc
        case .named(let name):
            if let zone = known[name] { return zone }
            let zone: CalendarZone
            if let block = blocks[name] {
                zone = .table(try ZoneTable(block, until: horizon, &budget))
            } else if let system = Self.system(name) {
                zone = .system(system)
            } else {
                throw ICalendarFlaw(.unknownZone(String(String(calendarText: name).prefix(80))), line: line)
            }
            known[name] = zone
            return zone
        }
    }

    private static func system(_ name: String) -> TimeZone? {
        // Foundation would also take offsets and abbreviations, whose meaning is a guess.
        let isName = name.contains("/") || knownNames.contains(name)
        guard isName, !name.hasPrefix("/"), !name.contains(".."), name.utf8.count <= 64 else { return nil }
        return TimeZone(identifier: name)
    }

    private static let knownNames = Set(TimeZone.knownTimeZoneIdentifiers).union(["UTC", "GMT"])
}
