// A briefing as Slack takes it through an incoming webhook: a text for notifications and screen readers, and blocks.
// Pure; it can't fail. Used by SlackChannel.
//
// All words of the lead stand in plain_text objects, which know neither formatting nor mentions; what is mrkdwn holds
// our own words and links alone. Links are text: a button would ask for an acknowledgement that a webhook can't give.
// Limits are Slack's: header 150, section 3,000, ten fields of 2,000, fifty blocks.

import LeadCore

/// The message with its blocks.
enum SlackMessage {
    /// The body to post for `briefing`.
    static func body(for briefing: Briefing) -> [UInt8] {
        let wording = Wording(briefing, within: .chat)
        return JSONText(capacity: 8_192) { json in
            json.member("text", text(wording))
            json.member("mrkdwn", false)
            json.member("unfurl_links", false)
            json.member("unfurl_media", false)
            json.list("blocks") { blocks(wording, &$0) }
        }.bytes
    }

    /// The text and the blocks of a message by a bot, with what can be chosen in it, as members of an object.
    static func members(for briefing: Briefing, _ json: inout JSONText) {
        let wording = Wording(briefing, within: .chat)
        json.member("text", text(wording))
        json.list("blocks") { json in
            blocks(wording, &json, offering: briefing.offer, in: briefing.phrases)
        }
    }

    /// `&`, `<` and `>` as entities, and nothing else, as Slack wants it.
    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x26 || $0 == 0x3C || $0 == 0x3E }) else { return text }
        return text.replacing(scalars: { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            default: nil
            }
        })
    }

    /// The message in lines: what a notification shows first and a screen reader reads.
    private static func text(_ wording: Wording) -> String {
        var lines = [wording.headline]
        lines += wording.facts.filter(\.isKnown).map { "\($0.label): \($0.text)" }
        if wording.description != nil { lines.append(wording.descriptionLabel) }
        lines += wording.descriptionLines + wording.sentences
        if !wording.reps.isEmpty { lines.append(wording.listLabel) }
        lines += wording.reps.map { $0.reason.isEmpty ? $0.name : "\($0.name): \($0.reason)" }
        let words = escaped(CleanText.cut(lines.joined(separator: "\n"), to: 3_000, by: units))
        return wording.link.map { "\(words)\n\(escaped($0.text))" } ?? words
    }

    private static func blocks(
        _ wording: Wording, _ json: inout JSONText, offering offer: ChatOffer? = nil, in phrases: Phrases = .english
    ) {
        json.object { json in
            json.member("type", "header")
            json.object("text") { plain(wording.headline, atMost: 150, &$0) }
        }
        context(wording.heading, &json)
        // Two fields a fact: label on the left, value on the right.
        for start in stride(from: 0, to: wording.facts.count, by: 5) {
            json.object { json in
                json.member("type", "section")
                json.list("fields") { json in
                    for fact in wording.facts[start..<min(start + 5, wording.facts.count)] { fields(fact, &json) }
                }
            }
        }
        if let description = wording.description {
            divider(&json)
            context(wording.descriptionLabel, &json)
            section(&json) { plain(description, atMost: 3_000, &$0) }
        }
        if !wording.sentences.isEmpty {
            divider(&json)
            for sentence in wording.sentences { section(&json) { plain(sentence, atMost: 3_000, &$0) } }
        }
        if !wording.reps.isEmpty {
            context(wording.listLabel, &json)
            for rep in wording.reps { proposal(rep, &json) }
        }
        if let offer { SlackControls.blocks(offer, in: phrases, &json) }
        if let link = wording.link { section(&json) { markup("*\(anchor(link, wording.linkLabel))*", &$0) } }
        if let record = wording.record {
            json.object { json in
                json.member("type", "context")
                json.list("elements") { $0.object { markup(anchor(record, wording.recordLabel), &$0) } }
            }
        }
    }

    private static func divider(_ json: inout JSONText) { json.object { $0.member("type", "divider") } }

    private static func context(_ text: String, _ json: inout JSONText) {
        json.object { json in
            json.member("type", "context")
            json.list("elements") { $0.object { plain(text, atMost: 300, &$0) } }
        }
    }

    private static func section(_ json: inout JSONText, _ text: (inout JSONText) -> Void) {
        json.object { json in
            json.member("type", "section")
            json.object("text", text)
        }
    }

    private static func fields(_ line: Wording.Line, _ json: inout JSONText) {
        json.object { markup("*\(label(line.label))*", &$0) }
        json.object { json in
            if line.isKnown { plain(line.text, atMost: 2_000, &json) } else { markup("_\(label(line.text))_", &json) }
        }
    }

    /// A link may be longer than a field takes.
    private static func proposal(_ rep: Wording.Rep, _ json: inout JSONText) {
        json.object { json in
            json.member("type", "section")
            json.object("text") { markup(anchor(rep.link, rep.name), &$0) }
            guard !rep.reason.isEmpty else { return }
            json.list("fields") { $0.object { plain(rep.reason, atMost: 2_000, &$0) } }
        }
    }

    private static func anchor(_ link: WebLink, _ label: String) -> String {
        "<\(escaped(link.text))|\(self.label(label))>"
    }

    /// A link called `label`.
    static func link(_ link: WebLink, _ label: String, _ json: inout JSONText) { markup(anchor(link, label), &json) }

    private static let marks = Set("*_~`|".unicodeScalars)

    /// Words of ours within markup, without its marks and what accents stand on them.
    private static func label(_ text: String) -> String {
        escaped(text.filter { !$0.unicodeScalars.contains(where: marks.contains) })
    }

    static func plain(_ text: String, atMost limit: Int, _ json: inout JSONText) {
        json.member("type", "plain_text")
        json.member("text", CleanText.cut(text, to: limit, by: units))
        json.member("emoji", false)
    }

    private static func markup(_ text: String, _ json: inout JSONText) {
        json.member("type", "mrkdwn")
        json.member("text", text)
        json.member("verbatim", true)
    }

    /// Slack doesn't say what it counts; no way of counting characters gives more than UTF-16.
    private static func units(_ character: Character) -> Int { character.utf16.count }
}
