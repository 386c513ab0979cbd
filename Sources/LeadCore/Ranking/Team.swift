// The candidates taken together: what a fair share is measured against, and which of a lead's demands anybody has
// something to say on.

/// The candidates as a whole.
struct Team: Sendable {
    /// The sum of the weights.
    private(set) var weight = 0.0
    /// Leads given within the window.
    private(set) var count = 0
    /// What they were worth.
    private(set) var value = 0.0
    /// Those of them that were worth much.
    private(set) var highValueCount = 0
    /// False when some are due more than others.
    private(set) var isEven = true
    /// What kind of work the lead is, as far as anybody has that skill.
    private(set) var skills: [Term] = []
    /// True when somebody has the lead's product as theirs.
    private(set) var knowsProduct = false
    /// True when somebody has the lead's campaign as theirs.
    private(set) var knowsCampaign = false
    /// Whom the lead names as its owner; nil when that is none of them, or several.
    private(set) var owner: PersonID?
    /// Whether anybody has products or campaigns of their own, regions, languages, a seniority.
    private(set) var hasSpecialists = false
    private(set) var hasRegions = false
    private(set) var hasLanguages = false
    private(set) var hasSeniority = false
    /// Whether the rep who had an earlier case of the same person is among them.
    private(set) var hasFormerRep = false

    init(_ candidates: [Candidate], demand: Demand) {
        var known = demand.skills.map { _ in false }
        for candidate in candidates {
            let traits = candidate.traits
            weight += traits.weight
            count += candidate.workload.windowCount
            value += candidate.workload.windowValue
            highValueCount += candidate.workload.highValueCount
            if traits.weight != candidates[0].traits.weight { isEven = false }
            for index in known.indices where !known[index] {
                known[index] = traits.skills[demand.skills[index]] != nil
            }
            if let product = demand.product {
                knowsProduct = knowsProduct || traits.products.contains(product)
                hasSpecialists = hasSpecialists || !traits.products.isEmpty
            }
            if let campaign = demand.campaign {
                knowsCampaign = knowsCampaign || traits.campaigns.contains(campaign)
                hasSpecialists = hasSpecialists || !traits.campaigns.isEmpty
            }
            if let former = demand.formerRep { hasFormerRep = hasFormerRep || candidate.person.id == former }
            hasRegions = hasRegions || !traits.regions.isEmpty
            hasLanguages = hasLanguages || !traits.languages.isEmpty
            hasSeniority = hasSeniority || traits.seniority != nil
        }
        if let name = demand.owner {
            let named = candidates.filter { $0.person.isCalled(name) }
            owner = named.count == 1 ? named[0].person.id : nil
        }
        skills = zip(demand.skills, known).filter(\.1).map(\.0)
    }

    /// The share of `candidate` in `total`, by weight.
    func share(of candidate: Candidate, in total: Double) -> Double { total * candidate.traits.weight / weight }

    /// "an even share is 10", or "a share by weight is 5".
    func shareWords(_ share: Double, in phrases: Phrases) -> String {
        (isEven ? phrases.ranking.evenShare : phrases.ranking.weighedShare)(phrases.words(share))
    }
}
