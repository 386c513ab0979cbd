// Slack through an incoming webhook; an address is the webhook's whole URL. What its answer means stands here too,
// being a single word.

import Curl
import LeadCore

/// Posts messages to incoming webhooks.
struct SlackChannel: Channel {
    let id: ChannelID
    let post: WebhookPost

    func send(_ briefing: Briefing, to address: Secret) async -> DeliveryOutcome {
        await post.send(SlackMessage.body(for: briefing), saying: briefing, to: address, judge: SlackAnswer.outcome)
    }

    /// Nothing of its own to end: requests and connections are the shared client's.
    func close() async {}
}

enum SlackAnswer {
    /// The outcome of an answer with a status of 2xx: nothing but 200 with the word `ok` is a success.
    static func outcome(of response: HTTPResponse, quote: ([UInt8]) -> String?) -> DeliveryOutcome {
        let lineEnds: Set<UInt8> = [0x0A, 0x0D]
        var body = response.body[...]
        while let last = body.last, lineEnds.contains(last) { body.removeLast() }
        if response.status == 200, body.elementsEqual("ok".utf8) { return .sent(detail: "ok") }
        let words = quote(response.body).map { ": \($0)" } ?? ""
        return .failed(reason: "HTTP \(response.status) from the webhook, but not the word ok\(words)")
    }
}

extension ChannelKind {
    /// Slack; it takes one message a second from a webhook, so one at a time.
    static let slack = webhook("slack", concurrency: 1) { SlackChannel(id: $0, post: $1) }
}
