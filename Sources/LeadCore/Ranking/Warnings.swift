// What a chooser should think of before giving this lead to that rep. Nothing here keeps anybody from it, and no weight
// turns it off.

/// Mismatches between a lead and a candidate.
enum Warnings {
    /// In the order in which they are shown.
    static func all(_ candidate: Candidate, _ context: RankingContext) -> [String] {
        var warnings: [String] = []
        if let sentence = field(candidate, context) { warnings.append(sentence) }
        if let sentence = language(candidate, context) { warnings.append(sentence) }
        if let sentence = seniority(candidate, context) { warnings.append(sentence) }
        if let sentence = capacity(candidate, context.phrases) { warnings.append(sentence) }
        return warnings
    }

    /// "mortgage lead, specialises in wealth": nothing that the lead is about is the rep's, somebody else has it, and the
    /// rep has other things.
    private static func field(_ candidate: Candidate, _ context: RankingContext) -> String? {
        let traits = candidate.traits
        let team = context.team
        var asked: String?
        var hasOthers = false
        if let term = team.skills.first {
            asked = term.text
            if team.skills.contains(where: { traits.skills[$0] != nil }) { return nil }
            hasOthers = !traits.skills.isEmpty
        }
        if let product = context.demand.product, team.knowsProduct {
            asked = asked ?? product.text
            if traits.products.contains(product) { return nil }
            hasOthers = hasOthers || !traits.products.isEmpty
        }
        if let campaign = context.demand.campaign, team.knowsCampaign {
            asked = asked ?? campaign.text
            if traits.campaigns.contains(campaign) { return nil }
            hasOthers = hasOthers || !traits.campaigns.isEmpty
        }
        guard let asked, hasOthers else { return nil }
        return context.phrases.ranking.otherField(asked, context.phrases.listed(traits.fields))
    }

    private static func language(_ candidate: Candidate, _ context: RankingContext) -> String? {
        guard let language = context.demand.language, !candidate.traits.languages.isEmpty,
            !LanguageFactor.speaks(candidate, context.demand)
        else { return nil }
        return context.phrases.ranking.otherLanguage(language.text, context.languages(of: candidate))
    }

    private static func seniority(_ candidate: Candidate, _ context: RankingContext) -> String? {
        guard let asked = context.demand.seniority, let own = candidate.traits.seniority, asked - own >= 2 else {
            return nil
        }
        return context.phrases.ranking.lowSeniority("\(asked)", "\(own)")
    }

    private static func capacity(_ candidate: Candidate, _ phrases: Phrases) -> String? {
        guard !candidate.hasRoom, let cap = candidate.traits.capacity else { return nil }
        let load = candidate.workload.openWeight
        let phrase = load > Double(cap) ? phrases.ranking.overCapacity : phrases.ranking.atCapacity
        return phrase(phrases.words(load), "\(cap)")
    }
}
