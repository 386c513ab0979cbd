// What `apply` promises, of every store: all or nothing, one winner a version, one case a key, no poison for others.

import LeadCore
import LeadTestKit
import Testing

@Suite("Every store applies transitions")
struct CaseStoreApplyTests {
    @Test("what was applied comes back as it was decided", arguments: StoreKind.allCases)
    func returnsWhatWasApplied(kind: StoreKind) async throws {
        let bench = try kind.make()
        let odd = "\"Quotes\", \\ back\nslash\u{1} & ünïcode 𝄞 \u{7F}"
        let lead = Sample.lead(1, [.description: odd, "odd key \"": "x"])
        let opening = Sample.opening(lead)
        #expect(await bench.store.apply([opening], lease: nil) == [.applied])
        let file = try #require(try await bench.store.file(opening.result.id))
        #expect(file.subject == opening.result)
        #expect(file.history == opening.entries)
        #expect(file.deliveries.map(\.delivery) == opening.deliveries)
        #expect(file.deliveries.allSatisfy { $0.state == .pending && $0.attempts == 0 && $0.detail == nil })
        #expect(file.deliveries.allSatisfy { $0.nextAttempt == bench.start && $0.changedAt == bench.start })
        #expect(try await bench.store.load(opening.result.id) == opening.result)
    }

    @Test("a whole life is replayed from its history", arguments: StoreKind.allCases)
    func replaysAWholeLife(kind: StoreKind) async throws {
        let bench = try kind.make()
        let id = try await bench.open().id
        try await bench.decide(.claim(by: "dana"), on: id)
        try await bench.decide(.release(by: "dana"), on: id)
        try await bench.decide(.deadlinePassed, on: id, at: bench.start + .seconds(1800))
        try await bench.decide(.assign(rep: "billy", by: "lee", note: "call first"), on: id)
        try await bench.decide(.reassign(rep: "jane", from: "billy", by: "lee", note: nil), on: id)
        try await bench.decide(.start(by: "jane"), on: id)
        let last = try await bench.decide(.close(by: "jane", note: "won"), on: id)
        #expect(try await bench.store.load(id) == last)
        #expect(last.stateName == .closed)
    }

    @Test("what somebody did is kept with the message that they came from", arguments: StoreKind.allCases)
    func entrances(kind: StoreKind) async throws {
        let bench = try kind.make()
        let opened = try await bench.open()
        let mail = Entrance(channel: "mail", sequence: 2)
        let claim = try opened.decide(.claim(by: "dana"), now: bench.start, rulebook: bench.rulebook, through: mail)
        #expect(await bench.store.apply([claim], lease: nil) == [.applied])
        try await bench.decide(.release(by: "dana"), on: opened.id)
        let file = try #require(try await bench.store.file(opened.id))
        #expect(file.history.map(\.entrance) == [nil, nil, mail, nil])
    }

    @Test(
        "who came in vain is kept with their message, once, and nothing of cases that there are not",
        arguments: StoreKind.allCases)
    func visits(kind: StoreKind) async throws {
        let bench = try kind.make()
        let opened = try await bench.open()
        func visit(_ person: PersonID, _ sequence: Int, _ minutes: Int64) -> Visit {
            Visit(
                person: person, entrance: Entrance(channel: "mail", sequence: sequence),
                at: bench.start + .seconds(60 * minutes))
        }
        for one in [visit("lee", 2, 9), visit("dana", 2, 5), visit("dana", 2, 7), visit("dana", 3, 8)] {
            try await bench.store.keep(one, of: opened.id)
        }
        try await bench.store.keep(visit("dana", 2, 1), of: "nosuchcase")
        let file = try #require(try await bench.store.file(opened.id))
        #expect(file.visits == [visit("dana", 2, 5), visit("dana", 3, 8), visit("lee", 2, 9)])
        #expect(file.history.count == 2, "it is no event of the case")
    }

