// The store on SQLite, through GRDB: one writing connection behind a group-commit queue, two reading ones beside it.
// A commit is on the disk when a call returns. Fails with a `StoreFailure` whose sentence says what to do. Made by the
// program; everyone else knows it as a `CaseStore`.

import GRDB
import LeadCore
import Synchronization

/// Cases, history and outbox in one SQLite database.
public final class SQLiteCaseStore: CaseStore {
    private let path: String
    private let connection: Connection
    private let queue: WriteQueue?
    private let readers: ReadQueues
    private let isClosed = Mutex(false)
    /// Whether leads of the same person are to be found.
    let likenessState = Mutex(LikenessState.off)

    /// Opens the database at `path`; with `.exclusive` access, creates it where there is none and brings it up to date.
    ///
    /// Fails when another daemon has it, when it isn't a sound database of this program or of a newer one, and when the
    /// disk refuses. `mayWait` says whether the thread that calls may itself wait for the disk; otherwise threads of the
    /// store's do.
    public init(
        path: String, access: Access = .exclusive, mayWait: @escaping @Sendable () -> Bool = { false }
    ) throws(StoreFailure) {
        let file = StoreFile(path: path)
        self.path = file.path
        connection = try Connection(file, access: access)
        readers = ReadQueues(count: Connection.readers, mayWait: mayWait)
        queue = access == .exclusive ? WriteQueue(pool: connection.pool, path: file.path, mayWait: mayWait) : nil
    }

    /// Ends what is being written, closes the database and gives the lock up; whatever is asked later fails.
    public func close() async throws(StoreFailure) {
        let wasOpen = isClosed.withLock { isClosed in
            defer { isClosed = true }
            return !isClosed
        }
        guard wasOpen else { return }
        await queue?.close()
        do {
            try connection.pool.close()
            // The connection that closes last folds the log into the database, and only one that writes can; the pool
            // closes those that read last.
            if queue != nil {
                let last = try DatabaseQueue(path: path)
                _ = try await last.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") }
                try last.close()
            }
        } catch {
            throw StoreFailure(error, path: path)
        }
        connection.lock?.release()
    }

    // MARK: Writing

    public func apply(_ transitions: [Transition], birth: BirthLease?) async -> [ApplyResult] {
        guard !transitions.isEmpty else { return [] }
        let state = likenessState.withLock { $0 }
        let findsAlike = state != .off
        let prepared = transitions.map { transition in
            Result { () throws(StoreFailure) in try PreparedTransition(transition, findsAlike: findsAlike) }
        }
        let path = path
        let isLittle = transitions.count == 1
        let outcome: Result<[ApplyResult], StoreFailure> = await write(isLittle: isLittle) { db, trial in
            let writer = try CaseWriter(db)
            let results = try prepared.map { one -> ApplyResult in
                switch one {
                case .failure(let failure): return .failed(failure)
                case .success(let prepared):
                    switch try trial.run(db, path, { try writer.apply(prepared, birth: birth) }) {
                    case .success(let result): return result
                    case .failure(let failure): return .failed(failure)
                    }
                }
            }
            if state == .on { try Query(db, LikenessSQL.mark).run() }
            return .success(results)
        }
        switch outcome {
        case .success(let results): return results
        case .failure(let failure): return transitions.map { _ in .failed(failure) }
        }
    }

    public func take(
        at now: Timestamp, lease: Lease, quota: LaneQuota
    ) async throws(StoreFailure) -> [LeasedDelivery] {
        try await writeOne { db in
            try DeliveryWriter(db).take(at: now, lease: lease, quota: quota)
        }
    }

    public func settle(_ settlements: [Settlement]) async throws(StoreFailure) {
        guard !settlements.isEmpty else { return }
        try await writeOne { db in try DeliveryWriter(db).settle(settlements) }
    }

    public func handBack(_ leased: [LeasedDelivery], at now: Timestamp) async throws(StoreFailure) {
        guard !leased.isEmpty else { return }
        try await writeOne { db in try DeliveryWriter(db).handBack(leased, at: now) }
    }

