// The store as the port describes it, in the smallest form: what is durable, and what has been handed in but isn't yet.
// Everything here happens at once; the simulation decides when, and whether a crash comes before or after.

import LeadCore

/// Cases and outbox. All properties but `submitted` and `answers` survive a crash.
struct ModelStore {
    struct StoredCase {
        var current: LeadCase
        var history: [HistoryEntry]
        /// The index of deadlines.
        var deadline: Timestamp?
        /// What the lead, and each inquiry after it, is compared by.
        var likenesses: [Likeness] = []
    }

    struct Row {
        let delivery: Delivery
        var state: DeliveryState
        var attempts: Int
        var due: Timestamp?
        var holder: InstanceID?
        var leaseEnds: Timestamp?
        var digest: DigestID?
    }

    /// Transitions that a caller waits for.
    struct Submission {
        let ticket: Int
        let transitions: [Transition]
        let lease: Lease?
    }

    let bug: PlantedBug?
    private(set) var cases: [StoredCase] = []
    private(set) var rows: [Row] = []
    private(set) var submitted: [Submission] = []
    private(set) var answers: [Int: [ApplyResult]] = [:]
    /// Which case each inquiry has joined.
    private(set) var inquiries: [IntakeKey: CaseID] = [:]
    /// The records that are cases.
    private var opened: Set<IntakeKey> = []
    private var places: [CaseID: Int] = [:]
    private var rowPlaces: [DeliveryID: Int] = [:]
    private var nextTicket = 0

    init(bug: PlantedBug?) { self.bug = bug }

    func stored(_ id: CaseID) -> StoredCase? { places[id].map { cases[$0] } }

    /// Whether `key` is a case or an inquiry.
    func isKnown(_ key: IntakeKey) -> Bool { opened.contains(key) || inquiries[key] != nil }

    /// All cases as others are compared with them.
    var knownLeads: [KnownLead] {
        cases.map { stored in
            let subject = stored.current
            let asked = stored.history.filter { if case .inquired = $0.event { true } else { false } }.map(\.at)
            return KnownLead(
                id: subject.id, state: subject.stateName,
                lastAt: max(subject.openedAt, asked.max() ?? subject.openedAt),
                rep: subject.assignment?.rep,
                likenesses: stored.likenesses,
                inquiries: subject.inquiries.map(\.key))
        }
    }

    func row(_ id: DeliveryID) -> Row? { rowPlaces[id].map { rows[$0] } }

    // MARK: Writing cases

    mutating func submit(_ transitions: [Transition], lease: Lease?) -> Int {
        nextTicket += 1
        submitted.append(Submission(ticket: nextTicket, transitions: transitions, lease: lease))
        return nextTicket
    }

    /// Makes all that was submitted durable, or refuses it when the disk does; gives what was written.
    mutating func commit(diskIsWell: Bool, now: Timestamp) -> [Transition] {
        var written: [Transition] = []
        for submission in submitted {
            answers[submission.ticket] = submission.transitions.map { transition in
                guard diskIsWell else { return .failed(StoreFailure(.unavailable, "the disk is full")) }
                let result = apply(transition, lease: submission.lease, now: now)
                if result == .applied { written.append(transition) }
                return result
            }
        }
        submitted = []
        return written
    }

    mutating func answer(to ticket: Int) -> [ApplyResult]? { answers.removeValue(forKey: ticket) }

    private mutating func apply(_ transition: Transition, lease: Lease?, now: Timestamp) -> ApplyResult {
        let id = transition.result.id
        if transition.expected == 0 {
            if isKnown(transition.result.key), bug != .keyNotUnique { return .duplicate }
            opened.insert(transition.result.key)
            places[id] = cases.count
            cases.append(StoredCase(current: transition.result, history: [], deadline: nil))
        }
        // A copy of the record may have come in by other rules meanwhile, and have its case or be an inquiry already.
        for case .inquired(let inquiry) in transition.entries.map(\.event) where bug != .inquiryNotUnique {
            if isKnown(inquiry.key) { return .duplicate }
        }
        guard let place = places[id] else { return .stale }
        if transition.expected > 0, cases[place].current.version != transition.expected, bug != .versionNotChecked {
            return .stale
        }
        write(transition, at: place)
        if bug != .questionsNotCancelled, !transition.cancels.isEmpty {
            for index in rows.indices where rows[index].delivery.caseID == id {
                let isUnsent = [.pending, .deferred].contains(rows[index].state)
                if isUnsent, transition.cancels.contains(rows[index].delivery.kind) { end(index, .cancelled) }
            }
        }
        for delivery in transition.deliveries {
            rowPlaces[delivery.id] = rows.count
            rows.append(
                Row(
                    delivery: delivery, state: lease == nil ? .pending : .sending, attempts: lease == nil ? 0 : 1,
                    due: lease == nil ? now : nil, holder: lease?.owner, leaseEnds: lease?.until))
        }
        return .applied
    }

