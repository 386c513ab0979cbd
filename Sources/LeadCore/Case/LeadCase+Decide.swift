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

/// A transition in the making.
private struct Draft {
    var current: LeadCase
    let expected: Int
    let now: Timestamp
    let rulebook: Rulebook
    let loads: (PersonID) -> Workload
    var entries: [HistoryEntry] = []
    var deliveries: [Delivery] = []
    var cancels: [MessageKind] = []

    init(of existing: LeadCase, now: Timestamp, rulebook: Rulebook, loads: @escaping (PersonID) -> Workload) {
        current = existing
        expected = existing.version
        self.now = now
        self.rulebook = rulebook
        self.loads = loads
    }

    init(opening fresh: LeadCase, now: Timestamp, rulebook: Rulebook, loads: @escaping (PersonID) -> Workload) {
        current = fresh
        expected = 0
        self.now = now
        self.rulebook = rulebook
        self.loads = loads
        entries = [HistoryEntry(sequence: 1, at: now, actor: .intake, event: .opened(opening: fresh.opening))]
    }

    var transition: Transition {
        Transition(expected: expected, result: current, entries: entries, deliveries: deliveries, cancels: cancels)
    }

    // MARK: Choices

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
        let words = comment.map { ": \($0)" } ?? "."
        tell([other], .decide, remark: "\(rulebook.name(person)) passes the choice on to you\(words)")
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
        let assignment = Assignment(
            rep: rep, by: actor, mode: .chosen, at: now, note: note?.trimmed.nonEmpty, seen: seen(choosing, rep))
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
            .reassigned(assignment: Assignment(rep: heir, by: .daemon, mode: .automatic, at: now), from: former),
            by: .daemon)
        cancels += [.assigned, .settled, .withdrawn]
        tell([heir], .assigned)
        tell(current.told, .settled)
    }

    // MARK: Time

    mutating func deadlinePassed() throws(Refusal) {
        guard let due = current.nextDeadline, due <= now else { throw .notDue(current.nextDeadline) }
        var over: Claim?
        if case .claimed(let claim) = current.state, claim.until <= now {
            add(.claimExpired(by: claim.by), by: .daemon)
            over = claim
        }
        runDueSteps(after: over)
    }

    /// Runs what is due by `now`. When several steps are due at once (after a stop, a claim, a clock jump), a reminder
    /// that a later one overtakes is skipped, and the assignment overtakes everything. What became due during `claim`,
    /// which is over, and is only for unclaimed leads, is skipped too.
    mutating func runDueSteps(after claim: Claim? = nil) {
        let plan = current.opening.plan
        let delay = current.delay
        let due = plan.indices.filter { $0 >= current.nextStep && plan[$0].at + delay <= now }
        guard let last = due.last else { return }
        let assigns = plan[last].action.assigns
        if case .claimed = current.state, !assigns { return }
        for index in due {
            let actor = Actor.step(index: index)
            let at = plan[index].at + delay
            if let claim, !assigns, plan[index].onlyUnclaimed == true, at >= claim.at, at < claim.until {
                add(.skipped(step: index), by: actor)
                continue
            }
            switch plan[index].action {
            case .assign(let person):
                giveInTheEnd(to: owner(planned: person), step: index)
            case .assignBest(let lastResort):
                let ranking = ranking
                if let best = ranking.best {
                    give(
                        to: best.person, by: actor, mode: .fallback, note: nil,
                        seen: SeenRanking(ranking).keeping(best.person, warnings: best.warnings))
                } else {
                    giveInTheEnd(to: owner(planned: lastResort), step: index)
                }
            case .notify(let people) where !assigns:
                ask(people, step: index)
            case .remind(let people) where !assigns && index == last:
                let people = presence.audience(people, of: current)
                add(.reminded(step: index, people: people), by: actor)
                tell(people, .remind)
            case .warn(let people) where !assigns:
                let people = presence.audience(people, of: current)
                add(.warned(step: index, people: people), by: actor)
                tell(people, .warn)
            case .notify, .remind, .warn:
                add(.skipped(step: index), by: actor)
            }
        }
    }

    /// Gives the lead to `person`, or, when they are away, to their substitute, else to the best of the ranking who is there,
    /// else to the policy's last resort: it ends with an owner.
    private mutating func giveInTheEnd(to person: PersonID, step: Int) {
        let actor = Actor.step(index: step)
        guard presence.isAway(person) else { return give(to: person, by: actor, mode: .fallback, note: nil) }
        let ranking = ranking
        let owner =
            presence.substitute(of: person, mayChoose: false) ?? ranking.best?.person
            ?? rulebook.policies[current.opening.policy]?.lastResort ?? person
        if owner != person, let passed = presence.passedOver(person, to: owner) {
            add(.passedOver(step: step, who: passed), by: .daemon)
        }
        give(to: owner, by: actor, mode: .fallback, note: nil, seen: seen(Choosing(current: ranking), owner))
    }

    private var ranking: Ranking { rulebook.ranking(for: current.lead, at: now, loads: loads) }

    /// Asks `people`, or who is next where they aren't there; when all of those have been asked already, reminds them.
    private mutating func ask(_ people: [PersonID], step: Int) {
        let actor = Actor.step(index: step)
        let (present, passed) = presence.present(people, told: current.told)
        for who in passed { add(.passedOver(step: step, who: who), by: .daemon) }
        let fresh = present.filter { !current.told.contains($0) }
        if fresh.isEmpty, !current.told.isEmpty {
            let audience = presence.audience(current.told, of: current)
            add(.reminded(step: step, people: audience), by: actor)
            return tell(audience, .remind)
        }
        let kind = current.told.isEmpty ? MessageKind.decide : .escalate
        add(.notified(step: step, people: fresh), by: actor)
        tell(fresh, kind)
    }

    private var presence: Presence {
        Presence(
            rulebook: rulebook, managers: current.opening.managers, policy: rulebook.policies[current.opening.policy],
            now: now)
    }

    /// The planned fallback person, or the present policy's when the configuration no longer has the planned one.
    private func owner(planned: PersonID) -> PersonID {
        if rulebook.person(planned) != nil { return planned }
        let names = [current.opening.policy] + rulebook.policies.keys.sorted()
        for policy in names.compactMap({ rulebook.policies[$0] }) {
            if let person = policy.steps.last?.action.owner, rulebook.person(person) != nil { return person }
        }
        return planned
    }

    // MARK: Messages' fates

    mutating func renewLink(of person: PersonID) throws(Refusal) {
        let concerned = current.told.contains(person) || current.assignment?.rep == person
        let recent = current.linksRenewed[person].map { now < $0 + .seconds(300) } ?? false
        let mail = rulebook.person(person)?.reach.filter { rulebook.channels[$0.channel]?.isMail == true } ?? []
        guard concerned, !recent, !mail.isEmpty else { throw .noFreshLink }
        add(.linkRenewed(person: person), by: .person(id: person))
        tell([person], .freshLink, over: Set(mail.map(\.channel)))
    }

    mutating func deliveryFailed(_ delivery: Delivery, reason: String) throws(Refusal) {
        guard !current.failures.contains(delivery.id) else { throw .alreadyRecorded }
        add(
            .deliveryFailed(
                delivery: delivery.id, person: delivery.person, channel: delivery.channel, reason: reason),
            by: .daemon)
        // An alarm about an alarm would never end.
        guard delivery.kind != .alarm else { return }
        let remark = "\(rulebook.name(delivery.person)) was not reached by \(delivery.channel): \(reason)"
        tell(rulebook.operators, .alarm, remark: remark)
    }

    // MARK: Parts

    /// Gives the lead to `rep` and tells everyone concerned.
    private mutating func give(
        to rep: PersonID, by actor: Actor, mode: AssignmentMode, note: String?, seen: SeenRanking? = nil
    ) {
        let assignment = Assignment(
            rep: rep, by: actor, mode: mode, at: now, note: note?.trimmed.nonEmpty, seen: seen)
        add(.assigned(assignment: assignment), by: actor)
        cancels += MessageKind.asking
        tell([rep], .assigned)
        tell(current.told, .settled)
    }

    private mutating func add(_ event: CaseEvent, by actor: Actor) {
        let entry = HistoryEntry(sequence: current.version + 1, at: now, actor: actor, event: event)
        current.take(entry)
        entries.append(entry)
    }

    /// Adds a message of `kind` to each of `people`; an operator is alarmed when one who must act can't be told.
    private mutating func tell(
        _ people: [PersonID], _ kind: MessageKind, over only: Set<ChannelID>? = nil, remark: String? = nil
    ) {
        var unreachable: [PersonID] = []
        for person in people {
            var isReachable = false
            for reach in rulebook.person(person)?.reach ?? [] {
                guard let channel = rulebook.channels[reach.channel], only?.contains(channel.id) ?? true else {
                    continue
                }
                let delivery = Delivery(
                    caseID: current.id, sequence: current.version, person: person, channel: channel.id,
                    lane: channel.lane(for: person), kind: kind, createdAt: now, remark: remark)
                isReachable = true
                // Whoever is named twice is told once: ids are unique in the store.
                if !deliveries.contains(where: { $0.id == delivery.id }) { deliveries.append(delivery) }
            }
            if !isReachable, !unreachable.contains(person) { unreachable.append(person) }
        }
        guard !unreachable.isEmpty, kind == .assigned || MessageKind.asking.contains(kind) else { return }
        let names = unreachable.map(rulebook.name).joined(separator: ", ")
        tell(rulebook.operators, .alarm, remark: "The configuration has no way to reach \(names), who must act now.")
    }

    private func requireManager(_ person: PersonID) throws(Refusal) {
        guard rulebook.person(person)?.isManager == true else { throw .notAManager(person) }
    }

    private func requireRep(_ person: PersonID) throws(Refusal) {
        guard rulebook.person(person)?.rep != nil else { throw .notARep(person) }
    }

    /// Hard rules bind a manager too; of warnings they must have been told.
    private func judge(_ rep: PersonID, _ choosing: Choosing) throws(Refusal) {
        guard let entry = choosing.current?.entry(of: rep) else { return }
        if let exclusion = entry.exclusion { throw .excluded(rep, exclusion) }
        guard choosing.confirmed.covers(entry.warnings) else { throw .unconfirmed(rep, entry.warnings) }
    }

    private func seen(_ choosing: Choosing, _ rep: PersonID) -> SeenRanking? {
        let warnings = choosing.current?.entry(of: rep)?.warnings ?? []
        return (choosing.seen ?? choosing.current.map { SeenRanking($0) })?.keeping(rep, warnings: warnings)
    }

    /// For what a manager may do while nobody has the lead, and nobody else decides.
    private func requireTurn(of person: PersonID) throws(Refusal) {
        try requireManager(person)
        try refuseSettled()
        if case .claimed(let claim) = current.state, claim.by != person, claim.until > now {
            throw .claimedByAnother(claim)
        }
    }

    private func refuseSettled() throws(Refusal) {
        switch current.state {
        case .assigned(let assignment), .working(let assignment, _): throw .alreadyAssigned(assignment)
        case .closed(let closing): throw .closed(closing)
        case .waiting, .claimed: return
        }
    }
}

extension String {
    package var nonEmpty: String? { isEmpty ? nil : self }
}
