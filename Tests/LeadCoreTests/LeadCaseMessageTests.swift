// Whom each decision tells, what it cancels, and how failures and fresh links go.

import LeadCore
import LeadTestKit
import Testing

@Suite("LeadCase: messages")
struct LeadCaseMessageTests {
    private func minute(_ minutes: Double) -> Timestamp { LeadCase.minute(minutes) }

    @Test("a choice tells the rep and all who had been asked, and cancels what still asks")
    func assigned() throws {
        var tracked = TrackedCase()
        try tracked.decide(.deadlinePassed, at: minute(30))
        try tracked.decide(.assign(rep: "billy", by: "lee", note: nil), at: minute(31))
        #expect(tracked.told == ["assigned billy", "settled dana", "settled lee"])
        #expect(Set(tracked.last.cancels) == Set(MessageKind.asking))
    }

    @Test("a rejection tells all who had been asked and nobody else")
    func rejected() throws {
        var tracked = TrackedCase()
        try tracked.decide(.reject(reason: .duplicate, by: "lee", note: "see L-0"), at: minute(1))
        #expect(tracked.told == ["settled dana"])
        #expect(Set(tracked.last.cancels) == Set(MessageKind.asking))
        guard case .closed(let closing) = tracked.current.state else {
            Issue.record("not closed")
            return
        }
        #expect(closing == Closing(reason: .duplicate, by: "lee", at: minute(1), note: "see L-0"))
    }

    @Test("a reassignment tells the new rep, the former one and all who had been asked, and cancels the former news")
    func reassigned() throws {
        var tracked = TrackedCase()
        try tracked.decide(.assign(rep: "jane", by: "dana", note: nil), at: minute(1))
        try tracked.decide(.reassign(rep: "billy", from: "jane", by: "dana", note: nil), at: minute(2))
        #expect(tracked.told == ["assigned billy", "withdrawn jane", "settled dana"])
        #expect(Set(tracked.last.cancels) == [.assigned, .settled, .withdrawn])
        try tracked.decide(.reassign(rep: "jane", from: "billy", by: "dana", note: nil), at: minute(3))
        #expect(tracked.told == ["assigned jane", "withdrawn billy", "settled dana"])
    }

    @Test("who was only reminded had been asked too")
    func reminded() throws {
        let policy = Sample.policy([
            (.zero, .notify(.manager)), (.seconds(60), .remind(.people(["lee"]))), (.seconds(3600), .assign("jane")),
        ])
        var tracked = TrackedCase(rulebook: Sample.rulebook(policies: ["standard": policy]))
        try tracked.decide(.deadlinePassed, at: minute(1))
        #expect(tracked.told == ["remind lee"])
        try tracked.decide(.assign(rep: "billy", by: "dana", note: nil), at: minute(2))
        #expect(tracked.told == ["assigned billy", "settled dana", "settled lee"])
        #expect(tracked.refusal(of: .renewLink(person: "lee"), at: minute(3)) == nil)
    }

    @Test("whoever a policy or the operators name twice is told once")
    func twice() throws {
        let policy = Sample.policy([
            (.zero, .notify(.people(["dana", "dana"]))), (.seconds(60), .remind(.people(["dana", "dana"]))),
            (.seconds(3600), .assign("jane")),
        ])
        var tracked = TrackedCase(
            rulebook: Sample.rulebook(policies: ["standard": policy], operators: ["lee", "lee"]))
        #expect(tracked.last.deliveries.count == 2)
        #expect(tracked.current.told == ["dana"])
        try tracked.decide(.deadlinePassed, at: minute(1))
        #expect(tracked.last.deliveries.count == 2)
        try tracked.decide(.deliveryFailed(tracked.deliveries[0], reason: "gone"), at: minute(2))
        #expect(tracked.last.deliveries.count == 2)
    }

    @Test("a rep and a manager in one person gets both messages, under ids of their own")
    func both() throws {
        let both = Person(
            id: "dana", name: "Dana", isManager: true, rep: Person.RepProfile(),
            reach: [Sample.reach("mail", "dana@example.com")])
        let rulebook = Sample.rulebook(people: Sample.people.filter { $0.id != "dana" } + [both])
        var tracked = TrackedCase(rulebook: rulebook)
        try tracked.decide(.assign(rep: "dana", by: "dana", note: nil), at: minute(1))
        #expect(tracked.told == ["assigned dana", "settled dana"])
        #expect(Set(tracked.last.deliveries.map(\.id)).count == 2)
    }

    @Test("a message's id follows from case, entry, kind, person and channel, so deciding again gives the same")
    func ids() throws {
        let tracked = TrackedCase()
        let delivery = try #require(tracked.deliveries.first)
        #expect(delivery.id == DeliveryID("\(tracked.current.id).2.decide.dana.mail"))
        #expect(TrackedCase().deliveries == tracked.deliveries)
        let command = CaseCommand.assign(rep: "jane", by: "dana", note: nil)
        let first = try tracked.current.decide(command, now: minute(1), rulebook: tracked.rulebook)
        let second = try tracked.current.decide(command, now: minute(1), rulebook: tracked.rulebook)
        #expect(first == second)
    }

    // MARK: Fresh links

    @Test("a fresh link goes by mail alone, at most once in five minutes")
    func renewLink() throws {
        var tracked = TrackedCase()
        try tracked.decide(.renewLink(person: "dana"), at: minute(1))
        #expect(tracked.last.deliveries.map(\.channel) == ["mail"])
        #expect(tracked.told == ["freshLink dana"])
        #expect(tracked.refusal(of: .renewLink(person: "dana"), at: minute(5.99)) == .noFreshLink)
        #expect(tracked.refusal(of: .renewLink(person: "dana"), at: minute(6)) == nil)
    }

