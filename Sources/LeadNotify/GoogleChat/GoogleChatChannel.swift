// Google Chat through a space's webhook; an address is the webhook's whole URL. The card's texts know a little HTML, so
// all words are escaped as HTML; titles and labels are plain. What its answer means stands here too.

import Curl
import LeadCore

extension WebhookManner {
    /// Webhooks of spaces.
    static let googleChat = WebhookManner(
        message: { WebhookMessage(body: GoogleChatCard.body(for: $0), address: $1) },
        sight: "Google Chat has posted it: whoever reads the webhook's space sees it.",
        judge: GoogleChatAnswer.outcome, inspect: GoogleChatInspection.flaws)
}

/// The message with one card of version 2.
enum GoogleChatCard {
    /// Google takes 32,000 bytes.
    static let mostBytes = 28_000

    static func body(for briefing: Briefing) -> [UInt8] {
        Wording(briefing, within: .chat).laidOut(under: mostBytes) { message($0).bytes }
    }

    private static func message(_ wording: Wording) -> JSON {
        var widgets = wording.facts.map { fact -> JSON in
            let text = fact.isKnown ? escaped(fact.text) : "<i>\(escaped(fact.text))</i>"
            return ["decoratedText": ["topLabel": .text(fact.label), "text": .text(text), "wrapText": true]]
        }
        if !wording.descriptionLines.isEmpty {
            let lines = wording.descriptionLines.map(escaped).joined(separator: "<br>")
            widgets.append(paragraph("<b>\(escaped(wording.descriptionLabel))</b><br>\(lines)"))
        }
        widgets += wording.sentences.map { paragraph(escaped($0)) }
        if !wording.reps.isEmpty {
            widgets.append(paragraph("<b>\(escaped(wording.listLabel))</b>"))
            widgets += wording.reps.map { rep in
                let reason = rep.reason.isEmpty ? "" : ": \(escaped(rep.reason))"
                return paragraph("<a href=\"\(escaped(rep.link.text))\">\(escaped(rep.name))</a>\(reason)")
            }
        }
        let links = [(wording.linkLabel, wording.link), (wording.recordLabel, wording.record)]
        let buttons = links.compactMap { label, link -> JSON? in
            link.map { ["text": .text(label), "onClick": ["openLink": ["url": .text($0.text)]]] }
        }
        if !buttons.isEmpty { widgets.append(["buttonList": ["buttons": .list(buttons)]]) }
        return [
            "cardsV2": [
                [
                    "cardId": "lead",
                    "card": [
                        "header": ["title": .text(wording.headline), "subtitle": .text(wording.heading)],
                        "sections": [["widgets": .list(widgets)]],
                    ],
                ]
            ]
        ]
    }

    private static func paragraph(_ html: String) -> JSON { ["textParagraph": ["text": .text(html)]] }

    private static func escaped(_ text: String) -> String {
        text.replacing(scalars: { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            default: nil
            }
        })
    }
}

enum GoogleChatAnswer {
    /// The outcome of an answer with a status of 2xx: a success is the message as it was posted, which has a name.
    static func outcome(of response: HTTPResponse, quote: ([UInt8]) -> String?) -> DeliveryOutcome {
        let members = AnswerBody(response.body).members
        if members["error"] == nil, members["name"] is String { return .sent(detail: "HTTP \(response.status)") }
        let words = quote(response.body).map { ": \($0)" } ?? ""
        let reason = "HTTP \(response.status) from the webhook, but no posted message\(words)"
        guard let status = (members["error"] as? [String: Any])?["code"] as? Int else { return .failed(reason: reason) }
        return WebhookAnswer.outcome(status: status, retryAfter: response.retryAfter, reason: reason)
    }
}

extension ChannelKind {
    /// Google Chat; a space takes one message a second.
    static let googleChat = webhook(
        "google-chat", concurrency: 1, limits: [RateLimit(1, per: .seconds(1))], manner: .googleChat)
}
