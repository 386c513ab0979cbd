// The decider: pure functions of (case, command, now, rulebook). Three loops call it (intake, choices, time), and only
// what it returns is ever written or sent. Refusals are typed and normal.

extension LeadCase {
    /// Opens the case of a lead and runs the steps that are due at once.
    ///
    /// The rulebook's last route takes every lead; a rulebook without routes leaves the lead to its first manager with
    /// no plan, which the configuration's check rules out.
    /// `turns` are those of managers who take turns; the case's opening tells who had this one. `loads` is asked only when
    /// a step needs the ranking.
    public static func open(
        _ lead: Lead, key: IntakeKey, now: Timestamp, rulebook: Rulebook, turns: Turns = Turns(),
        loads: @escaping (PersonID) -> Workload = { _ in Workload() }
    ) -> Transition {
        let opening = Opening(of: lead, at: now, rulebook: rulebook, turns: turns)
        let fresh = LeadCase(key: key, lead: lead, opening: opening, openedAt: now)
        var draft = Draft(opening: fresh, now: now, rulebook: rulebook, loads: loads)
        draft.runDueSteps()
        return draft.transition
    }

    /// Decides on `command`, which came through `entrance`; the case itself stays as it is. `loads` is asked only when a step
    /// needs the ranking.
    public func decide(
        _ command: CaseCommand, now: Timestamp, rulebook: Rulebook, through entrance: Entrance? = nil,
        loads: @escaping (PersonID) -> Workload = { _ in Workload() }
    ) throws(Refusal) -> Transition {
        var draft = Draft(of: self, now: now, rulebook: rulebook, entrance: entrance, loads: loads)
        switch command {
        case .claim(let person): try draft.claim(by: person)
        case .release(let person): try draft.release(by: person)
        case .assign(let rep, let person, let note, let choosing):
            try draft.assign(rep, by: person, note: note, choosing)
        case .reassign(let rep, let from, let person, let note, let choosing):
            try draft.reassign(rep, from: from, by: person, note: note, choosing)
        case .pass(let other, let person, let comment): try draft.pass(to: other, by: person, comment: comment)
        case .postpone(let person): try draft.postpone(by: person)
        case .undo(let person): try draft.undo(by: person)
        case .reject(let reason, let person, let note): try draft.reject(reason, by: person, note: note)
        case .start(let person): try draft.start(by: person)
        case .close(let person, let note): try draft.close(by: person, note: note)
        case .ownerGone: try draft.ownerGone()
        case .askersAway: try draft.askersAway()
        case .replan: try draft.replan()
        case .deadlinePassed: try draft.deadlinePassed()
        case .inquire(let inquiry, let like): try draft.inquire(inquiry, like: like)
        case .separate(let key): try draft.separate(key)
        case .enrich(let findings): try draft.enrich(findings)
        case .enricherRefused(let refusal): draft.note(refusal)
        case .channelImpaired(let channel, let reason): draft.note(impaired: channel, reason)
        case .renewLink(let person): try draft.renewLink(of: person)
        case .unreachable(let person, let isNews): try draft.unreachable(person, isNews: isNews)
        case .deliveryFailed(let delivery, let reason, let isNews):
            try draft.deliveryFailed(delivery, reason: reason, isNews: isNews)
        }
        draft.refreshCopies(since: self)
        return draft.transition
    }
}

extension String {
    package var nonEmpty: String? { isEmpty ? nil : self }
}
