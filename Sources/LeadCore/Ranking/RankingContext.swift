// What is the same for all candidates of one ranking, and the words in which factors speak of it.

import Foundation

/// Everything that factors go by besides the candidate.
final class RankingContext: Sendable {
    let demand: Demand
    let team: Team
    let settings: RankingSettings
    let now: Timestamp
    /// The window of fairness: "30 days".
    let window: String
    /// Whose clock the sentences show.
    let zone: TimeZone

    init(lead: Lead, candidates: [Candidate], settings: RankingSettings, now: Timestamp, zone: TimeZone) {
        demand = Demand(lead, settings: settings)
        team = Team(candidates, demand: demand)
        self.settings = settings
        window = settings.window.words
        self.now = now
        self.zone = zone
    }

    /// `Mon 23 Nov 09:40`, or `Mon 23 Nov` for midnight.
    func words(_ instant: Timestamp) -> String {
        let time = CivilTime(instant, in: zone)
        let words = time.words
        return time.hour == 0 && time.minute == 0 ? String(words.dropLast(" 00:00".count)) : words
    }
}

extension Double {
    /// With one digit after the point unless it is a whole number: `8`, `2.5`.
    var words: String {
        let tenths = Int64((self * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths) % 10)"
    }
}

extension [String] {
    /// "a, b and c"; of many the first three, and how many more.
    var listed: String {
        guard let last, count > 1 else { return first ?? "" }
        guard count <= 4 else { return prefix(3).joined(separator: ", ") + " and \(count - 3) more" }
        return dropLast().joined(separator: ", ") + " and " + last
    }
}

extension Int {
    /// "1 lead", "3 leads".
    func leads(_ kind: String = "") -> String { "\(self) \(kind)\(self == 1 ? "lead" : "leads")" }
}
