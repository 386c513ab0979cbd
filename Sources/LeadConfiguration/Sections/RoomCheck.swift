// Where several people read what is written to one: whoever opens a link there acts as the person it was written for. Messages
// in rooms carry no link as long as its person has another way; here it is told which rooms there are, as far as that is known,
// and what to do about them.

import LeadCore

extension SectionReader {
    /// Warns of rooms without buttons, and of links that others could open.
    func checkRooms(_ people: [PersonDraft], channels: [ChannelDraft]) {
        guard !secrets.isBlind else { return }
        let settings = Dictionary(channels.map { ($0.settings.id, $0.settings) }) { first, _ in first }
        let book = Rulebook(
            site: Site(name: "", url: ""), people: people.map(\.person), channels: Array(settings.values), routes: [],
            policies: [:])
        for (index, draft) in people.enumerated() where !draft.person.id.text.isEmpty {
            for reach in draft.person.reach {
                guard let channel = channels.first(where: { $0.settings.id == reach.channel }),
                    book.isRoom(reach.channel, of: draft.person.id), !channel.takesChoices
                else { continue }
                let earlier = people[..<index].first { $0.person.reach.contains(reach) }
                warnOfRoom(draft, channel, sharedWith: earlier, ways: book.privateWays(of: draft.person.id))
            }
        }
    }

    private func warnOfRoom(
        _ draft: PersonDraft, _ channel: ChannelDraft, sharedWith other: PersonDraft?, ways: [ChannelID]
    ) {
        let (id, name) = (draft.person.id, channel.settings.id)
        let isKnownRoom = channel.settings.isRoom
        // It was said on purpose, and does no harm.
        if isKnownRoom, !ways.isEmpty { return }
        let consequence =
            ways.isEmpty
            ? "whoever opens a link there acts as '\(id)'"
            : "messages there have neither buttons nor links, which come by \(Wording.list(ways.map(\.text))) alone"
        let (place, remedy): (String, String)
        if channel.settings.isEditable {
            place = "'\(name)' reaches '\(id)' in a channel that others read"
            remedy =
                "give '\(name)' its 'signing_secret': then messages there have buttons, which act for whoever presses"
        } else if isKnownRoom {
            place = "'\(id)' is reached by the room '\(name)' alone"
            remedy = "add a mail channel, by which the links come"
        } else if let other {
            place = "'\(id)' and '\(other.person.id)' have the same address on '\(name)'"
            remedy = "give each a webhook to a chat of their own, or write into the channel by a 'slack-bot'"
        } else {
            return
        }
        findings.warn(draft.position, "\(place), so \(consequence)", remedy)
    }
}
