// Who chooses for one lead: the route's managers, with the lead's own owner before them where the route says so.

/// What a rulebook makes of a lead.
struct Routing {
    let route: Route?
    /// The manager who has the lead by the CRM and is asked before the others; nil when there is none, or the route doesn't
    /// say so.
    let owner: PersonID?
    /// Why, in words.
    let reason: String

    init(of lead: Lead, by rulebook: Rulebook, in phrases: Phrases = .english) {
        route = rulebook.route(for: lead)
        let reasons = phrases.reasons
        let conditions = route?.reason(for: lead, in: phrases) ?? ""
        let why = route?.ask == .inTurn ? reasons.and(conditions, reasons.turns()) : conditions
        let owner = route?.ownerFirst == true ? rulebook.manager(called: lead[.owner]) : nil
        self.owner = owner?.id
        reason = owner.map { reasons.and(reasons.owner($0.name), why) } ?? why
    }

    /// Who chooses, in the order in which they are asked by a policy of theirs at `now`.
    func managers(by rulebook: Rulebook, turns: Turns, policy: EscalationPolicy?, now: Timestamp) -> [PersonID] {
        var managers = route?.managers ?? []
        if route?.ask == .inTurn {
            managers = Presence(rulebook: rulebook, managers: managers, policy: policy, now: now).inTurn(turns)
        }
        return owner.map { owner in [owner] + managers.filter { $0 != owner } } ?? managers
    }
}

extension Rulebook {
    /// The manager whose id, name or address `text` is; nil when it is nobody's, or several people's.
    fileprivate func manager(called text: String?) -> Person? {
        guard let text else { return nil }
        let found = people.filter { $0.isManager && $0.isCalled(text) }
        return found.count == 1 ? found[0] : nil
    }
}
