// The book of loads: examples, any order of events, and thousands of random ones against a model that counts afresh.

import Foundation
import LeadCore
import LeadTestKit
import Testing

@Suite("WorkloadBook")
struct WorkloadBookTests {
    private static let day = Duration.seconds(86_400)
    private let now = Sample.start

    @Test("an assignment counts as open until it is closed, and in each window until it has left it")
    func windows() {
        var book = WorkloadBook(window: .seconds(30 * 86_400), highValue: 1000)
        book.assigned(case: "a", rep: "jane", at: now, value: 1000, weight: 2)
        book.assigned(case: "b", rep: "jane", at: now + .seconds(60), value: 999.99, weight: 0.5)
        var expected = Workload(
            openCount: 2, openWeight: 2.5, assignedLastDay: 2, assignedLastWeek: 2, windowCount: 2,
            windowValue: 1999.99,
            highValueCount: 1, lastAssignedAt: now + .seconds(60))
        #expect(book.workload(of: "jane", at: now + .seconds(60)) == expected)
        book.closed(case: "a")
        expected.openCount = 1
        expected.openWeight = 0.5
        #expect(book.workload(of: "jane", at: now + .seconds(3600)) == expected)
        // A window is as long as it says, to the millisecond.
        #expect(book.workload(of: "jane", at: now + Self.day - .milliseconds(1)) == expected)
        expected.assignedLastDay = 1
        #expect(book.workload(of: "jane", at: now + Self.day) == expected)
        expected.assignedLastDay = 0
        expected.assignedLastWeek = 0
        #expect(book.workload(of: "jane", at: now + .seconds(8 * 86_400)) == expected)
        #expect(
            book.workload(of: "jane", at: now + .seconds(31 * 86_400)) == Workload(openCount: 1, openWeight: 0.5))
        #expect(book.workload(of: "nobody", at: now) == Workload())
    }

    @Test("a move takes the load and the assignment from one rep to another")
    func moves() {
        var book = WorkloadBook(window: .seconds(30 * 86_400))
        book.assigned(case: "a", rep: "jane", at: now, value: 70_000, weight: 1)
        book.assigned(case: "b", rep: "jane", at: now + .seconds(5), value: nil, weight: 1)
        book.assigned(case: "b", rep: "billy", at: now + .seconds(9), value: nil, weight: 1)
        let jane = book.workload(of: "jane", at: now + .seconds(10))
        #expect(jane.openCount == 1)
        #expect(jane.windowCount == 1)
        #expect(jane.lastAssignedAt == now)
        let billy = book.workload(of: "billy", at: now + .seconds(10))
        #expect(billy.openCount == 1)
        #expect(billy.lastAssignedAt == now + .seconds(9))
        // Once more from the history, it is a move all the same.
        book.assigned(case: "a", rep: "billy", at: now + .seconds(11), value: 70_000, weight: 1)
        #expect(book.workload(of: "jane", at: now + .seconds(12)) == Workload())
        #expect(book.workload(of: "billy", at: now + .seconds(12)).highValueCount == 1)
        book.closed(case: "a")
        book.closed(case: "a")
        #expect(book.workload(of: "jane", at: now + .seconds(14)) == Workload())
        #expect(book.workload(of: "billy", at: now + .seconds(14)).openCount == 1)
    }

    @Test("what has left a window doesn't come back when the clock is set back")
    func clockSetBack() {
        var book = WorkloadBook(window: .seconds(30 * 86_400))
        book.assigned(case: "a", rep: "jane", at: now, value: nil, weight: 1)
        let later = book.workload(of: "jane", at: now + .seconds(2 * 86_400))
        #expect(later.assignedLastDay == 0)
        #expect(book.workload(of: "jane", at: now) == later)
    }

    /// Counts afresh each time.
    private struct Model {
        struct Case {
            var rep: PersonID
            var at: Timestamp
            var value: Int
            var weight: Double
            var isOpen = true
        }
        var cases: [CaseID: Case] = [:]

        func workload(of rep: PersonID, at now: Timestamp, window: Duration) -> Workload {
            let own = cases.values.filter { $0.rep == rep }
            func within(_ length: Duration) -> [Case] { own.filter { $0.at > now - length } }
            let open = own.filter(\.isOpen)
            let counted = within(window)
            return Workload(
                openCount: open.count, openWeight: open.map(\.weight).reduce(0, +),
                assignedLastDay: within(.seconds(86_400)).count, assignedLastWeek: within(.seconds(604_800)).count,
                windowCount: counted.count, windowValue: Double(counted.map(\.value).reduce(0, +)),
                highValueCount: counted.count { $0.value >= 50_000 },
                lastAssignedAt: within(max(window, .seconds(604_800))).map(\.at).max())
        }
    }

    @Test(
        "random events, some of them late, leave what counting afresh gives", arguments: [3600, 86_400 * 30] as [Int64])
    func model(seconds: Int64) {
        let window = Duration.seconds(seconds)
        var random = SeededGenerator(seed: UInt64(seconds))
        var book = WorkloadBook(window: window)
        var model = Model()
        var clock = now
        let reps = ["a", "b", "c"].map { PersonID($0) }
        for round in 0..<6000 {
            clock = clock + .seconds(Int64.random(in: 0...7200, using: &random))
            let late = Bool.random(using: &random) ? 0 : Int64.random(in: 0...4_000_000, using: &random)
            let instant = clock - .seconds(late / (round % 7 == 0 ? 1 : 1000))
            let rep = reps[Int.random(in: 0..<3, using: &random)]
            let open = model.cases.filter(\.value.isOpen).keys.sorted()
            let known = open.isEmpty ? nil : open[Int.random(in: 0..<open.count, using: &random)]
            switch (Int.random(in: 0..<6, using: &random), known) {
            case (0, let id?):
                book.closed(case: id)
                model.cases[id]?.isOpen = false
            case (1, let id?):
                book.undone(case: id)
                model.cases[id] = nil
            case (2, let id?):
                let value = Int.random(in: 0...100_000, using: &random)
                book.assigned(case: id, rep: rep, at: instant, value: Decimal(value), weight: 0.5)
                model.cases[id] = Model.Case(rep: rep, at: instant, value: value, weight: 0.5)
            default:
                let value = Int.random(in: 0...100_000, using: &random)
                let weight = Double(Int.random(in: 0...12, using: &random)) / 4
                let id = CaseID("case-\(round)")
                book.assigned(case: id, rep: rep, at: instant, value: Decimal(value), weight: weight)
                model.cases[id] = Model.Case(rep: rep, at: instant, value: value, weight: weight)
            }
            let asked = reps[Int.random(in: 0..<3, using: &random)]
            let found = book.workload(of: asked, at: clock)
            let expected = model.workload(of: asked, at: clock, window: window)
            #expect(found == expected, "round \(round)")
            if found != expected { return }
        }
    }

    @Test("the order in which the events of different cases are told makes no difference")
    func anyOrder() {
        var random = SeededGenerator(seed: 11)
        let lives = (0..<300).map { number -> [(inout WorkloadBook) -> Void] in
            let id = CaseID("case-\(number)")
            let at = now + .seconds(Int64.random(in: 0...3_000_000, using: &random))
            let rep = PersonID("rep-\(number % 5)")
            let value = Decimal(Int.random(in: 0...9_999_999, using: &random)) / 100
            let weight = Double.random(in: 0...3, using: &random)
            var life: [(inout WorkloadBook) -> Void] = [
                { $0.assigned(case: id, rep: rep, at: at, value: value, weight: weight) }
            ]
            if number % 3 == 0 {
                life.append {
                    $0.assigned(case: id, rep: "rep-0", at: at + .seconds(60), value: value, weight: weight)
                }
            }
            if number % 4 == 0 { life.append { $0.closed(case: id) } }
            return life
        }
        func loads(_ order: [Int]) -> [Workload] {
            var book = WorkloadBook(window: .seconds(2_000_000))
            var rests = lives.map { $0[...] }
            for number in order { rests[number].popFirst()?(&book) }
            return (0..<5).map { book.workload(of: PersonID("rep-\($0)"), at: now + .seconds(3_000_000)) }
        }
        let order = lives.indices.flatMap { index in lives[index].map { _ in index } }
        let expected = loads(order)
        for _ in 0..<20 { #expect(loads(order.shuffled(using: &random)) == expected) }
        #expect(Set(expected.map(\.windowCount)).count > 1)
    }
}
