// Posts a message to a webhook and has the answer judged. The judging of what differs is each kind's own; what all
// have in common (statuses, lost connections) is here. Never throws: whatever happens is an outcome.

import Curl
import LeadCore

/// The shell around one kind of webhook.
struct WebhookPost: Sendable {
    /// Sends the requests; shared by all webhook channels and shut down by who made it.
    let client: HTTPClient
    /// The channel's settings.
    let settings: WebhookSettings

    /// Posts `body`, which says `briefing`, to `address`; `judge` reads an answer whose status is 2xx.
    func send(
        _ body: [UInt8], saying briefing: Briefing, to address: Secret,
        judge: @Sendable (HTTPResponse, (_ words: [UInt8]) -> String?) -> DeliveryOutcome
    ) async -> DeliveryOutcome {
        let answer = await client.send(settings.post(body, to: address))
        let quote = { (words: [UInt8]) -> String? in
            // Reading the whole message again is for the rare answer that has words.
            words.isEmpty
                ? nil
                : PeerWords(secrets: [address] + settings.secrets, briefing: briefing, message: body).quote(words)
        }
        switch answer {
        case .failure(let failure):
            return WebhookAnswer.outcome(of: failure)
        case .success(let response) where (200..<300).contains(response.status):
            return judge(response, quote)
        case .success(let response):
            return WebhookAnswer.refusal(
                status: response.status, retryAfter: response.retryAfter, words: quote(response.body))
        }
    }
}

/// What webhooks' answers have in common.
enum WebhookAnswer {
    /// True for statuses after which the same request may succeed later.
    static func isTemporary(_ status: Int) -> Bool {
        switch status {
        case 408, 425, 429, 500...599: true
        default: false
        }
    }

    /// The outcome of a status other than 2xx; `words` are the peer's, fit to be quoted.
    static func refusal(status: Int, retryAfter: Duration?, words: String?) -> DeliveryOutcome {
        let remedy = (300..<400).contains(status) ? "it redirects, which is not followed" : nil
        let said = [remedy, words].compactMap(\.self).joined(separator: ", ")
        let reason = "HTTP \(status) from the webhook" + (said.isEmpty ? "" : ": \(said)")
        return isTemporary(status) ? .deferred(reason: reason, retryAfter: retryAfter) : .failed(reason: reason)
    }

    /// The outcome of a request without a full answer; a status that had come by then counts.
    static func outcome(of failure: TransferFailure) -> DeliveryOutcome {
        if let status = failure.status, status >= 300 { return refusal(status: status, retryAfter: nil, words: nil) }
        return failure.outcome(from: "the webhook")
    }
}
