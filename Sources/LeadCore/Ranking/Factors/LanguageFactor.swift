// Language: whether the rep speaks the lead's.

enum LanguageFactor: RankingFactor {
    static let name = "language"
    static let standardWeight = 2.0
    static let side = RankingSide.fit

    /// 1 for a rep who speaks it, 0.5 for one who lists no languages, else 0. Nothing when the lead's language is unknown or
    /// no candidate lists any.
    static func score(_ candidate: Candidate, _ context: RankingContext) -> Double? {
        guard context.demand.language != nil, context.team.hasLanguages else { return nil }
        if candidate.traits.languages.isEmpty { return 0.5 }
        return speaks(candidate, context.demand) ? 1 : 0
    }

    static func sentence(_ candidate: Candidate, _ context: RankingContext) -> String {
        let ranking = context.phrases.ranking
        guard let language = context.demand.language, !candidate.traits.languages.isEmpty else {
            return ranking.noLanguages()
        }
        return speaks(candidate, context.demand)
            ? ranking.speaks(language.text) : ranking.speaksOther(context.languages(of: candidate), language.text)
    }

    /// Whether the candidate speaks the lead's language; whoever speaks `en` speaks `en-US`.
    static func speaks(_ candidate: Candidate, _ demand: Demand) -> Bool {
        let own = candidate.traits.languages
        return demand.language.map(own.contains) ?? false || demand.languageFamily.map(own.contains) ?? false
    }
}
