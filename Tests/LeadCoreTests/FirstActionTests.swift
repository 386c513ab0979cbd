// By when a rep is to take the first action: fixed when they get the lead, in the policy's time, and told to them alone.

import Foundation
import LeadTestKit
import Testing

@testable import LeadCore

@Suite("The first action's deadline")
struct FirstActionTests {
    private func rulebook(
        _ clock: EscalationPolicy.Clock = .always, within time: Duration? = .seconds(14_400),
        billy: WorkCalendar? = nil
    ) throws -> Rulebook {
        let people = Sample.people.map { person in
            person.id != "billy"
                ? person
                : Person(
                    id: "billy", name: person.name, rep: person.rep, timeZone: .gmt, hours: billy, reach: person.reach,
                    language: .german)
        }
        return Sample.rulebook(
            people: people,
            policies: [
                "standard": try EscalationPolicy(steps: Sample.standard.steps, clock: clock, firstAction: time)
            ])
    }

    /// Weekdays from nine to five, UTC; the samples begin on a Monday at three.
    private func office() throws -> WorkCalendar {
        try WorkCalendar(
            timeZone: .gmt, hours: (1...5).map { WorkCalendar.Span(weekday: $0, opens: 540, closes: 1020) })
    }

    private func due(_ rulebook: Rulebook, at now: Timestamp = LeadCase.minute(30)) throws -> Timestamp? {
        var tracked = TrackedCase(rulebook: rulebook)
        try tracked.decide(.assign(rep: "billy", by: "dana", note: nil), at: now)
        return tracked.current.assignment?.firstActionBy
    }

    @Test("it counts in the policy's time from when the lead is given, and where that is somebody's, in the rep's")
    func counts() throws {
        #expect(try due(rulebook(within: nil)) == nil)
        #expect(try due(rulebook()) == LeadCase.minute(30 + 240))
        // An hour and a half of Monday, two and a half of Tuesday from nine.
        let tuesday = Sample.start + .seconds(18 * 3600 + 9000)
        #expect(try due(rulebook(.office(office()))) == tuesday)
        #expect(try due(rulebook(.addressed, billy: office())) == tuesday)
        #expect(try due(rulebook(.addressed)) == LeadCase.minute(30 + 240))
    }

    @Test("whoever gets the lead next has the whole time, and who gets it because nobody chose has it too")
    func givenAnew() throws {
        var tracked = TrackedCase(rulebook: try rulebook())
        try tracked.decide(.deadlinePassed, at: LeadCase.minute(60))
        #expect(tracked.current.assignment?.firstActionBy == LeadCase.minute(300))
        try tracked.decide(.reassign(rep: "billy", from: "jane", by: "dana", note: nil), at: LeadCase.minute(100))
        #expect(tracked.current.assignment?.firstActionBy == LeadCase.minute(340))
        #expect(tracked.current.nextDeadline == nil, "what follows when it passes is nobody's yet")
    }

    @Test("the rep's message says it, in their language, and no other's")
    func told() throws {
        var tracked = TrackedCase(rulebook: try rulebook())
        try tracked.decide(.assign(rep: "billy", by: "dana", note: nil), at: LeadCase.minute(30))
        let writer = BriefingWriter(rulebook: tracked.rulebook, keys: Sample.keys)
        let german = "Bitte unternehmen Sie den ersten Schritt bis Mo., 23. Nov., 19:30 Uhr (UTC)."
        for delivery in tracked.last.deliveries {
            let briefing = writer.briefing(of: delivery, about: tracked.current)
            #expect(briefing.sentences.contains(german) == (delivery.person == "billy"), "\(briefing.sentences)")
            #expect(briefing.brief.sentences.contains(german) == (delivery.person == "billy"))
        }
        #expect(
            writer.deadline(of: tracked.current, for: "billy") == "Take the first action by Mon 23 Nov 19:30 (UTC).")
        #expect(
            writer.duty(in: tracked.current, for: "dana")
                == "Billy Moss is to take the first action by Mon 23 Nov 19:30 (UTC).")
        #expect(writer.duty(in: tracked.current, for: "billy") == nil)
        try tracked.decide(.start(by: "billy"), at: LeadCase.minute(40))
        #expect(writer.deadline(of: tracked.current, for: "billy") == nil)
        #expect(writer.duty(in: tracked.current, for: "dana") == nil)
    }

    @Test("the playbook stands in the rep's message alone, and goes with the lead")
    func playbook() throws {
        let policy = try EscalationPolicy(steps: Sample.standard.steps, playbook: ["Call them.", "Write."])
        var tracked = TrackedCase(rulebook: Sample.rulebook(policies: ["standard": policy]))
        let writer = BriefingWriter(rulebook: tracked.rulebook, keys: Sample.keys)
        func told(_ kind: MessageKind) -> [PersonID: [String]] {
            tracked.last.deliveries.filter { $0.kind == kind }.reduce(into: [:]) { told, delivery in
                let briefing = writer.briefing(of: delivery, about: tracked.current)
                told[delivery.person] = briefing.sentences.filter { $0.hasPrefix("Step") }
                #expect(!briefing.brief.sentences.contains { $0.hasPrefix("Step") })
            }
        }
        try tracked.decide(.assign(rep: "billy", by: "dana", note: nil), at: LeadCase.minute(30))
        #expect(told(.assigned) == ["billy": ["Step 1: Call them.", "Step 2: Write."]])
        #expect(told(.settled) == ["dana": []])
        try tracked.decide(.reassign(rep: "jane", from: "billy", by: "dana", note: nil), at: LeadCase.minute(40))
        #expect(told(.assigned) == ["jane": ["Step 1: Call them.", "Step 2: Write."]])
        #expect(told(.withdrawn) == ["billy": []])
        try tracked.decide(.start(by: "jane"), at: LeadCase.minute(50))
        #expect(writer.playbook(of: tracked.current, for: "jane").count == 2)
        #expect(writer.playbook(of: tracked.current, for: "billy").isEmpty)
        try tracked.decide(.close(by: "jane", note: nil), at: LeadCase.minute(60))
        #expect(writer.playbook(of: tracked.current, for: "jane").isEmpty)
    }
}
