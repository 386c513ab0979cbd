// What people do to a case, and what they may not.

extension Draft {
    mutating func claim(by person: PersonID) throws(Refusal) {
        try requireManager(person)
        var since = now
        switch current.state {
        case .waiting: break
        case .claimed(let claim) where claim.until > now:
            guard claim.by == person else { throw .claimedByAnother(claim) }
            // One who claims again goes on deciding.
            since = claim.at
        case .claimed: break
        case .assigned, .working, .closed: try refuseSettled()
        }
        let claim = Claim(by: person, at: since, until: now + rulebook.choice.claim)
        add(.claimed(claim: claim), by: .person(id: person))
    }

    mutating func release(by person: PersonID) throws(Refusal) {
        try refuseSettled()
        guard case .claimed(let claim) = current.state, claim.by == person else { throw .notClaimed }
        add(.released(by: person), by: .person(id: person))
        runDueSteps(after: claim)
    }

    mutating func pass(to other: PersonID, by person: PersonID, comment: String?) throws(Refusal) {
        try requireTurn(of: person)
        let isRepeated = current.lastPass == LeadCase.Pass(to: other, by: person)
        guard other != person, !isRepeated, rulebook.person(other)?.isManager == true else { throw .cantBeAsked(other) }
        var over: Claim?
        if case .claimed(let claim) = current.state { over = claim }
        let comment = comment?.trimmed.nonEmpty
        add(.passedOn(to: other, by: person, comment: comment), by: .person(id: person))
        let name = rulebook.name(person)
        tell([other], .decide) { phrases in
            comment.map { phrases.sentences.passedOnWords(name, $0) } ?? phrases.sentences.passedOn(name)
        }
        if let over { runDueSteps(after: over) }
    }

    mutating func postpone(by person: PersonID) throws(Refusal) {
        try requireTurn(of: person)
        guard let time = rulebook.policies[current.opening.policy]?.moreTime, current.postponedBy == nil else {
            throw .noMoreTime
        }
        add(.postponed(by: person, milliseconds: time.milliseconds), by: .person(id: person))
    }

    mutating func undo(by person: PersonID) throws(Refusal) {
        try requireManager(person)
        switch current.state {
        case .closed(let closing): throw .closed(closing)
        case .waiting, .claimed: throw .notAssigned
        case .working(_, let since): throw .alreadyStarted(since)
        case .assigned(let assignment):
            guard let until = current.undoUntil(for: person, rulebook), now < until else { throw .cantBeUndone }
            add(.undone(assignment: assignment, by: person), by: .person(id: person))
            cancels += [.assigned, .settled, .withdrawn]
            tell([assignment.rep], .withdrawn)
            tell(current.told.filter { $0 != person }, .reopened)
            if current.told.contains(person) { tellWhereNothingChanges(person, .reopened) }
        }
    }

    mutating func assign(
        _ rep: PersonID, by person: PersonID, note: String?, _ choosing: Choosing
    ) throws(Refusal) {
        try requireTurn(of: person)
        try requireRep(rep)
        try judge(rep, choosing)
        give(to: rep, by: .person(id: person), mode: .chosen, note: note, seen: seen(choosing, rep))
    }

    mutating func reassign(
        _ rep: PersonID, from former: PersonID, by person: PersonID, note: String?, _ choosing: Choosing
    ) throws(Refusal) {
        try requireManager(person)
        if case .closed(let closing) = current.state { throw .closed(closing) }
        guard let standing = current.assignment else { throw .notAssigned }
        guard standing.rep == former else { throw .alreadyAssigned(standing) }
        guard rulebook.choice.mayReassign else { throw .reassignmentForbidden }
        guard rep != former else { throw .sameRep(rep) }
        try requireRep(rep)
        try judge(rep, choosing)
        let actor = Actor.person(id: person)
        let assignment = assignment(of: rep, by: actor, mode: .chosen, note: note, seen: seen(choosing, rep))
        add(.reassigned(assignment: assignment, from: former), by: actor)
        cancels += [.assigned, .settled, .withdrawn]
        tell([rep], .assigned)
        tell([former], .withdrawn)
        tell(current.told, .settled)
    }

    mutating func reject(_ reason: ClosingReason, by person: PersonID, note: String?) throws(Refusal) {
        try requireTurn(of: person)
        let closing = Closing(reason: reason, by: person, at: now, note: note?.trimmed.nonEmpty)
        add(.rejected(closing: closing), by: .person(id: person))
        cancels += MessageKind.asking
        tell(current.told, .settled)
    }

    mutating func start(by person: PersonID) throws(Refusal) {
        switch current.state {
        case .closed(let closing): throw .closed(closing)
        case .working(_, let since): throw .alreadyStarted(since)
        case .waiting, .claimed: throw .notAssigned
        case .assigned(let assignment):
            guard assignment.rep == person else { throw .notTheOwner(person) }
            add(.started(by: person), by: .person(id: person))
        }
    }

    mutating func close(by person: PersonID, note: String?) throws(Refusal) {
        if case .closed(let closing) = current.state { throw .closed(closing) }
        guard let assignment = current.assignment else { throw .notAssigned }
        guard assignment.rep == person else { throw .notTheOwner(person) }
        let closing = Closing(reason: .done, by: person, at: now, note: note?.trimmed.nonEmpty)
        add(.closed(closing: closing), by: .person(id: person))
    }
}
