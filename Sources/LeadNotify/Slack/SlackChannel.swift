// Slack through an incoming webhook; an address is the webhook's whole URL. What its answer means stands here too,
// being a single word.

import Curl
import LeadCore

extension WebhookManner {
    /// Slack's incoming webhooks.
    static let slack = WebhookManner(
        message: { WebhookMessage(body: SlackMessage.body(for: $0), address: $1) },
        sight: "Slack has posted it: whoever reads the webhook's channel sees it.",
        stops: { SlackAnswer.stops($0.body) }, judge: SlackAnswer.outcome,
        inspect: SlackInspection.flaws)
}

enum SlackAnswer {
    /// The outcome of an answer with a status of 2xx: nothing but 200 with the word `ok` is a success.
    static func outcome(of response: HTTPResponse, quote: ([UInt8]) -> String?) -> DeliveryOutcome {
        let body = word(response.body)
        if response.status == 200, body == "ok" { return .sent(detail: "ok") }
        let words = quote(response.body).map { ": \($0)" } ?? ""
        let reason = "HTTP \(response.status) from the webhook, but not the word ok\(words)"
        return stops(response.body) ? .stopped(reason: reason) : .failed(reason: reason)
    }

    /// Words of Slack that say that the webhook is no good, whatever the message.
    private static let stoppingWords: Set<String> = [
        "account_inactive", "action_prohibited", "channel_is_archived", "channel_not_found",
        "invalid_auth",
        "invalid_token", "no_active_hooks", "no_service", "no_service_id", "no_team", "not_authed",
        "posting_to_general_channel_denied", "team_disabled", "token_revoked", "user_not_found",
    ]

    /// Whether `body` is one of them.
    static func stops(_ body: [UInt8]) -> Bool { stoppingWords.contains(word(body)) }

    private static func word(_ body: [UInt8]) -> String {
        guard body.count <= 64 else { return "" }
        return String(
            decoding: body.reversed().drop { $0 == 0x0A || $0 == 0x0D }.reversed(), as: UTF8.self)
    }
}

extension ChannelKind {
    /// Slack; it takes one message a second from a webhook, so one at a time.
    static let slack = webhook("slack", concurrency: 1, limits: [RateLimit(1, per: .seconds(1))], manner: .slack)
}