    @Test("each person's fresh links are counted alone")
    func renewLinkEach() throws {
        var tracked = TrackedCase()
        try tracked.decide(.deadlinePassed, at: minute(30))
        try tracked.decide(.renewLink(person: "dana"), at: minute(31))
        try tracked.decide(.renewLink(person: "lee"), at: minute(31))
        #expect(tracked.told == ["freshLink lee"])
    }

    @Test("nobody who isn't concerned, has no mail or is gone gets a fresh link")
    func renewLinkRefused() throws {
        var tracked = TrackedCase()
        #expect(tracked.refusal(of: .renewLink(person: "lee"), at: minute(1)) == .noFreshLink)
        #expect(tracked.refusal(of: .renewLink(person: "nobody"), at: minute(1)) == .noFreshLink)
        try tracked.decide(.assign(rep: "jane", by: "dana", note: nil), at: minute(1))
        try tracked.decide(.reassign(rep: "billy", from: "jane", by: "dana", note: nil), at: minute(2))
        #expect(tracked.refusal(of: .renewLink(person: "jane"), at: minute(3)) == .noFreshLink)
        #expect(tracked.refusal(of: .renewLink(person: "billy"), at: minute(3)) == nil)
        let chatOnly = Person(id: "dana", name: "Dana", isManager: true, reach: [Sample.reach("teams", "https://t")])
        var other = TrackedCase(rulebook: Sample.rulebook(people: [chatOnly] + Sample.people.dropFirst()))
        #expect(other.refusal(of: .renewLink(person: "dana"), at: minute(1)) == .noFreshLink)
    }

    // MARK: Failures

    @Test("an undelivered message is recorded once and alarms the operators with the reason")
    func failed() throws {
        var tracked = TrackedCase()
        let lost = tracked.deliveries[1]
        try tracked.decide(.deliveryFailed(lost, reason: "404 not found"), at: minute(1))
        #expect(tracked.told == ["alarm lee", "remind dana"])
        #expect(tracked.last.deliveries.map(\.channel) == ["mail", "slack", "mail"])
        #expect(tracked.last.deliveries[0].remark == "Dana Whitfield was not reached by teams: 404 not found")
        #expect(tracked.last.cancels.isEmpty)
        #expect(tracked.current.stateName == .waiting)
        #expect(tracked.refusal(of: .deliveryFailed(lost, reason: "again"), at: minute(2)) == .alreadyRecorded)
    }

    @Test("when chat fails, one more mail says so: once a person, only while there is something to choose")
    func deadChat() throws {
        var tracked = TrackedCase()
        let writer = BriefingWriter(rulebook: tracked.rulebook, keys: Sample.keys)
        func reminders(_ tracked: TrackedCase) -> [Delivery] { tracked.last.deliveries.filter { $0.kind == .remind } }
        let chat = try #require(tracked.deliveries.first { $0.channel == "teams" })
        try tracked.decide(.deliveryFailed(chat, reason: "410"), at: minute(1))
        #expect(reminders(tracked).map(\.channel) == ["mail"])
        let words = writer.briefing(of: reminders(tracked)[0], about: tracked.current).sentences
        #expect(words.contains("teams takes no messages for you at the moment, so rely on this mail."))
        try tracked.decide(.deadlinePassed, at: minute(15))
        let later = try #require(tracked.last.deliveries.first { $0.channel == "teams" })
        try tracked.decide(.deliveryFailed(later, reason: "410"), at: minute(16))
        #expect(reminders(tracked).isEmpty, "she has been told")

        var known = TrackedCase()
        try known.decide(.deliveryFailed(chat, reason: "stopped before", isNews: false), at: minute(1))
        #expect(reminders(known).isEmpty, "her first mail has said so")

        var inquired = TrackedCase()
        let inquiry = Delivery(
            caseID: inquired.current.id, sequence: 1, person: "dana", channel: "teams", lane: "teams/dana",
            kind: .inquiry, createdAt: minute(0))
        try inquired.decide(.deliveryFailed(inquiry, reason: "503"), at: minute(1))
        #expect(reminders(inquired).isEmpty, "no mail about a choice left beside it")
        try inquired.decide(.deliveryFailed(chat, reason: "410"), at: minute(2))
        #expect(reminders(inquired).map(\.channel) == ["mail"], "nobody has told her so far")

        var answered = TrackedCase()
        try answered.decide(.assign(rep: "jane", by: "dana", note: nil), at: minute(1))
        try answered.decide(.deliveryFailed(chat, reason: "410"), at: minute(2))
        #expect(reminders(answered).isEmpty)
    }

    @Test("an alarm that can't be delivered is recorded and alarms nobody")
    func failedAlarm() throws {
        var tracked = TrackedCase()
        try tracked.decide(.deliveryFailed(tracked.deliveries[0], reason: "gone"), at: minute(1))
        for alarm in tracked.last.deliveries {
            try tracked.decide(.deliveryFailed(alarm, reason: "gone too"), at: minute(2))
            #expect(tracked.last.deliveries.isEmpty)
        }
        #expect(tracked.current.failures.count == 3)
    }

    @Test("an undelivered message of a case that is over is still recorded and alarmed")
    func failedAfterwards() throws {
        var tracked = TrackedCase()
        try tracked.decide(.assign(rep: "jane", by: "dana", note: nil), at: minute(1))
        let news = try #require(tracked.last.deliveries.first { $0.kind == .assigned })
        try tracked.decide(.close(by: "jane", note: nil), at: minute(2))
        try tracked.decide(.deliveryFailed(news, reason: "gone"), at: minute(3))
        #expect(tracked.told == ["alarm lee"])
        #expect(tracked.current.stateName == .closed)
    }
}
