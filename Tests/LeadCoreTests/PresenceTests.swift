// Who is there: hours, absences, and who is next where somebody isn't.

import Foundation
import LeadTestKit
import Testing

@testable import LeadCore

@Suite("Presence")
struct PresenceTests {
    private func minute(_ minutes: Double) -> Timestamp { LeadCase.minute(minutes) }

    /// Monday to Friday, 9:00 to 17:00 in UTC; the samples begin on a Monday at 15:00.
    private static let week = (1...5).map { WorkCalendar.Span(weekday: $0, opens: 540, closes: 1020) }
    private static let early = (1...5).map { WorkCalendar.Span(weekday: $0, opens: 360, closes: 840) }

    private func calendar(_ spans: [WorkCalendar.Span]) throws -> WorkCalendar {
        try WorkCalendar(timeZone: .gmt, hours: spans)
    }

    private func person(_ id: PersonID, hours: [WorkCalendar.Span]? = nil) throws -> Person {
        let sample = try #require(Sample.people.first { $0.id == id })
        return Person(
            id: id, name: sample.name, isManager: sample.isManager, rep: sample.rep,
            hours: try hours.map(calendar), reach: sample.reach)
    }

    private func away(_ id: PersonID, _ from: Double, _ until: Double, for substitute: PersonID? = nil) -> Absence {
        Absence(person: id, from: minute(from), until: minute(until), substitute: substitute)
    }

    private func rulebook(
        hours: [PersonID: [WorkCalendar.Span]] = [:], absences: [Absence] = [],
        clock: EscalationPolicy.Clock = .always, offDuty: EscalationPolicy.OffDuty = .next, more: [Person] = []
    ) throws -> Rulebook {
        let people = try Sample.people.map { try person($0.id, hours: hours[$0.id]) } + more
        let policy = try EscalationPolicy(steps: Sample.standard.steps, clock: clock, offDuty: offDuty)
        return Sample.rulebook(people: people, policies: ["standard": policy], absences: absences)
    }

    @Test("duty follows hours and absences; absences that meet are one")
    func duty() throws {
        let hour = 60.0
        let book = try rulebook(
            hours: ["dana": Self.week, "lee": Self.early],
            absences: [
                away("dana", 24 * hour, 30 * hour, for: "lee"), away("dana", 30 * hour, 40 * hour),
                away("jane", -5, 5), away("jane", 2, 9), away("billy", 60, 120),
            ])
        #expect(book.duty(of: "dana", at: Sample.start) == .on(until: minute(2 * hour)))
        #expect(book.duty(of: "lee", at: Sample.start) == .off(next: minute(15 * hour)))
        // At 17:00 the day is over; Tuesday from 9:00 to 15:00 is left of it before the absence.
        #expect(book.duty(of: "dana", at: minute(2 * hour)) == .off(next: minute(18 * hour)))
        #expect(book.duty(of: "dana", at: minute(19 * hour)) == .on(until: minute(24 * hour)))
        #expect(book.duty(of: "dana", at: minute(25 * hour)) == .away(until: minute(40 * hour), substitute: "lee"))
        #expect(book.duty(of: "dana", at: minute(31 * hour)) == .away(until: minute(40 * hour), substitute: nil))
        #expect(book.nextDuty(of: "dana", from: minute(25 * hour)) == minute(42 * hour))
        #expect(book.duty(of: "jane", at: Sample.start) == .away(until: minute(9), substitute: nil))
        #expect(book.duty(of: "billy", at: Sample.start) == .on(until: minute(60)))
        #expect(book.duty(of: "nobody", at: Sample.start) == .on(until: nil))
    }

    @Test("an opening within an absence is none")
    func openingWithinAbsence() throws {
        let book = try rulebook(hours: ["dana": Self.week], absences: [away("dana", 600, 1500)])
        // Away on Tuesday from 1:00 to 16:00: the hour from 16:00 is left.
        #expect(book.duty(of: "dana", at: minute(200)) == .off(next: minute(1500)))
    }

