// What time does to a case, what becomes of its messages, and who is there for either.

extension Draft {
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
            case .assign, .assignBest: giveAsPlanned(step: index)
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
        advanceIfUnreached()
    }

    /// Gives the lead to its owner as the plan's last step, `index`, says.
    mutating func giveAsPlanned(step index: Int) {
        switch current.opening.plan[index].action {
        case .assign(let person): giveInTheEnd(to: owner(planned: person), step: index)
        case .assignBest(let lastResort):
            let ranking = ranking
            if let best = ranking.best {
                give(
                    to: best.person, by: .step(index: index), mode: fallback, note: nil,
                    seen: SeenRanking(ranking).keeping(best.person, warnings: best.warnings))
            } else {
                giveInTheEnd(to: owner(planned: lastResort), step: index)
            }
        case .notify, .remind, .warn: return
        }
    }

    /// Gives the lead to `person`, or, when they are away, to their substitute, else to the best of the ranking who is there,
    /// else to the policy's last resort: it ends with an owner.
    mutating func giveInTheEnd(to person: PersonID, step: Int) {
        let actor = Actor.step(index: step)
        guard presence.isAway(person) else { return give(to: person, by: actor, mode: fallback, note: nil) }
        let ranking = ranking
        let owner =
            presence.substitute(of: person, mayChoose: false) ?? ranking.best?.person
            ?? rulebook.policies[current.opening.policy]?.lastResort ?? person
        if owner != person, let passed = presence.passedOver(person, to: owner) {
            add(.passedOver(step: step, who: passed), by: .daemon)
        }
        give(to: owner, by: actor, mode: fallback, note: nil, seen: seen(Choosing(current: ranking), owner))
    }

    /// How an assignment comes about that nobody chose.
    private var fallback: AssignmentMode {
        let isNobodyReached = !current.told.isEmpty && current.told.allSatisfy(current.unreached.contains)
        return isNobodyReached ? .unreached : .fallback
    }

    var ranking: Ranking { rulebook.ranking(for: current.lead, at: now, loads: loads) }

    /// Asks `people`, or who is next where they aren't there; when all of those have been asked already, reminds them.
    /// `step` is the plan's step that is done, or the one before what is next where it is another cause that asks.
    mutating func ask(_ people: [PersonID], step: Int, by actor: Actor? = nil) {
        let actor = actor ?? .step(index: step)
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

    var presence: Presence {
        Presence(
            rulebook: rulebook, managers: current.opening.managers, policy: rulebook.policies[current.opening.policy],
            now: now)
    }

    /// The planned fallback person, or the present policy's when the configuration no longer has the planned one.
    func owner(planned: PersonID) -> PersonID {
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

    mutating func deliveryFailed(_ delivery: Delivery, reason: String, isNews: Bool) throws(Refusal) {
        guard !current.failures.contains(delivery.id) else { throw .alreadyRecorded }
        let wasSilent = hasSilentChat(delivery.person)
        add(
            .deliveryFailed(
                delivery: delivery.id, person: delivery.person, channel: delivery.channel, reason: reason),
            by: .daemon)
        // An alarm about an alarm would never end.
        guard delivery.kind != .alarm else { return }
        let name = rulebook.name(delivery.person)
        let isMissed = missed(by: delivery)
        if isMissed { noteUnreached(delivery.person) }
        if isNews || isMissed {
            tell(rulebook.operators, .alarm) { phrases in
                let news = isNews ? phrases.sentences.notReached(name, delivery.channel.text, reason) : nil
                let end = isMissed ? phrases.sentences.noChannel(name) : nil
                return [news, end].compactMap(\.self).joined(separator: " ")
            }
        }
        if isNews, !wasSilent { tellByMail(thatFailed: delivery) }
        advanceIfUnreached()
    }

    /// A mail that left together with `delivery`, which is for a chat and has failed, could not say so; another one does, once
    /// for each person, while there is something to choose.
    private mutating func tellByMail(thatFailed delivery: Delivery) {
        guard rulebook.channels[delivery.channel]?.isMail == false, MessageKind.asking.contains(delivery.kind),
            case .waiting = current.state, !current.unreached.contains(delivery.person)
        else { return }
        let mails = rulebook.channels.values.filter(\.isMail).map(\.id)
        let reach = rulebook.person(delivery.person)?.reach.map(\.channel) ?? []
        guard reach.contains(where: mails.contains) else { return }
        tell([delivery.person], .remind, over: Set(mails))
    }

    /// Whether a chat of `person` has failed for this case before, with a question that a mail then told of.
    private func hasSilentChat(_ person: PersonID) -> Bool {
        // Messages are called CASE.SEQUENCE.KIND.PERSON.CHANNEL.
        current.failures.contains { failed in
            let parts = failed.text.split(separator: ".")
            return parts.count == 5 && parts[3] == person.text
                && MessageKind(rawValue: String(parts[2])).map(MessageKind.asking.contains) == true
                && rulebook.channels[ChannelID(String(parts[4]))]?.isMail == false
        }
    }

    // MARK: Nobody reached

    /// Whether the question of which `delivery` is one copy reached its person by no channel, and still waits for an answer.
    private func missed(by delivery: Delivery) -> Bool {
        guard MessageKind.asking.contains(delivery.kind), current.nextDeadline != nil,
            let sequence = delivery.sequence, let person = rulebook.person(delivery.person)
        else { return false }
        // A channel that was added since has no copy, so it can't have failed: then time decides, as it would have.
        return person.reach.filter { rulebook.channels[$0.channel] != nil }.allSatisfy { reach in
            let copy = Delivery(
                caseID: current.id, sequence: sequence, person: person.id, channel: reach.channel,
                lane: delivery.lane,
                kind: delivery.kind, createdAt: now)
            return current.failures.contains(copy.id)
        }
    }

    /// Notes that no question comes to `person` for now, while they are waited for. What is on its way to them stays, since
    /// it may arrive yet.
    mutating func unreachable(_ person: PersonID, isNews: Bool) throws(Refusal) {
        try refuseSettled()
        guard case .waiting = current.state, current.told.contains(person), !silent.contains(person) else {
            throw .nothingToChange
        }
        add(.outOfReach(person: person), by: .daemon)
        if isNews {
            let name = rulebook.name(person)
            tell(rulebook.operators, .alarm) { $0.sentences.noChannel(name) }
        }
        advanceIfUnreached()
    }

    /// Who was asked and has no question, for good or for now.
    private var silent: Set<PersonID> { current.unreached.union(current.outOfReach) }

    mutating func noteUnreached(_ person: PersonID) {
        guard !current.unreached.contains(person) else { return }
        add(.unreached(person: person), by: .daemon)
    }

    /// When somebody turns out to have been reached by no channel, the next step comes at once: others are asked, reminders
    /// that would reach nobody are skipped, and when nobody who was asked was reached, the lead gets its owner. Steps that
    /// concern people who were reached keep their time, and nothing is hurried while a manager decides. Who is out of reach
    /// for now may be back before long: for their sake others are asked at once, but no reminder is skipped for anything
    /// else, and the lead isn't given away before its time.
    private mutating func advanceIfUnreached() {
        let isNews = entries.contains { entry in
            switch entry.event {
            case .unreached, .outOfReach: true
            default: false
            }
        }
        guard isNews, case .waiting = current.state else { return }
        let plan = current.opening.plan
        while current.nextStep < plan.count {
            let index = current.nextStep
            switch plan[index].action {
            case .notify(let people):
                let (present, _) = presence.present(people, told: current.told)
                if present.contains(where: { !current.told.contains($0) }) {
                    ask(people, step: index)
                    guard present.allSatisfy(silent.contains) else { return }
                } else {
                    guard maySkip(index, for: current.told) else { return }
                    add(.skipped(step: index), by: .step(index: index))
                }
            case .remind(let people), .warn(let people):
                guard maySkip(index, for: presence.audience(people, of: current)) else { return }
                add(.skipped(step: index), by: .step(index: index))
            case .assign, .assignBest:
                if current.told.allSatisfy(current.unreached.contains) { giveAsPlanned(step: index) }
                return
            }
        }
    }

    /// Whether the step at `index`, which concerns `people`, would reach nobody, or somebody else is better asked instead.
    private func maySkip(_ index: Int, for people: [PersonID]) -> Bool {
        if people.allSatisfy(current.unreached.contains) { return true }
        guard people.allSatisfy(silent.contains) else { return false }
        for step in current.opening.plan[(index + 1)...] {
            switch step.action {
            case .notify(let others):
                let (present, _) = presence.present(others, told: current.told)
                if present.contains(where: { !current.told.contains($0) }) { return true }
            case .remind, .warn: continue
            case .assign, .assignBest: return false
            }
        }
        return false
    }
}
