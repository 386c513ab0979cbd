// Files that are not what they should be: another program's, a newer version's, altered ones. The store refuses or
// works; it never traps, hangs or makes a foreign file its own.

import Foundation
import GRDB
import LeadCore
import LeadStorage
import LeadTestKit
import Testing

@Suite("The SQLite store and damaged files")
struct StoreDamageTests {
    private let folder = TemporaryDirectory()
    private var path: String { folder.file("leadbell.sqlite") }

    /// Changes the closed database as another program would.
    private func tamper(_ sql: String) throws {
        let other = try DatabaseQueue(path: path)
        try other.write { db in try db.execute(sql: sql) }
        try other.close()
    }

    @Test("refuses what is no database")
    func refusesText() throws {
        let text = Data(String(repeating: "To be or not to be. ", count: 500).utf8)
        try text.write(to: URL(fileURLWithPath: path))
        let failure = #expect(throws: StoreFailure.self) { try SQLiteCaseStore(path: path) }
        #expect(failure?.code == .damaged)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
    }

    @Test("refuses another program's database and leaves it as it is")
    func refusesForeign() throws {
        try tamper("CREATE TABLE recipes (name TEXT)")
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        for access in [Access.exclusive, .reader] {
            let failure = #expect(throws: StoreFailure.self) { try SQLiteCaseStore(path: path, access: access) }
            #expect(failure?.code == .damaged)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test("refuses a newer version's database", arguments: [Access.exclusive, .reader])
    func refusesNewer(access: Access) async throws {
        try await SQLiteCaseStore(path: path).close()
        try tamper("INSERT INTO grdb_migrations VALUES ('v99')")
        let failure = #expect(throws: StoreFailure.self) { try SQLiteCaseStore(path: path, access: access) }
        #expect(failure?.code == .tooNew)
    }

    @Test("does not read beside a daemon that has still to bring the file up to date")
    func refusesOlder() async throws {
        try await SQLiteCaseStore(path: path).close()
        try tamper("DELETE FROM grdb_migrations")
        let failure = #expect(throws: StoreFailure.self) { try SQLiteCaseStore(path: path, access: .reader) }
        #expect(failure?.code == .unavailable)
    }

    @Test(
        "names the case whose history has a gap, a stranger's entry or a wrong version",
        arguments: [
            "DELETE FROM history WHERE sequence = 1", "DELETE FROM history WHERE sequence = 2",
            "UPDATE history SET event = '{}' WHERE sequence = 2", "UPDATE history SET event = 'x' WHERE sequence = 1",
            "UPDATE history SET actor = '{\"nobody\":{}}'", "UPDATE history SET entrance = 'mail'",
            "UPDATE cases SET version = 7",
            "UPDATE cases SET lead = '[]'", "UPDATE cases SET intake_key = 'id:web:other'",
        ])
    func namesDamagedCases(sql: String) async throws {
        let opening = Sample.opening()
        do {
            let store = try SQLiteCaseStore(path: path)
            _ = await store.apply([opening], lease: nil)
            try await store.close()
        }
        try tamper(sql)
        let store = try SQLiteCaseStore(path: path)
        let failure = await #expect(throws: StoreFailure.self) { try await store.load(opening.result.id) }
        #expect(failure?.code == .damaged)
        #expect(failure?.description.contains(opening.result.id.text) == true)
        await #expect(throws: StoreFailure.self) { try await store.file(opening.result.id) }
        try await store.close()
    }

    @Test("200 copies with flipped bits are refused or worked with", .timeLimit(.minutes(3)))
    func survivesFlippedBits() async throws {
        let sound = try await sampleFiles()
        var refused = 0
        for seed in 0..<200 {
            var random = SeededGenerator(seed: UInt64(seed))
            let files = sound[seed % sound.count]
            let copy = folder.file("copy-\(seed).sqlite")
            for (suffix, bytes) in files {
                var bytes = bytes
                if suffix == files.last?.suffix { flip(&bytes, early: seed % 4 < 2, &random) }
                try bytes.write(to: URL(fileURLWithPath: copy + suffix))
            }
            do throws(StoreFailure) {
                let store = try SQLiteCaseStore(path: copy)
                refused += await use(store)
                try await store.close()
            } catch {
                refused += 1
            }
        }
        // Some damage must have been seen, or the flips missed.
        #expect(refused > 50)
    }

    /// A closed database, and one with its log as a crash leaves it.
    private func sampleFiles() async throws -> [[(suffix: String, bytes: Data)]] {
        let store = try SQLiteCaseStore(path: path)
        let openings = (0..<40).map { Sample.opening(Sample.lead($0)) }
        _ = await store.apply(openings, lease: nil)
        for opening in openings.prefix(20) {
            let choice = try opening.result.decide(
                .assign(rep: "billy", by: "dana", note: nil), now: Sample.start, rulebook: Sample.rulebook())
            _ = await store.apply([choice], lease: Bench.lease)
        }
        let crashed = try ["", "-wal"].map { suffix in
            (suffix: suffix, bytes: try Data(contentsOf: URL(fileURLWithPath: path + suffix)))
        }
        try await store.close()
        return [[(suffix: "", bytes: try Data(contentsOf: URL(fileURLWithPath: path)))], crashed]
    }

    private func flip(_ bytes: inout Data, early: Bool, _ random: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 1...40, using: &random) {
            let place = Int.random(in: 0..<(early ? min(8192, bytes.count) : bytes.count), using: &random)
            bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        }
    }

    /// Asks everything once and says how often the store refused.
    private func use(_ store: SQLiteCaseStore) async -> Int {
        var refusals = 0
        func attempt(_ body: () async throws(StoreFailure) -> Void) async {
            do {
                try await body()
            } catch {
                refusals += 1
            }
        }
        let later = Sample.start + .seconds(7200)
        let lease = Lease(owner: "second", until: later + .seconds(60))
        var ids: [CaseID] = []
        await attempt { () throws(StoreFailure) in ids = try await store.ids(withPrefix: "", limit: 100) }
        for id in ids { await attempt { () throws(StoreFailure) in _ = try await store.file(id) } }
        await attempt { () throws(StoreFailure) in
            _ = try await store.list(states: Set(LeadCase.StateName.allCases), limit: 100)
        }
        await attempt { () throws(StoreFailure) in _ = try await store.given(since: Sample.start) }
        await attempt { () throws(StoreFailure) in _ = try await store.nextDeadline() }
        await attempt { () throws(StoreFailure) in _ = try await store.due(at: later, limit: 100) }
        await attempt { () throws(StoreFailure) in _ = try await store.nextDelivery(within: .unlimited) }
        await attempt { () throws(StoreFailure) in try await store.reclaim(except: "nobody", at: later) }
        await attempt { () throws(StoreFailure) in
            let taken = try await store.take(at: later, lease: lease, quota: LaneQuota(usual: 10))
            try await store.settle(taken.map { Settlement(leased: $0, verdict: .sent(detail: "ok"), at: later) })
        }
        let results = await store.apply((30..<60).map { Sample.opening(Sample.lead($0)) }, lease: nil)
        return refusals + results.count { if case .failed = $0 { true } else { false } }
    }
}
