// What can be wrong with messages to chat programs: limits that are passed, a link that is missing, and texts that became
// markup or a mention.

import Foundation
import LeadCore

/// Looks at one message of a kind.
typealias ChatInspection = @Sendable (WebhookMessage, Briefing) -> [String]

enum SlackInspection {
    static func flaws(_ message: WebhookMessage, _ briefing: Briefing) -> [String] {
        guard let texts = JSONTexts(message.body) else { return ["it is no JSON"] }
        let links = AllowedLinks(of: briefing)
        var flaws: [String] = []
        if let link = links.main.map(SlackMessage.escaped),
            !texts.texts.contains(where: { isMarkup($0) && $0.text.contains("<\(link)|") })
        {
            flaws.append("its link is missing")
        }
        let blocks = texts.root["blocks"] as? [[String: Any]] ?? []
        if blocks.count > 50 { flaws.append("it has \(blocks.count) blocks, and Slack takes 50") }
        flaws += blocks.compactMap(excess)
        for text in texts.texts where isMarkup(text) || text.name == "text" && text.object["blocks"] != nil {
            if let flaw = markup(in: text.text, links) { flaws.append(flaw) }
        }
        return flaws
    }

    /// What is wrong with the body that opens a form. In forms all texts are plain ones.
    static func flaws(inForm body: [UInt8]) -> [String] {
        guard let texts = JSONTexts(body), let view = texts.root["view"] as? [String: Any] else {
            return ["it is no JSON"]
        }
        var flaws: [String] = []
        if texts.texts.contains(where: isMarkup) { flaws.append("a text stands where markup is read") }
        for name in ["title", "submit", "close"] where !(1...24).contains(size(view[name])) {
            flaws.append("its \(name) has \(size(view[name])) characters, and Slack takes 1 to 24")
        }
        if (view["private_metadata"] as? String ?? "").utf16.count > 3_000 { flaws.append("it carries too much") }
        for block in view["blocks"] as? [[String: Any]] ?? [] {
            if let flaw = excess(block) ?? inputExcess(block) { flaws.append(flaw) }
        }
        return flaws
    }

    private static func inputExcess(_ block: [String: Any]) -> String? {
        guard block["type"] as? String == "input" else { return nil }
        if !(1...2_000).contains(size(block["label"])) { return "a field's label has not 1 to 2,000 characters" }
        let element = block["element"] as? [String: Any] ?? [:]
        guard let options = element["options"] as? [[String: Any]] else { return nil }
        let most = element["type"] as? String == "radio_buttons" ? 10 : 100
        if !(1...most).contains(options.count) {
            return "it has \(options.count) choices, and Slack takes 1 to \(most)"
        }
        let isWrong = options.contains { !(1...75).contains(size($0["text"])) }
        return isWrong ? "a choice has not 1 to 75 characters" : nil
    }

    private static func isMarkup(_ text: JSONTexts.Text) -> Bool {
        text.name == "text" && text.object["type"] as? String == "mrkdwn"
    }

    /// Brackets are links of ours, and nothing else.
    private static func markup(in text: String, _ links: AllowedLinks) -> String? {
        guard let tags = Tags.all(in: text) else { return "a bracket of a text reached the markup" }
        let isForeign = tags.contains { !links.allows(Tags.plain(String($0.prefix { $0 != "|" }))) }
        return isForeign ? "a text became a mention or a link" : nil
    }

    private static func size(_ value: Any?) -> Int {
        ((value as? [String: Any])?["text"] as? String)?.utf16.count ?? 0
    }

    private static func excess(_ block: [String: Any]) -> String? {
        let fields = block["fields"] as? [Any] ?? []
        switch block["type"] as? String {
        case "header" where size(block["text"]) > 150: return "its headline has more than 150 characters"
        case "section" where size(block["text"]) > 3_000: return "a section has more than 3,000 characters"
        case "section" where fields.count > 10: return "a section has more than ten fields"
        case "section" where fields.contains { size($0) > 2_000 }: return "a field has more than 2,000 characters"
        case "context" where (block["elements"] as? [Any] ?? []).count > 10: return "a context has more than ten parts"
        default: return nil
        }
    }
}

enum TeamsInspection {
    /// Elements that read Markdown.
    private static let marked: Set<String> = ["TextBlock", "FactSet"]