    private mutating func write(_ transition: Transition, at place: Int) {
        for entry in transition.entries {
            switch entry.event {
            case .inquired(let inquiry): inquiries[inquiry.key] = transition.result.id
            case .separated(let key): inquiries[key] = nil
            default: break
            }
        }
        cases[place].current = transition.result
        let leads = [transition.result.lead] + transition.result.inquiries.map(\.lead)
        let isOther = leads.count != cases[place].likenesses.count || transition.changesLead
        if isOther { cases[place].likenesses = leads.map { Likeness($0) } }
        if bug == .stepNotAdvanced {
            let entries = transition.entries.map { entry in
                guard case .step(let index) = entry.actor, index > 0, transition.result.assignment == nil else {
                    return entry
                }
                return HistoryEntry(
                    sequence: entry.sequence, at: entry.at, actor: entry.actor, event: .linkRenewed(person: "nobody"))
            }
            cases[place].history += entries
            let subject = transition.result
            let replayed = LeadCase(key: subject.key, lead: subject.arrived, history: cases[place].history)
            cases[place].current = replayed ?? subject
        } else {
            cases[place].history += transition.entries
        }
        cases[place].deadline = cases[place].current.nextDeadline
        if bug == .claimForgetsDeadline, case .claimed = cases[place].current.state { cases[place].deadline = nil }
    }

    // MARK: Outbox

    /// Takes up what may be tried, as `CaseStore.take`.
    mutating func take(at now: Timestamp, lease: Lease, limit: Int) -> [LeasedDelivery] {
        var taken: [LeasedDelivery] = []
        for index in rows.indices where taken.count < limit {
            let instant = rows[index].state == .sending ? rows[index].leaseEnds : rows[index].due
            guard let instant, instant <= now else { continue }
            if isOvertaken(index) {
                end(index, .cancelled)
                continue
            }
            rows[index].state = .sending
            rows[index].attempts += 1
            rows[index].due = nil
            rows[index].holder = lease.owner
            rows[index].leaseEnds = lease.until
            taken.append(
                LeasedDelivery(
                    delivery: rows[index].delivery, attempt: rows[index].attempts, lease: lease,
                    digest: rows[index].digest))
        }
        return taken
    }

    /// Lets a delivery wait that was not tried, as `CaseStore.hold`.
    mutating func hold(_ held: HeldDelivery) {
        let leased = held.leased
        guard let index = rowPlaces[leased.delivery.id], rows[index].state == .sending,
            rows[index].holder == leased.lease.owner, rows[index].attempts == leased.attempt
        else { return }
        rows[index].attempts -= 1
        end(index, isOvertaken(index) ? .cancelled : .pending)
        guard rows[index].state == .pending else { return }
        rows[index].due = held.until
        rows[index].digest = held.digest
    }

    /// Records the end of an attempt if it still holds the delivery; gives the row as it was when it was changed.
    mutating func settle(_ settlement: Settlement) -> Row? {
        let leased = settlement.leased
        guard let index = rowPlaces[leased.delivery.id] else { return nil }
        let before = rows[index]
        let isHeld =
            before.state == .sending && before.holder == leased.lease.owner && before.attempts == leased.attempt
        guard isHeld || bug == .leaseNotFenced else { return nil }
        switch settlement.verdict {
        case .sent: end(index, .sent)
        case .failed: end(index, .failed)
        case .cancelled: end(index, .cancelled)
        case .unknown: end(index, .unknown)
        case .held: end(index, isOvertaken(index) ? .cancelled : .held)
        case .tryAgain(let at, _):
            if isOvertaken(index) {
                end(index, .cancelled)
            } else {
                end(index, .deferred)
                rows[index].due = at
            }
        }
        return before
    }

    /// Ends the leases of all but `owner`.
    mutating func reclaim(except owner: InstanceID, now: Timestamp) {
        for index in rows.indices {
            if bug == .sentTakenUpAgain, rows[index].state == .sent {
                end(index, .pending)
                rows[index].due = now
            }
            guard rows[index].state == .sending, rows[index].holder != owner else { continue }
            end(index, isOvertaken(index) ? .cancelled : .pending)
            if rows[index].state == .pending { rows[index].due = now }
        }
    }

    /// Forgets what isn't durable.
    mutating func crash() {
        submitted = []
        answers = [:]
    }

    private mutating func end(_ index: Int, _ state: DeliveryState) {
        rows[index].state = state
        rows[index].due = nil
        rows[index].holder = nil
        rows[index].leaseEnds = nil
    }

    private func isOvertaken(_ index: Int) -> Bool {
        guard bug != .questionsNotCancelled else { return false }
        let delivery = rows[index].delivery
        guard MessageKind.asking.contains(delivery.kind), let stored = stored(delivery.caseID) else { return false }
        switch stored.current.state {
        case .waiting, .claimed: return false
        case .assigned, .working, .closed: return true
        }
    }
}

extension Transition {
    /// Whether what the case can be found by may be other than before.
    fileprivate var changesLead: Bool {
        entries.contains { entry in
            switch entry.event {
            case .inquired, .separated, .enriched: true
            default: false
            }
        }
    }
}
