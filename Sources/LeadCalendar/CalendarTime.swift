// Dates, clock times, durations and offsets as calendar files write them (RFC 5545, section 3.3), checked but not yet
// tied to a time zone. Reading answers nil for what has no such shape; the caller knows the line.

import LeadCore

/// Seconds since 1970-01-01T00:00:00 on some wall clock.
typealias WallSeconds = Int64

/// A day, or a time on some wall clock.
enum CalendarTime: Hashable {
    /// Days since 1970-01-01.
    case day(Int64)
    case clock(WallSeconds, ZoneName)

    /// Whose wall clock a time is read from.
    enum ZoneName: Hashable {
        case floating
        case utc
        case named(String)
    }

    /// Reads `20261126`, `20261126T090000` or `20261126T090000Z`; `zone` is the TZID, if there is one.
    init?(_ text: some StringProtocol, zone: String? = nil) {
        let bytes = Array(text.utf8)
        guard [8, 15, 16].contains(bytes.count), let date = Self.number(bytes[..<8]) else { return nil }
        let civil = Int64(date)
        guard let day = Self.day(year: civil / 10_000, month: civil / 100 % 100, day: civil % 100) else { return nil }
        guard bytes.count > 8 else {
            self = .day(day)
            return
        }
        guard bytes[8] == UInt8(ascii: "T"), let time = Self.number(bytes[9..<15]),
            time / 10_000 < 24, time / 100 % 100 < 60, time % 100 <= 60
        else { return nil }
        // A leap second, which no other clock here has, is the second before it.
        let seconds = time / 10_000 * 3600 + time / 100 % 100 * 60 + min(59, time % 100)
        let wall = day * .secondsOfDay + Int64(seconds)
        if bytes.count == 16 {
            guard bytes[15] == UInt8(ascii: "Z") else { return nil }
            self = .clock(wall, .utc)
        } else {
            self = .clock(wall, zone.map(ZoneName.named) ?? .floating)
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
    }

    /// The number of a day; nil when there is no such day.
    static func day(year: Int64, month: Int64, day: Int64) -> Int64? {
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        // Years begin in March, so that the leap day comes last.
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let number = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        return civil(number).day == Int(day) ? number : nil
    }

    /// The civil date of a day.
    static func civil(_ day: Int64) -> CivilTime { CivilTime(Timestamp(milliseconds: day * .secondsOfDay * 1000)) }
}

/// A length of time: days by the calendar, and seconds by the clock after them.
struct CalendarDuration: Equatable {
    var days: Int64 = 0
    var seconds: Int64 = 0
}

extension CalendarDuration {
    /// Reads `P1D`, `PT8H30M`, `P2W`; nil when it is negative or anything else.
    init?(_ text: some StringProtocol) {
        var rest = text.utf8[...]
        if rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        guard rest.popFirst() == UInt8(ascii: "P") else { return nil }
        var isTime = false
        var parts = 0
        while let first = rest.first {
            if first == UInt8(ascii: "T"), !isTime {
                isTime = true
                rest.removeFirst()
                continue
            }
            let digits = rest.prefix { (48...57).contains($0) }
            guard (1...9).contains(digits.count) else { return nil }
            let amount = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 48) }
            rest = rest.dropFirst(digits.count)
            guard let unit = rest.popFirst() else { return nil }
            switch (unit, isTime) {
            case (UInt8(ascii: "W"), false): days += amount * 7
            case (UInt8(ascii: "D"), false): days += amount
            case (UInt8(ascii: "H"), true): seconds += amount * 3600
            case (UInt8(ascii: "M"), true): seconds += amount * 60
            case (UInt8(ascii: "S"), true): seconds += amount
            default: return nil
            }
            parts += 1
            // Ten thousand years are longer than any window, and safe to reckon with.
            guard parts < 8, days < 3_700_000, seconds < 3_700_000 * .secondsOfDay else { return nil }
        }
        guard parts > 0 else { return nil }
    }
}

/// A zone's distance from UTC.
enum UTCOffset {
    /// Seconds east of UTC from `+0100` or `-053000`; nil for anything else.
    static func seconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 5 || bytes.count == 7, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
            bytes[1...].allSatisfy({ (48...57).contains($0) })
        else { return nil }
        let digits = bytes[1...].map { Int64($0 - 48) }
        let pairs = stride(from: 0, to: digits.count, by: 2).map { digits[$0] * 10 + digits[$0 + 1] }
        guard pairs[0] < 24, pairs[1...].allSatisfy({ $0 < 60 }) else { return nil }
        let seconds = pairs[0] * 3600 + pairs[1] * 60 + (pairs.count > 2 ? pairs[2] : 0)
        return bytes[0] == UInt8(ascii: "-") ? -seconds : seconds
    }
}

extension Int64 {
    static let secondsOfDay: Int64 = 86_400

    /// The quotient, rounded down.
    func floored(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
