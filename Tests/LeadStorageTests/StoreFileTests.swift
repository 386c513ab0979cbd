// The database as files: who may read them, who may open them, and what survives the process.

import Dispatch
import Foundation
import GRDB
import LeadCore
import LeadTestKit
import Synchronization
import Testing

@testable import LeadStorage

@Suite("The SQLite store's files")
struct StoreFileTests {
    private let folder = TemporaryDirectory()
    private var path: String { folder.file("leadbell.sqlite") }

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test("are private, whatever the umask")
    func arePrivate() async throws {
        let old = umask(0)
        defer { umask(old) }
        let path = folder.file("var/lib/leadbell.sqlite")
        let store = try SQLiteCaseStore(path: path)
        _ = await store.apply([Sample.opening()], lease: nil)
        _ = try await store.load(Sample.opening().result.id)
        for name in [path, path + "-wal", path + "-shm", path + ".lock"] { #expect(try mode(name) == 0o600, "\(name)") }
        for name in ["var", "var/lib"] { #expect(try mode(folder.file(name)) == 0o700, "\(name)") }
        try await store.close()
    }

    @Test("hold everything that was applied, though nobody closed them")
    func surviveWithoutClosing() async throws {
        let store = try SQLiteCaseStore(path: path)
        let openings = (0..<50).map { Sample.opening(Sample.lead($0)) }
        #expect(await store.apply(openings, lease: Bench.lease).allSatisfy { $0 == .applied })
        let settled = openings[7].deliveries[0]
        try await store.settle([
            Settlement(
                leased: LeasedDelivery(delivery: settled, attempt: 1, lease: Bench.lease),
                verdict: .sent(detail: "ok"), at: Sample.start)
        ])
        // As a crash leaves them: the log is there, its index is gone.
        let copy = folder.file("copy.sqlite")
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
        }
        let revived = try SQLiteCaseStore(path: copy)
        for opening in openings { #expect(try await revived.load(opening.result.id) == opening.result) }
        let records = try #require(try await revived.file(openings[7].result.id)).deliveries
        #expect(records.map(\.state) == [.sent, .sending])
        try await revived.close()
        try await store.close()
    }

    @Test("of before know no entrances: what was done then has none, and what is done from now on has")
    func entrances() async throws {
        let former = try await makeFormerDatabase(
            at: path, without: "entrances", undoing: "ALTER TABLE history DROP COLUMN entrance")
        let migrated = try SQLiteCaseStore(path: path)
        let mail = Entrance(channel: "mail", sequence: 2)
        let claim = try former.decide(
            .claim(by: "dana"), now: Sample.start, rulebook: Sample.rulebook(), through: mail)
        #expect(await migrated.apply([claim], lease: nil) == [.applied])
        let history = try #require(try await migrated.file(former.id)).history
        #expect(history.map(\.entrance) == [nil, nil, mail])
        try await migrated.close()
    }

    @Test("of before have what waits and what reached nobody by the indexes of now, and lose none of it")
    func indexes() async throws {
        let former = try await makeFormerDatabase(
            at: path, without: "undelivered, without a set", "ranks",
            undoing: """
                DROP INDEX deliveries_undelivered;
                CREATE INDEX deliveries_undelivered ON deliveries (lane, number)
                    WHERE state IN ('held', 'failed', 'unknown');
                DROP INDEX deliveries_due;
                CREATE INDEX deliveries_due ON deliveries (lane, next_attempt) WHERE state IN ('pending', 'deferred');
                CREATE INDEX deliveries_urgent ON deliveries (lane, next_attempt)
                    WHERE state IN ('pending', 'deferred') AND kind IN ('settled', 'update');
                UPDATE deliveries SET state = 'held', next_attempt = NULL WHERE lane = 'mail';
                """)
        #expect(try await indexes(of: path).keys.contains("deliveries_urgent"))
        let migrated = try SQLiteCaseStore(path: path)
        #expect(try await migrated.undelivered(limit: 9).map(\.delivery.lane) == ["mail"])
        #expect(try await migrated.nextDelivery(within: .unlimited) == Sample.start)
        let taken = try await migrated.take(at: Sample.start, lease: Bench.lease, quota: .unlimited)
        #expect(taken.map(\.delivery.lane) == ["teams/dana"] && taken.allSatisfy { $0.delivery.caseID == former.id })
        #expect(try await migrated.revive(.all, at: Sample.start) == Revived(pending: 1))
        try await migrated.close()

        let fresh = folder.file("fresh.sqlite")
        try await SQLiteCaseStore(path: fresh).close()
        let indexes = try await indexes(of: path)
        #expect(try await indexes == self.indexes(of: fresh) && indexes["deliveries_urgent"] == nil)
    }

    /// The indexes of the database at `path`, by name, in the words of their making.
    private func indexes(of path: String) async throws -> [String: String] {
        let queue = try DatabaseQueue(path: path)
        let indexes: [String: String] = try await queue.read { db in
            #expect(try String.fetchAll(db, sql: "PRAGMA integrity_check") == ["ok"])
            let sql = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
            return Dictionary(uniqueKeysWithValues: try GRDB.Row.fetchAll(db, sql: sql).map { ($0[0], $0[1]) })
        }
        try queue.close()
        return indexes
    }

    @Test("are closed after all that was asked before, and what comes later is refused", .timeLimit(.minutes(1)))
    func closedInOrder() async throws {
        for round in 0..<20 {
            let path = folder.file("\(round).sqlite")
            let store = try SQLiteCaseStore(path: path)
            let openings = (0..<200).map { Sample.opening(Sample.lead($0)) }
            let applied = try await withThrowingTaskGroup(of: CaseID?.self) { group in
                for (index, opening) in openings.enumerated() {
                    group.addTask {
                        switch await store.apply([opening], lease: nil)[0] {
                        case .applied: return opening.result.id
                        case .failed(let failure):
                            #expect(failure.code == StoreFailure.closed(path).code)
                            return nil
                        case let other:
                            Issue.record("\(other)")
                            return nil
                        }
                    }
                    if index == 100 { try await store.close() }
                }
                return try await group.reduce(into: [CaseID]()) { if let id = $1 { $0.append(id) } }
            }
            await #expect(throws: StoreFailure.self) { try await store.load(openings[0].result.id) }
            let again = try SQLiteCaseStore(path: path)
            let kept = try await again.list(states: Set(LeadCase.StateName.allCases), limit: 1000).map(\.id)
            #expect(Set(kept) == Set(applied))
            try await again.close()
        }
    }

    @Test(
        "end what waits behind a slow commit before they are closed, and refuse what comes meanwhile",
        .timeLimit(.minutes(1)))
    func closedBehindSlowCommit() async throws {
        let connection = try Connection(StoreFile(path: path), access: .exclusive)
        let queue = WriteQueue(pool: connection.pool, path: path)
        let (begun, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let ended = Endings()
        // An immediate task has asked the queue when it returns here.
        let slow = Task.immediate {
            _ = await queue.perform { _, _ in
                begun.signal()
                gate.wait()
                return .success(0)
            }
        }
        Self.wait(for: begun)
        let waiting = (0..<50).map { number in
            Task.immediate {
                let result = await queue.perform { _, _ in .success(number) }
                ended.note("asked before")
                return result
            }
        }
        let closing = Task.immediate {
            await queue.close()
            ended.note("closed")
        }
        let late = Task.immediate { await queue.perform { _, _ in .success(-1) } }
        #expect(await late.value == .failure(.closed(path)), "what comes later is refused at once")
        #expect(ended.all.isEmpty, "nothing has ended behind what is slow")
        gate.signal()
        for (number, task) in waiting.enumerated() { #expect(await task.value == .success(number)) }
        await slow.value
        await closing.value
        #expect(ended.all.count == 51)
        try connection.pool.close()
        connection.lock?.release()
    }

    /// Not to be done within a task's own code.
    private static func wait(for semaphore: DispatchSemaphore) { semaphore.wait() }

    @Test("are synced at every commit")
    func areSynced() throws {
        let connection = try Connection(StoreFile(path: path), access: .exclusive)
        func setting(_ name: String) throws -> String? {
            try connection.pool.writeWithoutTransaction { db in try String.fetchOne(db, sql: "PRAGMA \(name)") }
        }
        #expect(try setting("synchronous") == "2")
        #expect(try setting("journal_mode") == "wal")
        #expect(try setting("foreign_keys") == "1")
        #expect(try setting("cache_size") == "-2048")
        #expect(try setting("journal_size_limit") == "8388608")
    }

    @Test("are made whole after a first run that died before it had made anything but the migrator's table")
    func bornTwice() async throws {
        let queue = try DatabaseQueue(path: path)
        try await queue.write { db in
            try db.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
        }
        try queue.close()
        let store = try SQLiteCaseStore(path: path)
        #expect(try await store.known([]).isEmpty)
        try await store.close()
    }

    @Test("are one daemon's at a time, and free once it has closed them")
    func areExclusive() async throws {
        let store = try SQLiteCaseStore(path: path)
        let failure = #expect(throws: StoreFailure.self) { try SQLiteCaseStore(path: path) }
        #expect(failure?.code == .locked)
        #expect(failure?.description.contains("process \(getpid())") == true)
        // By another name it is the same database.
        let link = folder.file("link.sqlite")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        #expect(throws: StoreFailure.self) { try SQLiteCaseStore(path: link) }
        try await store.close()
        let next = try SQLiteCaseStore(path: path)
        try await next.close()
    }

    @Test("are free again when a store was dropped without closing")
    func areFreedWhenDropped() throws {
        do { _ = try SQLiteCaseStore(path: path) }
        _ = try SQLiteCaseStore(path: path)
    }

    @Test("can be read beside a running daemon, but not changed")
    func canBeReadBeside() async throws {
        let store = try SQLiteCaseStore(path: path)
        let first = Sample.opening(Sample.lead(1))
        _ = await store.apply([first], lease: nil)
        let reader = try SQLiteCaseStore(path: path, access: .reader)
        #expect(try await reader.load(first.result.id) == first.result)
        let second = Sample.opening(Sample.lead(2))
        _ = await store.apply([second], lease: nil)
        #expect(try await reader.list(states: [.waiting], limit: 10).count == 2)
        guard case .failed(let failure) = await reader.apply([Sample.opening(Sample.lead(3))], lease: nil)[0] else {
            Issue.record("a reader must not write")
            return
        }
        #expect(failure.code == .unavailable)
        await #expect(throws: StoreFailure.self) { try await reader.reclaim(except: "x", at: Sample.start) }
        try await reader.close()
        try await store.close()
    }

    @Test("can be read when no daemon runs, and are missed when there are none")
    func canBeReadAlone() async throws {
        let failure = #expect(throws: StoreFailure.self) { try SQLiteCaseStore(path: path, access: .reader) }
        #expect(failure?.code == .unavailable)
        #expect(!FileManager.default.fileExists(atPath: path))
        let store = try SQLiteCaseStore(path: path)
        _ = await store.apply([Sample.opening()], lease: nil)
        try await store.close()
        let reader = try SQLiteCaseStore(path: path, access: .reader)
        #expect(try await reader.load(Sample.opening().result.id) != nil)
        try await reader.close()
    }

    @Test("are one file once the daemon has stopped")
    func areOneFileAtRest() async throws {
        let store = try SQLiteCaseStore(path: path)
        _ = await store.apply([Sample.opening()], lease: nil)
        _ = try await store.load(Sample.opening().result.id)
        #expect(FileManager.default.fileExists(atPath: path + "-wal"))
        try await store.close()
        #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
        #expect(!FileManager.default.fileExists(atPath: path + "-shm"))
    }

    @Test("once closed, everything that is asked fails in words")
    func failAfterClosing() async throws {
        let store = try SQLiteCaseStore(path: path)
        try await store.close()
        try await store.close()
        await #expect(throws: StoreFailure.self) { try await store.load("x") }
        await #expect(throws: StoreFailure.self) { try await store.reclaim(except: "x", at: Sample.start) }
        guard case .failed(let failure) = await store.apply([Sample.opening()], lease: nil)[0] else {
            Issue.record("a closed store must not write")
            return
        }
        #expect(failure.code == .unavailable)
    }

    @Test("closing waits for what was asked before")
    func closingWaits() async throws {
        let store = try SQLiteCaseStore(path: path)
        let openings = (0..<100).map { Sample.opening(Sample.lead($0)) }
        let results = await withTaskGroup(of: [ApplyResult].self) { group in
            for opening in openings { group.addTask { await store.apply([opening], lease: nil) } }
            group.addTask {
                await #expect(throws: Never.self) { try await store.close() }
                return []
            }
            var all: [ApplyResult] = []
            for await results in group { all += results }
            return all
        }
        let applied = results.count { $0 == .applied }
        let reopened = try SQLiteCaseStore(path: path)
        #expect(try await reopened.ids(withPrefix: "", limit: 200).count == applied)
        #expect(results.count == 100)
        try await reopened.close()
    }

    @Test("in a folder that can't be made are refused in words")
    func refuseBadFolders() throws {
        try Data().write(to: URL(fileURLWithPath: folder.file("file")))
        let failure = #expect(throws: StoreFailure.self) {
            try SQLiteCaseStore(path: folder.file("file/leadbell.sqlite"))
        }
        #expect(failure?.code == .unavailable)
    }
}

/// What has ended, in order.
private final class Endings: Sendable {
    private let names = Mutex<[String]>([])

    var all: [String] { names.withLock { $0 } }

    func note(_ name: String) { names.withLock { $0.append(name) } }
}