    public func hold(_ held: [HeldDelivery], at now: Timestamp) async throws(StoreFailure) {
        guard !held.isEmpty else { return }
        try await writeOne { db in try DeliveryWriter(db).hold(held, at: now) }
    }

    public func keep(_ visit: Visit, of id: CaseID) async throws(StoreFailure) {
        _ = try await writeOne { db in
            try Query(db, VisitSQL.keep).run(visit.person.text, visit.entrance.text, visit.at.milliseconds, id.text)
        }
    }

    public func reclaim(except owner: InstanceID, at now: Timestamp) async throws(StoreFailure) {
        try await writeOne { db in try DeliveryWriter(db).reclaim(except: owner, at: now) }
    }

    @discardableResult
    public func revive(_ which: Revival, at now: Timestamp) async throws(StoreFailure) -> Revived {
        try await writeOne { db in try DeliveryWriter(db).revive(which, at: now) }
    }

    func writeOne<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreFailure) -> Value {
        let path = path
        return try await write { db, trial in try trial.run(db, path) { try body(db) } }.get()
    }

    private func write<Value: Sendable>(
        isLittle: Bool = false, _ body: @escaping @Sendable (Database, Trial) throws -> Result<Value, StoreFailure>
    ) async -> Result<Value, StoreFailure> {
        guard let queue else { return .failure(.readingOnly(path)) }
        return await queue.perform(isLittle: isLittle, body)
    }

    // MARK: Reading

    public func load(_ id: CaseID) async throws(StoreFailure) -> LeadCase? {
        try await read { reader in try reader.load(id) }
    }

    public func file(_ id: CaseID) async throws(StoreFailure) -> CaseFile? {
        try await read { reader in try reader.file(id) }
    }

    public func letters(
        about id: CaseID, to person: PersonID, by channel: ChannelID
    ) async throws(StoreFailure) -> [DeliveryRecord] {
        try await read { reader in try reader.letters(about: id, to: person, by: channel) }
    }

    public func ids(withPrefix prefix: String, limit: Int) async throws(StoreFailure) -> [CaseID] {
        try await read { reader in try reader.ids(withPrefix: prefix, limit: limit) }
    }

    public func list(states: Set<LeadCase.StateName>, limit: Int) async throws(StoreFailure) -> [CaseSummary] {
        try await read { reader in try reader.list(states: states, limit: limit) }
    }

    public func known(_ keys: [IntakeKey]) async throws(StoreFailure) -> Set<IntakeKey> {
        guard !keys.isEmpty else { return [] }
        return try await read { reader in try reader.known(keys) }
    }

    public func given(since: Timestamp) async throws(StoreFailure) -> [GivenLead] {
        try await read { reader in try reader.given(since: since) }
    }

    public func turns() async throws(StoreFailure) -> [PersonID] {
        try await read { reader in try reader.turns() }
    }

    public func nextDeadline() async throws(StoreFailure) -> Timestamp? {
        try await read { reader in try reader.nextDeadline() }
    }

    public func due(at now: Timestamp, limit: Int) async throws(StoreFailure) -> [CaseID] {
        try await read { reader in try reader.due(at: now, limit: limit) }
    }

    public func nextDelivery(within quota: LaneQuota) async throws(StoreFailure) -> Timestamp? {
        try await read { reader in try reader.nextDelivery(within: quota) }
    }

    public func undelivered(limit: Int) async throws(StoreFailure) -> [DeliveryRecord] {
        try await read { reader in try reader.undelivered(limit: limit) }
    }

    public func queues() async throws(StoreFailure) -> [LaneID: LaneQueue] {
        try await read { reader in try reader.queues() }
    }

    /// Reads without regard to the task's cancellation: a loop that ends still wants to know where it stood.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (CaseReader) throws -> Value
    ) async throws(StoreFailure) -> Value {
        let path = path
        let result: Result<Value, StoreFailure> = await readers.perform { [self] in
            guard !isClosed.withLock({ $0 }) else { return .failure(.closed(path)) }
            do {
                return .success(try connection.pool.read { db in try body(CaseReader(db, path: path)) })
            } catch {
                return .failure(StoreFailure(error, path: path))
            }
        }
        return try result.get()
    }
}
