// What lists and look-ups promise, of every store.

import LeadCore
import LeadTestKit
import Testing

@Suite("Every store answers")
struct CaseStoreReadingTests {
    @Test("nothing where there is nothing", arguments: StoreKind.allCases)
    func findsNothing(kind: StoreKind) async throws {
        let bench = try kind.make()
        let store = bench.store
        #expect(try await store.load("0123456789abcdef") == nil)
        #expect(try await store.file("0123456789abcdef") == nil)
        #expect(try await store.ids(withPrefix: "", limit: 10).isEmpty)
        #expect(try await store.list(states: Set(LeadCase.StateName.allCases), limit: 10).isEmpty)
        #expect(try await store.known([Sample.key(of: Sample.lead())]).isEmpty)
        #expect(try await store.given(since: Sample.start).isEmpty)
        #expect(try await store.nextDeadline() == nil)
        #expect(try await store.due(at: Sample.start, limit: 10).isEmpty)
    }

    @Test("ids by their beginning, in order, up to the limit", arguments: StoreKind.allCases)
    func findsIDs(kind: StoreKind) async throws {
        let bench = try kind.make()
        let openings = (0..<60).map { Sample.opening(Sample.lead($0)) }
        _ = await bench.store.apply(openings, lease: nil)
        let all = openings.map(\.result.id).sorted()
        #expect(try await bench.store.ids(withPrefix: "", limit: 100) == all)
        #expect(try await bench.store.ids(withPrefix: "", limit: 7) == Array(all.prefix(7)))
        let prefix = String(all[30].text.prefix(1))
        #expect(try await bench.store.ids(withPrefix: prefix, limit: 100) == all.filter { $0.text.hasPrefix(prefix) })
        #expect(try await bench.store.ids(withPrefix: all[30].text, limit: 100) == [all[30]])
        #expect(try await bench.store.ids(withPrefix: "u", limit: 100).isEmpty)
    }

