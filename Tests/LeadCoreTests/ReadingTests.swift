// What counts as opening a message: what its reader does by its link or button, and nothing else.

import LeadCore
import LeadTestKit
import Testing

@Suite("Opened messages")
struct ReadingTests {
    /// A case of which Dana was told by mail and chat, and then reminded by both; `state` is what became of a message.
    private struct Asked {
        var tracked = TrackedCase()
        var state: (Delivery) -> DeliveryState = { _ in .sent }
        var carrier: DeliveryID?
        var visits: [Visit] = []

        init() throws {
            try tracked.decide(.deadlinePassed, at: LeadCase.minute(15))
            try tracked.decide(.deadlinePassed, at: LeadCase.minute(30))
        }

        /// Dana's and Lee's messages that were opened, and when, in minutes: "decide mail dana 4".
        var opened: Set<String> {
            let records = tracked.deliveries.map { delivery in
                DeliveryRecord(
                    delivery: delivery, state: state(delivery), attempts: 1, nextAttempt: nil,
                    changedAt: delivery.createdAt, detail: nil, carrier: delivery.channel == "mail" ? carrier : nil)
            }
            let file = CaseFile(subject: tracked.current, history: tracked.history, deliveries: records, visits: visits)
            return Set(
                records.compactMap { record in
                    let one = record.delivery
                    return file.opened(record).map {
                        "\(one.kind) \(one.channel) \(one.person) \(($0 - Sample.start).milliseconds / 60_000)"
                    }
                })
        }

        /// Where the message of `kind` to `person` over `channel` leads from.
        func entrance(_ kind: MessageKind, _ channel: ChannelID, to person: PersonID = "dana") throws -> Entrance {
            let message = tracked.deliveries.last { $0.kind == kind && $0.channel == channel && $0.person == person }
            return try #require(message?.entrance)
        }

        mutating func claim(
            by person: PersonID = "dana", through entrance: Entrance?, at minute: Double = 31
        ) throws {
            try tracked.decide(.claim(by: person), at: LeadCase.minute(minute), through: entrance)
            try tracked.decide(.release(by: person), at: LeadCase.minute(minute + 1), through: entrance)
        }
    }

    @Test("is the message alone by whose link its reader acted, at the first time that they did")
    func one() throws {
        var asked = try Asked()
        #expect(asked.opened.isEmpty)
        try asked.claim(through: asked.entrance(.remind, "mail"))
        #expect(asked.opened == ["remind mail dana 31"])
        try asked.claim(through: asked.entrance(.remind, "mail"), at: 33)
        try asked.claim(through: asked.entrance(.decide, "teams"), at: 35)
        #expect(asked.opened == ["remind mail dana 31", "decide teams dana 35"])
    }

    @Test("isn't what was done elsewhere, by others, or by time")
    func none() throws {
        var asked = try Asked()
        try asked.claim(through: nil)
        #expect(asked.opened.isEmpty, "on the command line no message is opened")
        try asked.claim(by: "lee", through: asked.entrance(.escalate, "mail", to: "lee"), at: 33)
        #expect(asked.opened == ["escalate mail lee 33"])
        try asked.tracked.decide(
            .deadlinePassed, at: LeadCase.minute(600), through: try asked.entrance(.decide, "mail"))
        #expect(asked.opened == ["escalate mail lee 33"])
    }

    @Test("is a message by which its reader came in vain, from the first time on, and nobody else's")
    func inVain() throws {
        var asked = try Asked()
        let reminder = try asked.entrance(.remind, "mail")
        asked.visits = [Visit(person: "lee", entrance: reminder, at: LeadCase.minute(31))]
        #expect(asked.opened.isEmpty, "the link isn't Lee's")
        asked.visits.append(Visit(person: "dana", entrance: reminder, at: LeadCase.minute(40)))
        #expect(asked.opened == ["remind mail dana 40"])
        try asked.claim(through: reminder, at: 50)
        #expect(asked.opened == ["remind mail dana 40"])
        try asked.claim(through: asked.entrance(.decide, "teams"), at: 52)
        asked.visits.append(
            Visit(person: "dana", entrance: try asked.entrance(.decide, "teams"), at: LeadCase.minute(60)))
        #expect(asked.opened == ["remind mail dana 40", "decide teams dana 52"])
    }

    @Test("isn't a message that never came, and then the one before it was changed and used")
    func newest() throws {
        var asked = try Asked()
        let reminder = try asked.entrance(.remind, "teams")
        try asked.claim(through: Entrance(channel: "teams", sequence: reminder.sequence + 1))
        #expect(asked.opened == ["remind teams dana 31"], "the newest stands for a later change of it")
        asked.state = { $0.kind == .remind ? .failed : .unknown }
        #expect(asked.opened == ["decide teams dana 31"])
    }

    @Test("is all that went along in one message")
    func together() throws {
        var asked = try Asked()
        asked.carrier = "one.digest"
        try asked.claim(through: asked.entrance(.remind, "mail"))
        #expect(asked.opened == ["remind mail dana 31", "decide mail dana 31"])
    }
}
