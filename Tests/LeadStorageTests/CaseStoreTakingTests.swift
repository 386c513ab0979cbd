// What every store gives out when it is asked for what is due: of each lane its share, in order, and how a lane that wants
// less gets less.

import LeadCore
import LeadTestKit
import Testing

@Suite("What every store's outbox gives out")
struct CaseStoreTakingTests {
    @Test("takes up what is due, once, and counts the attempt", arguments: StoreKind.allCases)
    func takes(kind: StoreKind) async throws {
        let bench = try kind.make()
        let opened = try await bench.open()
        #expect(try await bench.take(at: bench.start - .milliseconds(1)).isEmpty)
        let taken = try await bench.take()
        #expect(Set(taken.map(\.delivery.channel)) == ["mail", "teams"])
        #expect(taken.allSatisfy { $0.attempt == 1 && $0.lease == Bench.lease })
        #expect(try await bench.take().isEmpty)
        let records = try await bench.records(of: opened.id)
        #expect(records.allSatisfy { $0.state == .sending && $0.attempts == 1 && $0.nextAttempt == nil })
    }

    @Test("gives each lane its share, oldest first, and full lanes nothing", arguments: StoreKind.allCases)
    func sharesByLane(kind: StoreKind) async throws {
        let bench = try kind.make()
        for number in 1...5 { try await bench.open(number, at: bench.start - .seconds(number)) }
        let first = try await bench.take(limit: 2)
        let byLane = Dictionary(grouping: first, by: \.delivery.lane)
        #expect(Set(byLane.keys) == ["mail", "teams/dana"])
        for lane in byLane.values {
            #expect(lane.map(\.delivery.createdAt) == [bench.start - .seconds(5), bench.start - .seconds(4)])
        }
        let second = try await bench.take(limit: 2, full: ["mail"])
        #expect(second.map(\.delivery.lane) == ["teams/dana", "teams/dana"])
        #expect(try await bench.take(full: ["teams/dana"]).count == 3)
        #expect(try await bench.take().count == 1)
    }

    @Test("of one instant, first decided is first taken", arguments: StoreKind.allCases)
    func keepsOrder(kind: StoreKind) async throws {
        let bench = try kind.make()
        var opened: [CaseID] = []
        for number in 1...20 { opened.append(try await bench.open(number).id) }
        let mail = try await bench.take(full: ["teams/dana"])
        #expect(mail.map(\.delivery.caseID) == opened)
    }

    @Test(
        "what is settled or up to date again goes before a backlog, handed back or not", arguments: StoreKind.allCases)
    func urgentFirst(kind: StoreKind) async throws {
        let bench = try kind.make()
        let settled = try await bench.open(1)
        try await bench.settle(try await bench.take(), .sent(detail: "ok"))
        for number in 2...6 { try await bench.open(number) }
        let later = bench.start + .seconds(5)
        try await bench.decide(.assign(rep: "billy", by: "dana", note: nil), on: settled.id, at: later)
        let waiting = try await bench.records(of: settled.id).filter {
            $0.state == .pending && $0.delivery.lane == "mail"
        }
        #expect(waiting.map(\.delivery.kind) == [.assigned, .settled])
        let mail: (Int) async throws -> [LeasedDelivery] = { limit in
            try await bench.take(at: later, limit: limit, full: ["teams/dana"])
        }
        // Fewer than wait, of which the settled one is among the youngest.
        let first = try await mail(1)
        #expect(first.map(\.delivery.kind) == [.settled])
        try await bench.store.handBack(first, at: later)
        let again = try await mail(2)
        #expect(again.map(\.delivery.kind) == [.settled, .decide] && again.map(\.attempt) == [1, 1])
        // Deferred, it waits for its time like any other, and then goes first.
        try await bench.settle([again[0]], .tryAgain(at: later + .seconds(60), reason: "503"))
        #expect(try await mail(1).map(\.delivery.kind) == [.decide])
        let last = try await bench.take(at: later + .seconds(60), Bench.second, limit: 100, full: ["teams/dana"])
        #expect(last.map(\.delivery.kind).first == .settled)
        #expect(last.count == 7 && Set(last.map(\.delivery.id)).count == 7)
    }