    @Test("a key has one case, and the second comer is told", arguments: StoreKind.allCases)
    func refusesDuplicates(kind: StoreKind) async throws {
        let bench = try kind.make()
        let opening = Sample.opening()
        #expect(await bench.store.apply([opening, opening], lease: nil) == [.applied, .duplicate])
        let later = Sample.opening(at: bench.start + .seconds(5))
        #expect(await bench.store.apply([later], lease: nil) == [.duplicate])
        let file = try #require(try await bench.store.file(opening.result.id))
        #expect(file.subject == opening.result)
        #expect(file.deliveries.count == opening.deliveries.count)
    }

    @Test("a transition of a case that has moved on is stale and leaves no trace", arguments: StoreKind.allCases)
    func refusesStale(kind: StoreKind) async throws {
        let bench = try kind.make()
        let opened = try await bench.open()
        let toBilly = try bench.transition(.assign(rep: "billy", by: "dana", note: nil), on: opened)
        let toJane = try bench.transition(.assign(rep: "jane", by: "dana", note: nil), on: opened)
        #expect(await bench.store.apply([toBilly, toJane], lease: nil) == [.applied, .stale])
        let file = try #require(try await bench.store.file(opened.id))
        #expect(file.subject == toBilly.result)
        #expect(!file.deliveries.contains { $0.delivery.person == "jane" })
    }

    @Test("a transition of a case that isn't there is stale", arguments: StoreKind.allCases)
    func refusesUnknown(kind: StoreKind) async throws {
        let bench = try kind.make()
        let claim = try bench.transition(.claim(by: "dana"), on: Sample.opening().result)
        #expect(await bench.store.apply([claim], lease: nil) == [.stale])
    }

    @Test("two transitions of one case in one call follow each other", arguments: StoreKind.allCases)
    func appliesInOrder(kind: StoreKind) async throws {
        let bench = try kind.make()
        let opening = Sample.opening()
        let claim = try bench.transition(.claim(by: "dana"), on: opening.result)
        let choice = try bench.transition(.assign(rep: "billy", by: "dana", note: nil), on: claim.result)
        #expect(await bench.store.apply([opening, claim, choice], lease: nil) == [.applied, .applied, .applied])
        #expect(try await bench.store.load(opening.result.id) == choice.result)
    }

    @Test("one that contradicts itself keeps no other from being written", arguments: StoreKind.allCases)
    func isolatesContradictions(kind: StoreKind) async throws {
        let bench = try kind.make()
        let good = (1...3).map { Sample.opening(Sample.lead($0)) }
        let template = Sample.opening(Sample.lead(4))
        let gap = Transition(
            expected: 0, result: template.result, entries: Array(template.entries.dropFirst()),
            deliveries: template.deliveries, cancels: [])
        let foreign = Transition(
            expected: 0, result: template.result, entries: template.entries, deliveries: good[0].deliveries,
            cancels: [])
        let results = await bench.store.apply([good[0], gap, good[1], foreign, good[2]], lease: nil)
        #expect([0, 2, 4].map { results[$0] } == [.applied, .applied, .applied])
        for index in [1, 3] {
            guard case .failed(let failure) = results[index] else {
                Issue.record("\(results[index]) should be a failure")
                continue
            }
            #expect(failure.code == .damaged)
        }
        #expect(try await bench.store.load(template.result.id) == nil)
        #expect(await bench.store.apply([template], lease: nil) == [.applied])
    }

    @Test("a message that is decided twice is one message", arguments: StoreKind.allCases)
    func dropsRepeatedMessages(kind: StoreKind) async throws {
        let bench = try kind.make()
        let opening = Sample.opening()
        let twice = Transition(
            expected: 0, result: opening.result, entries: opening.entries,
            deliveries: opening.deliveries + opening.deliveries, cancels: [])
        #expect(await bench.store.apply([twice], lease: nil) == [.applied])
        #expect(try await bench.records(of: opening.result.id).map(\.delivery) == opening.deliveries)
    }

