// Renders every kind of message and form for every channel, in every language, in full and brief, with a sample lead and with a
// hostile one, and tells what is wrong with any. Used by `leadbell check`; sends nothing.

import LeadCore

/// What came of rendering all messages, and the forms that open in them.
public struct MessageRehearsal: Sendable {
    /// What is rendered.
    private enum Part {
        case message(SampleScene)
        case form(ChatForm.Kind)

        var name: String {
            switch self {
            case .message(let scene): scene.rawValue
            case .form(let kind): "\(kind.rawValue) form"
            }
        }
    }

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
        var parts = SampleScene.all(isEditable: channel.isEditable).map(Part.message)
        if kind.formRendering != nil { parts += ChatForm.Kind.allCases.map(Part.form) }
        for part in parts {
            for detail in Detail.allCases {
                count += 1
                for flaw in Self.flaws(of: part, in: samples, kind, detail, lead) {
                    let cause = Self.cause(phrases.phrases(language, on: channel.id)) { phrases in
                        let others = SampleMessages(lead, over: channel, in: language, phrases: phrases)
                        return !Self.flaws(of: part, in: others, kind, detail, lead).contains(flaw)
                    }
                    failures.append(
                        "\(part.name) on \(channel.id), \(language), \(detail), \(lead) lead: \(flaw)\(cause)")
                }
            }
        }
    }

    private static func flaws(
        of part: Part, in samples: SampleMessages, _ kind: ChannelKind, _ detail: Detail, _ lead: SampleLead
    ) -> [String] {
        let isBrief = detail == .brief
        let (flaws, excess): ([String]?, [String])
        switch part {
        case .message(let scene):
            guard let briefing = samples.briefing(scene) else { return ["the sample can't be made"] }
            flaws = kind.render(briefing, brief: isBrief)?.flaws
            excess = Self.excess(of: isBrief ? briefing.brief : briefing, isMail: kind.isMail)
        case .form(let form):
            guard let form = samples.form(form) else { return ["the sample can't be made"] }
            flaws = kind.render(form, brief: isBrief)?.flaws
            excess = Self.excess(of: isBrief ? form.brief : form)
        }
        return (flaws ?? []) + (lead == .plain ? excess : [])
    }

    /// Which of an administrator's texts brings a flaw about, and where it stands: the one without which the message is
    /// `sound`. Nothing when it is none, or several.
    private static func cause(_ phrases: Phrases, where isSound: (PhraseBook) -> Bool) -> String {
        guard let text = phrases.own.first(where: { isSound(PhraseBook(only: phrases.without($0.name))) }) else {
            return ""
        }
        return "; change \(text.name)\(text.place.map { " in \($0)" } ?? "")"
    }

    /// Texts that channels would cut off even for a usual lead.
    private static func excess(of briefing: Briefing, isMail: Bool) -> [String] {
        let limits = WordingLimits.chat
        var flaws: [String] = []
        func check(_ what: String, _ text: String, _ limit: Int) {
            flaws += [excess(what, text, limit)].compactMap(\.self)
        }
        check("its headline", briefing.headline, limits.headline)
        check("its link's label", briefing.linkLabel, Wording.longestLabel)
        for sentence in briefing.sentences { check("a sentence", sentence, limits.sentence) }
        for fact in briefing.facts { check("a fact's label", fact.label, limits.label) }
        for line in briefing.suggestions {
            check("a line of its list", line.name, Wording.longestName)
            check("the reason in a line of its list", line.reason, limits.fact)
        }
        if isMail { check("its subject", briefing.subject, MailMessage.longestSubject) }
        if let rep = briefing.offer?.reps.first {
            check("a button", briefing.phrases.chat.assignAnyway(rep.name), SlackControls.mostButton)
        }
        return flaws
    }

    private static func excess(of form: ChatForm) -> [String] {
        let title = [excess("its headline", form.title, SlackForm.mostHeader)]
        return (title + form.choices.map { excess("a choice", $0.name, SlackControls.mostOption) }).compactMap(\.self)
    }

    private static func excess(_ what: String, _ text: String, _ limit: Int) -> String? {
        text.count > limit ? "\(what) has \(text.count) characters, of which \(limit) are shown" : nil
    }

    private static func channels(of rulebook: Rulebook) -> [ChannelSettings] {
        let own = rulebook.channels.values.filter { $0.events == nil }.sorted { $0.id < $1.id }
        let others = ChannelKind.all.filter { kind in !own.contains { $0.kind == kind.name } }
        return own
            + others.map { kind in
                ChannelSettings(
                    id: ChannelID(kind.name), kind: kind.name, isShared: kind.isShared, isMail: kind.isMail,
                    concurrency: 1, isEditable: kind.isEditable)
            }
    }
}
