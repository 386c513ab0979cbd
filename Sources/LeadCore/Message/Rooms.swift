// Messages that others read along. A link acts for the person it was written for, so whoever opens one in a room would
// choose in that person's name: where a room's messages have buttons, which the chat signs for whoever presses them, they
// carry no link. Where a webhook leads nobody can tell; the operator gives each person one of their own.

extension Rulebook {
    /// Whether others than `person` read along on `channel`, as far as is known: a chat with members, and an address there that
    /// is nobody's own. Slack's ids of people begin with U or W, those of conversations between two with D.
    func isRoom(_ channel: ChannelID, of person: PersonID) -> Bool {
        guard channels[channel]?.isEditable == true, let person = self.person(person) else { return false }
        guard let address = person.reach.first(where: { $0.channel == channel })?.address.revealed else { return true }
        return !["U", "W", "D"].contains(address.prefix(1))
    }

    /// By what messages to `person` on `channel` are gathered; nil when each goes by itself. A digest has neither buttons nor,
    /// in a room, links.
    public func digestPolicy(for person: PersonID, on channel: ChannelID) -> DigestPolicy? {
        guard let policy = digestPolicy(for: person), !isRoom(channel, of: person) else { return nil }
        return policy
    }
}
