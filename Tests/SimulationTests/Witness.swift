// The witness sees every effect of the simulated daemon and says when a promise is broken. It keeps its own account and
// believes neither the daemon nor the store.

import LeadCore

/// A broken promise.
struct Violation: Error, Equatable {
    /// "S4", as the reliability document numbers them.
    let invariant: String
    let what: String
}

/// What has truly happened, and whether it may.
struct Witness {
    /// Highest step that each case has done.
    private var steps: [CaseID: Int] = [:]
    /// Who has each lead, by the transitions that became durable.
    private var owners: [CaseID: PersonID] = [:]
    /// Cases that nobody needs to choose for any more, and of which the daemon knows it.
    private var knownSettled: Set<CaseID> = []
    private var settled: Set<CaseID> = []
    private var versions: [CaseID: Int] = [:]
    /// When each lead got its owner, by the true clock.
    private(set) var ownedAt: [CaseID: Timestamp] = [:]
    /// The keys of cases, and those of inquiries that have joined one.
    private var keys: Set<String> = []
    private var inquiries: Set<String> = []
    /// Leads that belong where they are by somebody's word, or came while nobody looked, which tells against no other of the
    /// same person.
    private var unlookedFor: Set<String> = []
    /// Which open case each person has, by the leads that came in.
    private var openCases: [Int: CaseID] = [:]
    /// What each run of the daemon is sending just now.
    private var onTheWire: Set<String> = []
    private(set) var recordedSent: Set<DeliveryID> = []
    /// How often the peer has got each message.
    private(set) var received: [DeliveryID: Int] = [:]

    /// Nobody looks whether the same person has a case already, or the lead says itself where it belongs.
    mutating func isOpenedUnlookedFor(_ key: IntakeKey) { unlookedFor.insert(key.text) }

    // MARK: Cases

    /// A transition became durable at `now`.
    mutating func wrote(_ transition: Transition, now: Timestamp) throws(Violation) {
        let id = transition.result.id
        if transition.expected == 0 { try opens(transition.result) }
        for entry in transition.entries {
            guard entry.sequence == (versions[id] ?? 0) + 1 else {
                throw Violation(invariant: "S12", what: "entry \(entry.sequence) follows \(versions[id] ?? 0)")
            }
            versions[id] = entry.sequence
            try follow(entry, of: transition.result, now: now)
            if case .enriched = entry.event { try learns(transition) }
            if case .outOfReach = entry.event { try losesTouch(transition) }
        }
    }

    /// S3 and S15: a record is one case, and a person's leads are one open case.
    private mutating func opens(_ subject: LeadCase) throws(Violation) {
        let key = subject.key.text
        guard !inquiries.contains(key), keys.insert(key).inserted else {
            throw Violation(invariant: "S3", what: "a second case of \(key)")
        }
        guard !unlookedFor.contains(key), let person = Simulation.people[key] else { return }
        if let other = openCases[person] {
            throw Violation(invariant: "S15", what: "\(key) opens a case beside \(other) of the same person")
        }
        openCases[person] = subject.id
    }

    /// S16: a late answer causes no message, and changes nothing that was given.
    private func learns(_ transition: Transition) throws(Violation) {
        let subject = transition.result
        guard transition.deliveries.isEmpty, transition.cancels.isEmpty else {
            throw Violation(invariant: "S16", what: "a late answer about \(subject.id) causes messages")
        }
        for (field, value) in subject.arrived.values where subject.lead.values[field] != value {
            throw Violation(invariant: "S16", what: "a late answer changes \(field) of \(subject.id)")
        }
    }

    /// S17: what waits for somebody who is out of reach goes on waiting, as long as there is something to choose.
    private func losesTouch(_ transition: Transition) throws(Violation) {
        guard transition.result.state == .waiting else { return }
        guard transition.cancels.allSatisfy({ !MessageKind.asking.contains($0) }) else {
            throw Violation(invariant: "S17", what: "a question about \(transition.result.id) is given up")
        }
    }

    private static func areOfOne(_ one: String, _ other: String) -> Bool {
        Simulation.people[one] == Simulation.people[other]
    }