    static func flaws(_ message: WebhookMessage, _ briefing: Briefing) -> [String] {
        guard let texts = JSONTexts(message.body) else { return ["it is no JSON"] }
        let links = AllowedLinks(of: briefing)
        var flaws: [String] = []
        if message.body.count >= TeamsCard.mostBytes { flaws.append("it has \(message.body.count) bytes") }
        if let link = links.main, !texts.texts.contains(where: { $0.name == "url" && $0.text == link }) {
            flaws.append("its link is missing")
        }
        let mention = Wording(briefing, within: .chat).mention
        let isMarked = texts.objects.contains { object in
            guard let type = object["type"] as? String, marked.contains(type) else { return false }
            return type != "TextBlock" || mention.map { TeamsCard.text(of: $0) } != object["text"] as? String
        }
        if isMarked { flaws.append("a text stands where Markdown is read") }
        let mentioned = texts.objects.compactMap { $0["mentioned"] as? [String: String] }
        if mentioned != (mention.map { [["id": $0.account, "name": $0.name]] } ?? []) {
            flaws.append("it mentions somebody else than its reader")
        }
        if let name = mention?.name, name.contains(where: { "<>[]*_`@#&".contains($0) }), name != mention?.account {
            flaws.append("its reader's name holds marks")
        }
        for text in texts.texts where text.name == "url" && !links.allows(text.text) {
            flaws.append("a link leads elsewhere")
        }
        for text in texts.texts where text.name == "fallbackText" {
            let words = links.main.map { text.text.replacing($0, with: "") } ?? text.text
            if words.contains(where: { "<>[]*_`@#".contains($0) }) { flaws.append("its stand-in text holds marks") }
        }
        return flaws
    }
}

enum GoogleChatInspection {
    private static let elements: Set<String> = ["b", "i", "br", "a"]

    static func flaws(_ message: WebhookMessage, _ briefing: Briefing) -> [String] {
        guard let texts = JSONTexts(message.body) else { return ["it is no JSON"] }
        let links = AllowedLinks(of: briefing)
        var flaws: [String] = []
        if message.body.count >= 32_000 { flaws.append("it has \(message.body.count) bytes, and Google takes 32,000") }
        if let link = links.main, !texts.texts.contains(where: { $0.name == "url" && $0.text == link }) {
            flaws.append("its link is missing")
        }
        for text in texts.texts {
            switch text.name {
            case "url" where !links.allows(text.text): flaws.append("a link leads elsewhere")
            // Buttons show their text as it is.
            case "text" where text.object["onClick"] == nil:
                if let flaw = Tags.flaw(in: text.text, allowing: elements, links) { flaws.append(flaw) }
            default: break
            }
        }
        return flaws
    }
}

enum MattermostInspection {
    static func flaws(_ message: WebhookMessage, _ briefing: Briefing) -> [String] {
        guard let texts = JSONTexts(message.body) else { return ["it is no JSON"] }
        let links = AllowedLinks(of: briefing)
        var flaws: [String] = []
        if message.body.count > 16_383 {
            flaws.append("it has \(message.body.count) bytes, and Mattermost takes 16,383")
        }
        if let link = links.main, !texts.mention("](\(link.parenthesised))") { flaws.append("its link is missing") }
        for text in texts.texts {
            if let flaw = mark(in: Array(text.text), isTitle: text.name == "title", links) { flaws.append(flaw) }
        }
        return flaws
    }

    /// An at sign that begins a mention, a bracket that nothing escapes, or a link that isn't ours.
    private static func mark(in text: [Character], isTitle: Bool, _ links: AllowedLinks) -> String? {
        for (index, character) in text.enumerated() {
            let next = index + 1 < text.count ? text[index + 1] : " "
            if character == "@", !next.isWhitespace, next != "\u{200B}" { return "a text became a mention" }
            if isTitle { continue }
            if character == "<", !next.isWhitespace { return "a text became markup" }
            if index > 0 && text[index - 1] == "\\" { continue }
            if character == "]", next == "(" {
                let address = String(text[(index + 2)...].prefix { $0 != ")" })
                if !links.allows(parenthesised: address) { return "a link leads elsewhere" }
            }
        }
        return nil
    }
}

enum NtfyInspection {
    static func flaws(_ message: WebhookMessage, _ briefing: Briefing) -> [String] {
        let query = message.address.revealed.drop { $0 != "?" }
        var flaws: [String] = []
        if message.body.count > 4_096 { flaws.append("it has \(message.body.count) bytes, and ntfy takes 4,096") }
        let click = query.dropFirst().split(separator: "&").first { $0.hasPrefix("click=") }
        let link = click.flatMap { String($0.dropFirst("click=".count)).removingPercentEncoding }
        if let main = AllowedLinks(of: briefing).main, link != main { flaws.append("its link is missing") }
        if !query.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) { flaws.append("a text reached the address") }
        return flaws
    }
}
