// What the memory store holds, and the rules by which deliveries move between their states.

import LeadCore

extension MemoryCaseStore {
    struct Row {
        let delivery: Delivery
        var state: DeliveryState
        var attempts: Int
        var nextAttempt: Timestamp?
        var lease: Lease?
        var changedAt: Timestamp
        var detail: String?
        var digest: DigestID?
        var copies: Set<PostedCopy> = []
        var carrier: DeliveryID?

        var record: DeliveryRecord {
            DeliveryRecord(
                delivery: delivery, state: state, attempts: attempts, nextAttempt: nextAttempt,
                changedAt: changedAt,
                detail: detail, copies: copies.sorted { $0.text < $1.text }, carrier: carrier)
        }

        /// When it may be taken up; nil once it has ended.
        var due: Timestamp? { state == .sending ? lease?.until : nextAttempt }

        /// Whether it is one of the changes of which a quota lets in so many.
        var isWaitingChange: Bool { delivery.kind == .update && state != .sending }
    }

    struct State {
        /// In the order in which they were opened.
        var order: [CaseID] = []
        var cases: [CaseID: LeadCase] = [:]
        var histories: [CaseID: [HistoryEntry]] = [:]
        var visits: [CaseID: [Visit]] = [:]
        var rows: [Row] = []
        var places: [DeliveryID: Int] = [:]
        var absences: [Absence] = []
        var outage: StoreFailure?
        var commits = 0
    }
}

extension MemoryCaseStore.State {
    /// Checks first and writes after, so a refused transition leaves nothing behind.
    mutating func apply(_ transition: Transition, birth: BirthLease?) -> ApplyResult {
        let result = transition.result
        let first = transition.expected + 1
        guard first <= result.version, transition.entries.map(\.sequence) == Array(first...result.version),
            transition.deliveries.allSatisfy({ $0.caseID == result.id })
        else { return .failed(StoreFailure(.damaged, "the transition of case \(result.id) contradicts itself")) }
        if transition.expected == 0 {
            guard cases[result.id] == nil else { return .duplicate }
            order.append(result.id)
        } else {
            guard cases[result.id]?.version == transition.expected else { return .stale }
        }
        cases[result.id] = result
        histories[result.id, default: []] += transition.entries
        let now = transition.entries.last?.at ?? result.openedAt
        for place in rows.indices where rows[place].delivery.caseID == result.id {
            let isUnsent = [.pending, .deferred, .held].contains(rows[place].state)
            if isUnsent, transition.cancels.contains(rows[place].delivery.kind) {
                end(place, .cancelled, at: now, Self.overtaken)
            }
        }
        for delivery in transition.deliveries where places[delivery.id] == nil {
            places[delivery.id] = rows.count
            if delivery.kind == .event {
                let isFirst = unsentEvent(of: delivery) == nil
                rows.append(
                    MemoryCaseStore.Row(
                        delivery: delivery, state: .pending, attempts: 0,
                        nextAttempt: isFirst ? delivery.createdAt : Self.never, changedAt: delivery.createdAt))
                continue
            }
            let lease = birth?.lease(of: delivery)
            rows.append(
                MemoryCaseStore.Row(
                    delivery: delivery, state: lease == nil ? .pending : .sending, attempts: lease == nil ? 0 : 1,
                    nextAttempt: lease == nil ? delivery.createdAt : nil, lease: lease,
                    changedAt: delivery.createdAt))
        }
        return .applied
    }

    mutating func take(
        at now: Timestamp, lease: Lease, quota: LaneQuota
    ) -> [LeasedDelivery] {
        var taken: [LaneID: Int] = [:]
        var changes: [LaneID: Int] = [:]
        var leased: [LeasedDelivery] = []
        var beyond: [Int] = []
        let due = rows.indices.compactMap { place in rows[place].due.map { (at: $0, place: place) } }
        let inOrder = due.filter { $0.at <= now }.stableSorted(by: \.at).map { one in
            (place: one.place, isUrgent: rows[one.place].delivery.kind.isUrgent)
        }
        for (place, isUrgent) in inOrder.filter(\.isUrgent) + inOrder.filter({ !$0.isUrgent }) {
            let lane = rows[place].delivery.lane
            let isWaitingChange = rows[place].isWaitingChange
            let (room, changeRoom) =
                switch quota.room(of: lane) {
                case .any(let count, let changes): (count, changes)
                case .urgent(let count, let changes): (isUrgent ? count : 0, changes)
                case .none: (0, 0)
                }
            if taken[lane, default: 0] >= room || isWaitingChange && changes[lane, default: 0] >= changeRoom {
                beyond.append(place)
            } else if let delivery = take(place, at: now, lease) {
                taken[lane, default: 0] += 1
                if isWaitingChange { changes[lane, default: 0] += 1 }
                leased.append(delivery)
            }
        }
        // A digest is one message, and goes whole.
        var digests: [LaneID: Set<DigestID>] = [:]
        for one in leased { if let digest = one.digest { digests[one.delivery.lane, default: []].insert(digest) } }
        for place in beyond {
            guard let digest = rows[place].digest, digests[rows[place].delivery.lane]?.contains(digest) == true else {
                continue
            }
            if let delivery = take(place, at: now, lease) { leased.append(delivery) }
        }
        return leased
    }

