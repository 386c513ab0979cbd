// What a manager may do besides choosing: pass the choice on, ask for more time, take a choice back.

import LeadTestKit
import Testing

@testable import LeadCore

@Suite("Second thoughts")
struct SecondThoughtsTests {
    private func minute(_ minutes: Double) -> Timestamp { LeadCase.minute(minutes) }

    private func rulebook(moreTime: Duration? = .seconds(1800), undo: Duration = .seconds(300)) throws -> Rulebook {
        Sample.rulebook(
            policies: ["standard": try EscalationPolicy(steps: Sample.standard.steps, moreTime: moreTime)],
            choice: ChoiceSettings(undo: undo))
    }

    @Test("the choice is passed on with a comment: the other is asked at once, a claim ends, and both may choose")
    func pass() throws {
        var tracked = TrackedCase(rulebook: try rulebook())
        try tracked.decide(.claim(by: "dana"), at: minute(1))
        try tracked.decide(.pass(to: "lee", by: "dana", comment: " You know them. "), at: minute(2))
        #expect(tracked.current.state == .waiting)
        #expect(tracked.told == ["decide lee"])
        #expect(tracked.current.told == ["dana", "lee"])
        let writer = BriefingWriter(rulebook: tracked.rulebook, keys: Sample.keys)
        let delivery = try #require(tracked.last.deliveries.first)
        #expect(
            writer.briefing(of: delivery, about: tracked.current).sentences.first
                == "Dana Whitfield passes the choice on to you: You know them.")
        #expect(
            HistoryWords(rulebook: tracked.rulebook).words(tracked.history[tracked.history.count - 1].event)
                == ("Dana Whitfield passed the choice on to Lee Park.", "You know them."))
        // The step that would ask Lee reminds those who know instead.
        try tracked.decide(.deadlinePassed, at: minute(30))
        #expect(!tracked.told.contains("escalate lee"))
        try tracked.decide(.assign(rep: "billy", by: "lee", note: nil), at: minute(31))
        #expect(tracked.told == ["assigned billy", "settled dana", "settled lee"])
    }

    @Test("it can't be passed to oneself, to who is no manager, while another decides, nor when settled")
    func passRefused() throws {
        var tracked = TrackedCase(rulebook: try rulebook())
        for other: PersonID in ["dana", "billy", "nobody"] {
            #expect(
                tracked.refusal(of: .pass(to: other, by: "dana", comment: nil), at: minute(1)) == .cantBeAsked(other))
        }
        #expect(
            tracked.refusal(of: .pass(to: "lee", by: "billy", comment: nil), at: minute(1)) == .notAManager("billy"))
        try tracked.decide(.claim(by: "dana"), at: minute(1))
        if case .claimedByAnother = tracked.refusal(of: .pass(to: "dana", by: "lee", comment: nil), at: minute(2)) {
        } else {
            Issue.record("passed on what another decides")
        }
        try tracked.decide(.assign(rep: "billy", by: "dana", note: nil), at: minute(3))
        if case .alreadyAssigned = tracked.refusal(of: .pass(to: "lee", by: "dana", comment: nil), at: minute(4)) {
        } else {
            Issue.record("passed on what is settled")
        }
    }

    @Test("more time puts off every step that is left, once, and the deadline tells who asked")
    func postpone() throws {
        var tracked = TrackedCase(rulebook: try rulebook())
        try tracked.decide(.postpone(by: "dana"), at: minute(10))
        #expect(tracked.current.ownerBy == minute(90))
        #expect(tracked.current.nextDeadline == minute(45))
        #expect(tracked.refusal(of: .postpone(by: "lee"), at: minute(11)) == .noMoreTime)
        let writer = BriefingWriter(rulebook: tracked.rulebook, keys: Sample.keys)
        #expect(
            writer.deadline(of: tracked.current, for: "dana")
                == "Choose by Mon 23 Nov 16:30 (UTC), with the time for which Dana Whitfield asked; "
                + "after that Jane Ortiz gets the lead.")
        #expect(tracked.refusal(of: .deadlinePassed, at: minute(44)) == .notDue(minute(45)))
        try tracked.decide(.deadlinePassed, at: minute(45))
        #expect(tracked.told == ["remind dana"])
        try tracked.decide(.deadlinePassed, at: minute(90))
        #expect(tracked.current.assignment?.rep == "jane")
        var none = TrackedCase(rulebook: try rulebook(moreTime: nil))
        #expect(none.refusal(of: .postpone(by: "dana"), at: minute(1)) == .noMoreTime)
    }

    @Test("a choice is taken back: the rep and whoever was told hear of it, and the plan goes on where it stood")
    func undo() throws {
        var tracked = TrackedCase(rulebook: try rulebook())
        try tracked.decide(.deadlinePassed, at: minute(30))
        try tracked.decide(.assign(rep: "billy", by: "dana", note: nil), at: minute(40))
        try tracked.decide(.undo(by: "dana"), at: minute(44))
        #expect(tracked.current.state == .waiting)
        #expect(tracked.told == ["withdrawn billy", "reopened lee", "reopened dana"])
        #expect(tracked.last.cancels.contains(.assigned))
        // Twenty minutes were left when the choice was made, and are left now.
        #expect(tracked.current.ownerBy == minute(64))
        #expect(tracked.current.nextDeadline == minute(64))
        let writer = BriefingWriter(rulebook: tracked.rulebook, keys: Sample.keys)
        let withdrawn = try #require(tracked.last.deliveries.first { $0.kind == .withdrawn })
        #expect(
            writer.briefing(of: withdrawn, about: tracked.current).sentences
                .contains("The choice was taken back, and nobody has the lead now."))
        let reopened = try #require(tracked.last.deliveries.first { $0.kind == .reopened })
        let briefing = writer.briefing(of: reopened, about: tracked.current)
        #expect(briefing.headline.hasPrefix("Open again") && briefing.link != nil)
        try tracked.decide(.deadlinePassed, at: minute(64))
        #expect(tracked.current.assignment?.rep == "jane")
    }

    @Test("whoever undid hears of it where what they were told before can't be changed, and there alone")
    func undoIsToldToWhoUndid() throws {
        let bot = ChannelSettings(
            id: "bot", kind: "slack-bot", isShared: false, isMail: false, concurrency: 1, isEditable: true)
        func undone(_ channels: ChannelID...) throws -> [String] {
            let people = Sample.people.map { person in
                person.id != "dana"
                    ? person
                    : Person(
                        id: "dana", name: person.name, isManager: true, reach: channels.map { Sample.reach($0, "U1") })
            }
            var tracked = TrackedCase(
                rulebook: Sample.rulebook(people: people, channels: Sample.channels + [bot]))
            try tracked.decide(.assign(rep: "billy", by: "dana", note: nil), at: minute(2))
            try tracked.decide(.undo(by: "dana"), at: minute(3))
            #expect(tracked.current.unreached.isEmpty)
            return tracked.last.deliveries.filter { $0.person == "dana" }.map { "\($0.kind.rawValue) \($0.channel)" }
        }
        #expect(try undone("bot") == ["update bot"])
        #expect(try undone("teams", "bot", "mail") == ["reopened teams", "reopened mail", "update bot"])
        // Who was never asked has nothing that is out of date.
        var tracked = TrackedCase(rulebook: Sample.rulebook())
        try tracked.decide(.assign(rep: "billy", by: "lee", note: nil), at: minute(2))
        try tracked.decide(.undo(by: "lee"), at: minute(3))
        #expect(tracked.told == ["withdrawn billy", "reopened dana"])
    }

    @Test("nothing is undone too late, by another, after the work began, or when nobody chose")
    func undoRefused() throws {
        var tracked = TrackedCase(rulebook: try rulebook())
        #expect(tracked.refusal(of: .undo(by: "dana"), at: minute(1)) == .notAssigned)
        try tracked.decide(.assign(rep: "billy", by: "dana", note: nil), at: minute(2))
        #expect(tracked.refusal(of: .undo(by: "lee"), at: minute(3)) == .cantBeUndone)
        #expect(tracked.refusal(of: .undo(by: "billy"), at: minute(3)) == .notAManager("billy"))
        #expect(tracked.refusal(of: .undo(by: "dana"), at: minute(7)) == .cantBeUndone)
        try tracked.decide(.start(by: "billy"), at: minute(4))
        #expect(tracked.refusal(of: .undo(by: "dana"), at: minute(5)) == .alreadyStarted(minute(4)))
        var fallback = TrackedCase(rulebook: try rulebook())
        try fallback.decide(.deadlinePassed, at: minute(60))
        #expect(fallback.refusal(of: .undo(by: "dana"), at: minute(61)) == .cantBeUndone)
        var off = TrackedCase(rulebook: try rulebook(undo: .zero))
        try off.decide(.assign(rep: "billy", by: "dana", note: nil), at: minute(2))
        #expect(off.refusal(of: .undo(by: "dana"), at: minute(2)) == .cantBeUndone)
    }

    @Test("what was moved isn't undone, however fresh, since it would be overdue; it is moved again")
    func undoOfMove() throws {
        var tracked = TrackedCase(rulebook: try rulebook())
        try tracked.decide(.assign(rep: "billy", by: "dana", note: nil), at: minute(2))
        try tracked.decide(.reassign(rep: "jane", from: "billy", by: "dana", note: nil), at: minute(1500))
        #expect(tracked.refusal(of: .undo(by: "dana"), at: minute(1501)) == .cantBeUndone)
        #expect(tracked.current.undoUntil(for: "dana", tracked.rulebook) == nil)
    }

    @Test("passing on to the same person twice asks them once")
    func passTwice() throws {
        var tracked = TrackedCase(rulebook: try rulebook())
        try tracked.decide(.pass(to: "lee", by: "dana", comment: nil), at: minute(2))
        #expect(tracked.refusal(of: .pass(to: "lee", by: "dana", comment: "x"), at: minute(3)) == .cantBeAsked("lee"))
        // The other may pass it back.
        try tracked.decide(.pass(to: "dana", by: "lee", comment: "No time."), at: minute(4))
        #expect(tracked.told == ["decide dana"])
    }

    @Test("a load that was taken back was never given")
    func load() {
        var book = WorkloadBook(window: .seconds(86_400))
        book.assigned(case: "a", rep: "billy", at: Sample.start, value: 10, weight: 1)
        book.undone(case: "a")
        #expect(book.workload(of: "billy", at: Sample.start) == Workload())
    }
}
