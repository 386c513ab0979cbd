// What every store promises of messages' copies in chats: they are kept with their delivery, however the attempt ends and
// whoever holds its lease by then.

import GRDB
import LeadCore
import LeadTestKit
import Testing

@testable import LeadStorage

@Suite("Every store's copies of messages")
struct CaseStoreCopiesTests {
    private func copies(_ bench: Bench, _ id: CaseID) async throws -> [ChannelID: [PostedCopy]] {
        let records = try await bench.records(of: id)
        return Dictionary(records.map { ($0.delivery.channel, $0.copies) }) { $0 + $1 }
    }

    @Test("a copy is kept with its message, once, and one that nobody can name too", arguments: StoreKind.allCases)
    func kept(kind: StoreKind) async throws {
        let bench = try kind.make()
        let opened = try await bench.open()
        let taken = try await bench.take()
        let mail = try #require(taken.first { $0.delivery.channel == "mail" })
        let chat = try #require(taken.first { $0.delivery.channel == "teams" })
        let sent = Settlement(
            leased: chat, verdict: .sent(detail: "ok"), at: bench.start, copy: .known(handle: "C1 17.000100"))
        let dark = Settlement(
            leased: mail, verdict: .tryAgain(at: bench.start, reason: "unknown"), at: bench.start, copy: .unknown)
        try await bench.store.settle([sent, dark])
        try await bench.store.settle([sent, dark])
        #expect(
            try await copies(bench, opened.id) == ["teams": [.known(handle: "C1 17.000100")], "mail": [.unknown]])
        let states = try await bench.states(of: opened.id)
        #expect(states["decide dana teams"] == .sent && states["decide dana mail"] == .deferred)
    }

    @Test(
        "of a message that went twice both copies are kept, though one attempt had lost its lease",
        arguments: StoreKind.allCases)
    func fenced(kind: StoreKind) async throws {
        let bench = try kind.make()
        let opened = try await bench.open()
        let first = try #require(try await bench.take(full: ["mail"]).first)
        let later = bench.start + .seconds(61)
        let second = try #require(
            try await bench.take(at: later, Lease(owner: "second", until: later + .seconds(60)), full: ["mail"]).first)
        #expect(first.delivery == second.delivery)
        for (leased, handle) in [(first, "C1 1.1"), (second, "C1 2.2")] {
            try await bench.store.settle([
                Settlement(leased: leased, verdict: .sent(detail: "ok"), at: later, copy: .known(handle: handle))
            ])
        }
        let kept = try await copies(bench, opened.id)["teams"] ?? []
        #expect(Set(kept) == [.known(handle: "C1 1.1"), .known(handle: "C1 2.2")])
    }

    @Test("copies are of their case alone, and none is kept where none was made", arguments: StoreKind.allCases)
    func apart(kind: StoreKind) async throws {
        let bench = try kind.make()
        let first = try await bench.open(1)
        let second = try await bench.open(2)
        for leased in try await bench.take(full: ["mail"]) where leased.delivery.caseID == first.id {
            try await bench.store.settle([
                Settlement(
                    leased: leased, verdict: .sent(detail: "ok"), at: bench.start, copy: .known(handle: "C1 1.1"))
            ])
        }
        #expect(try await copies(bench, first.id) == ["teams": [.known(handle: "C1 1.1")], "mail": []])
        #expect(try await copies(bench, second.id) == ["teams": [], "mail": []])
    }

    @Test("a database of before gets the table, and a reopened one still has what was kept")
    func migration() async throws {
        let folder = TemporaryDirectory()
        let path = folder.file("leadbell.sqlite")
        let former = try await makeFormerDatabase(at: path, without: "copies", undoing: "DROP TABLE copies")
        let migrated = try SQLiteCaseStore(path: path)
        let taken = try await migrated.take(
            at: Sample.start, lease: Bench.lease, quota: LaneQuota(usual: 9, others: ["mail": .none]))
        try await migrated.settle(
            taken.map {
                Settlement(leased: $0, verdict: .sent(detail: "ok"), at: Sample.start, copy: .known(handle: "D1 1.1"))
            })
        try await migrated.close()
        let again = try SQLiteCaseStore(path: path)
        let file = try #require(try await again.file(former.id))
        #expect(file.deliveries.flatMap(\.copies) == [.known(handle: "D1 1.1")])
        try await again.close()
    }

    @Test(
        "of what went along with others it is kept in which message, and a person's letters are theirs alone",
        arguments: StoreKind.allCases)
    func carriers(kind: StoreKind) async throws {
        let bench = try kind.make()
        let opened = try await bench.open(1)
        try await bench.open(2)
        let mails = try await bench.take(full: ["teams/dana"])
        let id: DeliveryID = "one.digest"
        try await bench.store.settle(
            mails.map { Settlement(leased: $0, verdict: .sent(detail: "ok"), at: bench.start, carrier: id) })
        let letters = try await bench.store.letters(about: opened.id, to: "dana", by: "mail")
        #expect(letters.map(\.carrier) == [id] && letters.map(\.state) == [.sent])
        #expect(try await bench.store.letters(about: opened.id, to: "dana", by: "teams").map(\.carrier) == [nil])
        #expect(try await bench.store.letters(about: opened.id, to: "lee", by: "mail").isEmpty)
        #expect(try await bench.store.letters(about: "nosuchcase", to: "dana", by: "mail").isEmpty)
        let records = try await bench.records(of: opened.id)
        #expect(records.filter { $0.carrier == id }.map(\.delivery.channel) == ["mail"])
    }
}
