// Somebody to whom no question comes: what is concluded from the messages' states and the lanes', and what the case does.

import LeadTestKit
import Testing

@testable import LeadCore

@Suite("Out of reach")
struct OutOfReachTests {
    private func file(_ states: [(kind: MessageKind, channel: ChannelID, state: DeliveryState)]) -> CaseFile {
        let tracked = TrackedCase()
        let records = states.enumerated().map { place, one in
            DeliveryRecord(
                delivery: Delivery(
                    caseID: tracked.current.id, sequence: place + 2, person: "dana", channel: one.channel,
                    lane: LaneID(one.channel.text), kind: one.kind, createdAt: Sample.start),
                state: one.state, attempts: 1, nextAttempt: nil, changedAt: Sample.start, detail: nil)
        }
        return CaseFile(subject: tracked.current, history: tracked.history, deliveries: records)
    }

    @Test("every question must have failed, or wait for a lane that is down")
    func states() {
        func isOut(_ states: (kind: MessageKind, channel: ChannelID, state: DeliveryState)...) -> Bool {
            file(states).isOutOfReach("dana") { $0 == "mail" || $0 == "teams" }
        }
        for waiting in [DeliveryState.pending, .deferred, .sending, .failed, .held, .unknown] {
            #expect(isOut((.decide, "mail", waiting), (.decide, "teams", .deferred)))
        }
        #expect(!isOut((.decide, "mail", .sent), (.decide, "teams", .deferred)))
        #expect(!isOut((.decide, "slack", .deferred), (.decide, "teams", .deferred)), "Slack is well")
        #expect(!isOut((.decide, "mail", .sent), (.remind, "mail", .deferred)), "they know of it")
        #expect(isOut((.settled, "mail", .sent), (.decide, "mail", .deferred)), "that asks for nothing")
        #expect(!isOut((.decide, "mail", .cancelled)))
        #expect(!isOut())
        #expect(!file([(.decide, "mail", .deferred)]).isOutOfReach("lee") { _ in true })
    }

    @Test("the next step comes at once, the operators hear of it if it is news, and what waits stays")
    func goesOn() throws {
        for isNews in [true, false] {
            var tracked = TrackedCase()
            try tracked.decide(.unreachable(person: "dana", isNews: isNews), at: LeadCase.minute(2))
            #expect(tracked.last.deliveries.contains { $0.kind == .alarm } == isNews)
            #expect(tracked.last.deliveries.contains { $0.kind == .escalate && $0.person == "lee" })
            #expect(tracked.last.cancels.isEmpty)
            #expect(tracked.current.outOfReach == ["dana"] && tracked.current.unreached.isEmpty)
            #expect(
                tracked.refusal(of: .unreachable(person: "dana"), at: LeadCase.minute(3)) == .nothingToChange)
        }
    }

    @Test("where nobody else is to be asked, reminders keep their time and the lead isn't given away for it")
    func waits() throws {
        var tracked = TrackedCase()
        for (minute, person) in [(2, "dana"), (3, "lee")] as [(Double, PersonID)] {
            try tracked.decide(.unreachable(person: person, isNews: false), at: LeadCase.minute(minute))
        }
        #expect(tracked.current.outOfReach == ["dana", "lee"] && tracked.current.state == .waiting)
        let next = try #require(tracked.current.nextDeadline)
        #expect(next == tracked.current.opening.plan.last?.at, "the policy's own time")
    }

    @Test("nothing is hurried while somebody decides, for who wasn't asked, or once it is settled")
    func refused() throws {
        var tracked = TrackedCase()
        #expect(tracked.refusal(of: .unreachable(person: "lee"), at: LeadCase.minute(1)) == .nothingToChange)
        try tracked.decide(.claim(by: "lee"), at: LeadCase.minute(1))
        #expect(tracked.refusal(of: .unreachable(person: "dana"), at: LeadCase.minute(2)) == .nothingToChange)
        try tracked.decide(.assign(rep: "billy", by: "lee", note: nil), at: LeadCase.minute(3))
        if case .alreadyAssigned = tracked.refusal(of: .unreachable(person: "dana"), at: LeadCase.minute(4)) {
        } else {
            Issue.record("what is settled goes on")
        }
    }
}
