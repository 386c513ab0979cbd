// Who is there when a step is due, and who is next where somebody isn't: the substitute by name, the next of the route's
// managers, anyone else who may choose. Used by the decider alone.

/// The people of one case at one instant.
struct Presence {
    let rulebook: Rulebook
    /// The route's managers, in order.
    let managers: [PersonID]
    let policy: EscalationPolicy?
    let now: Timestamp

    /// When the policy's steps begin: now, or, when it waits and no manager of the route works, when one does again.
    var beginning: Timestamp {
        guard policy?.offDuty == .wait, !managers.isEmpty, addressee == nil else { return now }
        return managers.map { rulebook.nextDuty(of: $0, from: now) }.min() ?? now
    }

    /// Who is asked first if the lead is asked about now; nil when none of the route's managers, nor who stands in for the
    /// first one, works.
    var addressee: PersonID? {
        if let first = managers.first, !isOn(first), let stand = substitute(of: first, mayChoose: true) { return stand }
        return managers.first(where: isOn)
    }

    /// The managers as their turns come: those who work when the steps begin, and after them the others. Nobody gets two
    /// people's turns for standing in.
    func inTurn(_ turns: Turns) -> [PersonID] {
        let order = turns.order(managers)
        let begins = beginning
        let isOn = { (person: PersonID) in rulebook.duty(of: person, at: begins).isOn }
        return order.filter(isOn) + order.filter { !isOn($0) }
    }

    /// Those of `people` who work, with who is next in place of the others; nobody twice, and as they are when there is
    /// nobody else.
    func present(_ people: [PersonID], told: [PersonID]) -> (people: [PersonID], passed: [PassedOver]) {
        // The rule without an exception, and most of what there is.
        guard !people.allSatisfy(isOn) else { return (people, []) }
        var present = people.filter(isOn)
        var passed: [PassedOver] = []
        for person in people where !isOn(person) {
            guard let next = next(after: person, taken: present + people, told: told) else {
                present.append(person)
                continue
            }
            if !present.contains(next) { present.append(next) }
            if let who = passedOver(person, to: next) { passed.append(who) }
        }
        return (present, passed)
    }

    /// Whom a message for `people` reaches now: who took their place, and of these those who work, if any do.
    func audience(_ people: [PersonID], of subject: LeadCase) -> [PersonID] {
        var audience: [PersonID] = []
        for person in people {
            let reached = subject.passedOver.last { $0.person == person }?.to ?? person
            if !audience.contains(reached) { audience.append(reached) }
        }
        let working = audience.filter(isOn)
        return working.isEmpty ? audience : working
    }

    /// Whether `person` is away. One who gets a lead out of hours finds it in the morning; only absence matters to them.
    func isAway(_ person: PersonID) -> Bool {
        if case .away = rulebook.duty(of: person, at: now) { true } else { false }
    }

    private func isOn(_ person: PersonID) -> Bool { rulebook.duty(of: person, at: now).isOn }

    private func next(after person: PersonID, taken: [PersonID], told: [PersonID]) -> PersonID? {
        if let substitute = substitute(of: person, mayChoose: true) { return substitute }
        let isFree = { (other: PersonID) in isOn(other) && !taken.contains(other) && !told.contains(other) }
        if let manager = managers.first(where: isFree) { return manager }
        guard policy?.offDuty != .wait, !managers.contains(where: isOn) else { return nil }
        return rulebook.people.first { $0.isManager && isFree($0.id) }?.id
    }

    /// Who stands in by name, following substitutes who are away themselves. One who chooses must work now; one who gets
    /// a lead must not be away.
    func substitute(of person: PersonID, mayChoose: Bool) -> PersonID? {
        var seen: Set<PersonID> = [person]
        var current = person
        while case .away(_, let substitute?) = rulebook.duty(of: current, at: now), seen.insert(substitute).inserted {
            let duty = rulebook.duty(of: substitute, at: now)
            let who = rulebook.person(substitute)
            if mayChoose, duty.isOn, who?.isManager == true { return substitute }
            if !mayChoose, who?.rep != nil, !isAway(substitute) { return substitute }
            current = substitute
        }
        return nil
    }

    func passedOver(_ person: PersonID, to next: PersonID) -> PassedOver? {
        switch rulebook.duty(of: person, at: now) {
        case .on: nil
        case .off(let opening): PassedOver(person: person, isAway: false, until: opening, to: next)
        case .away(let until, _): PassedOver(person: person, isAway: true, until: until, to: next)
        }
    }
}
