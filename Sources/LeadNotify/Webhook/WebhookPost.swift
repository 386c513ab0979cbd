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

    /// Posts `body`, which says `briefing`, to `address`; `judge` reads an answer whose status is 2xx, `stops` tells of
    /// others whether their words say that the address is no good.
    func send(
        _ body: [UInt8], as type: String = WebhookSettings.json, saying briefing: Briefing, to address: Secret,
        stops: @Sendable (HTTPResponse) -> Bool = { _ in false },
        judge: @Sendable (HTTPResponse, (_ words: [UInt8]) -> String?) -> DeliveryOutcome
    ) async -> DeliveryOutcome {
        let answer = await client.send(settings.post(body, as: type, to: address))
        return outcome(of: answer, to: body, briefing, address, stops, judge)
    }

    /// The same, with what was said on both sides.
    func rehearse(
        _ body: [UInt8], as type: String = WebhookSettings.json, saying briefing: Briefing, to address: Secret,
        sight: String,
        stops: @Sendable (HTTPResponse) -> Bool = { _ in false },
        judge: @Sendable (HTTPResponse, (_ words: [UInt8]) -> String?) -> DeliveryOutcome
    ) async -> Exchange {
        let request = settings.post(body, as: type, to: address)
        let answer = await client.send(request)
        let outcome = outcome(of: answer, to: body, briefing, address, stops, judge)
        return Exchange(
            outcome: outcome, lines: WebhookDialogue.lines(request, answer, hiding: [address] + settings.secrets),
            sight: sight)
    }

    /// As much of `briefing` as the channel is to show.
    func shown(_ briefing: Briefing) -> Briefing { settings.detail == .brief ? briefing.brief : briefing }

    private func outcome(
        of answer: Result<HTTPResponse, TransferFailure>, to body: [UInt8], _ briefing: Briefing,
        _ address: Secret,
        _ stops: (HTTPResponse) -> Bool,
        _ judge: (HTTPResponse, (_ words: [UInt8]) -> String?) -> DeliveryOutcome
    ) -> DeliveryOutcome {
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
            let refusal = WebhookAnswer.refusal(
                status: response.status, retryAfter: response.retryAfter, words: quote(response.body))
            if case .failed(let reason) = refusal, stops(response) { return .stopped(reason: reason) }
            return refusal
        }
    }
}

/// What webhooks' answers have in common.
enum WebhookAnswer {
    /// What an answer with `status` means, or with an error inside that names it: 408, 425, 429 and 5xx are the peer's
    /// state at the moment; 401, 403, 404 and 410 say that the address is no good; all others are about the message.
    static func outcome(status: Int, retryAfter: Duration?, reason: String) -> DeliveryOutcome {
        if isTemporary(status) { return .unavailable(reason: reason, retryAfter: retryAfter) }
        return [401, 403, 404, 410].contains(status)
            ? .stopped(reason: reason) : .failed(reason: reason)
    }

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
        return outcome(status: status, retryAfter: retryAfter, reason: reason)
    }

    /// The outcome of a request without a full answer; a status that had come by then counts.
    static func outcome(of failure: TransferFailure) -> DeliveryOutcome {
        if let status = failure.status, status >= 300 { return refusal(status: status, retryAfter: nil, words: nil) }
        return failure.outcome(from: "the webhook")
    }
}
