// What webhooks' answers have in common: statuses, lost connections, and bodies that may be JSON. Pure.

import Curl
import Foundation
import LeadCore

/// What webhooks' answers have in common.
enum WebhookAnswer {
    /// What an answer with `status` means, or with an error inside that names it: 408, 425, 429 and 5xx are the peer's
    /// state at the moment; a redirect, 401, 403, 404 and 410 say that the address is no good; all others are about the
    /// message.
    static func outcome(status: Int, retryAfter: Duration?, reason: String) -> DeliveryOutcome {
        if isTemporary(status) { return .unavailable(reason: reason, retryAfter: retryAfter) }
        return (300..<400).contains(status) || [401, 403, 404, 410].contains(status)
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
    static func refusal(
        status: Int, retryAfter: Duration?, words: String?, from peer: String = "the webhook"
    ) -> DeliveryOutcome {
        let remedy = (300..<400).contains(status) ? "it redirects, which is not followed" : nil
        let said = [remedy, words].compactMap(\.self).joined(separator: ", ")
        let reason = "HTTP \(status) from \(peer)" + (said.isEmpty ? "" : ": \(said)")
        return outcome(status: status, retryAfter: retryAfter, reason: reason)
    }

    /// The outcome of a request without a full answer; a status that had come by then counts, and how long the peer asked
    /// to be left alone.
    static func outcome(of failure: TransferFailure, from peer: String = "the webhook") -> DeliveryOutcome {
        if let status = failure.status, status >= 300 {
            return refusal(status: status, retryAfter: failure.retryAfter, words: nil, from: peer)
        }
        return failure.outcome(from: peer)
    }
}

/// A body as far as answers are read.
enum AnswerBody {
    case object([String: Any])
    /// JSON of another shape.
    case otherJSON
    case noJSON

    init(_ bytes: [UInt8]) {
        do {
            let json = try JSONSerialization.jsonObject(with: Data(bytes))
            self = (json as? [String: Any]).map { .object($0) } ?? .otherJSON
        } catch {
            self = .noJSON
        }
    }

    /// The members of an object; none where it is no object.
    var members: [String: Any] { if case .object(let members) = self { members } else { [:] } }
}
