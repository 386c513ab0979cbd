// Slack's signature of requests to us: HMAC-SHA256 with the app's signing secret over the version, the time and the raw
// body. Pure. (docs.slack.dev/authentication/verifying-requests-from-slack)

import Crypto
import Foundation
import LeadCore

/// Checks signatures.
struct SlackSignature: Sendable {
    private let key: SymmetricKey

    /// A request may be this old, or this far ahead by its clock.
    static let tolerance: Duration = .seconds(300)

    /// Checks by an app's signing secret.
    init(secret: Secret) { key = SymmetricKey(data: Array(secret.revealed.utf8)) }

    enum Verdict: Equatable {
        /// Signed at that time; `code` is the signature in its one spelling, however the header spelt it.
        case genuine(at: Timestamp, code: String)
        case forged
        case old
    }

    /// Judges `body` by the headers that came with it.
    func verdict(on body: [UInt8], signature: String?, timestamp: String?, at now: Timestamp) -> Verdict {
        guard let signature, let timestamp, (1...12).contains(timestamp.utf8.count),
            timestamp.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let seconds = Int64(timestamp),
            signature.hasPrefix("v0="), signature.utf8.count == 67, let code = Hex.bytes(String(signature.dropFirst(3)))
        else { return .forged }
        var hash = HMAC<SHA256>(key: key)
        hash.update(data: Array("v0:\(timestamp):".utf8))
        hash.update(data: body)
        // In constant time.
        guard HMAC<SHA256>.isValid(hash.finalize(), code) else { return .forged }
        let signed = Timestamp(milliseconds: seconds * 1000)
        let drift = Duration.milliseconds(abs((now - signed).milliseconds))
        return drift <= Self.tolerance ? .genuine(at: signed, code: Hex.string(code)) : .old
    }
}

extension HMAC<SHA256> {
    /// Compares without telling by its time where the two differ.
    fileprivate static func isValid(_ own: MAC, _ code: [UInt8]) -> Bool {
        let own = Array(own)
        guard own.count == code.count else { return false }
        var difference: UInt8 = 0
        for index in own.indices { difference |= own[index] ^ code[index] }
        return difference == 0
    }
}
