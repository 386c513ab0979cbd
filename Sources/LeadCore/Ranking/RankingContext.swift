// What is the same for all candidates of one ranking, and what factors speak of it in.

import Foundation

/// Everything that factors go by besides the candidate.
final class RankingContext: Sendable {
    let demand: Demand
    let team: Team
    let settings: RankingSettings
    let now: Timestamp
    /// Whose clock the sentences show.
    let zone: TimeZone
    /// In which the sentences are written.
    let phrases: Phrases
    /// The window of fairness: "30 days".
    let window: String

    init(
        lead: Lead, candidates: [Candidate], settings: RankingSettings, now: Timestamp, zone: TimeZone,
        phrases: Phrases = .english
    ) {
        demand = Demand(lead, settings: settings)
        team = Team(candidates, demand: demand)
        self.settings = settings
        window = phrases.words(settings.window, behind: true)
        self.phrases = phrases
        self.now = now
        self.zone = zone
    }

    /// "en and es".
    func languages(of candidate: Candidate) -> String { phrases.listed(candidate.person.rep?.languages ?? []) }

    /// `Mon 23 Nov 09:40`, or `Mon 23 Nov` for midnight.
    func words(_ instant: Timestamp) -> String { phrases.shortWords(CivilTime(instant, in: zone)) }
}

extension Int {
    /// "1 lead", "3 leads".
    func leads(_ kind: String = "") -> String { "\(self) \(kind)\(self == 1 ? "lead" : "leads")" }
}
