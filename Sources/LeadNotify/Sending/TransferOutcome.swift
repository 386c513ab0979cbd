// What a transfer that gave no full answer means for a delivery. One table for all channels. Pure.

import Curl
import LeadCore

extension TransferFailure {
    /// The delivery's outcome; `peer` is "the webhook" or "the relay".
    ///
    /// What may heal by itself (a name, a certificate, a connection) is the destination's state at the moment; what only
    /// another configuration cures stops it: an address that can't be used, a login that was refused for good.
    func outcome(from peer: String) -> DeliveryOutcome {
        let reason = "not handed to \(peer): \(message)"
        switch kind {
        case .malformedHeader:
            return .failed(reason: reason)
        case .malformedURL, .malformedRelay, .addressRefused:
            return .stopped(reason: reason)
        case .loginRefused where status.map({ $0 >= 500 }) ?? true:
            return .stopped(reason: reason)
        case .resolve, .connect, .tls, .certificate, .trustStore, .timedOut, .sendFailed, .receiveFailed,
            .protocolError, .responseTooLarge, .cancelled, .closed, .tlsNotOffered, .authNotOffered, .loginRefused,
            .other:
            if mayHaveArrived { return .unknown(reason: "no full answer from \(peer): \(message)") }
            return .unavailable(reason: reason, retryAfter: nil)
        }
    }
}
