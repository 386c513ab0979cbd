// The signatures of Standard Webhooks: HMAC-SHA256 over id, time and body, with one or two secrets while one follows the
// other. Fails when a secret isn't one, with the remedy. Pure. (https://www.standardwebhooks.com)

import Crypto
import Foundation
import LeadCore

/// Signs bodies.
struct EventSignature: Sendable {
    private let keys: [SymmetricKey]

    /// Signs with `secrets`, the newest first: `whsec_` and base64 of at least 24 bytes.
    init(secret: Secret, previous: Secret?) throws(OptionFlaw) {
        var keys = [try Self.key(secret, option: "secret")]
        if let previous { keys.append(try Self.key(previous, option: "previous_secret")) }
        self.keys = keys
    }

    private static func key(_ secret: Secret, option: String) throws(OptionFlaw) -> SymmetricKey {
        let text = secret.revealed
        let base64 = text.hasPrefix("whsec_") ? String(text.dropFirst(6)) : text
        guard let bytes = Data(base64Encoded: base64), (24...64).contains(bytes.count) else {
            throw OptionFlaw(
                option: option,
                "A webhook's secret is whsec_ and 24 to 64 bytes in base64; echo whsec_$(openssl rand -base64 32) makes one."
            )
        }
        return SymmetricKey(data: bytes)
    }

    /// The three headers that go with `body`, called `id`, at `now`.
    func headers(id: String, at now: Timestamp, body: [UInt8]) -> [(name: String, value: String)] {
        let seconds = now.milliseconds / 1000
        let signed = Array("\(id).\(seconds).".utf8) + body
        let signatures = keys.map { key in
            "v1," + Base64.string(HMAC<SHA256>.authenticationCode(for: signed, using: key))
        }
        return [
            ("webhook-id", id), ("webhook-timestamp", "\(seconds)"),
            ("webhook-signature", signatures.joined(separator: " ")),
        ]
    }
}