    @Test("of 500 at once on one version, exactly one wins", arguments: StoreKind.allCases)
    func letsOneWin(kind: StoreKind) async throws {
        let bench = try kind.make()
        var subject = try await bench.open()
        for round in 0..<3 {
            let command: CaseCommand = round == 1 ? .release(by: "dana") : .claim(by: "dana")
            let transition = try bench.transition(command, on: subject)
            let results = await withTaskGroup(of: ApplyResult.self) { group in
                for _ in 0..<500 {
                    group.addTask { await bench.store.apply([transition], lease: nil)[0] }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.count { $0 == .applied } == 1)
            #expect(results.count { $0 == .stale } == 499)
            subject = try #require(try await bench.store.load(subject.id))
            #expect(subject == transition.result)
        }
    }

    @Test("500 leads at once become 500 cases", arguments: StoreKind.allCases)
    func appliesManyAtOnce(kind: StoreKind) async throws {
        let bench = try kind.make()
        let results = await withTaskGroup(of: ApplyResult.self) { group in
            for number in 0..<500 {
                group.addTask { await bench.store.apply([Sample.opening(Sample.lead(number))], lease: nil)[0] }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.allSatisfy { $0 == .applied })
        #expect(try await bench.store.ids(withPrefix: "", limit: 1000).count == 500)
    }

    @Test("messages of a leased transition are born under way, at attempt 1", arguments: StoreKind.allCases)
    func bearsLeased(kind: StoreKind) async throws {
        let bench = try kind.make()
        let opened = try await bench.open(lease: Bench.lease)
        let records = try await bench.records(of: opened.id)
        #expect(records.count == 2)
        #expect(records.allSatisfy { $0.state == .sending && $0.attempts == 1 && $0.nextAttempt == nil })
        #expect(try await bench.take().isEmpty)
        #expect(try await bench.store.nextDelivery(within: .unlimited) == Bench.lease.until)
    }

    @Test("a choice cancels the questions that are unsent, and only those", arguments: StoreKind.allCases)
    func cancelsQuestions(kind: StoreKind) async throws {
        let bench = try kind.make()
        let id = try await bench.open().id
        let taken = try await bench.take()
        let (mail, teams) = (try #require(taken.first { $0.delivery.channel == "mail" }), taken.count)
        #expect(teams == 2)
        try await bench.store.settle([Settlement(leased: mail, verdict: .sent(detail: "250"), at: bench.start)])
        try await bench.decide(.deadlinePassed, on: id, at: bench.start + .seconds(900))
        try await bench.decide(.assign(rep: "billy", by: "dana", note: nil), on: id, at: bench.start + .seconds(901))
        #expect(
            try await bench.states(of: id) == [
                "decide dana mail": .sent, "decide dana teams": .sending, "remind dana mail": .cancelled,
                "remind dana teams": .cancelled, "assigned billy mail": .pending, "settled dana mail": .pending,
                "settled dana teams": .pending,
            ])
        let cancelled = try #require(try await bench.records(of: id).first { $0.state == .cancelled })
        #expect(cancelled.changedAt == bench.start + .seconds(901))
        #expect(cancelled.nextAttempt == nil)
        #expect(cancelled.detail != nil)
    }

    @Test("cancelling goes before adding, so new messages of a cancelled kind stay", arguments: StoreKind.allCases)
    func cancelsBeforeAdding(kind: StoreKind) async throws {
        let bench = try kind.make()
        let id = try await bench.open().id
        try await bench.decide(.assign(rep: "billy", by: "dana", note: nil), on: id)
        try await bench.decide(.reassign(rep: "jane", from: "billy", by: "dana", note: nil), on: id)
        let states = try await bench.states(of: id)
        #expect(states["assigned billy mail"] == .cancelled)
        #expect(states["assigned jane mail"] == .pending)
        #expect(states["withdrawn billy mail"] == .pending)
        let settled = try await bench.records(of: id).filter { $0.delivery.kind == .settled }
        #expect(settled.map(\.state) == [.cancelled, .cancelled, .pending, .pending])
    }

    @Test("nothing to apply is nothing", arguments: StoreKind.allCases)
    func appliesNothing(kind: StoreKind) async throws {
        let bench = try kind.make()
        #expect(await bench.store.apply([], lease: nil).isEmpty)
    }
}
