// The SQLite store against its model: the same random work on both must give the same answers, all along and at the
// end.

import LeadCore
import LeadStorage
import LeadTestKit
import Testing

@Suite("The SQLite store does what its model does")
struct CaseStoreModelTests {
    @Test("over random lives of cases", arguments: 1...8)
    func agrees(seed: Int) async throws {
        var story = try Story(seed: UInt64(seed))
        for _ in 0..<250 { try await story.step() }
        try await story.compare()
        try await story.sqlite.close()
    }
}

/// One seed's work, done on both stores.
private struct Story {
    let folder = TemporaryDirectory()
    let sqlite: SQLiteCaseStore
    let model = MemoryCaseStore()
    let rulebook = Bench.changeable
    let owners: [InstanceID] = ["red", "blue"]
    var random: SeededGenerator
    var now = Sample.start
    var ids: [CaseID] = []
    var opened = 0
    var leased: [LeasedDelivery] = []

    init(seed: UInt64) throws {
        sqlite = try SQLiteCaseStore(path: folder.file("leadbell.sqlite"))
        random = SeededGenerator(seed: seed)
    }

    mutating func step() async throws {
        now = now + .seconds(Int.random(in: 0...120, using: &random))
        switch Int.random(in: 0..<10, using: &random) {
        case 0...1: try await open()
        case 2...4: try await decide()
        case 5...6: try await take()
        case 7: try await settle()
        case 8: try await handBack()
        default: try await look()
        }
    }

    private mutating func lease() -> Lease? {
        guard Bool.random(using: &random), let owner = owners.randomElement(using: &random) else { return nil }
        return Lease(owner: owner, until: now + .seconds(60))
    }

    private mutating func open() async throws {
        // Now and then a lead comes twice, also within one batch.
        let openings = (0..<Int.random(in: 1...4, using: &random)).map { _ in
            if Int.random(in: 0..<5, using: &random) > 0 { opened += 1 }
            return Sample.opening(Sample.lead(opened), at: now, rulebook: rulebook)
        }
        try await apply(openings)
        for id in openings.map(\.result.id) where !ids.contains(id) { ids.append(id) }
    }

    private mutating func apply(_ transitions: [Transition]) async throws {
        let lease = lease()
        let results = await model.apply(transitions, lease: lease)
        #expect(await sqlite.apply(transitions, lease: lease) == results)
        guard let lease else { return }
        for (transition, result) in zip(transitions, results) where result == .applied {
            leased += transition.deliveries.map { LeasedDelivery(delivery: $0, attempt: 1, lease: lease) }
        }
    }

    private mutating func decide() async throws {
        guard let id = ids.randomElement(using: &random), let subject = try await model.load(id) else { return }
        let commands: [CaseCommand] = [
            .claim(by: "dana"), .release(by: "dana"), .assign(rep: "billy", by: "lee", note: nil),
            .assign(rep: "jane", by: "dana", note: "soon"), .reassign(rep: "jane", from: "billy", by: "lee", note: nil),
            .reject(reason: .spam, by: "dana", note: nil), .start(by: "billy"), .close(by: "jane", note: nil),
            .deadlinePassed, .deadlinePassed, .renewLink(person: "dana"),
        ]
        guard let command = commands.randomElement(using: &random) else { return }
        do {
            let transition = try subject.decide(command, now: now, rulebook: rulebook)
            // The second comes too late, whether in the same batch or in the next.
            try await apply(Bool.random(using: &random) ? [transition] : [transition, transition])
        } catch let refusal as Refusal {
            #expect(try await sqlite.load(id) == subject, "\(refusal)")
        }
    }

