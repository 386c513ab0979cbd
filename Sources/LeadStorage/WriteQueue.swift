// Group commit: whatever has been asked of the store while the last transaction was on its way to the disk shares the
// next one. One fsync answers them all, which is where the speed comes from; nobody waits for a timer.
//
// When the shared transaction fails because of one of them, it is rolled back and repeated with a savepoint around
// each, so that only the culprit fails. When the database as a whole fails, all of them do.

import GRDB
import LeadCore
import Synchronization

/// Whether operations are written with or without a savepoint of their own.
enum Trial: Sendable {
    case together, apart

    /// Runs `body`; apart from the others, its fault is undone and returned, so the others can go on.
    func run<Value>(
        _ db: Database, _ path: String, _ body: () throws -> Value
    ) throws -> Result<Value, StoreFailure> {
        if self == .together { return .success(try body()) }
        var value: Value?
        do {
            try db.inSavepoint {
                value = try body()
                return .commit
            }
        } catch  where error.concernsOneOperation && db.isInsideTransaction {
            return .failure(StoreFailure(error, path: path))
        }
        // A savepoint that has ended without a fault has run its body.
        guard let value else { return .failure(.closed(path)) }
        return .success(value)
    }
}

/// The one way to the database's writing connection.
final class WriteQueue: Sendable {
    /// Something to be written, and whom to tell.
    struct Operation: Sendable {
        /// Writes within the open transaction; what it returns is called once that is durable.
        let write: @Sendable (Database, Trial) throws -> @Sendable () -> Void
        /// Called instead when nothing was written.
        let fail: @Sendable (StoreFailure) -> Void
    }

    private struct State {
        var waiting: [Operation] = []
        /// From the moment at which somebody is to drain what waits until nothing is left.
        var isDraining = false
        var isClosed = false
        /// Who waits for the end of all that came before.
        var closers: [CheckedContinuation<Void, Never>] = []
    }

    private let pool: DatabasePool
    private let path: String
    private let mayWait: @Sendable () -> Bool
    private let state = Mutex(State())

    /// The way to `pool`, the database at `path`. Where `mayWait` says that the calling thread may wait for the disk, it
    /// writes a little thing itself, and need neither wake another nor be woken.
    init(pool: DatabasePool, path: String, mayWait: @escaping @Sendable () -> Bool = { false }) {
        self.pool = pool
        self.path = path
        self.mayWait = mayWait
    }

    /// Writes what `write` does and returns what it returned, once that is durable.
    func perform<Value: Sendable>(
        isLittle: Bool = false,
        _ write: @escaping @Sendable (Database, Trial) throws -> Result<Value, StoreFailure>
    ) async -> Result<Value, StoreFailure> {
        await withCheckedContinuation { continuation in
            submit(
                Operation(
                    write: { db, trial in
                        let result = try write(db, trial)
                        return { continuation.resume(returning: result) }
                    },
                    fail: { continuation.resume(returning: .failure($0)) }), isLittle: isLittle)
        }
    }

    /// Refuses whatever comes from now on and returns when all that came before is done.
    func close() async {
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                state.isClosed = true
                if state.isDraining { state.closers.append(continuation) }
                return !state.isDraining
            }
            if isDone { continuation.resume() }
        }
    }

    private func submit(_ operation: Operation, isLittle: Bool) {
        enum Admission { case refused, waits, first }
        let admission = state.withLock { state -> Admission in
            guard !state.isClosed else { return .refused }
            state.waiting.append(operation)
            guard !state.isDraining else { return .waits }
            state.isDraining = true
            return .first
        }
        switch admission {
        case .refused: operation.fail(.closed(path))
        case .waits: break
        // Not within the lock, on which the thread that is woken would wait at once.
        case .first:
            guard isLittle, mayWait() else { return drain() }
            pool.writeWithoutTransaction { db in write(takeWaiting(), db) }
            // What has come meanwhile is no longer this thread's.
            if !isDone() { drain() }
        }
    }

    private func drain() {
        pool.asyncWriteWithoutTransaction { [self] db in while !isDone() { write(takeWaiting(), db) } }
    }

    /// True when nothing waits; whoever closes is told.
    private func isDone() -> Bool {
        let closers = state.withLock { state -> [CheckedContinuation<Void, Never>]? in
            guard state.waiting.isEmpty else { return nil }
            state.isDraining = false
            defer { state.closers = [] }
            return state.closers
        }
        for closer in closers ?? [] { closer.resume() }
        return closers != nil
    }

    private func takeWaiting() -> [Operation] {
        state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
    }

    private func write(_ operations: [Operation], _ db: Database) {
        do {
            for done in try transact(operations, db, .together) { done() }
        } catch  where error.concernsOneOperation {
            repeatApart(operations, db)
        } catch {
            fail(operations, error)
        }
    }

    private func repeatApart(_ operations: [Operation], _ db: Database) {
        do {
            for done in try transact(operations, db, .apart) { done() }
        } catch {
            fail(operations, error)
        }
    }

    private func transact(
        _ operations: [Operation], _ db: Database, _ trial: Trial
    ) throws -> [@Sendable () -> Void] {
        var done: [@Sendable () -> Void] = []
        done.reserveCapacity(operations.count)
        try db.inTransaction(.immediate) {
            for operation in operations { done.append(try operation.write(db, trial)) }
            return .commit
        }
        return done
    }

    private func fail(_ operations: [Operation], _ error: any Error) {
        let failure = StoreFailure(error, path: path)
        for operation in operations { operation.fail(failure) }
    }
}

extension Error {
    /// True when another operation may well succeed where this one failed.
    fileprivate var concernsOneOperation: Bool {
        guard let error = self as? DatabaseError else { return self is Damage }
        switch error.resultCode {
        case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG, .SQLITE_CORRUPT, .SQLITE_ERROR: return true
        default: return false
        }
    }
}
