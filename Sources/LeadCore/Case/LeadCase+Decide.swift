// The decider: pure functions of (case, command, now, rulebook). Three loops call it (intake, choices, time), and only
// what it returns is ever written or sent. Refusals are typed and normal.

extension LeadCase {
    /// Opens the case of a lead and runs the steps that are due at once.
    ///
    /// The rulebook's last route takes every lead; a rulebook without routes leaves the lead to its first manager with
    /// no plan, which the configuration's check rules out.
    /// `loads` is asked only when a step needs the ranking.
    public static func open(
        _ lead: Lead, key: IntakeKey, now: Timestamp, rulebook: Rulebook,
        loads: @escaping (PersonID) -> Workload = { _ in Workload() }
    ) -> Transition {
        let routing = Routing(of: lead, by: rulebook)
        let (route, managers) = (routing.route, routing.managers)
        let policy = route.flatMap { rulebook.policies[$0.policy] }
        let presence = Presence(rulebook: rulebook, managers: managers, policy: policy, now: now)
        let begins = presence.beginning
        let time = policy.flatMap { rulebook.time(of: $0, addressed: presence.addressee) }
        let plan =
            policy?.plan(
                from: begins, managers: managers, together: route?.asksAll == true, time: time) ?? []
        let opening = Opening(
            reason: routing.reason, policy: route?.policy ?? "", managers: managers, plan: plan,
            closures: time?.closures(from: begins, until: plan.last?.at ?? begins),
            begins: begins > now ? begins : nil)
        let fresh = LeadCase(key: key, lead: lead, opening: opening, openedAt: now)
        var draft = Draft(opening: fresh, now: now, rulebook: rulebook, loads: loads)
        draft.runDueSteps()
        return draft.transition
    }

    /// Decides on `command`; the case itself stays as it is. `loads` is asked only when a step needs the ranking.
    public func decide(
        _ command: CaseCommand, now: Timestamp, rulebook: Rulebook,
        loads: @escaping (PersonID) -> Workload = { _ in Workload() }
    ) throws(Refusal) -> Transition {
        var draft = Draft(of: self, now: now, rulebook: rulebook, loads: loads)
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
        case .deadlinePassed: try draft.deadlinePassed()
        case .renewLink(let person): try draft.renewLink(of: person)
        case .deliveryFailed(let delivery, let reason): try draft.deliveryFailed(delivery, reason: reason)
        }
        return draft.transition
    }
}

extension String {
    package var nonEmpty: String? { isEmpty ? nil : self }
}
