// A decision in the making: the case as it is by now, and what has come of it so far. What it can do for all decisions is
// here; the choices of people and the passing of time have files of their own.

/// A transition in the making.
struct Draft {
    var current: LeadCase
    let expected: Int
    let now: Timestamp
    let rulebook: Rulebook
    let loads: (PersonID) -> Workload
    /// The message from which the person came who acts.
    let entrance: Entrance?
    var entries: [HistoryEntry] = []
    var deliveries: [Delivery] = []
    var cancels: [MessageKind] = []

    init(
        of existing: LeadCase, now: Timestamp, rulebook: Rulebook, entrance: Entrance?,
        loads: @escaping (PersonID) -> Workload
    ) {
        self.entrance = entrance
        current = existing
        expected = existing.version
        self.now = now
        self.rulebook = rulebook
        self.loads = loads
    }

    init(opening fresh: LeadCase, now: Timestamp, rulebook: Rulebook, loads: @escaping (PersonID) -> Workload) {
        entrance = nil
        current = fresh
        expected = 0
        self.now = now
        self.rulebook = rulebook
        self.loads = loads
        entries = [HistoryEntry(sequence: 1, at: now, actor: .intake, event: .opened(opening: fresh.opening))]
        announce(entries[0], told: [])
    }

    var transition: Transition {
        Transition(expected: expected, result: current, entries: entries, deliveries: deliveries, cancels: cancels)
    }

    /// Gives the lead to `rep` and tells everyone concerned.
    mutating func give(
        to rep: PersonID, by actor: Actor, mode: AssignmentMode, note: String?, seen: SeenRanking? = nil
    ) {
        let assignment = assignment(of: rep, by: actor, mode: mode, note: note, seen: seen)
        add(.assigned(assignment: assignment), by: actor)
        cancels += MessageKind.asking
        tell([rep], .assigned)
        tell(current.told, .settled)
    }

    /// The lead in the hands of `rep` from now on, with what the policy promises of them.
    func assignment(
        of rep: PersonID, by actor: Actor, mode: AssignmentMode, note: String? = nil, seen: SeenRanking? = nil
    ) -> Assignment {
        let policy = rulebook.policies[current.opening.policy]
        return Assignment(
            rep: rep, by: actor, mode: mode, at: now, note: note?.trimmed.nonEmpty, seen: seen,
            firstActionBy: policy.flatMap { rulebook.firstAction(of: rep, by: $0, from: now) })
    }

    mutating func add(_ event: CaseEvent, by actor: Actor) {
        let entry = HistoryEntry(
            sequence: current.version + 1, at: now, actor: actor, event: event,
            entrance: actor.isPerson ? entrance : nil)
        let told = current.told
        current.take(entry)
        entries.append(entry)
        announce(entry, told: told)
    }

    /// Tells the programs that listen.
    private mutating func announce(_ entry: HistoryEntry, told: [PersonID]) {
        guard !rulebook.eventChannels.isEmpty, let name = EventName(entry.event, told: told) else { return }
        for channel in rulebook.eventChannels where channel.events?.contains(name) == true {
            deliveries.append(
                Delivery(
                    caseID: current.id, sequence: entry.sequence, person: PersonID(channel.id.text),
                    channel: channel.id,
                    lane: LaneID(channel.id.text), kind: .event, createdAt: now))
        }
    }

    /// Adds a message of `kind` to each of `people`; an operator is alarmed when one who must act can't be told.
    /// `remark` is written in each one's language.
    mutating func tell(
        _ people: [PersonID], _ kind: MessageKind, over only: Set<ChannelID>? = nil,
        remark: ((Phrases) -> String)? = nil
    ) {
        var unreachable: [PersonID] = []
        for person in people {
            var isReachable = false
            for reach in rulebook.person(person)?.reach ?? [] {
                guard let channel = rulebook.channels[reach.channel], only?.contains(channel.id) ?? true else {
                    continue
                }
                // There the message itself shows it, by an update.
                if kind == .settled, channel.isEditable { continue }
                let delivery = Delivery(
                    caseID: current.id, sequence: current.version, person: person, channel: channel.id,
                    lane: rulebook.lane(of: channel, for: person), kind: kind, createdAt: now,
                    remark: remark.map { $0(rulebook.phrases(for: person, on: channel.id)) })
                isReachable = true
                // Whoever is named twice is told once: ids are unique in the store.
                if !deliveries.contains(where: { $0.id == delivery.id }) { deliveries.append(delivery) }
            }
            if !isReachable, !unreachable.contains(person) { unreachable.append(person) }
        }
        guard !unreachable.isEmpty, kind == .assigned || MessageKind.asking.contains(kind) else { return }
        if kind != .assigned { for person in unreachable { noteUnreached(person) } }
        let names = unreachable.map(rulebook.name).joined(separator: ", ")
        tell(rulebook.operators, .alarm) { $0.sentences.noWay(names) }
    }

    func requireManager(_ person: PersonID) throws(Refusal) {
        guard rulebook.person(person)?.isManager == true else { throw .notAManager(person) }
    }

    func requireRep(_ person: PersonID) throws(Refusal) {
        guard rulebook.person(person)?.rep != nil else { throw .notARep(person) }
    }

    /// Hard rules bind a manager too; of warnings they must have been told.
    func judge(_ rep: PersonID, _ choosing: Choosing) throws(Refusal) {
        guard let entry = choosing.current?.entry(of: rep) else { return }
        if let exclusion = entry.exclusion { throw .excluded(rep, exclusion) }
        guard choosing.confirmed.covers(entry.warnings) else { throw .unconfirmed(rep, entry.warnings) }
    }

    func seen(_ choosing: Choosing, _ rep: PersonID) -> SeenRanking? {
        let warnings = choosing.current?.entry(of: rep)?.warnings ?? []
        return (choosing.seen ?? choosing.current.map { SeenRanking($0) })?.keeping(rep, warnings: warnings)
    }

    /// For what a manager may do while nobody has the lead, and nobody else decides.
    func requireTurn(of person: PersonID) throws(Refusal) {
        try requireManager(person)
        try refuseSettled()
        if case .claimed(let claim) = current.state, claim.by != person, claim.until > now {
            throw .claimedByAnother(claim)
        }
    }

    func refuseSettled() throws(Refusal) {
        switch current.state {
        case .assigned(let assignment), .working(let assignment, _): throw .alreadyAssigned(assignment)
        case .closed(let closing): throw .closed(closing)
        case .waiting, .claimed: return
        }
    }
}
