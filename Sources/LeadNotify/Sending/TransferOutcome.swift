// What a transfer that gave no full answer means for a delivery. One table for all channels. Pure.

import Curl
import LeadCore

extension TransferFailure {
    /// The delivery's outcome; `peer` is "the webhook" or "the relay".
    ///
    /// Whatever an operator can mend within the retries' horizon (a name, a certificate, a login) is deferred; what
    /// only another address would cure is failed.
    func outcome(from peer: String) -> DeliveryOutcome {
        let reason = "not handed to \(peer): \(message)"
        switch kind {
        case .malformedURL, .malformedHeader, .malformedRelay, .addressRefused:
            return .failed(reason: reason)
        case .resolve, .connect, .tls, .certificate, .trustStore, .timedOut, .sendFailed, .receiveFailed,
            .protocolError, .responseTooLarge, .cancelled, .closed, .tlsNotOffered, .authNotOffered, .loginRefused,
            .other:
            if mayHaveArrived { return .unknown(reason: "no full answer from \(peer): \(message)") }
            return .deferred(reason: reason, retryAfter: nil)
        }
    }
}
