// The form that gives the lead to a rep: the ranking with its bars and reasons, a search where there are many, and those
// who can't have the lead with why. Pure.

import LeadCore

/// A rep as one of the choices.
struct RepChoice: Sendable, Equatable {
    let id: String
    let name: String
    /// "3 of 8 leads", "5 of 5, full", "2 open".
    let load: String
    let isFull: Bool
    let bars: [Bar]
    /// What to think of before choosing this rep.
    let warnings: [String]
    /// What each factor says; empty for reps far down a long list.
    let reasons: [Reason]
    let hasReasons: Bool

    /// How good a rep is in one respect.
    struct Bar: Sendable, Equatable {
        let title: String
        /// From 0 to 100.
        let percent: Int
    }

    /// A factor and its facts.
    struct Reason: Sendable, Equatable {
        let name: String
        let sentence: String
        let percent: Int
    }

    init(_ rep: RepView) {
        id = rep.person.id.text
        name = rep.person.name
        let open = rep.workload.openCount
        if let capacity = rep.person.rep?.capacity {
            isFull = rep.workload.openWeight >= Double(capacity)
            load = isFull ? "\(open) of \(capacity), full" : "\(open) of \(capacity) lead\(capacity == 1 ? "" : "s")"
        } else {
            isFull = false
            load = open == 0 ? "no open leads" : "\(open) open"
        }
        bars = RankingSide.allCases.compactMap { side in
            rep.ranked.score(of: side).map { Bar(title: side.title, percent: Self.percent($0)) }
        }
        warnings = rep.ranked.warnings
        reasons = rep.ranked.factors.compactMap { factor in
            factor.sentence.map {
                Reason(name: factor.name.capitalized, sentence: $0, percent: Self.percent(factor.score))
            }
        }
        hasReasons = !reasons.isEmpty
    }

    private static func percent(_ score: Double) -> Int { Int((min(1, max(0, score)) * 100).rounded()) }
}

/// Someone who can't have the lead.
struct ExcludedRep: Sendable, Equatable {
    let name: String
    let reason: String
}

/// The form that gives the lead to a rep.
struct ChoiceFields: Sendable, Equatable {
    /// `assign` or `reassign`.
    let action: String
    let legend: String
    let button: String
    /// The rep from whom the lead is taken.
    let from: String?
    /// The best, whole.
    let reps: [RepChoice]
    /// The others of a long list, folded away.
    let others: [RepChoice]
    let othersTitle: String
    let hasOthers: Bool
    /// The names to be offered while somebody types; empty where the list is short.
    let names: [String]
    let hasSearch: Bool
    let search: String
    /// False where a name may be typed instead of choosing from the list.
    let mustPick: Bool
    let excluded: [ExcludedRep]
    let excludedTitle: String
    let hasExcluded: Bool
    /// What stands out in the team's shares.
    let facts: [String]
    let hasFacts: Bool
    /// Under which title the form is folded away, because the lead has an owner and most readers only want to know whom; nil
    /// when it isn't.
    let foldTitle: String?
    let isFolded: Bool
    /// True when the folded form is shown open.
    let isOpen: Bool

    /// Of a longer list the first so many are shown whole.
    static let shownWhole = 10

    /// The form of `action` over `reps`, in their order but for the one to be shown first.
    init(
        _ action: ChoiceAction, legend: String, button: String, from: PersonID? = nil, reps: [RepView],
        facts: [String], foldTitle: String? = nil, news: PageNews
    ) {
        self.action = action.rawValue
        self.legend = legend
        self.button = button
        self.from = from?.text
        self.foldTitle = foldTitle
        isFolded = foldTitle != nil
        isOpen = news.alert != nil
        self.facts = facts
        hasFacts = !facts.isEmpty
        let excluded = reps.compactMap { rep in
            rep.ranked.exclusion.map { ExcludedRep(name: rep.person.name, reason: $0) }
        }
        self.excluded = excluded
        hasExcluded = !excluded.isEmpty
        excludedTitle = excluded.count == 1 ? "1 who can’t have it" : "\(excluded.count) who can’t have it"
        let able = reps.filter { $0.ranked.exclusion == nil }
        let search = RepSearch(able.map(\.person))
        let found = search.matches(news.search)
        let order =
            able.filter { $0.person.id == news.first }
            + able.filter { $0.person.id != news.first && found.contains($0.person.id) }
            + able.filter { $0.person.id != news.first && !found.contains($0.person.id) }
        hasSearch = able.count > Self.shownWhole
        let whole = hasSearch ? Self.shownWhole : able.count
        self.reps = order.prefix(whole).map { RepChoice($0) }
        others = order.dropFirst(whole).map { RepChoice($0) }
        hasOthers = !others.isEmpty
        othersTitle = "\(others.count) more"
        names = hasSearch ? search.names : []
        self.search = news.search
        mustPick = !hasSearch
    }
}
