// Instants as people write them: a date, a date and a time on the clock of some zone, or a time with its offset.

import Foundation

extension Timestamp {
    /// Reads `2026-12-24` (its midnight), `2026-12-24T13:00` or `…:30` on the clock of `zone`, and times with an offset by
    /// RFC 3339; nil when the text is none of these.
    ///
    /// A time that the clock leaves out is later by what it leaves out; of a time that comes twice it is the first.
    public init?(text: String, in zone: TimeZone) {
        guard let day = WorkCalendar.Day(text: String(text.prefix(10))) else { return nil }
        let rest = text.dropFirst(10)
        let midnight = day.number * WorkCalendar.dayLength
        guard !rest.isEmpty else {
            self.init(local: midnight, in: zone)
            return
        }
        guard rest.first == "T" || rest.first == " " else { return nil }
        let clock = rest.dropFirst().prefix { !"Z+-".contains($0) }
        let offset = rest.dropFirst(1 + clock.count)
        guard let seconds = Self.seconds(clock) else { return nil }
        let local = midnight + seconds * 1000
        switch offset.first {
        case nil: self.init(local: local, in: zone)
        case "Z" where offset.count == 1: self.init(milliseconds: local)
        case let sign?:
            guard sign != "Z", offset.count == 6, let span = Self.seconds(offset.dropFirst()) else { return nil }
            self.init(milliseconds: local - (sign == "-" ? -1000 : 1000) * span)
        }
    }

    /// Reads `13:00` or `13:00:30`.
    private static func seconds(_ clock: Substring) -> Int64? {
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
        let digits = { (part: Substring) in part.utf8.count == 2 && part.utf8.allSatisfy { (48...57).contains($0) } }
        let numbers = parts.compactMap { digits($0) ? Int64($0) : nil }
        guard (2...3).contains(parts.count), numbers.count == parts.count, numbers[0] < 24, numbers[1] < 60,
            numbers.count == 2 || numbers[2] < 60
        else { return nil }
        return numbers[0] * 3600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0)
    }

    /// The instant at which the clock of `zone` shows `local`, milliseconds since 1970 as if that clock were UTC.
    private init(local: Int64, in zone: TimeZone) {
        let offset = { (instant: Int64) in
            Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant) / 1000))) * 1000
        }
        // Whatever the zone does, its offset a day before and a day after are the two that matter.
        let before = local - offset(local - WorkCalendar.dayLength)
        let after = local - offset(local + WorkCalendar.dayLength)
        let fits = [min(before, after), max(before, after)].first { $0 + offset($0) == local }
        self.init(milliseconds: fits ?? before)
    }
}
