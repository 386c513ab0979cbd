// Who somebody is in Slack: by the address at which a bot reaches them, or by a key of its own where that is a channel. By it
// a button that they press is known as theirs.

import LeadCore

extension SectionReader {
    /// The member id of a person who is reached by `reach`; nil when none is known.
    func readSlackID(
        _ map: MappingReader, reach: [Person.Reach], channels: [ChannelDraft], taken drafts: [PersonDraft]
    ) -> String? {
        let item = map.optional("slack_id")
        let addressed = reach.compactMap { one in
            channels.first { $0.settings.id == one.channel }?.kind?.account(one.address.revealed)
        }
        var given: String?
        if let item, let text = item.text("a member's ID") {
            guard Self.isMember(text) else {
                item.error("is no member's ID", "copy it from the member's profile in Slack; it looks like U012AB3CD")
                return nil
            }
            given = text
            if let other = addressed.first(where: { $0 != text }) {
                item.error("is not the member \(other) whom 'reach' names", "remove it, or mend one of the two")
            }
        }
        guard let member = given ?? addressed.first else { return nil }
        if let earlier = drafts.first(where: { $0.person.slackID == member }) {
            findings.error(
                item?.position ?? map.position, "\(member) is '\(earlier.person.id)' in Slack already",
                "each member is one person")
        }
        return member
    }

    /// Warns of managers who are asked in a channel where nobody would know their buttons.
    func checkSlackMembers(_ people: [PersonDraft], channels: [ChannelDraft]) {
        guard !secrets.isBlind else { return }
        for draft in people where draft.person.isManager && draft.person.slackID == nil {
            let asked = draft.person.reach.first { reach in
                channels.contains { $0.settings.id == reach.channel && $0.takesChoices }
            }
            guard let asked else { continue }
            findings.warn(
                draft.position,
                "manager '\(draft.person.id)' is asked in a channel by '\(asked.channel)' and can't use its buttons",
                "add 'slack_id' with their member ID")
        }
    }

    private static func isMember(_ text: String) -> Bool {
        (3...32).contains(text.utf8.count) && (text.hasPrefix("U") || text.hasPrefix("W"))
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
    }
}
