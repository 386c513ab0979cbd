// The store's promises in memory: the model that the SQLite store is held to, and a quick stand-in for it in tests of
// the loops. It forgets with the process, and it can be told to fail.

import LeadCore
import Synchronization

/// Cases, history and outbox in memory.
public final class MemoryCaseStore: CaseStore, AbsenceStore {
    private let state = Mutex(State())

    /// An empty store.
    public init() {}

    /// While set, everything that is asked fails with it and nothing is written.
    public func setOutage(_ failure: StoreFailure?) { state.withLock { $0.outage = failure } }

    /// How many calls have written something.
    public var commits: Int { state.withLock { $0.commits } }

    // MARK: Absences

    public func absences(endingAfter now: Timestamp) async throws(StoreFailure) -> [Absence] {
        try read { $0.absences.filter { $0.until > now } }
    }

    public func record(_ absence: Absence, at now: Timestamp) async throws(StoreFailure) {
        try write { $0.absences.append(absence) }
    }

    public func endAbsences(of person: PersonID, at now: Timestamp) async throws(StoreFailure) -> Int {
        try write { state in
            let concerned = { (absence: Absence) in absence.person == person && absence.until > now }
            let count = state.absences.count(where: concerned)
            state.absences = state.absences.compactMap { absence in
                guard concerned(absence) else { return absence }
                guard absence.from < now else { return nil }
                return Absence(person: person, from: absence.from, until: now, substitute: absence.substitute)
            }
            return count
        }
    }

    // MARK: Writing

    public func apply(_ transitions: [Transition], birth: BirthLease?) async -> [ApplyResult] {
        state.withLock { state in
            if let outage = state.outage { return transitions.map { _ in .failed(outage) } }
            let results = transitions.map { state.apply($0, birth: birth) }
            if results.contains(.applied) { state.commits += 1 }
            return results
        }
    }

    public func take(
        at now: Timestamp, lease: Lease, quota: LaneQuota
    ) async throws(StoreFailure) -> [LeasedDelivery] {
        try write { $0.take(at: now, lease: lease, quota: quota) }
    }

    public func settle(_ settlements: [Settlement]) async throws(StoreFailure) {
        try write { state in
            for settlement in settlements { state.settle(settlement) }
        }
    }

    public func handBack(_ leased: [LeasedDelivery], at now: Timestamp) async throws(StoreFailure) {
        try write { state in
            for one in leased {
                guard let place = state.held(one) else { continue }
                state.rows[place].attempts -= 1
                state.free(place, at: now)
            }
        }
    }

    public func keep(_ visit: Visit, of id: CaseID) async throws(StoreFailure) {
        try write { state in
            guard state.cases[id] != nil else { return }
            let known = state.visits[id] ?? []
            guard !known.contains(where: { $0.person == visit.person && $0.entrance == visit.entrance }) else { return }
            state.visits[id] = (known + [visit]).sorted {
                ($0.at, $0.person.text, $0.entrance.text) < ($1.at, $1.person.text, $1.entrance.text)
            }
        }
    }

    public func hold(_ held: [HeldDelivery], at now: Timestamp) async throws(StoreFailure) {
        try write { state in
            for one in held {
                guard let place = state.held(one.leased) else { continue }
                state.rows[place].attempts -= 1
                state.rows[place].digest = one.digest
                state.free(place, at: now)
                guard state.rows[place].state == .pending else { continue }
                state.rows[place].nextAttempt = one.until
                state.rows[place].detail = one.reason
            }
        }
    }

    public func reclaim(except owner: InstanceID, at now: Timestamp) async throws(StoreFailure) {
        try write { state in
            for place in state.rows.indices where state.rows[place].state == .sending {
                if state.rows[place].lease?.owner != owner { state.free(place, at: now) }
            }
        }
    }

    @discardableResult
    public func revive(_ which: Revival, at now: Timestamp) async throws(StoreFailure) -> Revived {
        try write { state in
            var revived = Revived()
            for place in state.rows.indices
            where DeliveryState.undelivered.contains(state.rows[place].state) {
                let row = state.rows[place]
                let isMeant =
                    switch which {
                    case .held(let lanes): row.state == .held && lanes?.contains(row.delivery.lane) ?? true
                    case .messages(let ids): ids.contains(row.delivery.id)
                    case .all: true
                    }
                guard isMeant else { continue }
                state.free(place, at: now)
                if state.rows[place].state == .pending {
                    revived.pending += 1
                } else {
                    revived.cancelled += 1
                }
            }
            return revived
        }
    }

    public func undelivered(limit: Int) async throws(StoreFailure) -> [DeliveryRecord] {
        try read { state in
            state.rows.reversed().filter { DeliveryState.undelivered.contains($0.state) }.prefix(limit)
                .map(\.record)
        }
    }

    public func queues() async throws(StoreFailure) -> [LaneID: LaneQueue] {
        try read { state in
            state.rows.reduce(into: [:]) { queues, row in
                switch row.state {
                case .pending, .sending, .deferred:
                    queues[row.delivery.lane, default: LaneQueue()].unsent += 1
                    if row.delivery.kind == .update { queues[row.delivery.lane]?.changes += 1 }
                case .held: queues[row.delivery.lane, default: LaneQueue()].held += 1
                case .sent, .failed, .unknown, .cancelled: break
                }
            }
        }
    }

