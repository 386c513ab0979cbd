// Renders every kind of message for every channel, in every language, in full and brief, with a sample lead and with a
// hostile one, and tells what is wrong with any. Used by `leadbell check`; sends nothing.

import LeadCore

/// What came of rendering all messages.
public struct MessageRehearsal: Sendable {
    /// How many were rendered.
    public private(set) var count = 0
    /// What is wrong: "warn on teams, de, brief, hostile lead: its link is missing".
    public private(set) var failures: [String] = []

    /// Renders the messages of `rulebook`'s channels, and of the kinds that it has no channel of.
    public init(of rulebook: Rulebook) {
        for channel in Self.channels(of: rulebook) {
            guard let kind = ChannelKind.all.first(where: { $0.name == channel.kind }), kind.rendering != nil else {
                continue
            }
            for language in rulebook.phrases.known {
                for lead in SampleLead.allCases {
                    render(kind, channel, language, lead, rulebook.phrases)
                }
            }
        }
    }

    private mutating func render(
        _ kind: ChannelKind, _ channel: ChannelSettings, _ language: Language, _ lead: SampleLead, _ phrases: PhraseBook
    ) {
        let samples = SampleMessages(lead, over: channel, in: language, phrases: phrases)
        for message in MessageKind.allCases where message != .event {
            guard let briefing = samples.briefing(message) else {
                failures.append("\(message) in \(language): the sample can't be made")
                continue
            }
            for detail in Detail.allCases {
                count += 1
                var flaws = kind.render(briefing, brief: detail == .brief)?.flaws ?? []
                if lead == .plain, detail == .full { flaws += Self.excess(of: briefing) }
                failures += flaws.map { "\(message) on \(channel.id), \(language), \(detail), \(lead) lead: \($0)" }
            }
        }
    }

    /// Texts that channels would cut off even for a usual lead.
    private static func excess(of briefing: Briefing) -> [String] {
        let limits = WordingLimits.chat
        var flaws: [String] = []
        func check(_ what: String, _ text: String, _ limit: Int) {
            if text.count > limit { flaws.append("\(what) has \(text.count) characters, of which \(limit) are shown") }
        }
        check("its headline", briefing.headline, limits.headline)
        check("its link's label", briefing.linkLabel, Wording.longestLabel)
        for sentence in briefing.sentences { check("a sentence", sentence, limits.sentence) }
        for fact in briefing.facts { check("a fact's label", fact.label, limits.label) }
        return flaws
    }

    private static func channels(of rulebook: Rulebook) -> [ChannelSettings] {
        let own = rulebook.channels.values.filter { $0.events == nil }.sorted { $0.id < $1.id }
        let others = ChannelKind.all.filter { kind in !own.contains { $0.kind == kind.name } }
        return own
            + others.map { kind in
                ChannelSettings(
                    id: ChannelID(kind.name), kind: kind.name, isShared: kind.isShared, isMail: kind.isMail,
                    concurrency: 1)
            }
    }
}
