// Which changes of a case bring messages up to date, whose, and what they say then; and what can be chosen in them.

import LeadTestKit
import Testing

@testable import LeadCore

@Suite("Messages that are kept up to date")
struct ChatCopiesTests {
    private static let bot = ChannelSettings(
        id: "bot", kind: "slack-bot", isShared: false, isMail: false, concurrency: 8, isEditable: true)

    /// Dana is written to by the bot, Lee in a room; both have mail.
    private static let people = [
        person("dana", "Dana Whitfield", at: "U0DANA"), person("lee", "Lee Park", at: "C0ROOM"), Sample.people[2],
        Sample.people[3],
    ]

    private static func person(_ id: PersonID, _ name: String, at address: String) -> Person {
        Person(
            id: id, name: name, isManager: true,
            reach: [Sample.reach("mail", "\(id)@example.com"), Sample.reach("bot", address)],
            slackID: address.hasPrefix("U") ? address : "U0LEE")
    }

    private let rulebook = Sample.rulebook(people: people, channels: [Sample.channels[0], bot])
    private var writer: BriefingWriter { BriefingWriter(rulebook: rulebook, keys: Sample.keys) }

    private func minute(_ minutes: Double) -> Timestamp { LeadCase.minute(minutes) }

    private func updates(_ transition: Transition) -> [String] {
        transition.deliveries.filter { $0.channel == "bot" }.map { "\($0.kind) \($0.person)" }
    }

    @Test("every change that a message shows brings those of all who were asked up to date, and nothing else does")
    func changes() throws {
        var tracked = TrackedCase(rulebook: rulebook)
        #expect(updates(tracked.last) == ["decide dana"])
        try tracked.decide(.deadlinePassed, at: minute(15))
        #expect(updates(tracked.last) == ["remind dana"], "a reminder changes nothing that is shown")
        try tracked.decide(.claim(by: "dana"), at: minute(16))
        #expect(updates(tracked.last) == ["update dana"])
        #expect(tracked.last.cancels == [.update])
        try tracked.decide(.release(by: "dana"), at: minute(17))
        #expect(updates(tracked.last) == ["update dana"])
        try tracked.decide(.pass(to: "lee", by: "dana", comment: nil), at: minute(18))
        #expect(updates(tracked.last) == ["decide lee", "update dana"])
        try tracked.decide(.assign(rep: "billy", by: "lee", note: nil), at: minute(19))
        #expect(updates(tracked.last) == ["update dana", "update lee"])
        #expect(tracked.told == ["assigned billy", "settled dana", "settled lee", "update dana", "update lee"])
        #expect(tracked.last.deliveries.allSatisfy { $0.kind != .settled || $0.channel == "mail" })
        try tracked.decide(.undo(by: "lee"), at: minute(20))
        #expect(updates(tracked.last) == ["reopened dana", "update dana", "update lee"])
        #expect(tracked.current.round == 2)
        try tracked.decide(.assign(rep: "billy", by: "lee", note: nil), at: minute(21))
        try tracked.decide(.reassign(rep: "jane", from: "billy", by: "dana", note: nil), at: minute(22))
        #expect(updates(tracked.last) == ["update dana", "update lee"])
        try tracked.decide(.start(by: "jane"), at: minute(23))
        #expect(updates(tracked.last) == ["update dana", "update lee"])
        try tracked.decide(.close(by: "jane", note: nil), at: minute(24))
        #expect(updates(tracked.last) == ["update dana", "update lee"])
    }

    @Test("without such a channel nothing is added")
    func none() throws {
        var tracked = TrackedCase()
        try tracked.decide(.claim(by: "dana"), at: minute(1))
        #expect(tracked.last.deliveries.isEmpty && tracked.last.cancels.isEmpty)
    }

    @Test("one message at a time goes to such a destination, whatever is configured; a relay has the next at hand")
    func concurrency() {
        #expect(Self.bot.lanePolicy.concurrency == 1)
        for isMail in [true, false] {
            let other = ChannelSettings(id: "x", kind: "x", isShared: isMail, isMail: isMail, concurrency: 4)
            #expect(other.lanePolicy.concurrency == (isMail ? 8 : 4))
        }
    }

    private func copy(
        _ tracked: TrackedCase, _ kind: MessageKind = .update, of person: PersonID = "dana", takesChoices: Bool = true
    ) -> Briefing {
        let delivery = Delivery(
            caseID: tracked.current.id, sequence: 1, person: person, channel: "bot", lane: "bot", kind: kind,
            createdAt: Sample.start)
        return writer.copy(of: delivery, about: tracked.current, takesChoices: takesChoices)
    }

    @Test("a message says where the case stands when it is written, whatever it was sent for")
    func words() throws {
        var tracked = TrackedCase(rulebook: rulebook)
        #expect(copy(tracked, .decide).headline == "New lead: fine-art for Acme Arts")
        #expect(copy(tracked).headline == "Open: fine-art for Acme Arts")
        #expect(copy(tracked).standing?.sentence == nil)
        try tracked.decide(.claim(by: "lee"), at: minute(1))
        for kind in [MessageKind.decide, .update] {
            let claimed = copy(tracked, kind)
            #expect(claimed.headline == "Lee Park decides: fine-art for Acme Arts")
            #expect(claimed.sentences.first?.hasPrefix("Lee Park said “mine to decide” at Mon 23 Nov 15:01") == true)
        }
        try tracked.decide(.assign(rep: "billy", by: "lee", note: "Ada's aunt."), at: minute(2))
        let settled = copy(tracked)
        #expect(settled.headline == "Settled, Billy Moss has it: fine-art for Acme Arts")
        #expect(settled.sentences.first == "Billy Moss has the lead since Mon 23 Nov 15:02 (UTC), chosen by Lee Park.")
        #expect(settled.suggestions.isEmpty)
        let brief = settled.brief
        #expect(brief.headline == "Settled, Billy Moss has it: a lead for Acme Arts")
        #expect(brief.sentences == [settled.sentences[0]])
        try tracked.decide(.start(by: "billy"), at: minute(3))
        #expect(copy(tracked).sentences.contains { $0.hasPrefix("The work began at Mon 23 Nov 15:03") })
        try tracked.decide(.close(by: "billy", note: nil), at: minute(4))
        #expect(copy(tracked).headline == "Done by Billy Moss: fine-art for Acme Arts")
        var rejected = TrackedCase(rulebook: rulebook)
        try rejected.decide(.reject(reason: .spam, by: "dana", note: nil), at: minute(1))
        #expect(copy(rejected).headline == "Rejected: fine-art for Acme Arts")
    }