    // MARK: Reading

    public func load(_ id: CaseID) async throws(StoreFailure) -> LeadCase? { try read { $0.cases[id] } }

    public func file(_ id: CaseID) async throws(StoreFailure) -> CaseFile? {
        try read { state in
            guard let subject = state.cases[id] else { return nil }
            let records = state.rows.filter { $0.delivery.caseID == id }.map(\.record)
            return CaseFile(
                subject: subject, history: state.histories[id] ?? [], deliveries: records,
                visits: state.visits[id] ?? [])
        }
    }

    public func ids(withPrefix prefix: String, limit: Int) async throws(StoreFailure) -> [CaseID] {
        try read { Array($0.order.filter { $0.text.hasPrefix(prefix) }.sorted().prefix(limit)) }
    }

    public func list(states: Set<LeadCase.StateName>, limit: Int) async throws(StoreFailure) -> [CaseSummary] {
        try read { state in
            let cases = state.order.reversed().compactMap { state.cases[$0] }
            return cases.filter { states.contains($0.stateName) }.prefix(limit).map { subject in
                CaseSummary(
                    id: subject.id, state: subject.stateName, title: Self.title(of: subject.lead),
                    rep: subject.assignment?.rep, openedAt: subject.openedAt, nextDeadline: subject.nextDeadline)
            }
        }
    }

    public func known(_ keys: [IntakeKey]) async throws(StoreFailure) -> Set<IntakeKey> {
        try read { state in Set(keys.filter { state.cases[$0.caseID] != nil }) }
    }

    public func turns() async throws(StoreFailure) -> [PersonID] {
        try read { state in
            let turns = state.order.reversed().compactMap { state.cases[$0]?.opening.turn }
            return turns.reduce(into: [PersonID]()) { if !$0.contains($1) { $0.append($1) } }.reversed()
        }
    }

    public func given(since: Timestamp) async throws(StoreFailure) -> [GivenLead] {
        try read { state in
            state.cases.values.compactMap { subject in
                guard
                    let entry = state.histories[subject.id]?.last(where: {
                        $0.event.assignment != nil || $0.event.isUndoing
                    }),
                    let rep = entry.event.assignment?.rep
                else { return nil }
                let isOpen = subject.assignment != nil
                guard isOpen || entry.at > since else { return nil }
                return GivenLead(
                    id: subject.id, rep: rep, at: entry.at, isOpen: isOpen, lead: subject.lead,
                    version: subject.version)
            }
        }
    }

    public func nextDeadline() async throws(StoreFailure) -> Timestamp? {
        try read { $0.cases.values.compactMap(\.nextDeadline).min() }
    }

    public func due(at now: Timestamp, limit: Int) async throws(StoreFailure) -> [CaseID] {
        try read { state in
            let due = state.order.compactMap { id in
                state.cases[id]?.nextDeadline.map { (deadline: $0, id: id) }
            }
            return due.filter { $0.deadline <= now }.stableSorted { $0.deadline }.prefix(limit).map(\.id)
        }
    }

    public func unasked(waitingFor lane: LaneID) throws(StoreFailure) -> [Addressee] {
        try read { state in
            let questions = state.rows.filter { MessageKind.asking.contains($0.delivery.kind) }
            let sent = Set(questions.filter { $0.state == .sent }.map { $0.delivery.addressee })
            let waiting = questions.filter {
                $0.delivery.lane == lane && [.pending, .deferred, .sending].contains($0.state)
                    && state.cases[$0.delivery.caseID]?.state == .waiting
            }
            return Array(Set(waiting.map { $0.delivery.addressee }).subtracting(sent))
        }
    }

    public func nextDelivery(within quota: LaneQuota) async throws(StoreFailure) -> Timestamp? {
        try read { state in
            state.rows.filter { row in
                switch quota.room(of: row.delivery.lane) {
                case .any(_, let changes): changes > 0 || !row.isWaitingChange
                case .urgent(_, let changes):
                    row.delivery.kind.isUrgent && row.state != .sending && (changes > 0 || !row.isWaitingChange)
                case .none: false
                }
            }.compactMap(\.due).min()
        }
    }

    // MARK: Parts

    private func read<Value: Sendable>(_ body: (State) -> Value) throws(StoreFailure) -> Value {
        try state.withLock { state throws(StoreFailure) in
            if let outage = state.outage { throw outage }
            return body(state)
        }
    }

    private func write<Value: Sendable>(_ body: (inout State) -> Value) throws(StoreFailure) -> Value {
        try state.withLock { state throws(StoreFailure) in
            if let outage = state.outage { throw outage }
            state.commits += 1
            return body(&state)
        }
    }

    private static func title(of lead: Lead) -> String {
        let asker = (lead[.company] ?? lead.personName).map { " for \($0)" } ?? ""
        return (lead.subject ?? "a lead") + asker
    }
}
