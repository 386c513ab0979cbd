// The house's real parts under watch: each passes everything on to the real store, spool or channel, writes down what
// happened, and stops having effects when the run it belongs to is over.

import LeadCore
import Synchronization

/// The real store, with an outage, a poisoned case and one that takes long to read on request.
final class WatchedStore: CaseStore, AbsenceStore {
    private struct Faults {
        var outage: StoreFailure?
        var poisoned: Set<CaseID> = []
        var slow: CaseID?
    }

    private let store: any CaseStore & AbsenceStore
    private let journal: Journal
    private let life: Life
    private let faults = Mutex(Faults())
    private let bell = Bell()

    init(_ store: any CaseStore & AbsenceStore, journal: Journal, life: Life) {
        self.store = store
        self.journal = journal
        self.life = life
    }

    /// While set, whatever is asked fails with it.
    func setOutage(_ failure: StoreFailure?) { faults.withLock { $0.outage = failure } }

    /// Cases that can't be read.
    func setPoisoned(_ ids: Set<CaseID>) { faults.withLock { $0.poisoned = ids } }

    /// A case whose file isn't read until this is another one.
    func setSlow(_ id: CaseID?) {
        faults.withLock { $0.slow = id }
        bell.ring()
    }

    // MARK: Absences

    func absences(endingAfter now: Timestamp) async throws(StoreFailure) -> [Absence] {
        try await store.absences(endingAfter: now)
    }

    func record(_ absence: Absence, at now: Timestamp) async throws(StoreFailure) {
        try await store.record(absence, at: now)
    }

    func endAbsences(of person: PersonID, at now: Timestamp) async throws(StoreFailure) -> Int {
        try await store.endAbsences(of: person, at: now)
    }

    // MARK: Writing

    func apply(_ transitions: [Transition], birth: BirthLease?) async -> [ApplyResult] {
        guard life.survives(.beforeCommit) else { return transitions.map { _ in .failed(Life.ended) } }
        let results: [ApplyResult]
        if let outage = faults.withLock({ $0.outage }) {
            results = transitions.map { _ in .failed(outage) }
        } else {
            results = await store.apply(transitions, birth: birth)
        }
        guard life.survives(.afterCommit) else { return transitions.map { _ in .failed(Life.ended) } }
        let commit = Commit(transitions: transitions, birth: birth, results: results)
        journal.amend { state in
            state.commits.append(commit)
            if results.contains(.applied) { state.activity += 1 }
            guard let birth else { return }
            for (transition, result) in zip(transitions, results) where result == .applied {
                // Events are never born in hand.
                for delivery in transition.deliveries where delivery.kind != .event && birth.lease(of: delivery) != nil
                {
                    state.inHand[delivery.id] = delivery.lane
                }
            }
        }
        return results
    }

    func take(
        at now: Timestamp, lease: Lease, quota: LaneQuota
    ) async throws(StoreFailure) -> [LeasedDelivery] {
        try check()
        let taken = try await store.take(at: now, lease: lease, quota: quota)
        if !taken.isEmpty {
            journal.record { state in
                state.taken += taken
                for one in taken { state.inHand[one.delivery.id] = one.delivery.lane }
            }
        }
        return taken
    }

    func settle(_ settlements: [Settlement]) async throws(StoreFailure) {
        // Whether it can be recorded or not, the dispatcher is done with the attempt.
        defer {
            journal.record { state in
                for settlement in settlements { state.inHand[settlement.leased.delivery.id] = nil }
            }
        }
        guard life.survives(.beforeRecording) else { throw Life.ended }
        try check()
        try await store.settle(settlements)
        guard life.survives(.afterRecording) else { throw Life.ended }
    }

    func handBack(_ leased: [LeasedDelivery], at now: Timestamp) async throws(StoreFailure) {
        try check()
        try await store.handBack(leased, at: now)
        journal.record { state in
            for one in leased { state.inHand[one.delivery.id] = nil }
        }
    }

    func keep(_ visit: Visit, of id: CaseID) async throws(StoreFailure) {
        try check()
        try await store.keep(visit, of: id)
    }

    func hold(_ held: [HeldDelivery], at now: Timestamp) async throws(StoreFailure) {
        try check()
        try await store.hold(held, at: now)
        journal.record { state in
            for one in held { state.inHand[one.leased.delivery.id] = nil }
        }
    }

    func reclaim(except owner: InstanceID, at now: Timestamp) async throws(StoreFailure) {
        try check()
        try await store.reclaim(except: owner, at: now)
    }

    func revive(_ which: Revival, at now: Timestamp) async throws(StoreFailure) -> Revived {
        try check()
        let revived = try await store.revive(which, at: now)
        if revived.pending > 0 { journal.record { _ in } }
        return revived
    }

    func undelivered(limit: Int) async throws(StoreFailure) -> [DeliveryRecord] {
        try check()
        return try await store.undelivered(limit: limit)
    }

    func unasked(waitingFor lane: LaneID) async throws(StoreFailure) -> [Addressee] {
        try check()
        return try await store.unasked(waitingFor: lane)
    }

