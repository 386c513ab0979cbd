// What each message says to its reader, in the reader's own zone.

import Foundation
import LeadCore
import LeadTestKit
import Testing

@Suite("Briefing")
struct BriefingTests {
    private func minute(_ minutes: Double) -> Timestamp { LeadCase.minute(minutes) }
    private let keys = Sample.keys

    private func people(zones: [PersonID: String]) throws -> [Person] {
        try Sample.people.map { person in
            let zone = try #require(TimeZone(identifier: zones[person.id] ?? "UTC"))
            return Person(
                id: person.id, name: person.name, isManager: person.isManager, rep: person.rep, timeZone: zone,
                reach: person.reach)
        }
    }

    private func briefing(_ tracked: TrackedCase, to person: PersonID) throws -> Briefing {
        let delivery = try #require(tracked.last.deliveries.first { $0.person == person })
        return BriefingWriter(rulebook: tracked.rulebook, keys: keys).briefing(of: delivery, about: tracked.current)
    }

    @Test("a lead that the policy gives away because nobody could be asked says so, and not that nobody chose")
    func nobodyReached() throws {
        var tracked = TrackedCase()
        for delivery in tracked.deliveries {
            try tracked.decide(.deliveryFailed(delivery, reason: "gone"), at: minute(1))
        }
        // Lee is next, and isn't reached either.
        for delivery in tracked.deliveries where delivery.kind == .escalate {
            try tracked.decide(.deliveryFailed(delivery, reason: "gone"), at: minute(2))
        }
        #expect(tracked.current.assignment?.mode == .unreached)
        let text = try briefing(tracked, to: "jane")
        #expect(
            text.sentences.first
                == "You have the lead since Mon 23 Nov 15:02 (UTC), because nobody who was asked could be reached.")
        let settled = BriefingWriter(rulebook: tracked.rulebook, keys: keys).outcome(of: tracked.current, for: "dana")
        #expect(settled[0].hasSuffix("because nobody who was asked could be reached."))
    }

    @Test("the first question says what, why, until when and what then, in the reader's zone")
    func decide() throws {
        let people = try people(zones: ["dana": "America/Chicago"])
        let tracked = TrackedCase(rulebook: Sample.rulebook(people: people))
        let text = try briefing(tracked, to: "dana")
        #expect(text.headline == "New lead: fine-art for Acme Arts")
        #expect(text.subject == "Lead: fine-art for Acme Arts")
        #expect(
            text.sentences == [
                "You choose because project type is fine-art.",
                "Choose by Mon 23 Nov 10:00 (America/Chicago); after that Jane Ortiz gets the lead.",
            ])
        #expect(
            text.facts == [
                Fact("Who", "Ada Byron"), Fact("For what", "fine-art"), Fact("Firm", "Acme Arts", isBrief: true),
                Fact("Industry", nil),
                Fact("Source", "web"), Fact("Place", "Chicago, United States", isBrief: true), Fact("Urgency", nil),
                Fact("Value", nil),
            ])
        #expect(text.facts[3].text == "unknown")
        #expect(!text.facts[3].isKnown)
        #expect(text.description == "A marble bust for the lobby, by June.")
        #expect(text.linkLabel == "Choose who takes it")
        #expect(text.recordURL == "https://crm.example.com/lead/L-1")
        #expect(text.startsThread)
        #expect(text.threadID == "\(tracked.current.id).dana")
        #expect(text.reader == "Dana Whitfield")
    }

    @Test("a last call says how long is left and who can still choose")
    func lastCall() throws {
        let policy = Sample.policy([
            (.zero, .notify(.people(["dana", "lee"]))), (.seconds(2880), .warn(.asked)),
            (.seconds(3600), .assign("jane")),
        ])
        var tracked = TrackedCase(rulebook: Sample.rulebook(policies: ["standard": policy]))
        try tracked.decide(.deadlinePassed, at: minute(48))
        let text = try briefing(tracked, to: "lee")
        #expect(text.headline == "Last call, 12 min left: fine-art for Acme Arts")
        #expect(
            text.sentences == [
                "Nobody has chosen since Mon 23 Nov 15:00 (UTC).", "Who can still choose: Dana Whitfield, Lee Park.",
                "Choose by Mon 23 Nov 16:00 (UTC); after that Jane Ortiz gets the lead.",
            ])
        #expect(text.linkLabel == "Choose who takes it")
        #expect(text.link != nil)
    }

    @Test("a deadline in working time explains itself in the reader's zone")
    func workingTime() throws {
        let zone = try #require(TimeZone(identifier: "America/New_York"))
        let holiday = try #require(WorkCalendar.Day(text: "2026-11-24"))
        func sentence(_ hours: [WorkCalendar.Span]) throws -> String {
            let calendar = try WorkCalendar(timeZone: zone, hours: hours, holidays: [holiday: "Founders' Day"])
            let policy = try EscalationPolicy(steps: Sample.standard.steps, clock: .office(calendar))
            let people = try people(zones: ["dana": "America/Chicago"])
            let book = Sample.rulebook(people: people, policies: ["standard": policy])
            return try briefing(TrackedCase(rulebook: book), to: "dana").sentences[1]
        }
        func spans(_ weekdays: ClosedRange<Int>, _ opens: Int, _ closes: Int) -> [WorkCalendar.Span] {
            weekdays.map { WorkCalendar.Span(weekday: $0, opens: opens, closes: closes) }
        }
        // The lead comes on Monday at 10:00 in New York.
        #expect(
            try sentence(spans(1...5, 540, 1020))
                == "Choose by Mon 23 Nov 10:00 (America/Chicago): 1 h of working time; after that Jane Ortiz gets the lead."
        )
        #expect(
            try sentence(spans(1...5, 540, 620))
                == "Choose by Wed 25 Nov 08:40 (America/Chicago): 1 h of working time, closed Mon 23 Nov 09:20 – "
                + "Wed 25 Nov 08:00 (Founders' Day); after that Jane Ortiz gets the lead.")
        #expect(
            try sentence(spans(1...5, 720, 732))
                == "Choose by Mon 30 Nov 11:12 (America/Chicago): 1 h of working time, closed until Mon 23 Nov 11:00, "
                + "Mon 23 Nov 11:12 – Wed 25 Nov 11:00 (Founders' Day), Wed 25 Nov 11:12 – Thu 26 Nov 11:00 and 2 times "
                + "more; after that Jane Ortiz gets the lead.")
    }

    @Test("the question carries neither e-mail nor phone, the owner's message both")
    func contacts() throws {
        var tracked = TrackedCase()
        let question = try briefing(tracked, to: "dana")
        #expect(!"\(question)".contains("ada@acme.example"))
        try tracked.decide(.assign(rep: "jane", by: "dana", note: "mind the lions"), at: minute(5))
        let news = try briefing(tracked, to: "jane")
        #expect(news.facts[1] == Fact("E-mail", "ada@acme.example"))
        #expect(news.facts[2] == Fact("Phone", "+1 312 555 0100"))
        #expect(news.headline == "Your lead: fine-art for Acme Arts")
        #expect(
            news.sentences == [
                "You have the lead since Mon 23 Nov 15:05 (UTC), chosen by Dana Whitfield.", "Note: mind the lions",
            ])
        #expect(news.linkLabel == "Open the lead")
        let settled = try briefing(tracked, to: "dana")
        #expect(settled.headline == "Settled, Jane Ortiz has it: fine-art for Acme Arts")
        #expect(settled.sentences.first == "Jane Ortiz has the lead since Mon 23 Nov 15:05 (UTC), chosen by you.")
    }

    @Test("a choice that is passed on, and back, is a further mail each time and not the first one again")
    func passedOn() throws {
        var tracked = TrackedCase()
        #expect(try briefing(tracked, to: "dana").startsThread)
        try tracked.decide(.pass(to: "lee", by: "dana", comment: nil), at: minute(1))
        #expect(try !briefing(tracked, to: "lee").startsThread)
        try tracked.decide(.pass(to: "dana", by: "lee", comment: nil), at: minute(2))
        #expect(try !briefing(tracked, to: "dana").startsThread)
    }

    @Test("a reminder, an escalation and the fallback say how it came to them")
    func escalation() throws {
        let people = try people(zones: ["lee": "Asia/Kolkata", "jane": "Pacific/Auckland"])
        var tracked = TrackedCase(rulebook: Sample.rulebook(people: people))
        try tracked.decide(.deadlinePassed, at: minute(15))
        let reminder = try briefing(tracked, to: "dana")
        #expect(reminder.headline == "Reminder, nobody has chosen yet: fine-art for Acme Arts")
        #expect(reminder.sentences.first == "You were asked because project type is fine-art.")
        #expect(!reminder.startsThread)
        try tracked.decide(.deadlinePassed, at: minute(30))
        let escalation = try briefing(tracked, to: "lee")
        #expect(escalation.headline == "Nobody has chosen yet, you are next: fine-art for Acme Arts")
        #expect(
            escalation.sentences == [
                "Dana Whitfield has not chosen since Mon 23 Nov 20:30 (Asia/Kolkata), so you are asked too.",
                "Choose by Mon 23 Nov 21:30 (Asia/Kolkata); after that Jane Ortiz gets the lead.",
            ])
        #expect(escalation.startsThread)
        try tracked.decide(.deadlinePassed, at: minute(60))
        let owner = try briefing(tracked, to: "jane")
        #expect(
            owner.sentences == [
                "You have the lead since Tue 24 Nov 05:00 (Pacific/Auckland), because nobody chose in time."
            ])
    }

    @Test(
        "deadlines across the nights when clocks change are told as clocks will show them",
        arguments: [
            ("America/Chicago", 1_793_512_800_000, "Sun 1 Nov 01:00"),
            ("America/Chicago", 1_793_511_000_000, "Sun 1 Nov 01:30"),
            ("America/Chicago", 1_793_514_600_000, "Sun 1 Nov 01:30"),
            ("Europe/Berlin", 1_774_744_200_000, "Sun 29 Mar 03:30"),
            ("Europe/Berlin", 1_774_740_600_000, "Sun 29 Mar 01:30"),
            ("Europe/London", 1_774_744_200_000, "Sun 29 Mar 02:30"),
        ] as [(String, Int64, String)])
    func daylightSaving(zone: String, opened: Int64, deadline: String) throws {
        let rulebook = Sample.rulebook(people: try people(zones: ["dana": zone]))
        let tracked = TrackedCase(at: Timestamp(milliseconds: opened), rulebook: rulebook)
        let writer = BriefingWriter(rulebook: rulebook, keys: keys)
        #expect(
            writer.deadline(of: tracked.current, for: "dana")
                == "Choose by \(deadline) (\(zone)); after that Jane Ortiz gets the lead.")
    }

    @Test("a rejection, a withdrawal, an alarm and a fresh link say what happened")
    func others() throws {
        var tracked = TrackedCase()
        try tracked.decide(.deliveryFailed(tracked.deliveries[0], reason: "no such user"), at: minute(1))
        let alarm = try briefing(tracked, to: "lee")
        #expect(alarm.headline == "A message was not delivered: fine-art for Acme Arts")
        #expect(alarm.sentences.first == "Dana Whitfield was not reached by mail: no such user")
        #expect(alarm.link == nil)
        try tracked.decide(.renewLink(person: "dana"), at: minute(2))
        let fresh = try briefing(tracked, to: "dana")
        #expect(fresh.headline == "Your fresh link: fine-art for Acme Arts")
        var rejected = tracked
        try rejected.decide(.reject(reason: .notForUs, by: "lee", note: "an advert"), at: minute(3))
        let settled = try briefing(rejected, to: "dana")
        #expect(settled.headline == "Rejected: fine-art for Acme Arts")
        #expect(
            settled.sentences == [
                "Lee Park rejected it at Mon 23 Nov 15:03 (UTC): not for us.", "Note: an advert",
            ])
        try tracked.decide(.assign(rep: "jane", by: "dana", note: nil), at: minute(3))
        try tracked.decide(.reassign(rep: "billy", from: "jane", by: "dana", note: nil), at: minute(4))
        let withdrawn = try briefing(tracked, to: "jane")
        #expect(withdrawn.headline == "No longer yours: fine-art for Acme Arts")
        #expect(
            withdrawn.sentences == ["Billy Moss has the lead since Mon 23 Nov 15:04 (UTC), chosen by Dana Whitfield."])
        #expect(withdrawn.link == nil)
    }

    @Test("links are for the reader and the purpose, and work from the message's time on")
    func links() throws {
        var tracked = TrackedCase()
        let writer = BriefingWriter(rulebook: tracked.rulebook, keys: keys)
        func link(_ person: PersonID) throws -> Link {
            let url = try #require(try briefing(tracked, to: person).link)
            #expect(url.hasPrefix("https://leads.example.com/l/"))
            let token = String(url.dropFirst("https://leads.example.com/l/".count))
            guard case .valid(let link) = keys.read(token, now: minute(70)) else {
                Issue.record("not valid")
                throw CancellationError()
            }
            return link
        }
        let question = try link("dana")
        #expect(
            question
                == Link(
                    caseID: tracked.current.id, person: "dana", purpose: .decide,
                    expires: minute(0) + .seconds(1_209_600), entrance: Entrance(channel: "mail", sequence: 2)))
        try tracked.decide(.assign(rep: "jane", by: "dana", note: nil), at: minute(5))
        #expect(try link("jane").purpose == .follow)
        #expect(try link("dana").purpose == .decide)
        try tracked.decide(.renewLink(person: "jane"), at: minute(6))
        #expect(try link("jane").purpose == .follow)
        #expect(try link("jane").expires == minute(6) + .seconds(1_209_600))
        try tracked.decide(.renewLink(person: "dana"), at: minute(6))
        #expect(try link("dana").purpose == .decide)
        let again = tracked.deliveries[0]
        #expect(writer.link(of: again) == writer.link(of: again))
    }

    @Test("a lead that says next to nothing still makes a message, with a mark when nobody can be reached")
    func bare() throws {
        let tracked = TrackedCase(lead: Lead(given: [.id: "7"]))
        let text = try briefing(tracked, to: "lee")
        #expect(text.headline == "New lead: a lead")
        #expect(text.sentences.first == "You choose because no other route applies.")
        #expect(text.sentences.last == "The lead gives neither e-mail nor phone.")
        #expect(text.facts.allSatisfy { !$0.isKnown })
        #expect(text.description == nil)
    }

    @Test("a value that is no amount is shown as it stands")
    func value() throws {
        let amount = TrackedCase(lead: Sample.lead(1, [.value: "12500", .currency: "usd"]))
        #expect(try briefing(amount, to: "dana").facts.last == Fact("Value", "12,500 USD"))
        let words = TrackedCase(lead: Sample.lead(1, [.value: "12.500,00 \u{20AC}"]))
        #expect(try briefing(words, to: "dana").facts.last == Fact("Value", "12.500,00 \u{20AC}"))
    }

    @Test("an escalation names all who were asked before")
    func askedBefore() throws {
        let policy = Sample.policy([
            (.zero, .notify(.people(["dana", "billy"]))), (.seconds(60), .notify(.people(["lee"]))),
            (.seconds(3600), .assign("jane")),
        ])
        var tracked = TrackedCase(rulebook: Sample.rulebook(policies: ["standard": policy]))
        try tracked.decide(.deadlinePassed, at: minute(1))
        let sentence = try briefing(tracked, to: "lee").sentences.first
        #expect(
            sentence == "Dana Whitfield, Billy Moss have not chosen since Mon 23 Nov 15:00 (UTC), so you are asked too."
        )
    }
}
