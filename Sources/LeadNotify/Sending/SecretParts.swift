// Secrets in the forms in which a peer may repeat them. Pure; used by PeerWords.

import Foundation
import LeadCore
import Synchronization

/// What must not be repeated of some secrets: whole, and what an address is made of, its host, path segments and values, as
/// they are, decoded and in base 64.
struct SecretParts: Sendable {
    /// Folded, in no order.
    let parts: [[UInt32]]

    init(_ secrets: [Secret]) {
        var parts: Set<String> = []
        func add(_ part: String) {
            if part.utf8.count >= Self.shortest { parts.insert(part) }
        }
        for secret in secrets.map(\.revealed) where !secret.isEmpty {
            // However short.
            parts.insert(secret)
            let isAddress = secret.utf8.contains(UInt8(ascii: ":"))
            let bare =
                isAddress ? secret.replacing("https://", with: "").replacing("http://", with: "") : secret
            let pieces = bare.utf8.split(whereSeparator: Self.isMark).map { String(Substring($0)) }
            for piece in pieces + (isAddress ? [secret, bare] : [bare]) {
                add(piece)
                if piece.utf8.contains(UInt8(ascii: "%")), let decoded = piece.removingPercentEncoding { add(decoded) }
                add(Base64.string(piece.utf8))
            }
        }
        self.parts = parts.map(PeerWords.folded)
    }

    /// Shorter pieces stand in any text, in bytes.
    private static let shortest = 6

    private static func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "&"), UInt8(ascii: "="), UInt8(ascii: "#"),
            UInt8(ascii: "@"), UInt8(ascii: ";"), UInt8(ascii: ":"):
            true
        default: false
        }
    }
}

/// The parts of addresses that come again and again: there are few readers, and many messages to each.
final class KnownSecrets: Sendable {
    private let known = Mutex<[String: SecretParts]>([:])

    /// More are of people whom nobody writes to any more.
    private static let most = 1_000

    /// The parts of `secret`.
    func parts(of secret: Secret) -> SecretParts {
        known.withLock { known in
            if let parts = known[secret.revealed] { return parts }
            if known.count >= Self.most { known = [:] }
            let parts = SecretParts([secret])
            known[secret.revealed] = parts
            return parts
        }
    }
}
