// What a case is opened with: who chooses and the policy's steps as instants, by the rulebook of that moment.

extension Opening {
    /// What `rulebook` makes of a lead that comes at `now`. A rulebook whose routes take no lead leaves it without a plan,
    /// which the configuration's check rules out.
    init(of lead: Lead, at now: Timestamp, rulebook: Rulebook, turns: Turns) {
        let routing = Routing(of: lead, by: rulebook)
        let route = routing.route
        let policy = route.flatMap { rulebook.policies[$0.policy] }
        let managers = routing.managers(by: rulebook, turns: turns, policy: policy, now: now)
        let presence = Presence(rulebook: rulebook, managers: managers, policy: policy, now: now)
        let begins = presence.beginning
        let addressee = presence.addressee
        let time = policy.flatMap { rulebook.time(of: $0, addressed: addressee) }
        let plan =
            policy?.plan(from: begins, managers: managers, together: route?.ask == .all, time: time) ?? []
        self.init(
            reason: routing.reason, policy: route?.policy ?? "", managers: managers, plan: plan,
            closures: time?.closures(from: begins, until: plan.last?.at ?? begins),
            begins: begins > now ? begins : nil, turn: route?.ask == .inTurn ? addressee ?? managers.first : nil)
    }

    /// The same with the turn that was taken.
    func keeping(turn: PersonID?) -> Opening {
        Opening(
            reason: reason, policy: policy, managers: managers, plan: plan, closures: closures, begins: begins,
            turn: turn)
    }
}
