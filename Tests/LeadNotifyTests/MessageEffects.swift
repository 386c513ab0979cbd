// What takes effect in a message where it is read, beside words that are shown as they are: links, mentions, markup, headers,
// buttons. Found by the grammar of each kind's reader, whatever its renderer means.

import Foundation
import Testing

@testable import LeadCore
@testable import LeadNotify

enum MessageEffects {
    /// By the names of kinds; a kind that isn't here has tests that fail.
    static let finders: [String: @Sendable (Briefing) throws -> Set<String>] = [
        "teams": { try teams(TeamsCard.body(for: $0)) },
        "slack": { try slack(SlackMessage.body(for: $0)) },
        "slack-bot": { try slack(SlackBotChannel.message($0, to: Secret("U012AB3CD"))) },
        "google-chat": { try googleChat(GoogleChatCard.body(for: $0)) },
        "mattermost": { try mattermost(MattermostMessage.body(for: $0)) },
        "rocketchat": { try mattermost(MattermostMessage.body(for: $0)) },
        "ntfy": ntfy,
        "smtp": mail,
    ]

    /// The texts of a JSON body as `read` finds what takes effect in them; nil where all of a text is shown as it is.
    private static func texts(_ body: [UInt8], _ read: (JSONTexts.Text) -> [String]?) throws -> Set<String> {
        let texts = try #require(JSONTexts(body)).texts
        return Set(texts.flatMap { (read($0) ?? []) + controls(in: $0.text) })
    }

    /// Controls, and what turns around the text that follows.
    private static func controls(in text: String) -> [String] {
        text.unicodeScalars.compactMap { scalar in
            switch scalar.value {
            case 0x0A: nil
            case 0...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: "U+\(String(scalar.value, radix: 16))"
            default: nil
            }
        }
    }

    // MARK: Cards and blocks

    /// TextRuns and titles of actions know no markup; a name that is mentioned may have letters, and what names have.
    private static func teams(_ body: [UInt8]) throws -> Set<String> {
        try texts(body) { text in
            let type = text.object["type"] as? String ?? ""
            if text.name == "text", type == "TextRun" { return nil }
            if text.name == "title", type == "Action.OpenUrl" { return nil }
            let isName = text.name == "name" || text.text.hasPrefix("<at>") && text.text.hasSuffix("</at>")
            let name = text.text.replacing(/^<at>|<\/at>$/, with: "")
            let isPlain = name.allSatisfy { $0.isLetter || $0.isNumber || " .'’-…".contains($0) }
            return [isName && isPlain ? "a mention" : "\(type) \(text.name): \(text.text)"]
        }
    }

    /// Objects of plain text know no markup. In markup brackets have what they lead to, and marks count; in the text for
    /// notifications brackets alone do.
    static func slack(_ body: [UInt8]) throws -> Set<String> {
        try texts(body) { text in
            let bare = text.text.replacing(/&(?:amp|lt|gt);/.matchingSemantics(.unicodeScalar), with: "")
            switch (text.name, text.object["type"] as? String) {
            case ("text", "plain_text"): return nil
            case ("text", "mrkdwn"): return ["mrkdwn: " + kept(of: bare, marks: "*_~`|<>&", from: "<", to: "|>")]
            case ("text", nil): return ["text: " + kept(of: bare, marks: "<>&", from: "<", to: "|>")]
            default: return ["\(text.name): \(text.text)"]
            }
        }
    }

    /// Paragraphs are HTML; titles, labels and buttons are plain.
    private static func googleChat(_ body: [UInt8]) throws -> Set<String> {
        try texts(body) { text in
            switch text.name {
            case "title", "subtitle", "topLabel": nil
            case "text" where text.object["onClick"] != nil: nil
            case "text": tags(in: text.text)
            default: ["\(text.name): \(text.text)"]
            }
        }
    }

    /// The marks of `text`, and between `start` and one of `ends` everything.
    private static func kept(of text: String, marks: String, from start: Unicode.Scalar, to ends: String) -> String {
        var isTarget = false
        let kept = text.unicodeScalars.filter { scalar in
            if scalar == start { isTarget = true } else if ends.unicodeScalars.contains(scalar) { isTarget = false }
            return isTarget || marks.unicodeScalars.contains(scalar)
        }
        return String(String.UnicodeScalarView(kept))
    }

    /// HTML's tags, each whole, and ampersands that begin none of the entities that we write.
    private static func tags(in html: String) -> [String] {
        let bare = html.replacing(/&(?:amp|lt|gt|quot|#39);/.matchingSemantics(.unicodeScalar), with: "")
        return bare.matches(of: /<[^>]*>?|>|&/.matchingSemantics(.unicodeScalar)).map { String($0.output) }
    }

    // MARK: Markdown

    /// What the programs' parsers take for a word: marks behind a backslash, and others before white space or a space of no
    /// width. (github.com/mattermost/marked)
    private static var words: Regex<Substring> {
        /\\[\\`*{}\[\]()+\-.!_>|$]|\\?[@#~:&](?:\u{200B}|(?=\s|$))|<(?=\s|$)/.matchingSemantics(.unicodeScalar)
    }

    /// Titles know mentions alone.
    private static func mattermost(_ body: [UInt8]) throws -> Set<String> {
        try texts(body) { text in
            if text.name == "color" { return ["color: \(text.text)"] }
            if text.name == "title" {
                return text.text.replacing("@\u{200B}", with: "").contains("@") ? ["a mention"] : []
            }
            return text.text.split(separator: "\n").map { line in
                let isHeading = line.contains("=") && line.allSatisfy { "> =".contains($0) }
                let marked = String(line).replacing(Self.words, with: "").replacing("](", with: "\u{1}")
                return "\(text.name): " + (isHeading ? "a heading" : "")
                    + kept(of: marked, marks: "\\`*_{}[]()<>~#|!@$&:+.-", from: "\u{1}", to: ")")
            }
        }
    }

    // MARK: Others

    /// The body is plain; the address has a query.
    private static func ntfy(_ briefing: Briefing) throws -> Set<String> {
        let message = NtfyMessage(briefing)
        let address = message.address(Secret("https://ntfy.example/leads")).revealed
        let query = address.drop { $0 != "?" }.dropFirst()
        let parts = query.split(separator: "&", omittingEmptySubsequences: false).map(String.init)
        let isPlain = query.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }
        return Set(
            parts.map { $0.hasPrefix("title=") ? "title" : $0 } + (isPlain ? [] : ["the query: \(query)"])
                + controls(in: String(decoding: message.body, as: UTF8.self)))
    }

    /// Headers by their names, parts by their number and their types, and the tags of the HTML.
    private static func mail(_ briefing: Briefing) throws -> Set<String> {
        let bytes = MailInspection.render(briefing).bytes
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        let head = lines.prefix { !$0.isEmpty }.filter { !$0.hasPrefix(" ") }
        let bounds = lines.filter { $0.hasPrefix("--=_leadbell_") }.count
        var (html, text) = (MailBody(), MailBody())
        let wording = Wording(briefing, within: .mail)
        MailHTML.write(wording, to: &html)
        MailText.write(wording, to: &text)
        return Set(
            ["\(bounds) bounds"] + head.map { String($0.prefix { $0 != ":" }) }
                + lines.filter { $0.hasPrefix("Content-") }
                + tags(in: String(decoding: html.bytes, as: UTF8.self))
                + [html, text].flatMap { controls(in: String(decoding: $0.bytes, as: UTF8.self)) })
    }
}
