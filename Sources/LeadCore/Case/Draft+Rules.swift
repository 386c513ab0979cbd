// What becomes of an open case when the configuration or the people around it change.

extension Draft {
    /// Takes the lead from a rep whom the configuration no longer has.
    mutating func ownerGone() throws(Refusal) {
        guard let former = current.assignment?.rep else { throw .notAssigned }
        guard rulebook.person(former) == nil else { throw .sameRep(former) }
        let policy = rulebook.policies[current.opening.policy]
        let heirs = [policy?.lastResort, current.opening.plan.last?.action.owner.map(owner)].compactMap(\.self)
        guard let heir = heirs.first(where: { $0 != former && rulebook.person($0) != nil }) else {
            throw .notARep(former)
        }
        add(
            .reassigned(assignment: assignment(of: heir, by: .daemon, mode: .automatic), from: former), by: .daemon)
        cancels += [.assigned, .settled, .withdrawn]
        tell([heir], .assigned)
        tell(current.told, .settled)
    }

    /// Asks who is next when all who were asked have gone away since. Whoever is merely out of hours will be back before
    /// long; then the plan decides.
    mutating func askersAway() throws(Refusal) {
        try refuseSettled()
        guard case .waiting = current.state, current.nextStep > 0, !current.told.isEmpty,
            current.told.allSatisfy(presence.isAway)
        else { throw .nothingToChange }
        let (present, _) = presence.present(current.told, told: current.told)
        guard present.contains(where: { !current.told.contains($0) }) else { throw .nothingToChange }
        ask(current.told, step: current.nextStep - 1, by: .daemon)
    }

    /// Plans the case anew, from its beginning, as if it had come in by the present rules. What they would have done by now
    /// counts as done, but for the last step; if nobody whom they would have asked was asked, that is made up for.
    mutating func replan() throws(Refusal) {
        try refuseSettled()
        let former = current.opening
        // As the turns came then, so they come now.
        let fresh = Opening(
            of: current.lead, at: current.openedAt, rulebook: rulebook, turns: Turns(former.managers)
        ).keeping(turn: former.turn)
        guard fresh != former, !fresh.plan.isEmpty else { throw .nothingToChange }
        let passed = fresh.plan.dropLast().count { $0.at + current.delay <= now }
        add(.replanned(opening: fresh, nextStep: passed), by: .daemon)
        let asked = fresh.plan.prefix(passed).compactMap { step in
            if case .notify(let people) = step.action { people } else { nil }
        }
        if let people = asked.last, case .waiting = current.state,
            !current.told.contains(where: fresh.managers.contains)
        {
            ask(people, step: passed - 1, by: .daemon)
        }
        runDueSteps()
    }
}