    @Test("a manager who is away is passed over at once for the substitute, who is told why")
    func substitute() throws {
        let kim = Person(id: "kim", name: "Kim Lund", isManager: true, reach: [Sample.reach("mail", "kim@example.com")])
        var tracked = TrackedCase(
            rulebook: try rulebook(absences: [away("dana", -60, 6000, for: "kim")], more: [kim]))
        #expect(tracked.told == ["decide kim"])
        let passed = PassedOver(person: "dana", isAway: true, until: minute(6000), to: "kim")
        #expect(
            tracked.last.entries.map(\.event).dropFirst() == [
                .passedOver(step: 0, who: passed), .notified(step: 0, people: ["kim"]),
            ])
        let writer = BriefingWriter(rulebook: tracked.rulebook, keys: Sample.keys)
        let briefing = writer.briefing(of: tracked.last.deliveries[0], about: tracked.current)
        #expect(
            briefing.sentences.first
                == "Dana Whitfield is away until Fri 27 Nov 19:00 (UTC); you are next.")
        // Reminders go to whoever has been asked in their stead.
        try tracked.decide(.deadlinePassed, at: minute(15))
        #expect(tracked.told == ["remind kim"])
        try tracked.decide(.deadlinePassed, at: minute(30))
        #expect(tracked.told == ["escalate lee"])
    }

    @Test("without a substitute the next manager is asked; when it would be their turn, those asked are reminded")
    func nextManager() throws {
        var tracked = TrackedCase(rulebook: try rulebook(absences: [away("dana", -60, 6000)]))
        #expect(tracked.told == ["decide lee"])
        try tracked.decide(.deadlinePassed, at: minute(15))
        #expect(tracked.told == ["remind lee"])
        try tracked.decide(.deadlinePassed, at: minute(30))
        #expect(tracked.last.entries.map(\.event) == [.reminded(step: 2, people: ["lee"])])
        #expect(tracked.told == ["remind lee"])
    }

    @Test("a substitute who is away too is followed to theirs, round in a circle to nobody")
    func chain() throws {
        let kim = Person(id: "kim", name: "Kim Lund", isManager: true, reach: [Sample.reach("mail", "kim@example.com")])
        let chained = TrackedCase(
            rulebook: try rulebook(
                absences: [away("dana", -60, 6000, for: "lee"), away("lee", -60, 6000, for: "kim")], more: [kim]))
        #expect(chained.told == ["decide kim"])
        let circle = TrackedCase(
            rulebook: try rulebook(absences: [away("dana", -60, 60, for: "lee"), away("lee", -60, 60, for: "dana")]))
        #expect(circle.told == ["decide dana"])
        let rep = TrackedCase(rulebook: try rulebook(absences: [away("dana", -60, 60, for: "billy")]))
        #expect(rep.told == ["decide lee"])
    }

    @Test("when nobody of the route works, `next` goes on to whoever may choose and works, or asks them as they are")
    func offDutyNext() throws {
        let kim = try Person(
            id: "kim", name: "Kim Lund", isManager: true, hours: calendar(Self.week),
            reach: [Sample.reach("mail", "kim@example.com")])
        let hours: [PersonID: [WorkCalendar.Span]] = ["dana": Self.early, "lee": Self.early]
        #expect(TrackedCase(rulebook: try rulebook(hours: hours, more: [kim])).told == ["decide kim"])
        let nobody = TrackedCase(rulebook: try rulebook(hours: hours))
        #expect(nobody.told == ["decide dana"])
        #expect(nobody.current.passedOver.isEmpty)
    }

    @Test("when nobody of the route works, `wait` lets the steps begin when the first of them works again")
    func offDutyWait() throws {
        let hours: [PersonID: [WorkCalendar.Span]] = ["dana": Self.week, "lee": Self.early]
        let book = try rulebook(hours: hours, absences: [away("dana", -60, 900)], offDuty: .wait)
        var tracked = TrackedCase(rulebook: book)
        #expect(tracked.told.isEmpty)
        #expect(tracked.current.opening.begins == minute(900))
        #expect(tracked.current.nextDeadline == minute(900))
        #expect(tracked.current.ownerBy == minute(960))
        // Tuesday, 6:00: Lee works, Dana does not.
        try tracked.decide(.deadlinePassed, at: minute(900))
        #expect(tracked.told == ["decide lee"])
        let writer = BriefingWriter(rulebook: book, keys: Sample.keys)
        #expect(
            writer.deadline(of: tracked.current, for: "lee")
                == "Choose by Tue 24 Nov 07:00 (UTC): 1 h from Tue 24 Nov 06:00, when somebody works again; after that "
                + "Jane Ortiz gets the lead.")
    }

    @Test("deadlines in the time of whoever is asked first leave out their nights and absences")
    func addressed() throws {
        let book = try rulebook(
            hours: ["dana": Self.week], absences: [away("dana", 20, 30), away("dana", 25, 28)], clock: .addressed)
        let tracked = TrackedCase(rulebook: book)
        #expect(tracked.current.opening.plan.map { ($0.at - Sample.start).milliseconds / 60_000 } == [0, 15, 40, 70])
        // Lee has no hours and is not away: around the clock.
        let other = TrackedCase(lead: Sample.lead(2, [.projectType: "tiles"]), rulebook: book)
        #expect(other.current.ownerBy == minute(60))
        #expect(other.current.opening.closures == nil)
    }

    @Test("a fallback person who is away is passed over for the substitute; who is merely out of hours is not")
    func fallback() throws {
        var tracked = TrackedCase(
            rulebook: try rulebook(hours: ["billy": Self.early], absences: [away("jane", 30, 6000, for: "billy")]))
        try tracked.decide(.deadlinePassed, at: minute(60))
        #expect(tracked.current.assignment?.rep == "billy")
        #expect(tracked.told.contains("assigned billy"))
        #expect(
            tracked.current.passedOver == [
                PassedOver(person: "jane", isAway: true, until: minute(6000), to: "billy")
            ])
        var alone = TrackedCase(rulebook: try rulebook(absences: [away("jane", 30, 6000)]))
        try alone.decide(.deadlinePassed, at: minute(60))
        #expect(alone.current.assignment?.rep == "billy")
        #expect(
            alone.current.passedOver == [
                PassedOver(person: "jane", isAway: true, until: minute(6000), to: "billy")
            ])
        var late = TrackedCase(rulebook: try rulebook(hours: ["jane": Self.early]))
        try late.decide(.deadlinePassed, at: minute(60))
        #expect(late.current.assignment?.rep == "jane")
    }

    @Test(
        "times are read by the clock of a zone, in the nights of its changes too",
        arguments: [
            ("2026-12-24", "2026-12-24T05:00:00Z"), ("2026-12-24T13:30", "2026-12-24T18:30:00Z"),
            ("2026-12-24 13:30:15", "2026-12-24T18:30:15Z"), ("2026-12-24T13:30:00+01:00", "2026-12-24T12:30:00Z"),
            ("2026-03-08T02:30", "2026-03-08T07:30:00Z"), ("2026-11-01T01:30", "2026-11-01T05:30:00Z"),
            ("2026-02-30", nil), ("2026-12-24T24:00", nil), ("2026-12-24T1:00", nil), ("24.12.2026", nil), ("", nil),
            ("2026-12-24T13:30:00Zx", nil), ("2026-12-24T", nil), ("2026-12-24T10", nil),
        ] as [(String, String?)])
    func localTimes(text: String, expected: String?) throws {
        let zone = try #require(TimeZone(identifier: "America/New_York"))
        let found = Timestamp(text: text, in: zone).map { CivilTime($0).rfc3339 }
        #expect(found == expected)
    }
}
