// A store that passes everything on to another, for tests that meddle with a call or two.

import LeadCore

/// A store over another one; what a conforming type doesn't do itself is passed on.
protocol PassingStore: CaseStore {
    var base: any CaseStore { get }
}

extension PassingStore {
    func given(since: Timestamp) async throws(StoreFailure) -> [GivenLead] { try await base.given(since: since) }
    func turns() async throws(StoreFailure) -> [PersonID] { try await base.turns() }
    func apply(_ transitions: [Transition], birth: BirthLease?) async -> [ApplyResult] {
        await base.apply(transitions, birth: birth)
    }
    func load(_ id: CaseID) async throws(StoreFailure) -> LeadCase? { try await base.load(id) }
    func file(_ id: CaseID) async throws(StoreFailure) -> CaseFile? { try await base.file(id) }
    func letters(
        about id: CaseID, to person: PersonID, by channel: ChannelID
    ) async throws(StoreFailure) -> [DeliveryRecord] {
        try await base.letters(about: id, to: person, by: channel)
    }
    func ids(withPrefix prefix: String, limit: Int) async throws(StoreFailure) -> [CaseID] {
        try await base.ids(withPrefix: prefix, limit: limit)
    }
    func list(states: Set<LeadCase.StateName>, limit: Int) async throws(StoreFailure) -> [CaseSummary] {
        try await base.list(states: states, limit: limit)
    }
    func known(_ keys: [IntakeKey]) async throws(StoreFailure) -> Set<IntakeKey> { try await base.known(keys) }
    func nextDeadline() async throws(StoreFailure) -> Timestamp? { try await base.nextDeadline() }
    func due(at now: Timestamp, limit: Int) async throws(StoreFailure) -> [CaseID] {
        try await base.due(at: now, limit: limit)
    }
    func take(
        at now: Timestamp, lease: Lease, quota: LaneQuota
    ) async throws(StoreFailure) -> [LeasedDelivery] {
        try await base.take(at: now, lease: lease, quota: quota)
    }
    func nextDelivery(within quota: LaneQuota) async throws(StoreFailure) -> Timestamp? {
        try await base.nextDelivery(within: quota)
    }
    func settle(_ settlements: [Settlement]) async throws(StoreFailure) { try await base.settle(settlements) }
    func handBack(_ leased: [LeasedDelivery], at now: Timestamp) async throws(StoreFailure) {
        try await base.handBack(leased, at: now)
    }
    func keep(_ visit: Visit, of id: CaseID) async throws(StoreFailure) { try await base.keep(visit, of: id) }
    func hold(_ held: [HeldDelivery], at now: Timestamp) async throws(StoreFailure) {
        try await base.hold(held, at: now)
    }
    func reclaim(except owner: InstanceID, at now: Timestamp) async throws(StoreFailure) {
        try await base.reclaim(except: owner, at: now)
    }
    func revive(_ which: Revival, at now: Timestamp) async throws(StoreFailure) -> Revived {
        try await base.revive(which, at: now)
    }
    func undelivered(limit: Int) async throws(StoreFailure) -> [DeliveryRecord] {
        try await base.undelivered(limit: limit)
    }
    func unasked(waitingFor lane: LaneID) async throws(StoreFailure) -> [Addressee] {
        try await base.unasked(waitingFor: lane)
    }
    func queues() async throws(StoreFailure) -> [LaneID: LaneQueue] { try await base.queues() }
}
