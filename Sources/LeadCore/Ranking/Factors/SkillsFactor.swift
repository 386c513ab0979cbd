// Skills: what kind of work the lead is against what the rep is good at. A second skill adds to the first.

enum SkillsFactor: RankingFactor {
    static let name = "skills"
    static let standardWeight = 3.0
    static let side = RankingSide.fit

    /// 0.6 for a beginner's skill to 1 for an expert's; 0.5 for a rep who lists none; 0 for one who lists others. Nothing
    /// when no candidate has any of the skills.
    static func score(_ candidate: Candidate, _ context: RankingContext) -> Double? {
        guard !context.team.skills.isEmpty else { return nil }
        guard !candidate.traits.skills.isEmpty else { return 0.5 }
        var missing = 1.0
        for term in context.team.skills {
            if let level = candidate.traits.skills[term] { missing *= 1 - Double(level) / 5 }
        }
        return missing == 1 ? 0 : 1 - missing / 2
    }

    static func sentence(_ candidate: Candidate, _ context: RankingContext) -> String {
        let own = candidate.person.rep?.skills ?? []
        let phrases = context.phrases
        guard !own.isEmpty else { return phrases.ranking.noSkills() }
        let matching = context.team.skills.compactMap { term in
            candidate.traits.skills[term].map { phrases.ranking.skill(term.text, "\($0)") }
        }
        guard matching.isEmpty else { return phrases.ranking.skilled(matching.joined(separator: "; ")) }
        return phrases.ranking.skilledElsewhere(
            phrases.listed(own), phrases.listed(context.team.skills.map(\.text)))
    }
}
