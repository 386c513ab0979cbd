// A channel whose messages are posted to webhooks. What differs between kinds is their manner: what is posted, and what an
// answer means; all else is here. Never throws: whatever happens is an outcome.

import Curl
import LeadCore

/// A message as it is posted.
struct WebhookMessage: Sendable {
    let body: [UInt8]
    var type = WebhookSettings.json
    /// The person's address, or what a kind makes of it.
    let address: Secret
}

/// What one kind of webhook makes of a briefing, and of an answer.
struct WebhookManner: Sendable {
    /// What an answer with a status of 2xx means; `quote` makes the peer's words fit to be repeated.
    typealias Judge = @Sendable (HTTPResponse, _ quote: ([UInt8]) -> String?) -> DeliveryOutcome

    /// The message that says `briefing`, for the person at the address.
    let message: @Sendable (Briefing, Secret) -> WebhookMessage
    /// Whether a person sees what was sent, in a sentence for who tries the channel out.
    let sight: String
    /// Whether the words of a refusal say that the address is no good.
    var stops: @Sendable (HTTPResponse) -> Bool = { _ in false }
    let judge: Judge
    /// What is wrong with a message, for whoever looks at samples.
    let inspect: ChatInspection
}

/// Posts messages in the manner of a kind.
struct WebhookChannel: Channel {
    let id: ChannelID
    /// Sends the requests; shared by all webhook channels and shut down by who made it.
    let client: HTTPClient
    let settings: WebhookSettings
    let manner: WebhookManner

    func send(_ briefing: Briefing, to address: Secret) async -> DeliveryOutcome {
        let message = manner.message(shown(briefing), address)
        return outcome(of: await client.send(settings.post(message)), to: message, saying: briefing)
    }

    func rehearse(_ briefing: Briefing, to address: Secret) async -> Exchange {
        let message = manner.message(shown(briefing), address)
        let request = settings.post(message)
        let answer = await client.send(request)
        return Exchange(
            outcome: outcome(of: answer, to: message, saying: briefing),
            lines: WebhookDialogue.lines(request, answer, hiding: [address, message.address] + settings.secrets),
            sight: manner.sight)
    }

    /// Nothing of its own to end: requests and connections are the shared client's.
    func close() async {}

    /// As much of `briefing` as the channel is to show.
    private func shown(_ briefing: Briefing) -> Briefing { settings.detail == .brief ? briefing.brief : briefing }

    private func outcome(
        of answer: Result<HTTPResponse, TransferFailure>, to message: WebhookMessage, saying briefing: Briefing
    ) -> DeliveryOutcome {
        let quote = { (words: [UInt8]) -> String? in
            // Reading the whole message again is for the rare answer that has words.
            guard !words.isEmpty else { return nil }
            let secrets = [message.address] + settings.secrets
            return PeerWords(secrets: secrets, briefing: briefing, message: message.body).quote(words)
        }
        switch answer {
        case .failure(let failure): return WebhookAnswer.outcome(of: failure)
        case .success(let response) where (200..<300).contains(response.status):
            return manner.judge(response, quote)
        case .success(let response):
            let refusal = WebhookAnswer.refusal(
                status: response.status, retryAfter: response.retryAfter, words: quote(response.body))
            if case .failed(let reason) = refusal, manner.stops(response) { return .stopped(reason: reason) }
            return refusal
        }
    }
}
