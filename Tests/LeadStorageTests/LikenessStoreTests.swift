// The index of who has asked before: held current with the cases, filled where it was not wanted before, and inquiries that
// joined a case, which are never a second case.

import GRDB
import LeadCore
import LeadTestKit
import Testing

@testable import LeadStorage

@Suite("Who has asked before")
struct LikenessStoreTests {
    private let folder = TemporaryDirectory()

    private func store() throws -> SQLiteCaseStore { try SQLiteCaseStore(path: folder.file("store.sqlite")) }

    private func lead(_ number: Int, _ email: String = "ada@acme.example") -> Lead {
        Sample.lead(number, [.email: email, .phone: "", .name: "", .company: ""])
    }

    private func keys(_ email: String) -> [Int64] { Likeness(Lead(given: [.email: email])).keys }

    private func found(_ store: SQLiteCaseStore, _ email: String, limit: Int = 16) async throws -> [CaseID] {
        try await store.known(alike: [keys(email)], limit: limit)[0].map(\.id)
    }

    private func id(_ number: Int) -> CaseID { Sample.key(of: lead(number)).caseID }

    @Test("cases are found by what they have in common, newest first, and no others")
    func finds() async throws {
        let store = try store()
        try await store.findAlike()
        _ = await store.apply(
            [Sample.opening(lead(1)), Sample.opening(lead(2)), Sample.opening(lead(3, "carl@acme.example"))], lease: nil
        )
        #expect(try await found(store, "ADA+x@acme.example") == [id(2), id(1)])
        #expect(try await found(store, "ada@acme.example", limit: 1) == [id(2)])
        #expect(try await found(store, "nobody@acme.example").isEmpty)
        #expect(try await store.known(alike: [[], keys("carl@acme.example")], limit: 5).map(\.count) == [0, 1])
        let known = try await store.known(alike: [keys("carl@acme.example")], limit: 5)[0][0]
        #expect(known.state == .waiting)
        #expect(known.lastAt == Sample.start)
        #expect(known.rep == nil)
    }

    @Test("what came while nobody was looked for is added when somebody is, across restarts, once")
    func fills() async throws {
        var store = try store()
        _ = await store.apply((1...50).map { Sample.opening(lead($0)) }, lease: nil)
        #expect(try await found(store, "ada@acme.example").isEmpty)
        try await store.findAlike()
        #expect(try await found(store, "ada@acme.example", limit: 100).count == 50)
        _ = await store.apply([Sample.opening(lead(51))], lease: nil)
        store.forgetAlike()
        _ = await store.apply([Sample.opening(lead(52))], lease: nil)
        #expect(try await found(store, "ada@acme.example", limit: 100).count == 51)
        try await store.close()
        store = try self.store()
        try await store.findAlike()
        #expect(try await found(store, "ada@acme.example", limit: 100).count == 52)
        try await store.close()
    }

    /// A database of `count` cases that nobody looked for.
    private func old(_ count: Int) async throws -> SQLiteCaseStore {
        let store = try store()
        let results = await store.apply((1...count).map { Sample.opening(lead($0)) }, lease: nil)
        #expect(results.allSatisfy { $0 == .applied })
        return store
    }

    @Test(
        "whatever the pieces in which the index is filled, it is whole afterwards",
        arguments: [
            LikenessPace(portion: 40, stretch: 15, batch: 7, rest: 5),
            LikenessPace(portion: 30, stretch: 10, batch: 1, rest: 10),
            LikenessPace(portion: 100, stretch: 100, batch: 1000, rest: 1),
            LikenessPace(portion: 1000, stretch: 1000, batch: 1000, rest: 7),
        ])
    func pieces(_ pace: LikenessPace) async throws {
        let store = try await old(100)
        try await store.findAlike(filling: pace)
        #expect(try await found(store, "ada@acme.example", limit: 1000).count == 100)
        try await store.close()
    }