    @Test("whoever reads German sees in German where the case stands, and every state has words of its own")
    func german() throws {
        let people = Self.people.map { person in
            Person(
                id: person.id, name: person.name, isManager: person.isManager, rep: person.rep, reach: person.reach,
                slackID: person.slackID, language: .german)
        }
        let book = Sample.rulebook(people: people, channels: [Sample.channels[0], Self.bot])
        func copy(_ tracked: TrackedCase) -> Briefing {
            let delivery = Delivery(
                caseID: tracked.current.id, sequence: 1, person: "dana", channel: "bot", lane: "bot", kind: .update,
                createdAt: Sample.start)
            return BriefingWriter(rulebook: book, keys: Sample.keys)
                .copy(of: delivery, about: tracked.current, takesChoices: true)
        }
        var tracked = TrackedCase(rulebook: book)
        #expect(copy(tracked).headline == "Offen: fine-art für Acme Arts")
        try tracked.decide(.pass(to: "lee", by: "dana", comment: nil), at: minute(1))
        #expect(copy(tracked).sentences.first == "Dana Whitfield hat die Entscheidung an Lee Park weitergegeben.")
        try tracked.decide(.claim(by: "lee"), at: minute(2))
        #expect(copy(tracked).headline == "Lee Park entscheidet: fine-art für Acme Arts")
        #expect(
            copy(tracked).sentences.first
                == "Lee Park hat am Mo., 23. Nov., 15:02 Uhr (UTC) „Ich entscheide“ gewählt; das gilt bis Mo., 23. Nov., "
                + "15:17 Uhr (UTC).")
        try tracked.decide(.assign(rep: "billy", by: "lee", note: nil), at: minute(3))
        #expect(copy(tracked).headline == "Entschieden, Billy Moss hat den Lead: fine-art für Acme Arts")
        #expect(copy(tracked).brief.headline == "Entschieden, Billy Moss hat den Lead: Anfrage von Acme Arts")
        try tracked.decide(.start(by: "billy"), at: minute(4))
        #expect(copy(tracked).sentences.contains("Die Bearbeitung hat am Mo., 23. Nov., 15:04 Uhr (UTC) begonnen."))
        try tracked.decide(.close(by: "billy", note: nil), at: minute(5))
        #expect(copy(tracked).headline == "Erledigt von Billy Moss: fine-art für Acme Arts")
        var rejected = TrackedCase(rulebook: book)
        try rejected.decide(.reject(reason: .notForUs, by: "dana", note: nil), at: minute(1))
        #expect(copy(rejected).headline == "Abgelehnt: fine-art für Acme Arts")
        #expect(copy(rejected).sentences.first?.hasSuffix("abgelehnt: nicht für uns.") == true)
    }

    @Test("what can be chosen in a message: all while it is open, for the one who decides, and in a room")
    func offers() throws {
        var tracked = TrackedCase(rulebook: rulebook)
        let open = try #require(copy(tracked, .decide).offer)
        #expect(open.reps.map(\.id) == ["billy", "jane"] && open.mayPass)
        #expect(open.mayClaim && !open.mayRelease)
        #expect(open.target == ChatTarget(caseID: tracked.current.id, round: 1))
        #expect(copy(tracked, .decide, takesChoices: false).offer == nil)
        #expect(copy(tracked, .alarm).offer == nil)
        #expect(copy(tracked, of: "lee").offer?.mayPass == true)
        #expect(copy(tracked, of: "billy").offer == nil)
        try tracked.decide(.claim(by: "lee"), at: minute(1))
        #expect(copy(tracked).offer == nil)
        #expect(copy(tracked, of: "lee").offer?.mayRelease == true)
        try tracked.decide(.release(by: "lee"), at: minute(2))
        try tracked.decide(.claim(by: "dana"), at: minute(3))
        let mine = try #require(copy(tracked).offer)
        #expect(mine.mayRelease && !mine.mayClaim)
        #expect(copy(tracked, of: "lee").offer != nil, "who decides may press in the room")
        try tracked.decide(.assign(rep: "billy", by: "dana", note: nil), at: minute(4))
        #expect(copy(tracked).offer == nil && copy(tracked, .decide).offer == nil)
    }

    @Test("at brief detail an offer holds names and nothing else")
    func bare() {
        let choice = ChatOffer.Choice(id: "billy", name: "Billy Moss", hint: "knows Ada Byron")
        let target = ChatTarget(caseID: "c", round: 1)
        let offer = ChatOffer(target: target, reps: [choice], mayClaim: true, mayRelease: false, mayPass: true)
        #expect(offer.bare.reps == [ChatOffer.Choice(id: "billy", name: "Billy Moss")])
    }
}
