// `digest` and `quiet`: when messages to a person wait and go along with others. Both stand with a person; the first also
// for all of them.

import LeadCore

extension SectionReader {
    /// `digest: off`, or `digest: { leads: 5, within: 2m }`; nil when it isn't given.
    func readDigest(_ map: MappingReader) -> DigestRule? {
        guard let item = map.optional("digest") else { return nil }
        // YAML of old calls it false.
        if let word = item.word, ["off", "false"].contains(word.lowercased()) { return .off }
        guard case .mapping = item.node, let map = item.mapping("'digest'") else {
            item.error(
                "must be off, or how many leads come one by one", "write digest: { leads: 5, within: 2m }, or off")
            return nil
        }
        defer { map.finish() }
        let standard = DigestPolicy()
        let leads = map.optional("leads")?.integer(1...1000) ?? standard.leads
        let within = map.optional("within")
        let window = within?.duration() ?? standard.window
        if window > .seconds(3600) {
            within?.error("lets leads wait for more than an hour", "write at most 1h")
        }
        return .on(DigestPolicy(leads: leads, window: window))
    }

    /// `quiet: { mon-sun: 21:00-07:00 }` for all channels of the person that are no mail, or `quiet: { CHANNEL: HOURS }`.
    func readQuiet(
        _ map: MappingReader, of person: Person, channels: [ChannelDraft]
    ) -> [ChannelID: WorkCalendar] {
        guard let item = map.optional("quiet"), let entries = item.mapping("'quiet'")?.all() else { return [:] }
        let isMail = Set(channels.filter(\.settings.isMail).map(\.settings.id))
        let isByChannel = entries.contains { entry in channels.contains { $0.settings.id.text == entry.key } }
        guard isByChannel else {
            guard let hours = readHours(item), let calendar = calendar(person.timeZone, hours, [:], at: item.position)
            else { return [:] }
            let chats = person.reach.map(\.channel).filter { !isMail.contains($0) }
            if chats.isEmpty { item.warn("changes nothing: there is mail alone", "name the channel, or remove it") }
            warnOfSilence(item, person, Set(chats))
            return Dictionary(chats.map { ($0, calendar) }) { first, _ in first }
        }
        var quiet: [ChannelID: WorkCalendar] = [:]
        for (name, position, hours) in entries {
            let channel = ChannelID(name)
            guard person.reach.contains(where: { $0.channel == channel }) else {
                findings.error(
                    position, "the person isn't reached by " + (Wording.quoted(name) ?? "that channel"),
                    Wording.suggestion(for: name, among: person.reach.map(\.channel.text)))
                continue
            }
            guard let read = readHours(hours) else { continue }
            quiet[channel] = calendar(person.timeZone, read, [:], at: hours.position)
        }
        warnOfSilence(item, person, Set(quiet.keys))
        return quiet
    }

    private func warnOfSilence(_ item: Item, _ person: Person, _ quiet: Set<ChannelID>) {
        guard person.isManager, !quiet.isEmpty, person.reach.allSatisfy({ quiet.contains($0.channel) }) else { return }
        item.warn(
            "leaves manager '\(person.id)' no way to be reached in these hours",
            "add a mail channel, or write wake: true in policies that can't wait")
    }
}