    @Test("cases are written while an old database is put into the index, and are in it")
    func fillsBesideOthers() async throws {
        let store = try await old(300)
        let isFilled = Current(false)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await store.findAlike(filling: LikenessPace(portion: 250, stretch: 100, batch: 1, rest: 2))
                isFilled.replace(with: true)
            }
            for number in 301...310 {
                #expect(await store.apply([Sample.opening(lead(number))], lease: nil) == [.applied])
                #expect(!isFilled.now, "a case waits for a few of the index's transactions, not for all of them")
            }
            try await group.waitForAll()
        }
        #expect(try await found(store, "ada@acme.example", limit: 1000).count == 310)
        try await store.close()
    }

    @Test("a filling that the end of the program cuts short is made good by the next one")
    func fillsAgain() async throws {
        var store = try await old(300)
        let pace = LikenessPace(portion: 250, stretch: 100, batch: 1, rest: 2)
        await withTaskGroup(of: Void.self) { [store] group in
            group.addTask {
                await #expect(throws: StoreFailure.self) { try await store.findAlike(filling: pace) }
            }
            // Some of the index is there by now, if the filling has begun.
            for number in 301...303 { _ = await store.apply([Sample.opening(lead(number))], lease: nil) }
            group.addTask { await #expect(throws: Never.self) { try await store.close() } }
        }
        store = try self.store()
        #expect(try await found(store, "ada@acme.example", limit: 1000).count < 300)
        try await store.findAlike(filling: pace)
        #expect(try await found(store, "ada@acme.example", limit: 1000).count == 303)
        try await store.close()
    }

    @Test("a filling that the database refuses is made good when somebody asks again, without a restart")
    func refused() async throws {
        let store = try await old(20)
        let other = try DatabaseQueue(path: folder.file("store.sqlite"))
        try await other.write { db in
            try db.execute(
                sql: "CREATE TRIGGER refusal BEFORE INSERT ON likenesses BEGIN SELECT RAISE(ABORT, 'refused'); END")
        }
        await #expect(throws: StoreFailure.self) { try await store.findAlike() }
        _ = await store.apply([Sample.opening(lead(21))], lease: nil)
        try await other.write { db in try db.execute(sql: "DROP TRIGGER refusal") }
        try await store.findAlike()
        #expect(try await found(store, "ada@acme.example", limit: 100).count == 21)
        _ = await store.apply([Sample.opening(lead(22))], lease: nil)
        #expect(try await found(store, "ada@acme.example", limit: 100).count == 22)
        try await store.close()
    }

    @Test("an inquiry that joined is known, found by its id, and leads to the case by its own likeness too")
    func joins() async throws {
        let store = try store()
        try await store.findAlike()
        let opening = Sample.opening(lead(1))
        let again = lead(2, "second@acme.example")
        let inquiry = Inquiry(
            key: Sample.key(of: again), lead: again, resemblance: Resemblance(score: 90, reasons: ["x"]),
            urgency: "high")
        let later = Sample.start + .seconds(60)
        let joined = try opening.result.decide(.inquire(inquiry), now: later, rulebook: Sample.rulebook())
        #expect(await store.apply([opening, joined], lease: nil) == [.applied, .applied])
        #expect(try await store.load(opening.result.id) == joined.result)
        #expect(
            try await store.known([inquiry.key, opening.result.key, Sample.key(of: lead(3))]) == [
                inquiry.key, opening.result.key,
            ])
        #expect(try await found(store, "second@acme.example") == [opening.result.id])
        #expect(try await store.known(alike: [keys("ada@acme.example")], limit: 1)[0][0].lastAt == later)
        #expect(try await store.known(alike: [keys("ada@acme.example")], limit: 1)[0][0].inquiries == [inquiry.key])
        let byID = try await store.inquiries(withPrefix: String(inquiry.key.caseID.text.prefix(6)), limit: 2)
        #expect(byID.map(\.joined) == [opening.result.id])
        // The file comes once more, when nobody is looked for: still no second case.
        #expect(await store.apply([Sample.opening(again)], lease: nil) == [.duplicate])

        let separation = try joined.result.decide(.separate(inquiry.key), now: later, rulebook: Sample.rulebook())
        #expect(await store.apply([separation, Sample.opening(again)], lease: nil) == [.applied, .applied])
        #expect(try await store.load(inquiry.key.caseID)?.lead == again)
        #expect(try await store.inquiries(withPrefix: "", limit: 2).isEmpty)
        try await store.close()
    }

    @Test("a record that has its case, or has joined one, joins none: copies may be judged by different rules")
    func joinsOnce() async throws {
        let store = try store()
        let other = lead(2, "second@acme.example")
        let inquiry = Inquiry(
            key: Sample.key(of: other), lead: other, resemblance: Resemblance(score: 90, reasons: ["x"]), urgency: nil)
        let later = Sample.start + .seconds(60)
        let first = Sample.opening(lead(1))
        let second = Sample.opening(lead(3))
        func join(_ inquiry: Inquiry, _ opening: Transition) throws -> Transition {
            try opening.result.decide(.inquire(inquiry), now: later, rulebook: Sample.rulebook())
        }
        #expect(
            await store.apply([first, second, Sample.opening(other), try join(inquiry, first)], lease: nil) == [
                .applied, .applied, .applied, .duplicate,
            ])
        #expect(try await store.load(first.result.id) == first.result)
        #expect(try await store.inquiries(withPrefix: "", limit: 2).isEmpty)
        let again = lead(4, "third@acme.example")
        let twice = Inquiry(
            key: Sample.key(of: again), lead: again, resemblance: Resemblance(score: 90, reasons: ["x"]), urgency: nil)
        #expect(
            await store.apply([try join(twice, first), try join(twice, second)], lease: nil) == [.applied, .duplicate])
        #expect(try await store.load(second.result.id) == second.result)
        try await store.close()
    }

    @Test("a lead is found, compared and titled by what came late too, whether anybody was looked for then or not")
    func late() async throws {
        let store = try store()
        try await store.findAlike()
        let opening = Sample.opening(lead(1, ""))
        func findings(_ values: [(FieldName, String)]) -> LateFindings {
            LateFindings(
                enricher: "ads", values: values.map { LateValue($0.0, Lead.Value($0.1, Provenance(origin: "ads"))) },
                precedence: Precedence())
        }
        let enriched = try opening.result.decide(
            .enrich(findings([(.email, "ada@acme.example"), (.company, "Acme Arts")])), now: Sample.start,
            rulebook: Sample.rulebook())
        #expect(await store.apply([opening, enriched], lease: nil) == [.applied, .applied])
        #expect(try await found(store, "ada@acme.example") == [id(1)])
        let known = try await store.known(alike: [keys("ada@acme.example")], limit: 1)[0][0]
        #expect(known.likenesses == [Likeness(enriched.result.lead)])
        #expect(try await store.list(states: [.waiting], limit: 1).map(\.title) == [enriched.result.lead.caseTitle])
        #expect(enriched.result.lead.caseTitle.contains("Acme Arts"))
        store.forgetAlike()
        let phone = try enriched.result.decide(
            .enrich(findings([(.phoneE164, "+13125550100")])), now: Sample.start, rulebook: Sample.rulebook())
        #expect(await store.apply([phone], lease: nil) == [.applied])
        try await store.findAlike()
        let byPhone = Likeness(Lead(given: [.phoneE164: "+13125550100"])).keys
        #expect(
            try await store.known(alike: [byPhone], limit: 1)[0].map(\.likenesses) == [[Likeness(phone.result.lead)]])
        #expect(try await store.load(id(1)) == phone.result)
        try await store.close()
    }

    @Test("a split that loses the race writes nothing, not even the new case")
    func lostRace() async throws {
        let store = try store()
        let opening = Sample.opening(lead(1))
        let again = lead(2)
        let inquiry = Inquiry(key: Sample.key(of: again), lead: again, resemblance: Resemblance(score: 90, reasons: []))
        let joined = try opening.result.decide(.inquire(inquiry), now: Sample.start, rulebook: Sample.rulebook())
        let claimed = try joined.result.decide(.claim(by: "dana"), now: Sample.start, rulebook: Sample.rulebook())
        _ = await store.apply([opening, joined, claimed], lease: nil)
        let separation = try joined.result.decide(
            .separate(inquiry.key), now: Sample.start, rulebook: Sample.rulebook())
        #expect(await store.apply([separation, Sample.opening(again)], lease: nil) == [.stale, .duplicate])
        try await store.close()
    }

    @Test("answers are kept by their question until others replace them, and what has run out goes")
    func answers() async throws {
        let store = try store()
        func key(_ number: Int) -> QuestionKey { QuestionKey(["q", "\(number)"]) }
        #expect(try await store.answer(to: key(1)) == nil)
        for number in 1...20 {
            let answer = KeptAnswer(
                values: [.owner: "\"x\"\n"], at: Sample.start, until: Sample.start + .seconds(Int64(number)))
            try await store.keep(answer, to: key(number))
        }
        #expect(try await store.answer(to: key(20))?.values == [.owner: "\"x\"\n"])
        let later = Sample.start + .seconds(100)
        let new = KeptAnswer(values: [:], at: later, until: later + .seconds(5))
        for number in 20...23 { try await store.keep(new, to: key(number)) }
        #expect(try await store.answer(to: key(20)) == new)
        var left = 0
        for number in 1...19 where try await store.answer(to: key(number)) != nil { left += 1 }
        #expect(left == 0, "eight went for each that came")
        try await store.close()
    }

    @Test("a ticket is its first post's until it has expired or is given back, in the next run too")
    func tickets() async throws {
        var store = try store()
        let until = Sample.start + .seconds(60)
        func use(_ ticket: String, _ post: String, at now: Timestamp = Sample.start) async throws -> String {
            try await store.use(ticket: ticket, for: post, until: until, at: now)
        }
        #expect(try await use("a", "1") == "1")
        #expect(try await use("a", "2") == "1")
        #expect(try await use("b", "2") == "2")
        try await store.release(ticket: "b")
        try await store.close()
        store = try self.store()
        #expect(try await use("a", "2") == "1")
        #expect(try await use("b", "3") == "3")
        // What has expired is forgotten as others come.
        #expect(try await use("c", "4", at: until) == "4")
        #expect(try await use("a", "5", at: until) == "5")
        try await store.close()
    }
}
