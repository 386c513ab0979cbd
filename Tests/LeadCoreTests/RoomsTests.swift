// What a message that others read along says of its link: nothing that acts for one person, where there is another way.

import LeadTestKit
import Testing

@testable import LeadCore

@Suite("Rooms")
struct RoomsTests {
    private static let hook = "https://teams.example/all"
    private static let bot = ChannelSettings(
        id: "bot", kind: "slack-bot", isShared: false, isMail: false, concurrency: 1, isEditable: true)

    private static func person(_ id: PersonID, _ reach: (ChannelID, String)..., language: Language? = nil) -> Person {
        Person(
            id: id, name: "Ms \(id)", isManager: true, reach: reach.map { Sample.reach($0.0, $0.1) }, language: language
        )
    }

    /// Two who share a webhook, one of whom has nothing else; one with a webhook and one with a room of their own.
    private static let people = [
        person("dana", ("mail", "dana@example.com"), ("teams", hook)), person("lee", ("teams", hook)),
        person("kim", ("mail", "kim@example.com"), ("teams", "https://teams.example/kim")),
        person("ola", ("mail", "ola@example.com"), ("bot", "C0ROOM")), person("max", ("bot", "C0OTHER")),
    ]

    private func book(_ people: [Person] = people, isRoom: Bool = false, digest: DigestRule = .off) -> Rulebook {
        let teams = ChannelSettings(
            id: "teams", kind: "teams", isShared: false, isMail: false, concurrency: 1, isRoom: isRoom)
        return Sample.rulebook(people: people, channels: [Sample.channels[0], teams, Self.bot], digest: digest)
    }

    private func message(
        _ kind: MessageKind, to person: PersonID, by channel: ChannelID, _ book: Rulebook, takesChoices: Bool? = nil
    ) -> Briefing {
        let subject = Sample.opening(rulebook: book).result
        let delivery = Delivery(
            caseID: subject.id, sequence: 2, person: person, channel: channel, lane: LaneID(channel.text), kind: kind,
            createdAt: Sample.start)
        let writer = BriefingWriter(rulebook: book, keys: Sample.keys)
        return takesChoices.map { writer.copy(of: delivery, about: subject, takesChoices: $0) }
            ?? writer.briefing(of: delivery, about: subject)
    }

    @Test("a webhook that reaches two is a room, and so are Slack's channels, and what the configuration calls one")
    func rooms() {
        let book = book()
        let rooms: [(PersonID, ChannelID)] = [("dana", "teams"), ("lee", "teams"), ("ola", "bot"), ("max", "bot")]
        for (person, channel) in rooms { #expect(book.isRoom(channel, of: person)) }
        for (person, channel) in [("kim", "teams"), ("kim", "mail"), ("dana", "mail")] as [(PersonID, ChannelID)] {
            #expect(!book.isRoom(channel, of: person))
        }
        #expect(self.book(isRoom: true).isRoom("teams", of: "kim"))
        #expect(book.privateWays(of: "dana") == ["mail"] && book.privateWays(of: "lee").isEmpty)
        #expect(self.book(digest: .on(DigestPolicy())).digestPolicy(for: "dana", on: "teams") == nil)
        #expect(self.book(digest: .on(DigestPolicy())).digestPolicy(for: "kim", on: "teams") != nil)
        let mails = ["a", "b"].map { Self.person(PersonID($0), ("mail", "sales@example.com")) }
        #expect(!self.book(mails).isRoom("mail", of: "a"), "a mailbox is where the link is to be")
    }

    @Test("in a room a message names no link and says by what way it comes, in brief too")
    func elsewhere() {
        let sentence = "Others read along here, so the link for Ms dana comes by mail."
        for kind in [MessageKind.decide, .remind, .warn, .escalate, .reopened, .assigned, .inquiry, .freshLink] {
            let briefing = message(kind, to: "dana", by: "teams", book())
            #expect(briefing.link == nil && briefing.suggestions.isEmpty)
            #expect(briefing.sentences.contains(sentence) && briefing.brief.sentences.contains(sentence))
        }
        let settled = message(.settled, to: "dana", by: "teams", book())
        #expect(settled.link == nil && !settled.sentences.contains(sentence))
        let own = message(.decide, to: "dana", by: "mail", book())
        #expect(own.link != nil && !own.sentences.contains(sentence))
        let alone = message(.decide, to: "kim", by: "teams", book())
        #expect(alone.link != nil && alone.sentences.count == own.sentences.count)
        let german = Self.people.map { person in
            Self.person(person.id, ("mail", "\(person.id)@example.com"), ("teams", Self.hook), language: .german)
        }
        #expect(
            message(.decide, to: "dana", by: "teams", book(german)).sentences
                .contains("Hier lesen andere mit; der Link für Ms dana kommt deshalb über mail."))
    }

    @Test("who has no other way finds the link in the room")
    func onlyWay() {
        #expect(message(.decide, to: "lee", by: "teams", book()).link != nil)
        #expect(message(.decide, to: "max", by: "bot", book(), takesChoices: false).link != nil)
    }

    @Test("a bot's messages in a room have buttons, or no link without a signing secret")
    func bots() {
        let sentence = "Others read along here, so the link for Ms ola comes by mail."
        let buttons = message(.decide, to: "ola", by: "bot", book(), takesChoices: true)
        #expect(buttons.link == nil && buttons.offer != nil && !buttons.sentences.contains(sentence))
        let without = message(.decide, to: "ola", by: "bot", book(), takesChoices: false)
        #expect(without.link == nil && without.offer == nil && without.sentences.contains(sentence))
        let handed = message(.assigned, to: "ola", by: "bot", book(), takesChoices: true)
        #expect(handed.link == nil && handed.sentences.contains(sentence), "there is nothing to press in it")
        #expect(message(.decide, to: "max", by: "bot", book(), takesChoices: true).link == nil)
    }
}
