// Push messages through ntfy; an address is the URL of a topic. The body is plain text and shown as it is; title, link and
// priority stand in the query, where every byte has its escape. What its answer means stands here too.

import Curl
import LeadCore

extension WebhookManner {
    /// Topics.
    static let ntfy = WebhookManner(
        message: { briefing, topic in
            let message = NtfyMessage(briefing)
            return WebhookMessage(body: message.body, type: NtfyMessage.type, address: message.address(topic))
        },
        sight: "The server has taken it: whoever has subscribed to the topic, and has notifications on, sees it.",
        judge: NtfyAnswer.outcome, inspect: NtfyInspection.flaws)
}

/// A title, a text and a link.
struct NtfyMessage {
    static let type = "text/plain; charset=utf-8"
    /// ntfy takes 4,096 bytes of text.
    static let mostBytes = 3_900

    let body: [UInt8]
    private let query: String

    init(_ briefing: Briefing) {
        let wording = Wording(briefing, within: .chat)
        // A text is cut where it is too long, but not within a link.
        body =
            wording.kind == .digest
            ? wording.laidOut(under: Self.mostBytes) { Array(Self.text(of: $0).utf8) }
            : Array(CleanText.cut(Self.text(of: wording), to: Self.mostBytes) { $0.utf8.count }.utf8)
        let title = CleanText.cut(wording.headline, to: 200) { $0.utf8.count }
        let priority =
            switch wording.kind.tone {
            case .pressing, .alarming: "high"
            case .asking, .giving, .telling: "default"
            }
        let parts = [("title", title), ("click", wording.link?.text), ("priority", priority)]
        query = parts.compactMap { name, value in value.map { "\(name)=\(Self.escaped($0))" } }.joined(separator: "&")
    }

    /// The text; of a digest each lead with its link on a line of its own.
    private static func text(of wording: Wording) -> String {
        var lines = wording.facts.filter(\.isKnown).map { "\($0.label): \($0.text)" } + wording.sentences
        if !wording.descriptionLines.isEmpty { lines += [wording.descriptionLabel] + wording.descriptionLines }
        if wording.kind == .digest { lines += wording.reps.flatMap { [$0.name, $0.link.text] } }
        return lines.joined(separator: "\n")
    }

    /// The topic's address with the query.
    func address(_ topic: Secret) -> Secret {
        Secret(topic.revealed + (topic.revealed.contains("?") ? "&" : "?") + query)
    }

    private static let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)

    private static func escaped(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            if plain.contains(byte) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" + digits : digits)
            }
        }
    }
}

enum NtfyAnswer {
    /// The outcome of an answer with a status of 2xx: a success is the message with its id.
    static func outcome(of response: HTTPResponse, quote: ([UInt8]) -> String?) -> DeliveryOutcome {
        let members = AnswerBody(response.body).members
        if members["error"] == nil, members["id"] is String { return .sent(detail: "HTTP \(response.status)") }
        let words = quote(response.body).map { ": \($0)" } ?? ""
        return .failed(reason: "HTTP \(response.status) from the server, but no message\(words)")
    }
}

extension ChannelKind {
    /// ntfy; the public server takes one message in five seconds, after sixty at once.
    static let ntfy = webhook(
        "ntfy", concurrency: 1, limits: [RateLimit(60, per: .seconds(300))], manner: .ntfy, digestSize: 10)
}
