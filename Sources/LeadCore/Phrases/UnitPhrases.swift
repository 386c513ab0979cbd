// How lists, numbers, money, lengths of time, days and times are written.

import Foundation

/// The pieces of lists, numbers and times.
public final class UnitPhrases: Sendable {
    let both = Phrase(
        "list.and", [.first, .second], needs: [.first, .second], en: "{{first}} and {{second}}",
        de: "{{first}} und {{second}}")
    let either = Phrase(
        "list.or", [.first, .second], needs: [.first, .second], en: "{{first}} or {{second}}",
        de: "{{first}} oder {{second}}")
    let others = Phrase(
        "list.more", [.first, .count], needs: [.first], en: "{{first}} and {{count}} more",
        de: "{{first}} und {{count}} weitere")
    let thousands = Phrase("number.thousands", mayBeEmpty: true, en: ",", de: ".")
    let point = Phrase("number.point", en: ".", de: ",")
    let milliseconds = Phrase("time.milliseconds", [.count], needs: [.count], en: "{{count}} ms", de: "{{count}} ms")
    let seconds = Phrase("time.seconds", [.count], needs: [.count], en: "{{count}} s", de: "{{count}} Sek.")
    let minutes = Phrase("time.minutes", [.count], needs: [.count], en: "{{count}} min", de: "{{count}} Min.")
    let minutesAndSeconds = Phrase(
        "time.minutes_seconds", [.minutes, .seconds], needs: [.minutes, .seconds], en: "{{minutes}} min {{seconds}} s",
        de: "{{minutes}} Min. {{seconds}} Sek.")
    let hours = Phrase("time.hours", [.count], needs: [.count], en: "{{count}} h", de: "{{count}} Std.")
    let hoursAndMinutes = Phrase(
        "time.hours_minutes", [.hours, .minutes], needs: [.hours, .minutes], en: "{{hours}} h {{minutes}} min",
        de: "{{hours}} Std. {{minutes}} Min.")
    let days = Phrase("time.days", [.count], needs: [.count], en: "{{count}} days", de: "{{count}} Tage")
    /// In German the word bends behind "seit" and "innerhalb von".
    let daysBehind = Phrase("time.days_behind", [.count], needs: [.count], en: "{{count}} days", de: "{{count}} Tagen")
    let date = Phrase(
        "date.day", [.weekday, .day, .month], needs: [.day, .month], en: "{{weekday}} {{day}} {{month}}",
        de: "{{weekday}}, {{day}}. {{month}}")
    let dateAndTime = Phrase(
        "date.time", [.weekday, .day, .month, .clock], needs: [.day, .month, .clock],
        en: "{{weekday}} {{day}} {{month}} {{clock}}", de: "{{weekday}}, {{day}}. {{month}}, {{clock}} Uhr")
    let inZone = Phrase(
        "date.zone", [.time, .zone], needs: [.time], en: "{{time}} ({{zone}})", de: "{{time}} ({{zone}})")
    let weekdays = Phrase(
        "date.weekdays", wordCount: 7, en: "Sun Mon Tue Wed Thu Fri Sat", de: "So. Mo. Di. Mi. Do. Fr. Sa.")
    let months = Phrase(
        "date.months", wordCount: 12, en: "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        de: "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.")
}

extension Phrases {
    /// "a, b and c".
    func all(of names: [String]) -> String { joined(names, units.both) }

    /// "a, b and c"; of many the first three, and how many more.
    func listed(_ names: [String]) -> String {
        guard names.count > 4 else { return all(of: names) }
        return units.others(names.prefix(3).joined(separator: ", "), "\(names.count - 3)")
    }

    /// "a or b or c".
    func any(of names: [String]) -> String {
        names.dropFirst().reduce(names.first ?? "") { units.either($0, $1) }
    }

    private func joined(_ names: [String], _ phrase: Phrase) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return phrase(names.count == 2 ? names[0] : names.dropLast().joined(separator: ", "), last)
    }

    /// With one digit after the point unless it is a whole number: `8`, `2.5`.
    func words(_ number: Double) -> String {
        let tenths = Int64((number * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10)\(units.point())\(abs(tenths) % 10)"
    }

    /// `12,500 USD`.
    func words(_ money: Money) -> String {
        let amount = money.whole.map { grouped(String($0)) } ?? words(money.amount)
        return money.currency.map { "\(amount) \($0)" } ?? amount
    }

    /// `12,500.5`.
    func words(_ amount: Decimal) -> String {
        let parts = amount.description.split(separator: ".", omittingEmptySubsequences: false)
        let isNegative = parts[0].hasPrefix("-")
        let whole = grouped(isNegative ? parts[0].dropFirst() : parts[0])
        let fraction = parts.count > 1 ? units.point() + parts[1] : ""
        return "\(isNegative ? "-" : "")\(whole)\(fraction)"
    }

    /// Digits by threes.
    private func grouped(_ digits: some StringProtocol) -> String {
        let comma = units.thousands()
        var text = ""
        for (index, digit) in digits.utf8.enumerated() {
            if index > 0, (digits.utf8.count - index) % 3 == 0 { text += comma }
            text.unicodeScalars.append(Unicode.Scalar(digit))
        }
        return text
    }

    /// "250 ms", "45 s", "15 min", "1 h 30 min", "3 days"; `behind` a preposition German bends the last.
    func words(_ duration: Duration, behind: Bool = false) -> String {
        let milliseconds = duration.milliseconds
        if (1..<1000).contains(milliseconds) { return units.milliseconds("\(milliseconds)") }
        let seconds = max(0, milliseconds / 1000)
        if seconds < 60 { return units.seconds("\(seconds)") }
        let minutes = seconds / 60
        if minutes < 60 {
            let isWhole = seconds % 60 == 0 || minutes >= 5
            return isWhole ? units.minutes("\(minutes)") : units.minutesAndSeconds("\(minutes)", "\(seconds % 60)")
        }
        let hours = minutes / 60
        if hours < 48 {
            return minutes % 60 == 0 ? units.hours("\(hours)") : units.hoursAndMinutes("\(hours)", "\(minutes % 60)")
        }
        return behind ? units.daysBehind("\(hours / 24)") : units.days("\(hours / 24)")
    }

    /// `Mon 23 Nov 09:40`.
    func words(_ time: CivilTime) -> String {
        units.dateAndTime(weekdays[time.weekday], "\(time.day)", months[time.month - 1], time.clock)
    }

    /// `Mon 23 Nov 09:40`, or `Mon 23 Nov` for midnight.
    func shortWords(_ time: CivilTime) -> String {
        guard time.hour == 0, time.minute == 0 else { return words(time) }
        return units.date(weekdays[time.weekday], "\(time.day)", months[time.month - 1])
    }
}

extension String {
    /// Without the full stop at its end: for sentences in which more follows.
    var unstopped: String { hasSuffix(".") ? String(dropLast()) : self }
}
