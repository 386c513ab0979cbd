// Which messages in hand a decision makes pointless: those that older entries caused, whatever the clock says.

import LeadCore
import LeadTestKit
import Testing

@testable import LeadEngine

@Suite("Cancellation")
struct CancellationTests {
    @Test(
        "a decision stops older messages of the kinds that it names, and none of its own, however long it took to write"
    )
    func ownMessages() throws {
        let book = Sample.rulebook()
        let opening = Sample.opening()
        let assigned = try opening.result.decide(
            .assign(rep: "billy", by: "dana", note: nil), now: Sample.start, rulebook: book)
        let moved = try assigned.result.decide(
            .reassign(rep: "jane", from: "billy", by: "dana", note: nil), now: Sample.start, rulebook: book)
        var cancellation = Cancellation()
        cancellation.take(assigned, at: Sample.start + .seconds(5))
        #expect(opening.deliveries.allSatisfy { cancellation.hits($0) })
        #expect(assigned.deliveries.allSatisfy { !cancellation.hits($0) })
        cancellation.take(moved, at: Sample.start + .seconds(9))
        #expect(assigned.deliveries.filter { $0.kind == .assigned }.allSatisfy { cancellation.hits($0) })
        #expect(moved.deliveries.contains { $0.kind == .assigned && $0.person == "jane" })
        #expect(moved.deliveries.allSatisfy { !cancellation.hits($0) })
    }

    @Test("after an undo the next rep is told")
    func afterUndo() throws {
        let book = Sample.rulebook()
        var transitions = [Sample.opening()]
        for command: CaseCommand in [
            .assign(rep: "billy", by: "dana", note: nil), .undo(by: "dana"),
            .assign(rep: "jane", by: "dana", note: nil),
        ] {
            transitions.append(
                try transitions[transitions.count - 1].result.decide(command, now: Sample.start, rulebook: book))
        }
        var cancellation = Cancellation()
        for transition in transitions {
            cancellation.take(transition, at: Sample.start + .seconds(60))
            #expect(transition.deliveries.allSatisfy { !cancellation.hits($0) })
        }
        #expect(transitions[1].deliveries.filter { $0.kind == .assigned }.allSatisfy { cancellation.hits($0) })
    }
}
