// Which messages are still meant when they leave late, kind by kind.

import LeadCore
import LeadTestKit
import Testing

@Suite("Relevance")
struct RelevanceTests {
    private func minute(_ minutes: Double) -> Timestamp { LeadCase.minute(minutes) }

    private func messages(_ tracked: TrackedCase, _ kind: MessageKind, _ person: PersonID? = nil) -> [Delivery] {
        tracked.deliveries.filter { $0.kind == kind && (person == nil || $0.person == person) }
    }

    private func isMeant(_ delivery: Delivery, _ tracked: TrackedCase) -> Bool {
        tracked.current.objection(to: delivery) == nil
    }

    private func assigned(to rep: PersonID = "billy") throws -> TrackedCase {
        var tracked = TrackedCase()
        try tracked.decide(.assign(rep: rep, by: "dana", note: nil), at: minute(1))
        return tracked
    }

    @Test("every message is meant right after the decision that caused it")
    func fresh() throws {
        var tracked = TrackedCase()
        for (command, at) in [
            (.assign(rep: "billy", by: "dana", note: nil), 1), (.undo(by: "dana"), 2),
            (.assign(rep: "jane", by: "dana", note: nil), 3),
            (.reassign(rep: "billy", from: "jane", by: "dana", note: nil), 4), (.start(by: "billy"), 5),
        ] as [(CaseCommand, Double)] {
            try tracked.decide(command, at: minute(at))
            #expect(tracked.last.deliveries.allSatisfy { isMeant($0, tracked) })
        }
    }

    @Test("a question isn't asked once it is answered, and is again when the answer is taken back")
    func questions() throws {
        var tracked = try assigned()
        let questions = messages(tracked, .decide)
        #expect(!questions.isEmpty && questions.allSatisfy { !isMeant($0, tracked) })
        try tracked.decide(.undo(by: "dana"), at: minute(2))
        #expect(questions.allSatisfy { isMeant($0, tracked) })
    }

    @Test("a rep isn't given a lead that was taken back, that somebody else has, or that is closed")
    func handovers() throws {
        var undone = try assigned()
        try undone.decide(.undo(by: "dana"), at: minute(2))
        #expect(undone.current.objection(to: messages(undone, .assigned)[0]) == "the choice was taken back")

        var moved = try assigned()
        let former = messages(moved, .assigned, "billy")
        try moved.decide(.reassign(rep: "jane", from: "billy", by: "dana", note: nil), at: minute(2))
        #expect(former.allSatisfy { moved.current.objection(to: $0) == "somebody else has the lead now" })
        #expect(messages(moved, .assigned, "jane").allSatisfy { isMeant($0, moved) })

        var done = try assigned()
        try done.decide(.start(by: "billy"), at: minute(2))
        #expect(messages(done, .assigned).allSatisfy { isMeant($0, done) })
        try done.decide(.close(by: "billy", note: nil), at: minute(3))
        #expect(messages(done, .assigned).allSatisfy { done.current.objection(to: $0) == "the lead is closed" })
    }

    @Test("given back to a former rep, the lead is told by the newest handover alone, and none says that it is gone")
    func givenBack() throws {
        var tracked = try assigned()
        let first = messages(tracked, .assigned, "billy")
        let settled = messages(tracked, .settled)
        try tracked.decide(.reassign(rep: "jane", from: "billy", by: "dana", note: nil), at: minute(2))
        try tracked.decide(.reassign(rep: "billy", from: "jane", by: "dana", note: nil), at: minute(3))
        #expect((first + settled).allSatisfy { !isMeant($0, tracked) })
        #expect(messages(tracked, .withdrawn, "billy").allSatisfy { !isMeant($0, tracked) })
        #expect(messages(tracked, .withdrawn, "jane").allSatisfy { isMeant($0, tracked) })
        #expect(tracked.last.deliveries.allSatisfy { isMeant($0, tracked) })
    }

    @Test("nobody hears that a lead is settled that is open again")
    func reopened() throws {
        var tracked = try assigned()
        let settled = messages(tracked, .settled)
        #expect(settled.allSatisfy { isMeant($0, tracked) })
        try tracked.decide(.undo(by: "dana"), at: minute(2))
        #expect(!settled.isEmpty && settled.allSatisfy { !isMeant($0, tracked) })
    }

    @Test("alarms, fresh links, updates and events are meant whatever has become of the case")
    func always() throws {
        let tracked = try assigned()
        for kind in [MessageKind.alarm, .freshLink, .update, .event] {
            let delivery = Delivery(
                caseID: tracked.current.id, sequence: 1, person: "lee", channel: "mail", lane: "mail", kind: kind,
                createdAt: Sample.start)
            #expect(isMeant(delivery, tracked))
        }
    }
}