    func queues() async throws(StoreFailure) -> [LaneID: LaneQueue] {
        try check()
        return try await store.queues()
    }

    // MARK: Reading

    func load(_ id: CaseID) async throws(StoreFailure) -> LeadCase? {
        try check(id)
        return try await store.load(id)
    }

    func file(_ id: CaseID) async throws(StoreFailure) -> CaseFile? {
        while faults.withLock({ $0.slow }) == id { await bell.wait() }
        try check(id)
        return try await store.file(id)
    }

    func letters(
        about id: CaseID, to person: PersonID, by channel: ChannelID
    ) async throws(StoreFailure) -> [DeliveryRecord] {
        try check(id)
        return try await store.letters(about: id, to: person, by: channel)
    }

    func ids(withPrefix prefix: String, limit: Int) async throws(StoreFailure) -> [CaseID] {
        try check()
        return try await store.ids(withPrefix: prefix, limit: limit)
    }

    func list(states: Set<LeadCase.StateName>, limit: Int) async throws(StoreFailure) -> [CaseSummary] {
        try check()
        return try await store.list(states: states, limit: limit)
    }

    func known(_ keys: [IntakeKey]) async throws(StoreFailure) -> Set<IntakeKey> {
        try check()
        return try await store.known(keys)
    }

    func given(since: Timestamp) async throws(StoreFailure) -> [GivenLead] {
        try check()
        return try await store.given(since: since)
    }

    func turns() async throws(StoreFailure) -> [PersonID] {
        try check()
        return try await store.turns()
    }

    func nextDeadline() async throws(StoreFailure) -> Timestamp? {
        try check()
        return try await store.nextDeadline()
    }

    func due(at now: Timestamp, limit: Int) async throws(StoreFailure) -> [CaseID] {
        try check()
        return try await store.due(at: now, limit: limit)
    }

    func nextDelivery(within quota: LaneQuota) async throws(StoreFailure) -> Timestamp? {
        try check()
        return try await store.nextDelivery(within: quota)
    }

    private func check(_ id: CaseID? = nil) throws(StoreFailure) {
        if life.isOver { throw Life.ended }
        let (outage, isPoisoned) = faults.withLock { ($0.outage, id.map($0.poisoned.contains) ?? false) }
        if let outage { throw outage }
        if isPoisoned { throw StoreFailure(.damaged, "the history of the case can't be replayed") }
    }
}

/// The real spool.
struct WatchedSource: LeadSource {
    let source: any LeadSource
    let journal: Journal
    let life: Life

    func next(limit: Int) async -> [IntakeFile]? {
        guard !life.isOver, let files = await source.next(limit: limit), !life.isOver else { return nil }
        journal.record { state in
            state.openBatches += 1
            for file in files { state.given[file.name, default: 0] += 1 }
        }
        return files
    }

    func retire(_ files: [IntakeFile]) async {
        guard life.survives(.beforeRemoval) else { return }
        await source.retire(files)
        guard life.survives(.afterRemoval) else { return }
        journal.record { _ in }
    }

    func release(_ files: [IntakeFile]) async {
        guard !life.isOver else { return }
        await source.release(files)
    }

    /// The intake loop asks for notices at the end of each batch.
    func notices() async -> [IntakeNotice] {
        defer { journal.amend { $0.openBatches -= 1 } }
        return life.isOver ? [] : await source.notices()
    }
}

/// A scripted or a real channel.
struct WatchedChannel: Channel {
    let channel: any Channel
    let clock: any TimeSource
    let journal: Journal
    let life: Life

    var id: ChannelID { channel.id }

    func send(_ briefing: Briefing, to address: Secret) async -> DeliveryOutcome {
        await watch(briefing) { await channel.send(briefing, to: address) }
    }

    /// Notes what `sending` says of `briefing`.
    func watch(_ briefing: Briefing, _ sending: () async -> DeliveryOutcome) async -> DeliveryOutcome {
        guard life.survives(.beforeSending) else { return .deferred(reason: "this run is over", retryAfter: nil) }
        let begun = clock.now()
        journal.record { state in
            let lane = state.inHand[briefing.deliveryID] ?? LaneID(id.text)
            state.underWay[briefing.deliveryID] = (lane, id)
        }
        let outcome = await sending()
        // The id says whom the message is for: CASE.SEQUENCE.KIND.PERSON.CHANNEL.
        let parts = briefing.deliveryID.text.split(separator: ".")
        let letter = Letter(
            delivery: briefing.deliveryID, caseID: briefing.caseID, person: PersonID(String(parts[3])), channel: id,
            kind: briefing.kind, briefing: briefing, begun: begun, outcome: outcome)
        journal.record { state in
            state.underWay[briefing.deliveryID] = nil
            state.letters.append(letter)
        }
        guard life.survives(.afterSending) else { return .deferred(reason: "this run is over", retryAfter: nil) }
        return outcome
    }

    func close() async { await channel.close() }
    var complaint: String? { channel.complaint }
    func resume() { channel.resume() }
}