    /// Nil for what has been overtaken, which ends.
    private mutating func take(_ place: Int, at now: Timestamp, _ lease: Lease) -> LeasedDelivery? {
        if isOvertaken(place) {
            end(place, .cancelled, at: now, Self.overtaken)
            return nil
        }
        rows[place].state = .sending
        rows[place].attempts += 1
        rows[place].nextAttempt = nil
        rows[place].lease = lease
        rows[place].changedAt = now
        return LeasedDelivery(
            delivery: rows[place].delivery, attempt: rows[place].attempts, lease: lease, digest: rows[place].digest)
    }

    mutating func settle(_ settlement: Settlement) {
        if let copy = settlement.copy, let place = places[settlement.leased.delivery.id] {
            rows[place].copies.insert(copy)
        }
        if let carrier = settlement.carrier, let place = places[settlement.leased.delivery.id] {
            rows[place].carrier = carrier
        }
        guard let place = held(settlement.leased) else { return }
        switch settlement.verdict {
        case .sent(let detail): end(place, .sent, at: settlement.at, detail)
        case .failed(let reason): end(place, .failed, at: settlement.at, reason)
        case .cancelled(let reason): end(place, .cancelled, at: settlement.at, reason)
        case .unknown(let reason): end(place, .unknown, at: settlement.at, reason)
        case .held where isOvertaken(place): end(place, .cancelled, at: settlement.at, Self.overtaken)
        case .held(let reason): end(place, .held, at: settlement.at, reason)
        case .tryAgain where isOvertaken(place): end(place, .cancelled, at: settlement.at, Self.overtaken)
        case .tryAgain(let next, let reason):
            end(place, .deferred, at: settlement.at, reason)
            rows[place].nextAttempt = next
        }
        let delivery = rows[place].delivery
        guard delivery.kind == .event, rows[place].state != .deferred, rows[place].state != .held,
            let next = unsentEvent(of: delivery), rows[next].state == .pending, rows[next].nextAttempt == Self.never
        else { return }
        rows[next].nextAttempt = settlement.at
    }

    /// When an event is due that waits for the one before.
    static let never = Timestamp(milliseconds: 253_402_214_400_000)

    /// The first unsent event of the same case on the same channel.
    private func unsentEvent(of delivery: Delivery) -> Int? {
        rows.indices.first { place in
            let row = rows[place]
            return row.delivery.kind == .event && row.delivery.caseID == delivery.caseID
                && row.delivery.channel == delivery.channel
                && [.pending, .sending, .deferred, .held].contains(row.state)
        }
    }

    /// The row that `leased` still holds; nil when another has it or it has ended.
    func held(_ leased: LeasedDelivery) -> Int? {
        guard let place = places[leased.delivery.id], rows[place].state == .sending,
            rows[place].lease?.owner == leased.lease.owner, rows[place].attempts == leased.attempt
        else { return nil }
        return place
    }

    mutating func free(_ place: Int, at now: Timestamp) {
        if isOvertaken(place) { return end(place, .cancelled, at: now, Self.overtaken) }
        rows[place].state = .pending
        rows[place].lease = nil
        rows[place].nextAttempt = now
        rows[place].changedAt = now
    }

    private static let overtaken = "no longer needed: the case has moved on"

    private func isOvertaken(_ place: Int) -> Bool {
        let delivery = rows[place].delivery
        guard MessageKind.asking.contains(delivery.kind), let subject = cases[delivery.caseID] else { return false }
        switch subject.stateName {
        case .assigned, .working, .closed: return true
        case .waiting, .claimed: return false
        }
    }

    private mutating func end(_ place: Int, _ state: DeliveryState, at now: Timestamp, _ detail: String) {
        rows[place].state = state
        rows[place].nextAttempt = nil
        rows[place].lease = nil
        rows[place].changedAt = now
        rows[place].detail = detail
    }
}

extension Array {
    /// Sorted by `key`; equals stay in their order.
    func stableSorted(by key: (Element) -> Timestamp) -> [Element] {
        enumerated().sorted { (key($0.element), $0.offset) < (key($1.element), $1.offset) }.map(\.element)
    }
}
