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
        let message: JSON = [
            "text": .text(text(wording)),
            "mrkdwn": false,
            "unfurl_links": false,
            "unfurl_media": false,
            "blocks": .list(blocks(wording)),
        ]
        return message.bytes
    }

    /// `&`, `<` and `>` as entities, and nothing else, as Slack wants it.
    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x26 || $0 == 0x3C || $0 == 0x3E }) else { return text }
        return text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// The message in lines: what a notification shows first and a screen reader reads.
    private static func text(_ wording: Wording) -> String {
        var lines = [wording.headline]
        lines += wording.facts.filter(\.isKnown).map { "\($0.label): \($0.text)" }
        if wording.description != nil { lines.append(Wording.descriptionLabel) }
        lines += wording.descriptionLines + wording.sentences
        if !wording.reps.isEmpty { lines.append(Wording.repsLabel) }
        lines += wording.reps.map { $0.reason.isEmpty ? $0.name : "\($0.name): \($0.reason)" }
        let words = escaped(CleanText.cut(lines.joined(separator: "\n"), to: 3_000, by: units))
        return wording.link.map { "\(words)\n\(escaped($0.text))" } ?? words
    }

    private static func blocks(_ wording: Wording) -> [JSON] {
        var blocks: [JSON] = [
            ["type": "header", "text": plain(wording.headline, atMost: 150)],
            ["type": "context", "elements": [plain(wording.heading, atMost: 300)]],
        ]
        // Two fields a fact: label on the left, value on the right.
        for start in stride(from: 0, to: wording.facts.count, by: 5) {
            let facts = wording.facts[start..<min(start + 5, wording.facts.count)]
            blocks.append(["type": "section", "fields": .list(facts.flatMap(fields))])
        }
        if let description = wording.description {
            blocks.append(["type": "divider"])
            blocks.append(["type": "context", "elements": [plain(Wording.descriptionLabel, atMost: 300)]])
            blocks.append(["type": "section", "text": plain(description, atMost: 3_000)])
        }
        if !wording.sentences.isEmpty {
            blocks.append(["type": "divider"])
            blocks += wording.sentences.map { ["type": "section", "text": plain($0, atMost: 3_000)] }
        }
        if !wording.reps.isEmpty {
            blocks.append(["type": "context", "elements": [plain(Wording.repsLabel, atMost: 300)]])
            blocks += wording.reps.map(proposal)
        }
        if let link = wording.link {
            blocks.append(["type": "section", "text": markup("*\(anchor(link, wording.linkLabel))*")])
        }
        if let record = wording.record {
            blocks.append(["type": "context", "elements": [markup(anchor(record, Wording.recordLabel))]])
        }
        return blocks
    }

    private static func fields(_ line: Wording.Line) -> [JSON] {
        let value = line.isKnown ? plain(line.text, atMost: 2_000) : markup("_unknown_")
        return [markup("*\(escaped(line.label.filter { !"*_~`".contains($0) }))*"), value]
    }

    /// A link may be longer than a field takes.
    private static func proposal(_ rep: Wording.Rep) -> JSON {
        let link = markup(anchor(rep.link, rep.name))
        guard !rep.reason.isEmpty else { return ["type": "section", "text": link] }
        return ["type": "section", "text": link, "fields": [plain(rep.reason, atMost: 2_000)]]
    }

    private static func anchor(_ link: WebLink, _ label: String) -> String {
        "<\(escaped(link.text))|\(escaped(label.filter { !"*_~`|".contains($0) }))>"
    }

    private static func plain(_ text: String, atMost limit: Int) -> JSON {
        ["type": "plain_text", "text": .text(CleanText.cut(text, to: limit, by: units)), "emoji": false]
    }

    private static func markup(_ text: String) -> JSON { ["type": "mrkdwn", "text": .text(text), "verbatim": true] }

    /// Slack doesn't say what it counts; no way of counting characters gives more than UTF-16.
    private static func units(_ character: Character) -> Int { character.utf16.count }
}