    @Test("a digest is taken up whole, however few may be, and nothing else with it", arguments: StoreKind.allCases)
    func digestsWhole(kind: StoreKind) async throws {
        let bench = try kind.make()
        let until = bench.start + .seconds(120)
        for number in 1...4 {
            let id = try await bench.open(number, lease: Bench.lease).id
            let held = try await bench.records(of: id).map { record in
                HeldDelivery(
                    leased: LeasedDelivery(delivery: record.delivery, attempt: 1, lease: Bench.lease), until: until,
                    digest: number == 2 ? nil : DigestID("\(record.delivery.channel).1"), reason: "waits")
            }
            try await bench.store.hold(held, at: bench.start)
        }
        let quota = LaneQuota(usual: 1, others: ["mail": .none])
        let taken = try await bench.store.take(at: until, lease: Bench.second, quota: quota)
        #expect(taken.map(\.digest) == ["teams.1", "teams.1", "teams.1"])
        #expect(Set(taken.map(\.delivery.caseID)).count == 3)
    }

    @Test("what is overtaken takes no other's place", arguments: StoreKind.allCases)
    func overtakenTakesNoPlace(kind: StoreKind) async throws {
        let bench = try kind.make()
        let chosen = try await bench.open(1, lease: Bench.lease).id
        try await bench.decide(.reject(reason: .spam, by: "dana", note: nil), on: chosen, lease: Bench.second)
        for number in 2...4 { try await bench.open(number, at: Bench.lease.until) }
        let taken = try await bench.take(at: Bench.lease.until, limit: 2, full: ["teams/dana"])
        #expect(taken.map(\.delivery.kind) == [.decide, .decide])
        #expect(!taken.contains { $0.delivery.caseID == chosen })
    }

    @Test("tells when there will be something to take, lanes in trouble left out", arguments: StoreKind.allCases)
    func tellsNextDelivery(kind: StoreKind) async throws {
        let bench = try kind.make()
        #expect(try await bench.store.nextDelivery(within: .unlimited) == nil)
        try await bench.open()
        #expect(try await bench.store.nextDelivery(within: .unlimited) == bench.start)
        let mail = try await bench.take(full: ["teams/dana"])
        #expect(try await bench.store.nextDelivery(within: Bench.quota(full: ["teams/dana"])) == Bench.lease.until)
        try await bench.settle(mail, .tryAgain(at: bench.start + .seconds(7), reason: "503"))
        #expect(
            try await bench.store.nextDelivery(within: Bench.quota(full: ["teams/dana"])) == bench.start + .seconds(7))
        #expect(try await bench.store.nextDelivery(within: Bench.quota(full: ["teams/dana", "mail"])) == nil)
    }

    @Test(
        "of changes that wait no more are taken than are wanted, however many go first", arguments: StoreKind.allCases)
    func changes(kind: StoreKind) async throws {
        var bench = try kind.make()
        bench.rulebook = Bench.changeable
        var ids: [CaseID] = []
        for number in 1...3 { ids.append(try await bench.open(number).id) }
        try await bench.settle(try await bench.take(), .sent(detail: "ok"))
        let later = bench.start + .seconds(5)
        for id in ids { try await bench.decide(.assign(rep: "billy", by: "dana", note: nil), on: id, at: later) }
        try await bench.open(4, at: later)
        func take(_ room: LaneQuota.Room, at now: Timestamp = later, _ lease: Lease = Bench.lease) async throws
            -> [MessageKind]
        {
            let quota = LaneQuota(usual: 9, others: ["teams/dana": room, "mail": .none])
            return try await bench.store.take(at: now, lease: lease, quota: quota).map(\.delivery.kind)
        }
        func next(_ room: LaneQuota.Room) async throws -> Timestamp? {
            try await bench.store.nextDelivery(
                within: LaneQuota(usual: 9, others: ["teams/dana": room, "mail": .none]))
        }
        func queue() async throws -> LaneQueue? { try await bench.store.queues()["teams/dana"] }
        #expect(try await queue() == LaneQueue(unsent: 4, changes: 3))
        #expect(try await take(.urgent(9, changes: 0)) == [])
        #expect(try await next(.urgent(9, changes: 0)) == nil)
        #expect(try await next(.urgent(9, changes: 1)) == later)
        #expect(try await take(.any(9, changes: 1)) == [.update, .decide])
        #expect(try await queue() == LaneQueue(unsent: 4, changes: 3), "what is in hand is unsent too")
        #expect(try await take(.any(9, changes: 0)) == [])
        #expect(try await next(.any(9, changes: 0)) == Bench.lease.until, "when what is leased may come again")
        #expect(try await take(.urgent(1, changes: 9)) == [.update])
        // Those that were in hand come again, whoever wants no others.
        #expect(
            try await take(.any(9, changes: 0), at: Bench.lease.until, Bench.second) == [.update, .update, .decide])
        #expect(try await take(.any(9), at: Bench.lease.until, Bench.second) == [.update])
    }
}