    private mutating func take() async throws {
        let lease = Lease(owner: owners[Int.random(in: 0...1, using: &random)], until: now + .seconds(90))
        let quota = LaneQuota(
            usual: Int.random(in: 1...6, using: &random),
            others: Bool.random(using: &random) ? [:] : ["mail": room(), "teams/dana": room()])
        let theirs = try await model.take(at: now, lease: lease, quota: quota)
        let ours = try await sqlite.take(at: now, lease: lease, quota: quota)
        #expect(Dictionary(grouping: ours, by: \.delivery.lane) == Dictionary(grouping: theirs, by: \.delivery.lane))
        leased += theirs
    }

    private mutating func room() -> LaneQuota.Room {
        let changes = [0, 1, .max][Int.random(in: 0..<3, using: &random)]
        return [.none, .any(1, changes: changes), .any(4, changes: changes), .urgent(1, changes: changes), .urgent(3)][
            Int.random(in: 0..<5, using: &random)]
    }

    private mutating func settle() async throws {
        // Old ones stay in the bag: they must be fenced.
        let settlements = leased.shuffled(using: &random).prefix(8).map { one -> Settlement in
            let verdicts: [DeliveryVerdict] = [
                .sent(detail: "ok"), .failed(reason: "no"), .tryAgain(at: now + .seconds(30), reason: "busy"),
                .tryAgain(at: now + .seconds(3), reason: "429"), .cancelled(reason: "late"),
                .held(reason: "HTTP 410"),
                .unknown(reason: "lost"),
            ]
            return Settlement(leased: one, verdict: verdicts[Int.random(in: 0..<7, using: &random)], at: now)
        }
        try await model.settle(settlements)
        try await sqlite.settle(settlements)
        guard Int.random(in: 0..<4, using: &random) == 0 else { return }
        let ways: [Revival] = [
            .held(lanes: nil), .held(lanes: ["mail"]), .all,
            .messages(leased.shuffled(using: &random).prefix(4).map(\.delivery.id)),
        ]
        let way = ways[Int.random(in: 0..<4, using: &random)]
        #expect(try await sqlite.revive(way, at: now) == model.revive(way, at: now))
        #expect(try await sqlite.undelivered(limit: 1000) == model.undelivered(limit: 1000))
        #expect(try await sqlite.queues() == model.queues())
    }

    private mutating func handBack() async throws {
        if Int.random(in: 0..<4, using: &random) == 0 {
            let owner = owners[Int.random(in: 0...1, using: &random)]
            try await model.reclaim(except: owner, at: now)
            try await sqlite.reclaim(except: owner, at: now)
        } else {
            let some = Array(leased.shuffled(using: &random).prefix(3))
            if Bool.random(using: &random) {
                let held = some.map {
                    HeldDelivery(leased: $0, until: now + .seconds(20), digest: "together", reason: "waits")
                }
                try await model.hold(held, at: now)
                return try await sqlite.hold(held, at: now)
            }
            try await model.handBack(some, at: now)
            try await sqlite.handBack(some, at: now)
        }
    }

    private mutating func look() async throws {
        let quota = LaneQuota(
            usual: 1, others: Bool.random(using: &random) ? [:] : ["mail": room(), "teams/dana": room()])
        #expect(try await sqlite.nextDelivery(within: quota) == model.nextDelivery(within: quota))
        #expect(try await sqlite.nextDeadline() == model.nextDeadline())
        #expect(try await sqlite.due(at: now, limit: 5) == model.due(at: now, limit: 5))
        for since in [Sample.start, now, now + .seconds(3600)] {
            let found = try await sqlite.given(since: since).sorted { $0.id < $1.id }
            #expect(try await found == model.given(since: since).sorted { $0.id < $1.id })
        }
    }

    func compare() async throws {
        let everything = Set(LeadCase.StateName.allCases)
        #expect(
            try await sqlite.list(states: everything, limit: 1000) == model.list(states: everything, limit: 1000))
        #expect(try await sqlite.ids(withPrefix: "", limit: 1000) == model.ids(withPrefix: "", limit: 1000))
        for id in ids { #expect(try await sqlite.file(id) == model.file(id)) }
    }
}
