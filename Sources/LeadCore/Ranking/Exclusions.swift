// Who can't have a lead at all, and why: those who are away, those who lack what a rule demands, those who have had enough.

/// What excludes candidates from one lead.
struct Exclusions: Sendable {
    private let rules: [(need: HardRule.Need, term: Term, sentence: String)]
    private let context: RankingContext

    init(_ lead: Lead, context: RankingContext) {
        rules = context.settings.rules.filter { $0.condition.holds(for: lead) }.map { rule in
            let term =
                switch rule.need {
                case .licence(let name), .skill(let name): Term(name)
                }
            return (rule.need, term, rule.sentence(for: lead, in: context.phrases))
        }
        self.context = context
    }

    /// The first reason; nil when the candidate may have the lead.
    func reason(_ candidate: Candidate) -> String? {
        let texts = context.phrases.ranking
        if case .away(let until, _) = candidate.duty { return texts.away(context.words(until)) }
        let traits = candidate.traits
        for rule in rules {
            switch rule.need {
            case .licence: if !traits.licences.contains(rule.term) { return rule.sentence }
            case .skill: if traits.skills[rule.term] == nil { return rule.sentence }
            }
        }
        let load = candidate.workload
        if let cap = traits.hardCap, load.openCount >= cap {
            return texts.capped(texts.open(load.openCount), "\(cap)")
        }
        if let cap = traits.perDay, load.assignedLastDay >= cap {
            return texts.cappedDay(texts.leads(load.assignedLastDay), "\(cap)")
        }
        if let cap = traits.perWeek, load.assignedLastWeek >= cap {
            return texts.cappedWeek(texts.leads(load.assignedLastWeek), "\(cap)")
        }
        return nil
    }
}