    private mutating func follow(_ entry: HistoryEntry, of subject: LeadCase, now: Timestamp) throws(Violation) {
        let id = subject.id
        if case .step(let index) = entry.actor {
            let planned = subject.opening.plan[index].at + subject.delay
            // Once somebody was reached by no channel, what comes next comes at once; while somebody is out of reach only for
            // now, the lead isn't given away for it.
            let mayGive = entry.event.assignment == nil && !subject.outOfReach.isEmpty
            guard entry.at >= planned || !subject.unreached.isEmpty || mayGive else {
                throw Violation(invariant: "S7", what: "step \(index) of \(id) at \(entry.at), due \(planned)")
            }
            guard !settled.contains(id) else {
                throw Violation(invariant: "S7", what: "step \(index) of \(id) after its assignment")
            }
            guard index > steps[id] ?? -1 else {
                throw Violation(invariant: "S8", what: "step \(index) of \(id) after step \(steps[id] ?? -1)")
            }
            steps[id] = index
        }
        if case .closed = subject.state { openCases = openCases.filter { $0.value != id } }
        switch entry.event {
        case .assigned(let assignment):
            if let owner = owners[id] {
                throw Violation(invariant: "S4", what: "\(assignment.rep) is given \(id), which \(owner) has")
            }
            guard !settled.contains(id) else { throw Violation(invariant: "S4", what: "\(id) is given after its end") }
            owners[id] = assignment.rep
            ownedAt[id] = now
            settled.insert(id)
        case .reassigned(let assignment, let former):
            guard owners[id] == former else {
                throw Violation(
                    invariant: "S4", what: "\(id) is taken from \(former), but \(owners[id] ?? "nobody") has it")
            }
            owners[id] = assignment.rep
        case .rejected:
            guard !settled.contains(id) else {
                throw Violation(invariant: "S4", what: "\(id) is rejected after a choice")
            }
            settled.insert(id)
        case .undone(let assignment, _):
            guard owners[id] == assignment.rep else {
                throw Violation(
                    invariant: "S4",
                    what: "the choice of \(assignment.rep) for \(id) is undone, which has another owner")
            }
            owners[id] = nil
            ownedAt[id] = nil
            settled.remove(id)
            knownSettled.remove(id)
        case .replanned(_, let next): steps[id] = next - 1
        case .closed: owners[id] = nil
        case .inquired(let inquiry):
            let key = inquiry.key.text
            guard !keys.contains(key), inquiries.insert(key).inserted else {
                throw Violation(invariant: "S3", what: "\(key) joins \(id), and is a case or has joined one")
            }
            let others = [subject.key] + subject.inquiries.map(\.key).filter { $0 != inquiry.key }
            guard unlookedFor.contains(key) || others.contains(where: { Self.areOfOne($0.text, key) }) else {
                throw Violation(invariant: "S15", what: "\(key) joins \(id), which is of somebody else")
            }
        case .separated(let key):
            guard inquiries.remove(key.text) != nil else {
                throw Violation(invariant: "S3", what: "\(key.text) leaves \(id), which it hasn't joined")
            }
            unlookedFor.insert(key.text)
        default: break
        }
    }

    /// The daemon learnt that a choice is durable, or has begun anew and can read it.
    mutating func learnt(_ id: CaseID) { if settled.contains(id) { knownSettled.insert(id) } }

    mutating func restarted() { knownSettled = settled }

    /// Only owners that come from now on count.
    mutating func forgetOwnerTimes() { ownedAt = [:] }

    /// True when the daemon knows that nobody needs to choose any more.
    func isKnownSettled(_ id: CaseID) -> Bool { knownSettled.contains(id) }

    // MARK: Messages

    /// The daemon begins to send.
    mutating func begins(_ leased: LeasedDelivery, row: ModelStore.Row?) throws(Violation) {
        let delivery = leased.delivery
        guard row != nil else { throw Violation(invariant: "S5", what: "\(delivery.id) is in no outbox") }
        guard !recordedSent.contains(delivery.id) else {
            throw Violation(invariant: "S6", what: "\(delivery.id) goes again")
        }
        guard onTheWire.insert(Self.wire(leased)).inserted else {
            throw Violation(invariant: "S6", what: "\(delivery.id) goes while it is on the wire")
        }
        if MessageKind.asking.contains(delivery.kind), knownSettled.contains(delivery.caseID) {
            throw Violation(invariant: "S7", what: "\(delivery.id) asks after the choice")
        }
    }

    /// A message waits, so as not to come alone: no longer than until its case's next step, nor if that is now.
    func holds(_ held: HeldDelivery, subject: LeadCase?) throws(Violation) {
        let kind = held.leased.delivery.kind
        guard kind.joinsDigests else { throw Violation(invariant: "S14", what: "a message \(kind) is held") }
        guard let step = subject?.nextDeadline else { return }
        guard held.until < step else {
            throw Violation(
                invariant: "S14",
                what: "\(held.leased.delivery.id) waits until \(held.until), its case has a step at \(step)")
        }
    }

    /// The attempt is over, whatever came of it.
    mutating func ends(_ leased: LeasedDelivery) { onTheWire.remove(Self.wire(leased)) }

    private static func wire(_ leased: LeasedDelivery) -> String { "\(leased.lease.owner) \(leased.delivery.id)" }

    /// The peer got a copy.
    mutating func receives(_ id: DeliveryID) { received[id, default: 0] += 1 }

    /// The store changed `row` as `settlement` says.
    mutating func recorded(_ settlement: Settlement, on row: ModelStore.Row) throws(Violation) {
        let leased = settlement.leased
        guard row.holder == leased.lease.owner, row.attempts == leased.attempt else {
            throw Violation(
                invariant: "S11",
                what: "attempt \(leased.attempt) of \(leased.delivery.id) is recorded, attempt \(row.attempts) holds it"
            )
        }
        if case .sent = settlement.verdict { recordedSent.insert(leased.delivery.id) }
    }
}
