// What becomes of an open case when people go away or the rules change under it.

import LeadCore
import LeadTestKit
import Testing

@Suite("Rules that change under a case")
struct RulesChangeTests {
    private func minute(_ minutes: Double) -> Timestamp { LeadCase.minute(minutes) }

    private func away(_ id: PersonID, _ from: Double, for substitute: PersonID? = nil) -> Absence {
        Absence(person: id, from: minute(from), until: minute(6000), substitute: substitute)
    }

    @Test("when whoever was asked goes away, the next is asked at once, and told why")
    func askerAway() throws {
        var tracked = TrackedCase()
        #expect(tracked.refusal(of: .askersAway, at: minute(5)) == .nothingToChange)
        tracked.rulebook = Sample.rulebook(absences: [away("dana", 5)])
        #expect(tracked.refusal(of: .askersAway, at: minute(4)) == .nothingToChange)
        try tracked.decide(.askersAway, at: minute(5))
        #expect(tracked.told == ["escalate lee"])
        let passed = PassedOver(person: "dana", isAway: true, until: minute(6000), to: "lee")
        #expect(
            tracked.last.entries.map(\.event) == [
                .passedOver(step: 0, who: passed), .notified(step: 0, people: ["lee"]),
            ])
        let briefing = BriefingWriter(rulebook: tracked.rulebook, keys: Sample.keys)
            .briefing(of: tracked.last.deliveries[0], about: tracked.current)
        #expect(briefing.sentences[0] == "Dana Whitfield is away until Fri 27 Nov 19:00 (UTC); you are next.")
        // The plan goes on, and once is enough.
        #expect(tracked.current.nextDeadline == minute(15))
        #expect(tracked.refusal(of: .askersAway, at: minute(6)) == .nothingToChange)
    }

    @Test("nobody else is asked while somebody who was asked is there, decides, or has chosen, or nobody is left")
    func askerThere() throws {
        var two = TrackedCase()
        try two.decide(.pass(to: "lee", by: "dana", comment: nil), at: minute(1))
        two.rulebook = Sample.rulebook(absences: [away("dana", 2)])
        #expect(two.refusal(of: .askersAway, at: minute(3)) == .nothingToChange)
        two.rulebook = Sample.rulebook(absences: [away("dana", 2), away("lee", 2)])
        #expect(two.refusal(of: .askersAway, at: minute(3)) == .nothingToChange)
        var claimed = TrackedCase()
        try claimed.decide(.claim(by: "dana"), at: minute(1))
        claimed.rulebook = Sample.rulebook(absences: [away("dana", 2)])
        #expect(claimed.refusal(of: .askersAway, at: minute(3)) == .nothingToChange)
        try claimed.decide(.assign(rep: "billy", by: "dana", note: nil), at: minute(4))
        let assignment = try #require(claimed.current.assignment)
        #expect(claimed.refusal(of: .askersAway, at: minute(5)) == .alreadyAssigned(assignment))
        #expect(claimed.refusal(of: .replan, at: minute(5)) == .alreadyAssigned(assignment))
    }

    private static let quick = Sample.policy([
        (.zero, .notify(.manager)), (.seconds(300), .remind(.manager)), (.seconds(1200), .assign("billy")),
    ])

    @Test("a case that is planned anew goes by the new policy from its beginning; what is past counts as done")
    func replan() throws {
        var tracked = TrackedCase()
        #expect(tracked.refusal(of: .replan, at: minute(9)) == .nothingToChange)
        tracked.rulebook = Sample.rulebook(policies: ["standard": Self.quick])
        try tracked.decide(.replan, at: minute(10))
        #expect(tracked.last.entries.count == 1 && tracked.told.isEmpty)
        #expect(tracked.current.nextDeadline == minute(20) && tracked.current.fallback == "billy")
        #expect(
            HistoryWords(rulebook: tracked.rulebook).words(tracked.last.entries[0].event).sentence
                == "The rules have changed; by the policy standard the lead has its owner by Mon 23 Nov 15:20.")
        #expect(tracked.refusal(of: .replan, at: minute(11)) == .nothingToChange)
        try tracked.decide(.deadlinePassed, at: minute(20))
        #expect(tracked.current.assignment?.rep == "billy")
    }

    @Test("when the new policy's time is over, the lead has its owner at once")
    func overdue() throws {
        var tracked = TrackedCase()
        tracked.rulebook = Sample.rulebook(policies: ["standard": Self.quick])
        try tracked.decide(.replan, at: minute(25))
        #expect(tracked.told == ["assigned billy", "settled dana"])
    }

    @Test("managers of another route are asked when the case comes to them; those of the same aren't asked twice")
    func otherRoute() throws {
        var tracked = TrackedCase()
        tracked.rulebook = Sample.rulebook(routes: [Route(managers: ["lee"], policy: "standard")])
        try tracked.decide(.replan, at: minute(5))
        #expect(tracked.told == ["escalate lee"])
        #expect(tracked.current.opening.managers == ["lee"])
        var same = TrackedCase()
        same.rulebook = Sample.rulebook(routes: [Route(managers: ["dana", "lee"], policy: "standard", ask: .all)])
        try same.decide(.replan, at: minute(5))
        #expect(same.told.isEmpty)
    }

    @Test("a claim stays a claim, more time stays more time, and turns stay where they were")
    func keeps() throws {
        let turns = Route(managers: ["dana", "lee"], policy: "standard", ask: .inTurn)
        let policies = ["standard": try EscalationPolicy(steps: Sample.standard.steps, moreTime: .seconds(600))]
        let before = Sample.rulebook(routes: [turns], policies: policies)
        let lead = Sample.lead()
        let opened = LeadCase.open(
            lead, key: Sample.key(of: lead), now: Sample.start, rulebook: before, turns: Turns(["dana", "lee"])
        ).result
        var current = try opened.decide(.postpone(by: "dana"), now: minute(1), rulebook: before).result
        current = try current.decide(.claim(by: "dana"), now: minute(2), rulebook: before).result
        let after = Sample.rulebook(routes: [turns], policies: ["standard": Self.quick])
        current = try current.decide(.replan, now: minute(3), rulebook: after).result
        #expect(current.opening.turn == "dana" && current.opening.managers == ["dana", "lee"])
        #expect(current.stateName == .claimed && current.ownerBy == minute(30))
    }
}
