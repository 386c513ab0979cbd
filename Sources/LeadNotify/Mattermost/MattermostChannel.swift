// Mattermost and Rocket.Chat through their incoming webhooks, which are Slack's of old: a text and an attachment, both
// Markdown. Every word is escaped, by what the programs' parsers take for an escape (github.com/mattermost/marked). What the
// answers mean stands here too.

import Curl
import Foundation
import LeadCore

extension WebhookManner {
    /// Incoming webhooks of Mattermost and of Rocket.Chat.
    static let mattermost = WebhookManner(
        message: { WebhookMessage(body: MattermostMessage.body(for: $0), address: $1) },
        sight: "The server has posted it: whoever reads the webhook's channel sees it.",
        judge: MattermostAnswer.outcome, inspect: MattermostInspection.flaws)
}

/// The message with its attachment.
enum MattermostMessage {
    /// Mattermost takes 16,383 characters.
    static let mostBytes = 14_000

    static func body(for briefing: Briefing) -> [UInt8] {
        Wording(briefing, within: .chat).laidOut(under: mostBytes) { message($0).bytes }
    }

    private static func message(_ wording: Wording) -> JSON {
        var lines: [String] = []
        if !wording.descriptionLines.isEmpty {
            lines.append(escaped(wording.descriptionLabel))
            lines += wording.descriptionLines.map { "> \(escaped($0))" } + [""]
        }
        lines += wording.sentences.map(escaped)
        if !wording.reps.isEmpty {
            lines += ["", escaped(wording.listLabel)]
            lines += wording.reps.map { rep in
                let reason = rep.reason.isEmpty ? "" : ": \(escaped(rep.reason))"
                return "- [\(escaped(rep.name))](\(rep.link.text))\(reason)"
            }
        }
        let links = [(wording.linkLabel, wording.link), (wording.recordLabel, wording.record)]
        lines += links.compactMap { label, link in link.map { "[\(escaped(label))](\($0.text.parenthesised))" } }
        let fields = wording.facts.map { fact -> JSON in
            [
                "title": .text(fact.label.replacing("@", with: "@\u{200B}")),
                "value": .text(fact.isKnown ? escaped(fact.text) : "_\(escaped(fact.text))_"),
                "short": true,
            ]
        }
        return [
            "text": .text("**\(escaped(wording.headline))**"),
            "attachments": [
                [
                    "fallback": .text(escaped(wording.headline)), "color": .text(colour(wording.kind.tone)),
                    "fields": .list(fields), "text": .text(lines.joined(separator: "\n")),
                ]
            ],
        ]
    }

    private static let marks = Set("\\`*_{}[]()#+-.!|~>$".unicodeScalars)
    private static let nothing = "\u{200B}"

    /// Marks with a backslash before them. What begins a mention, an address or an entity is also parted from what follows, by
    /// a space of no width, since no backslash keeps it from that; and so is a line of equals signs from its beginning, where
    /// it would make a heading of the line before. Only white space keeps a bracket from beginning a link.
    static func escaped(_ text: String) -> String {
        var result = text.utf8.first == UInt8(ascii: "=") ? nothing : ""
        var gap = ""
        for scalar in text.unicodeScalars {
            if !scalar.properties.isWhitespace { result += gap }
            switch scalar {
            case "<": gap = " "
            case "@", "#", "~", ":", "&": gap = nothing
            default: gap = ""
            }
            if marks.contains(scalar) { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result + gap
    }

    private static func colour(_ tone: Tone) -> String {
        switch tone {
        case .asking: "#2b6cb0"
        case .pressing: "#b7791f"
        case .giving: "#2f855a"
        case .telling: "#4a5568"
        case .alarming: "#c53030"
        }
    }
}

extension String {
    /// A link's address as it can stand between parentheses, without beginning a mention.
    var parenthesised: String {
        replacing("(", with: "%28").replacing(")", with: "%29").replacing("@", with: "%40")
    }
}

enum MattermostAnswer {
    /// The outcome of an answer with a status of 2xx: `ok`, or Rocket.Chat's `{"success":true}`.
    static func outcome(of response: HTTPResponse, quote: ([UInt8]) -> String?) -> DeliveryOutcome {
        let text = String(decoding: response.body.prefix(64), as: UTF8.self).trimmingCharacters(
            in: .whitespacesAndNewlines)
        let members = AnswerBody(response.body).members
        if response.status == 200, text == "ok" || members["success"] as? Bool == true {
            return .sent(detail: "HTTP \(response.status)")
        }
        let words = quote(response.body).map { ": \($0)" } ?? ""
        return .failed(reason: "HTTP \(response.status) from the webhook, but neither ok nor a success\(words)")
    }
}

extension ChannelKind {
    /// Mattermost; ten a second are its default for a whole server.
    static let mattermost = webhook(
        "mattermost", concurrency: 1, limits: [RateLimit(2, per: .seconds(1))], manner: .mattermost)
    /// Rocket.Chat, whose webhooks are the same.
    static let rocketChat = webhook(
        "rocketchat", concurrency: 1, limits: [RateLimit(1, per: .seconds(1))], manner: .mattermost)
}
