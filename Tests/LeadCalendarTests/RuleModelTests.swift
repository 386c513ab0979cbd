// Rules at random against a model that asks of every single day whether the rule names it.

import LeadCore
import LeadTestKit
import Testing

@testable import LeadCalendar

@Suite("Rules against a model")
struct RuleModelTests {
    /// A rule as lists of numbers; empty means that the part is absent.
    private struct Model {
        var frequency = "DAILY"
        var interval = 1
        var months: [Int] = []
        var monthDays: [Int] = []
        /// 0 for Sunday; with a place within the month or the year, or 0 for every one.
        var weekdays: [(place: Int, day: Int)] = []

        var text: String {
            var parts = ["FREQ=\(frequency)", "INTERVAL=\(interval)"]
            let names = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"]
            if !months.isEmpty { parts.append("BYMONTH=" + months.map(String.init).joined(separator: ",")) }
            if !monthDays.isEmpty { parts.append("BYMONTHDAY=" + monthDays.map(String.init).joined(separator: ",")) }
            if !weekdays.isEmpty {
                let items = weekdays.map { ($0.place == 0 ? "" : String($0.place)) + names[$0.day] }
                parts.append("BYDAY=" + items.joined(separator: ","))
            }
            return parts.joined(separator: ";")
        }

        func names(_ day: Int64, start: Int64) -> Bool {
            let civil = CalendarTime.civil(day)
            let first = CalendarTime.civil(start)
            let periods =
                switch frequency {
                case "DAILY": Int(day - start)
                // Weeks begin on Monday; 1970-01-01 was a Thursday.
                case "WEEKLY": Int((day + 3).floored(by: 7) - (start + 3).floored(by: 7))
                case "MONTHLY": (civil.year - first.year) * 12 + civil.month - first.month
                default: civil.year - first.year
                }
            guard day >= start, periods % interval == 0 else { return false }
            let hasDays = !monthDays.isEmpty || !weekdays.isEmpty
            switch frequency {
            case "WEEKLY" where !hasDays: guard civil.weekday == first.weekday else { return false }
            case "MONTHLY" where !hasDays: guard civil.day == first.day else { return false }
            case "YEARLY" where !hasDays:
                guard civil.day == first.day, !months.isEmpty || civil.month == first.month else { return false }
            default: break
            }
            let monthLength = Int(Self.monthStart(civil, plus: 1) - Self.monthStart(civil, plus: 0))
            return (months.isEmpty || months.contains(civil.month))
                && (monthDays.isEmpty || monthDays.contains(civil.day)
                    || monthDays.contains(civil.day - monthLength - 1))
                && (weekdays.isEmpty || weekdays.contains { isOn($0, day, civil, monthLength) })
        }

        private func isOn(_ item: (place: Int, day: Int), _ day: Int64, _ civil: CivilTime, _ monthLength: Int) -> Bool
        {
            guard item.day == civil.weekday else { return false }
            var before = civil.day - 1
            var after = monthLength - civil.day
            if frequency == "YEARLY", months.isEmpty {
                before = Int(day - CalendarTime.day(year: Int64(civil.year), month: 1, day: 1)!)
                after = Int(CalendarTime.day(year: Int64(civil.year), month: 12, day: 31)! - day)
            }
            return item.place == 0 || item.place == before / 7 + 1 || item.place == -(after / 7 + 1)
        }

        private static func monthStart(_ civil: CivilTime, plus months: Int) -> Int64 {
            let month = civil.year * 12 + civil.month - 1 + months
            return CalendarTime.day(year: Int64(month / 12), month: Int64(month % 12 + 1), day: 1)!
        }
    }

    private static func model(_ dice: inout SeededGenerator) -> Model {
        var model = Model()
        model.frequency = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"].randomElement(using: &dice)!
        model.interval = Int.random(in: 1...4, using: &dice)
        func some(_ range: ClosedRange<Int>, _ dice: inout SeededGenerator) -> [Int] {
            guard Bool.random(using: &dice) else { return [] }
            let numbers = (0..<Int.random(in: 1...4, using: &dice)).map { _ in Int.random(in: range, using: &dice) }
            return Set(numbers).subtracting([0]).sorted()
        }
        model.months = some(1...12, &dice)
        // What is refused is left out: days from a month's end by DAILY, counted weekdays beside a year's month days.
        if model.frequency != "WEEKLY" { model.monthDays = some(model.frequency == "DAILY" ? 1...31 : -31...31, &dice) }
        let mayCount = model.frequency == "MONTHLY" || model.frequency == "YEARLY"
        if model.monthDays.isEmpty || !mayCount {
            model.weekdays = some(0...6, &dice).map { day in
                (mayCount && Bool.random(using: &dice) ? [-2, -1, 1, 2, 5].randomElement(using: &dice)! : 0, day)
            }
        }
        return model
    }

    @Test("hundreds of rules name the days that the model names")
    func days() throws {
        var dice = SeededGenerator(seed: 20_261_125)
        let from = try #require(CalendarTime.day(year: 2026, month: 1, day: 1))
        let window = from..<from + 800
        for _ in 0..<400 {
            let model = Self.model(&dice)
            let start = from + Int64.random(in: -3000...100, using: &dice)
            let civil = CalendarTime.civil(start)
            let file = CalendarText.file([
                "DTSTART:\(civil.rfc3339.prefix(10).filter { $0 != "-" })", "RRULE:\(model.text)",
            ])
            let instants = [window.lowerBound, window.upperBound].map { Timestamp(milliseconds: $0 * 86_400_000) }
            let entries = try ICalendar.entries(
                file, within: instants[0]..<instants[1], zone: CalendarText.zone("UTC"), includeTransparent: false)
            let expected = window.filter { $0 == start || model.names($0, start: start) }
            #expect(entries.compactMap(\.days?.lowerBound) == expected, "\(model.text) from \(civil.rfc3339)")
        }
    }
}
