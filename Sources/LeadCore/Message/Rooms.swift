// Messages that others read along. A link acts for the person it was written for, so whoever opens one in a room would
// choose in that person's name. So a room's messages carry none: where the chat signs presses of buttons for whoever presses
// them, those are there instead; elsewhere the link comes by another way of the person's. Only who has no other way finds it
// in the room, which `check` warns of.
//
// A chat with accounts tells rooms by their addresses. Where a webhook leads nobody can tell, but for one that several people
// are reached by; of others the configuration says it.

/// The places that others than their person read.
struct Rooms: Sendable {
    private struct Place: Hashable {
        let person: PersonID
        let channel: ChannelID
    }

    private var places: Set<Place> = []

    /// The rooms among the ways to `people`.
    init(_ people: [Person], _ channels: [ChannelID: ChannelSettings]) {
        var readers: [Person.Reach: Int] = [:]
        for person in people { for reach in Set(person.reach) { readers[reach, default: 0] += 1 } }
        for person in people {
            for reach in person.reach {
                guard let channel = channels[reach.channel], !channel.isMail, channel.events == nil else { continue }
                // Slack's ids of people begin with U or W, those of conversations between two with D.
                let isRoom =
                    channel.isEditable
                    ? !["U", "W", "D"].contains(reach.address.revealed.prefix(1))
                    : channel.isRoom || readers[reach, default: 0] > 1
                if isRoom { places.insert(Place(person: person.id, channel: reach.channel)) }
            }
        }
    }

    func contains(_ channel: ChannelID, of person: PersonID) -> Bool {
        !places.isEmpty && places.contains(Place(person: person, channel: channel))
    }
}

extension Rulebook {
    /// Whether others than `person` read along on `channel`, as far as is known.
    public func isRoom(_ channel: ChannelID, of person: PersonID) -> Bool { rooms.contains(channel, of: person) }

    /// The channels on which `person` alone reads what is written to them; a mailbox counts as theirs.
    public func privateWays(of person: PersonID) -> [ChannelID] {
        (self.person(person)?.reach ?? []).map(\.channel).filter {
            channels[$0]?.events == nil && channels[$0] != nil && !isRoom($0, of: person)
        }
    }

    /// By what messages to `person` on `channel` are gathered; nil when each goes by itself. A digest has neither buttons nor,
    /// in a room, links.
    public func digestPolicy(for person: PersonID, on channel: ChannelID) -> DigestPolicy? {
        guard let policy = digestPolicy(for: person), !isRoom(channel, of: person) else { return nil }
        return policy
    }
}

extension BriefingWriter {
    /// The link that `delivery` carries where its reader reads it, and what is said in its place. A chat that `takesChoices` has
    /// buttons instead, where there is something to choose.
    func link(
        of delivery: Delivery, takesChoices: Bool, _ phrases: Phrases
    ) -> (link: String?, sentence: String?) {
        guard rulebook.isRoom(delivery.channel, of: delivery.person) else { return (link(of: delivery), nil) }
        let ways = rulebook.privateWays(of: delivery.person)
        let hasButtons = takesChoices && (MessageKind.asking.contains(delivery.kind) || delivery.kind == .update)
        guard !hasButtons, !ways.isEmpty else { return (takesChoices ? nil : link(of: delivery), nil) }
        guard delivery.kind.wantsOpening else { return (nil, nil) }
        let reader = rulebook.name(delivery.person)
        return (nil, phrases.sentences.elsewhere(reader, phrases.all(of: ways.map(\.text))))
    }
}

extension MessageKind {
    /// Whether its reader is to open the lead.
    fileprivate var wantsOpening: Bool {
        switch self {
        case .decide, .remind, .warn, .escalate, .reopened, .assigned, .inquiry, .freshLink: true
        case .withdrawn, .settled, .update, .alarm, .digest, .event, .test: false
        }
    }
}
