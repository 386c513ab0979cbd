// The stores that must keep the port's promises, and short ways to say what tests ask of them.

import GRDB
import LeadCore
import LeadStorage
import LeadTestKit
import Testing

/// A store under test.
enum StoreKind: CaseIterable, Sendable, CustomTestStringConvertible {
    case memory, sqlite
    /// Where whoever calls waits for the disk itself, whenever nobody else is at it.
    case waiting

    var testDescription: String {
        switch self {
        case .memory: "memory"
        case .sqlite: "SQLite"
        case .waiting: "SQLite on the calling thread"
        }
    }

    func make() throws -> Bench {
        let folder = TemporaryDirectory()
        switch self {
        case .memory: return Bench(store: MemoryCaseStore(), folder: folder)
        case .sqlite: return Bench(store: try SQLiteCaseStore(path: folder.file("leadbell.sqlite")), folder: folder)
        case .waiting:
            let path = folder.file("leadbell.sqlite")
            return Bench(store: try SQLiteCaseStore(path: path, mayWait: { true }), folder: folder)
        }
    }
}

/// A fresh store with the sample rulebook.
struct Bench {
    let store: any CaseStore
    let folder: TemporaryDirectory
    var rulebook = Sample.rulebook()
    let start = Sample.start

    static let lease = Lease(owner: "first", until: Sample.start + .seconds(60))
    static let second = Lease(owner: "second", until: Sample.start + .seconds(300))

    /// The sample with messages in Teams that can be changed.
    static let changeable = Sample.rulebook(
        channels: Sample.channels.map { channel in
            channel.id != "teams"
                ? channel
                : ChannelSettings(
                    id: "teams", kind: "teams", isShared: false, isMail: false, concurrency: 2, isEditable: true)
        })

    /// Opens the case of a lead and returns it.
    @discardableResult
    func open(
        _ number: Int = 1, _ fields: [FieldName: String] = [:], at now: Timestamp = Sample.start, lease: Lease? = nil
    ) async throws -> LeadCase {
        let opening = Sample.opening(Sample.lead(number, fields), at: now, rulebook: rulebook)
        #expect(await store.apply([opening], lease: lease) == [.applied])
        return opening.result
    }

    /// Decides on a case as the store has it and applies that.
    @discardableResult
    func decide(
        _ command: CaseCommand, on id: CaseID, at now: Timestamp = Sample.start, lease: Lease? = nil
    ) async throws -> LeadCase {
        let transition = try transition(command, on: try #require(try await store.load(id)), at: now)
        #expect(await store.apply([transition], lease: lease) == [.applied])
        return transition.result
    }

    func transition(_ command: CaseCommand, on subject: LeadCase, at now: Timestamp = Sample.start) throws -> Transition
    {
        try subject.decide(command, now: now, rulebook: rulebook)
    }

    func take(
        at now: Timestamp = Sample.start, _ lease: Lease = lease, limit: Int = 100, full: Set<LaneID> = []
    ) async throws -> [LeasedDelivery] {
        try await store.take(at: now, lease: lease, quota: Self.quota(limit, full: full))
    }

    static func quota(_ limit: Int = 100, full: Set<LaneID>) -> LaneQuota {
        LaneQuota(usual: limit, others: Dictionary(uniqueKeysWithValues: full.map { ($0, .none) }))
    }

    func settle(_ leased: [LeasedDelivery], _ verdict: DeliveryVerdict) async throws {
        try await store.settle(leased.map { Settlement(leased: $0, verdict: verdict, at: start) })
    }

    func records(of id: CaseID) async throws -> [DeliveryRecord] {
        try #require(try await store.file(id)).deliveries
    }

    /// The states of a case's messages, by kind, person and channel; of several the last one's.
    func states(of id: CaseID) async throws -> [String: DeliveryState] {
        let pairs = try await records(of: id).map { record in
            ("\(record.delivery.kind.rawValue) \(record.delivery.person) \(record.delivery.channel)", record.state)
        }
        return Dictionary(pairs) { $1 }
    }
}

/// A database at `path` with the sample's case, from before there were the migrations called `names`, which `undoing` takes
/// back.
func makeFormerDatabase(at path: String, without names: String..., undoing: String) async throws -> LeadCase {
    let opening = Sample.opening()
    let store = try SQLiteCaseStore(path: path)
    #expect(await store.apply([opening], lease: nil) == [.applied])
    try await store.close()
    let raw = try DatabaseQueue(path: path)
    try await raw.write { db in
        try db.execute(sql: undoing)
        for name in names {
            try db.execute(sql: "DELETE FROM grdb_migrations WHERE identifier = ?", arguments: [name])
            #expect(db.changesCount == 1)
        }
    }
    try raw.close()
    return opening.result
}
