// An instant as a person reads it: day and clock time in the reader's zone, and RFC 3339 for machines.
// The calendar arithmetic is the proleptic Gregorian one, done here in integers because a message needs it thousands
// of times a second; only the zone's offset is asked of Foundation.

import Foundation

/// The calendar date and clock time of an instant at a fixed offset from UTC.
public struct CivilTime: Sendable, Equatable {
    /// The calendar year.
    public let year: Int
    /// The month, 1 to 12.
    public let month: Int
    /// The day of the month, 1 to 31.
    public let day: Int
    /// The hour, 0 to 23.
    public let hour: Int
    /// The minute, 0 to 59.
    public let minute: Int
    /// The second, 0 to 59.
    public let second: Int
    /// The day of the week, 0 for Sunday.
    public let weekday: Int
    /// Seconds east of UTC.
    public let offset: Int

    /// The civil time of `instant`, `offset` seconds east of UTC.
    public init(_ instant: Timestamp, offset: Int = 0) {
        let local = Self.floorDivide(instant.milliseconds, 1000) + Int64(offset)
        let days = Self.floorDivide(local, 86_400)
        let time = Int(local - days * 86_400)
        // Days to a civil date by 400-year eras that begin on 1 March, so that leap days come last.
        let shifted = days + 719_468
        let era = Self.floorDivide(shifted, 146_097)
        let dayOfEra = Int(shifted - era * 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        year = yearOfEra + Int(era) * 400 + (month <= 2 ? 1 : 0)
        hour = time / 3600
        minute = time / 60 % 60
        second = time % 60
        weekday = Int(Self.floorDivide(days + 4, 7) * -7 + days + 4)
        self.offset = offset
    }

    /// The civil time of `instant` in `zone`, daylight saving as of that instant.
    public init(_ instant: Timestamp, in zone: TimeZone) {
        let date = Date(timeIntervalSince1970: Double(instant.milliseconds) / 1000)
        self.init(instant, offset: zone.secondsFromGMT(for: date))
    }

    /// `Mon 23 Nov 09:40`, in English, for pages and commands.
    public var words: String { Phrases.english.words(self) }

    /// `09:40`.
    var clock: String { "\(Self.two(hour)):\(Self.two(minute))" }

    /// `2026-11-23T09:40:00Z` or with the offset, by RFC 3339.
    public var rfc3339: String {
        let zone = offset == 0 ? "Z" : Self.sign(offset) + Self.two(abs(offset) / 3600) + ":" + offsetMinutes
        return "\(Self.four(year))-\(Self.two(month))-\(Self.two(day))T"
            + "\(Self.two(hour)):\(Self.two(minute)):\(Self.two(second))" + zone
    }

    /// `Mon, 23 Nov 2026 09:40:00 +0000`, as RFC 5322 wants a mail's `Date`.
    public var rfc5322: String {
        "\(Self.weekdays[weekday]), \(day) \(Self.months[month - 1]) \(Self.four(year)) "
            + "\(Self.two(hour)):\(Self.two(minute)):\(Self.two(second)) "
            + Self.sign(offset) + Self.two(abs(offset) / 3600) + offsetMinutes
    }

    private var offsetMinutes: String { Self.two(abs(offset) / 60 % 60) }

    private static func sign(_ offset: Int) -> String { offset < 0 ? "-" : "+" }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func four(_ number: Int) -> String {
        let digits = "\(number)"
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static func floorDivide(_ dividend: Int64, _ divisor: Int64) -> Int64 {
        let quotient = dividend / divisor
        return dividend % divisor < 0 ? quotient - 1 : quotient
    }
}
