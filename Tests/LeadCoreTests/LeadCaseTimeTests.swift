// What time does to a case: steps, claims, late ticks, a clock that is set.

import LeadCore
import LeadTestKit
import Testing

@Suite("LeadCase: time")
struct LeadCaseTimeTests {
    private func minute(_ minutes: Double) -> Timestamp { LeadCase.minute(minutes) }

    @Test("opening asks the first manager at once and waits for the next step")
    func open() {
        let tracked = TrackedCase()
        #expect(tracked.current.stateName == .waiting)
        #expect(tracked.told == ["decide dana"])
        #expect(tracked.current.told == ["dana"])
        #expect(tracked.current.nextDeadline == minute(15))
        #expect(tracked.current.ownerBy == minute(60))
        #expect(tracked.current.fallback == "jane")
        #expect(tracked.current.opening.reason == "project type is fine-art")
        #expect(tracked.history.map(\.actor) == [.intake, .step(index: 0)])
        // Dana has mail and Teams.
        #expect(tracked.deliveries.map(\.channel) == ["mail", "teams"])
        #expect(tracked.deliveries.map(\.lane) == ["mail", "teams/dana"])
    }

    @Test("each step happens at its time, once, and the last gives the lead its owner")
    func steps() throws {
        var tracked = TrackedCase()
        try tracked.decide(.deadlinePassed, at: minute(15))
        #expect(tracked.told == ["remind dana"])
        #expect(tracked.refusal(of: .deadlinePassed, at: minute(15)) == .notDue(minute(30)))
        try tracked.decide(.deadlinePassed, at: minute(30))
        #expect(tracked.told == ["escalate lee"])
        #expect(tracked.current.told == ["dana", "lee"])
        #expect(tracked.refusal(of: .deadlinePassed, at: minute(30)) == .notDue(minute(60)))
        try tracked.decide(.deadlinePassed, at: minute(60))
        #expect(tracked.told == ["assigned jane", "settled dana", "settled lee"])
        #expect(tracked.last.cancels == MessageKind.asking)
        #expect(
            tracked.current.assignment
                == Assignment(rep: "jane", by: .step(index: 3), mode: .fallback, at: minute(60)))
        #expect(tracked.current.nextDeadline == nil)
        #expect(tracked.refusal(of: .deadlinePassed, at: minute(100_000)) == .notDue(nil))
    }

    @Test("of several steps that are due at once a reminder is skipped when a later one overtakes it")
    func collapse() throws {
        var tracked = TrackedCase()
        try tracked.decide(.deadlinePassed, at: minute(45))
        #expect(tracked.told == ["escalate lee"])
        #expect(tracked.last.entries.map(\.event) == [.skipped(step: 1), .notified(step: 2, people: ["lee"])])
        #expect(tracked.current.nextDeadline == minute(60))
    }

    @Test("the assignment overtakes everything, however late")
    func collapseToAssignment() throws {
        var tracked = TrackedCase()
        try tracked.decide(.deadlinePassed, at: minute(600_000))
        #expect(tracked.told == ["assigned jane", "settled dana"])
        #expect(tracked.last.entries.map(\.event).dropLast() == [.skipped(step: 1), .skipped(step: 2)])
    }

    @Test("several managers whose time has come are all asked")
    func severalNotified() throws {
        let policy = Sample.policy([
            (.zero, .notify(.manager)), (.seconds(60), .notify(.nextManager)),
            (.seconds(120), .notify(.people(["kim"]))), (.seconds(180), .remind(.manager)),
            (.seconds(3600), .assign("jane")),
        ])
        let kim = Person(id: "kim", name: "Kim", isManager: true, reach: [Sample.reach("mail", "kim@example.com")])
        let rulebook = Sample.rulebook(people: Sample.people + [kim], policies: ["standard": policy])
        var tracked = TrackedCase(rulebook: rulebook)
        try tracked.decide(.deadlinePassed, at: minute(5))
        #expect(tracked.told == ["escalate lee", "escalate kim", "remind dana"])
        #expect(tracked.current.told == ["dana", "lee", "kim"])
    }

    @Test("steps that are due at the opening happen with it")
    func dueAtOpening() {
        let policy = Sample.policy([
            (.zero, .notify(.manager)), (.zero, .notify(.nextManager)), (.seconds(9), .assign("jane")),
        ])
        let tracked = TrackedCase(rulebook: Sample.rulebook(policies: ["standard": policy]))
        #expect(tracked.told == ["decide dana", "escalate lee"])
        let silent = Sample.policy([(.zero, .notify(.manager)), (.zero, .assign("jane"))])
        let owned = TrackedCase(rulebook: Sample.rulebook(policies: ["standard": silent]))
        #expect(owned.told == ["assigned jane"])
        #expect(owned.current.stateName == .assigned)
    }

    @Test("a claim pauses questions and reminders, not the fallback")
    func claimPauses() throws {
        var tracked = TrackedCase(rulebook: Sample.rulebook(choice: ChoiceSettings(claim: .seconds(7200))))
        try tracked.decide(.claim(by: "dana"), at: minute(1))
        #expect(tracked.last.deliveries.isEmpty)
        #expect(tracked.current.nextDeadline == minute(60))
        for minutes in [15.0, 30, 59.9] {
            #expect(tracked.refusal(of: .deadlinePassed, at: minute(minutes)) == .notDue(minute(60)))
        }
        try tracked.decide(.deadlinePassed, at: minute(60))
        #expect(tracked.current.assignment?.mode == .fallback)
        #expect(tracked.told == ["assigned jane", "settled dana"])
    }

    @Test("a claim that expires lets what has become due happen")
    func claimExpires() throws {
        var tracked = TrackedCase()
        try tracked.decide(.claim(by: "dana"), at: minute(14))
        #expect(tracked.current.nextDeadline == minute(29))
        try tracked.decide(.deadlinePassed, at: minute(29))
        #expect(tracked.told == ["remind dana"])
        #expect(tracked.last.entries.map(\.event) == [.claimExpired(by: "dana"), .reminded(step: 1, people: ["dana"])])
        #expect(tracked.last.entries.map(\.actor) == [.daemon, .step(index: 1)])
        #expect(tracked.current.stateName == .waiting)
    }

    /// A reminder every ten minutes unless somebody decides, a last call at 48 minutes, the end at 60.
    private func strict() -> TrackedCase {
        let policy = Sample.policy(steps: [
            .init(after: .zero, action: .notify(.people(["dana", "lee"]))),
            .init(
                after: .seconds(600), action: .remind(.asked), onlyUnclaimed: true,
                repetition: EscalationPolicy.Repetition(interval: .seconds(600), times: 4)),
            .init(after: .seconds(2880), action: .warn(.asked)), .init(after: .seconds(3600), action: .assign("jane")),
        ])
        return TrackedCase(rulebook: Sample.rulebook(policies: ["standard": policy]))
    }

    @Test("a last call marks the case and tells all who can still choose; nothing asks for a choice after it")
    func lastCall() throws {
        var tracked = strict()
        for minutes in [10.0, 20, 30, 40] {
            try tracked.decide(.deadlinePassed, at: minute(minutes))
            #expect(tracked.told == ["remind dana", "remind lee"])
        }
        #expect(tracked.current.warnedAt == nil)
        try tracked.decide(.deadlinePassed, at: minute(48))
        #expect(tracked.told == ["warn dana", "warn lee"])
        #expect(tracked.last.entries.map(\.event) == [.warned(step: 5, people: ["dana", "lee"])])
        #expect(tracked.current.warnedAt == minute(48))
        try tracked.decide(.assign(rep: "billy", by: "lee", note: nil), at: minute(49))
        #expect(tracked.last.cancels.contains(.warn))
    }

    @Test("a step for unclaimed leads that falls into a claim is left out for good, also when the claim was prolonged")
    func onlyUnclaimed() throws {
        var tracked = strict()
        try tracked.decide(.claim(by: "dana"), at: minute(9))
        try tracked.decide(.claim(by: "dana"), at: minute(12))
        #expect(tracked.current.nextDeadline == minute(27))
        try tracked.decide(.deadlinePassed, at: minute(27))
        #expect(
            tracked.last.entries.map(\.event) == [
                .claimExpired(by: "dana"), .skipped(step: 1), .skipped(step: 2),
            ])
        #expect(tracked.last.deliveries.isEmpty)
        try tracked.decide(.claim(by: "lee"), at: minute(29))
        try tracked.decide(.release(by: "lee"), at: minute(31))
        #expect(tracked.last.entries.map(\.event) == [.released(by: "lee"), .skipped(step: 3)])
        try tracked.decide(.deadlinePassed, at: minute(40))
        #expect(tracked.told == ["remind dana", "remind lee"])
        // The last call waits for a claim's end like any other step.
        try tracked.decide(.claim(by: "lee"), at: minute(41))
        try tracked.decide(.deadlinePassed, at: minute(56))
        #expect(tracked.told == ["warn dana", "warn lee"])
    }

    @Test("a claim that expires with nothing due just ends")
    func claimExpiresQuietly() throws {
        var tracked = TrackedCase()
        try tracked.decide(.deadlinePassed, at: minute(15))
        try tracked.decide(.claim(by: "dana"), at: minute(16))
        try tracked.decide(.claim(by: "dana"), at: minute(20))
        #expect(tracked.refusal(of: .deadlinePassed, at: minute(31)) == .notDue(minute(35)))
        try tracked.decide(.release(by: "dana"), at: minute(25))
        #expect(tracked.told.isEmpty)
        #expect(tracked.current.nextDeadline == minute(30))
    }

    @Test("a release lets what has become due happen with it")
    func release() throws {
        var tracked = TrackedCase()
        try tracked.decide(.claim(by: "dana"), at: minute(14))
        try tracked.decide(.claim(by: "dana"), at: minute(28))
        try tracked.decide(.release(by: "dana"), at: minute(31))
        #expect(tracked.told == ["escalate lee"])
        #expect(tracked.last.entries.first?.event == .released(by: "dana"))
    }

    @Test("a clock that is set back makes nothing happen again")
    func setBack() throws {
        var tracked = TrackedCase()
        try tracked.decide(.deadlinePassed, at: minute(30))
        #expect(tracked.refusal(of: .deadlinePassed, at: minute(-600)) == .notDue(minute(60)))
        #expect(tracked.refusal(of: .deadlinePassed, at: minute(15)) == .notDue(minute(60)))
        try tracked.decide(.assign(rep: "billy", by: "lee", note: nil), at: minute(-600))
        #expect(tracked.refusal(of: .deadlinePassed, at: minute(60)) == .notDue(nil))
    }

    @Test("the plan stays as it was opened, whatever becomes of the policy")
    func planStays() throws {
        var tracked = TrackedCase()
        let hasty = Sample.policy([(.zero, .notify(.manager)), (.seconds(60), .assign("billy"))])
        tracked.rulebook = Sample.rulebook(policies: ["standard": hasty])
        #expect(tracked.refusal(of: .deadlinePassed, at: minute(2)) == .notDue(minute(15)))
        try tracked.decide(.deadlinePassed, at: minute(60))
        #expect(tracked.current.assignment?.rep == "jane")
    }

    @Test(
        "a fallback person who is gone is replaced by the present policy's, else by another policy's, always the same")
    func fallbackGone() throws {
        let people = Sample.people.filter { $0.id != "jane" }
        let toBilly = Sample.policy([(.zero, .notify(.manager)), (.seconds(60), .assign("billy"))])
        let toLee = Sample.policy([(.zero, .notify(.manager)), (.seconds(60), .assign("lee"))])
        func owner(_ policies: [String: EscalationPolicy]) throws -> PersonID? {
            var tracked = TrackedCase()
            tracked.rulebook = Sample.rulebook(people: people, policies: policies)
            try tracked.decide(.deadlinePassed, at: minute(60))
            return tracked.current.assignment?.rep
        }
        #expect(try owner(["standard": toBilly, "a": toLee]) == "billy")
        for _ in 0..<20 {
            #expect(try owner(["standard": Sample.standard, "c": toBilly, "b": toLee, "d": toBilly]) == "lee")
        }
        #expect(try owner(["standard": Sample.standard]) == "jane")
    }

    @Test("a lead that nobody can be told of alarms an operator")
    func unreachable() throws {
        let mute = Person(id: "jane", name: "Jane Ortiz", rep: Person.RepProfile(), reach: [])
        let gone = Person(id: "dana", name: "Dana", isManager: true, reach: [Sample.reach("pager", "1")])
        let rulebook = Sample.rulebook(
            people: Sample.people.filter { !["jane", "dana"].contains($0.id) } + [mute, gone])
        var tracked = TrackedCase(rulebook: rulebook)
        #expect(Set(tracked.told) == ["alarm lee", "escalate lee"], "the next one is asked at once")
        let alarms = { (tracked: TrackedCase) in tracked.deliveries.filter { $0.kind == .alarm }.compactMap(\.remark) }
        #expect(alarms(tracked).first == "The configuration has no way to reach Dana, who must act now.")
        try tracked.decide(.deadlinePassed, at: minute(60))
        #expect(Set(tracked.told) == ["alarm lee", "settled lee"])
        #expect(alarms(tracked).last == "The configuration has no way to reach Jane Ortiz, who must act now.")
    }

    @Test("without any route a case waits for someone to choose and time does nothing")
    func noRoute() {
        var tracked = TrackedCase(rulebook: Sample.rulebook(routes: []))
        #expect(tracked.current.nextDeadline == nil)
        #expect(tracked.current.fallback == nil)
        #expect(tracked.refusal(of: .deadlinePassed, at: minute(60)) == .notDue(nil))
        #expect(tracked.refusal(of: .assign(rep: "jane", by: "dana", note: nil), at: minute(1)) == nil)
    }
}