    @Test("the newest cases of the wanted states, newest first", arguments: StoreKind.allCases)
    func lists(kind: StoreKind) async throws {
        let bench = try kind.make()
        var opened: [CaseID] = []
        for number in 0..<6 { opened.append(try await bench.open(number, at: bench.start + .seconds(number)).id) }
        try await bench.decide(.assign(rep: "billy", by: "dana", note: nil), on: opened[1])
        try await bench.decide(.reject(reason: .spam, by: "dana", note: nil), on: opened[4])
        try await bench.decide(.claim(by: "dana"), on: opened[2])
        let store = bench.store
        let all = try await store.list(states: Set(LeadCase.StateName.allCases), limit: 10)
        #expect(all.map(\.id) == opened.reversed())
        #expect(try await store.list(states: [.waiting], limit: 2).map(\.id) == [opened[5], opened[3]])
        #expect(try await store.list(states: [.assigned, .closed], limit: 10).map(\.id) == [opened[4], opened[1]])
        #expect(try await store.list(states: [], limit: 10).isEmpty)
        let assigned = try #require(try await store.load(opened[1]))
        #expect(
            try await store.list(states: [.assigned], limit: 1) == [
                CaseSummary(
                    id: assigned.id, state: .assigned, title: "fine-art for Acme Arts", rep: "billy",
                    openedAt: assigned.openedAt, nextDeadline: nil)
            ])
        let waiting = try #require(try await store.load(opened[5]))
        #expect(try await store.list(states: [.waiting], limit: 1).first?.nextDeadline == waiting.nextDeadline)
    }

    @Test(
        "a title with what is known", arguments: StoreKind.allCases,
        [
            ([FieldName.company: ""], "fine-art for Ada Byron"),
            ([.projectType: "", .product: "slabs"], "slabs for Acme Arts"),
            ([.company: "", .name: "", .projectType: ""], "a lead"),
        ] as [([FieldName: String], String)])
    func titles(kind: StoreKind, lead: ([FieldName: String], String)) async throws {
        let bench = try kind.make()
        try await bench.open(1, lead.0)
        #expect(try await bench.store.list(states: [.waiting], limit: 1).map(\.title) == [lead.1])
    }

    @Test("which keys have a case", arguments: StoreKind.allCases)
    func knows(kind: StoreKind) async throws {
        let bench = try kind.make()
        let known = try await bench.open(1).key
        let hashed = Sample.opening(Sample.lead(2, [.id: ""]))
        _ = await bench.store.apply([hashed], lease: nil)
        let strange = Sample.key(of: Sample.lead(3))
        #expect(hashed.result.key.text.hasPrefix("sha256:"))
        #expect(
            try await bench.store.known([known, strange, hashed.result.key]) == [known, hashed.result.key])
        #expect(try await bench.store.known([]).isEmpty)
    }

    @Test("which leads each rep has in hand or was given lately", arguments: StoreKind.allCases)
    func tellsWhatWasGiven(kind: StoreKind) async throws {
        let bench = try kind.make()
        let store = bench.store
        var opened: [CaseID] = []
        for number in 0..<5 { opened.append(try await bench.open(number).id) }
        for id in opened.prefix(3) { try await bench.decide(.assign(rep: "billy", by: "dana", note: nil), on: id) }
        try await bench.decide(.assign(rep: "jane", by: "dana", note: nil), on: opened[3])
        let later = bench.start + .seconds(60)
        try await bench.decide(.start(by: "billy"), on: opened[0], at: later)
        try await bench.decide(.close(by: "billy", note: nil), on: opened[1], at: later)
        try await bench.decide(.reassign(rep: "jane", from: "billy", by: "dana", note: nil), on: opened[2], at: later)
        let expected: [CaseID: (rep: PersonID, at: Timestamp, isOpen: Bool)] = [
            opened[0]: ("billy", bench.start, true), opened[1]: ("billy", bench.start, false),
            opened[2]: ("jane", later, true), opened[3]: ("jane", bench.start, true),
        ]
        let given = try await store.given(since: bench.start - .milliseconds(1))
        #expect(given.count == expected.count)
        for one in given {
            let wanted = try #require(expected[one.id])
            #expect(one.rep == wanted.rep && one.at == wanted.at && one.isOpen == wanted.isOpen)
            #expect(one.lead == (try await store.load(one.id))?.lead)
        }
        // A choice that was taken back was none.
        try await bench.decide(.undo(by: "dana"), on: opened[3], at: later)
        #expect(try await !store.given(since: bench.start - .milliseconds(1)).contains { $0.id == opened[3] })
        try await bench.decide(.assign(rep: "jane", by: "dana", note: nil), on: opened[3], at: later)
        // What is over is told only if it was given since then.
        let lately = try await store.given(since: bench.start)
        #expect(Set(lately.map(\.id)) == [opened[0], opened[2], opened[3]])
    }

    @Test("whose turns there were, longest ago first", arguments: StoreKind.allCases)
    func tellsTurns(kind: StoreKind) async throws {
        let bench = try kind.make()
        #expect(try await bench.store.turns().isEmpty)
        let rulebook = Sample.rulebook(routes: [Route(managers: ["dana", "lee"], policy: "standard", ask: .inTurn)])
        var turns = Turns()
        for number in 0..<5 {
            let lead = Sample.lead(number)
            let transition = LeadCase.open(
                lead, key: Sample.key(of: lead), now: bench.start, rulebook: rulebook, turns: turns)
            turns.take(try #require(transition.result.opening.turn))
            #expect(await bench.store.apply([transition], lease: nil) == [.applied])
        }
        // Dana had the first, the third and the fifth.
        #expect(try await bench.store.turns() == ["lee", "dana"])
        try await bench.open(9)
        #expect(try await bench.store.turns() == ["lee", "dana"])
    }

    @Test("which cases time will change, and when", arguments: StoreKind.allCases)
    func findsDeadlines(kind: StoreKind) async throws {
        let bench = try kind.make()
        let store = bench.store
        var opened: [CaseID] = []
        for number in 0..<4 { opened.append(try await bench.open(number, at: bench.start - .seconds(number)).id) }
        let first = bench.start + .seconds(900 - 3)
        #expect(try await store.nextDeadline() == first)
        #expect(try await store.due(at: first - .milliseconds(1), limit: 10).isEmpty)
        #expect(try await store.due(at: first, limit: 10) == [opened[3]])
        #expect(try await store.due(at: bench.start + .seconds(900), limit: 10) == opened.reversed())
        #expect(try await store.due(at: bench.start + .seconds(900), limit: 2) == [opened[3], opened[2]])
        for id in opened { try await bench.decide(.assign(rep: "billy", by: "dana", note: nil), on: id) }
        #expect(try await store.nextDeadline() == nil)
        #expect(try await store.due(at: bench.start + .seconds(9000), limit: 10).isEmpty)
    }
}
