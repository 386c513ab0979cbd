// Faults around a sound database: constraints that one transition violates, locks, a full disk. What fails says so,
// what is well goes on, and nothing counts as written that isn't.

import Foundation
import GRDB
import LeadCore
import LeadTestKit
import Synchronization
import Testing

@testable import LeadStorage

@Suite("The SQLite store and faults")
struct StoreFaultTests {
    private let folder = TemporaryDirectory()
    private var path: String { folder.file("leadbell.sqlite") }

    /// Another program on the same database.
    private func intruder() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.allowsUnsafeTransactions = true
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    @Test("one that the database refuses keeps no other of its batch from being written", arguments: [1, 40])
    func isolatesPoison(perCall: Int) async throws {
        let store = try SQLiteCaseStore(path: path)
        let openings = (0..<40).map { Sample.opening(Sample.lead($0)) }
        _ = await store.apply(openings, lease: nil)
        try await intruder().write { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER poison BEFORE INSERT ON history WHEN NEW.event LIKE '%poison%'
                    BEGIN SELECT RAISE(ABORT, 'poison'); END
                    """)
        }
        let choices = try openings.enumerated().map { number, opening in
            try opening.result.decide(
                .assign(rep: "billy", by: "dana", note: number % 10 == 3 ? "poison" : nil), now: Sample.start,
                rulebook: Sample.rulebook())
        }
        let calls = stride(from: 0, to: 40, by: perCall).map { Array(choices[$0..<$0 + perCall]) }
        let results = await withTaskGroup(of: (CaseID, [ApplyResult]).self) { group in
            for call in calls {
                group.addTask { (call[0].result.id, await store.apply(call, lease: nil)) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        let flat = calls.flatMap { results[$0[0].result.id] ?? [] }
        for (number, result) in flat.enumerated() {
            let stored = try await store.file(openings[number].result.id)
            if number % 10 == 3 {
                guard case .failed(let failure) = result else {
                    Issue.record("poison was \(result)")
                    continue
                }
                #expect(failure.code == .damaged)
                #expect(stored?.subject == openings[number].result)
                #expect(stored?.deliveries.allSatisfy { $0.state == .pending && $0.delivery.kind == .decide } == true)
            } else {
                #expect(result == .applied)
                #expect(stored?.subject == choices[number].result)
            }
        }
        try await store.close()
    }

    @Test("calls that come while a commit is under way share the next one")
    func sharesCommits() async throws {
        let store = try SQLiteCaseStore(path: path)
        let before = try commits()
        let other = try intruder()
        let begun = Countdown(200)
        try other.inDatabase { db in try db.execute(sql: "BEGIN IMMEDIATE") }
        let results = await withTaskGroup(of: ApplyResult.self) { group in
            for number in 0..<200 {
                group.addTask {
                    begun.countOne()
                    return await store.apply([Sample.opening(Sample.lead(number))], lease: nil)[0]
                }
            }
            await begun.end()
            do {
                try other.inDatabase { db in try db.execute(sql: "ROLLBACK") }
            } catch {
                Issue.record(error)
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.count { $0 == .applied } == 200)
        // The first, all that waited for it, and a few that began late.
        #expect(try commits() - before <= 20)
        try await store.close()
    }

    /// How many commits the log holds: frames that carry the database's size (sqlite.org/fileformat2.html, 4.1).
    private func commits() throws -> Int {
        let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
        let frame = 24 + 4096
        return stride(from: 32, to: log.count - frame + 1, by: frame).count { start in
            log[start + 4..<start + 8].contains { $0 != 0 }
        }
    }

    @Test("a lock of a second is waited out", .timeLimit(.minutes(1)))
    func waitsOutLocks() async throws {
        let store = try SQLiteCaseStore(path: path)
        let other = try intruder()
        try other.inDatabase { db in try db.execute(sql: "BEGIN IMMEDIATE") }
        DispatchQueue.global().asyncAfter(deadline: .now() + 1) {
            do {
                try other.inDatabase { db in try db.execute(sql: "COMMIT") }
            } catch {
                Issue.record(error)
            }
        }
        #expect(await store.apply([Sample.opening()], lease: nil) == [.applied])
        try await store.close()
    }

    @Test(
        "a full disk fails what it can't hold, and heals when there is space again",
        .enabled(if: SmallDisk.isAvailable, "needs root and mount(8)"), .timeLimit(.minutes(1)))
    func survivesFullDisk() async throws {
        let disk = try SmallDisk(kilobytes: 4096)
        let store = try SQLiteCaseStore(path: disk.path + "/leadbell.sqlite")
        let first = Sample.opening(Sample.lead(0))
        #expect(await store.apply([first], lease: nil) == [.applied])
        try disk.fill(leaving: 256)
        var applied = [first.result.id]
        var refused: [Transition] = []
        for number in 1...400 {
            let opening = Sample.opening(Sample.lead(number))
            switch await store.apply([opening], lease: nil)[0] {
            case .applied: applied.append(opening.result.id)
            case .failed(let failure):
                #expect(failure.code == .unavailable)
                #expect(failure.description.contains("full"))
                refused.append(opening)
            case .stale, .duplicate: Issue.record("neither stale nor known")
            }
        }
        #expect(!refused.isEmpty)
        #expect(try await store.ids(withPrefix: "", limit: 1000) == applied.sorted())
        try disk.empty()
        let healed = await store.apply(refused, lease: nil)
        #expect(healed.allSatisfy { $0 == .applied })
        #expect(try await store.ids(withPrefix: "", limit: 1000).count == 401)
        try await store.close()
    }

    @Test("every kind of fault has its code and no one's data")
    func translates() {
        let secret = "ada@acme.example"
        let expectations: [(ResultCode, StoreFailure.Code)] = [
            (.SQLITE_FULL, .unavailable), (.SQLITE_IOERR, .unavailable), (.SQLITE_READONLY, .unavailable),
            (.SQLITE_CANTOPEN, .unavailable), (.SQLITE_NOMEM, .unavailable), (.SQLITE_BUSY, .locked),
            (.SQLITE_LOCKED, .locked), (.SQLITE_CORRUPT, .damaged), (.SQLITE_NOTADB, .damaged),
            (.SQLITE_CONSTRAINT, .damaged), (.SQLITE_ERROR, .damaged),
        ]
        for (code, expected) in expectations {
            let error = DatabaseError(
                resultCode: code, message: secret, sql: "SELECT '\(secret)'", arguments: [secret])
            let failure = StoreFailure(error, path: "/var/lib/leadbell/leadbell.sqlite")
            #expect(failure.code == expected)
            #expect(!failure.description.contains(secret))
            #expect(failure.description.contains("/var/lib/leadbell/leadbell.sqlite"))
        }
    }
}

/// Waits until something has happened a number of times.
private final class Countdown: Sendable {
    private let left: Mutex<Int>
    private let (stream, signal) = AsyncStream.makeStream(of: Void.self)

    init(_ count: Int) { left = Mutex(count) }

    func countOne() {
        let isLast = left.withLock { left in
            left -= 1
            return left == 0
        }
        if isLast { signal.finish() }
    }

    func end() async { for await _ in stream {} }
}
