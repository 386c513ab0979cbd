// Which source a token belongs to. Tokens are known by their hashes alone.

import Crypto
import LeadCore

/// The tokens of all sources.
struct TokenBook: Sendable {
    private let entries: [(hash: [UInt8], door: SourceDoor)]

    init(_ doors: [SourceDoor]) {
        entries = doors.flatMap { door in (door.access?.tokenHashes ?? []).map { ($0, door) } }
    }

    /// The source whose token `token` is. Takes the same time whichever it is.
    func door(of token: String) -> SourceDoor? {
        let hash = Array(SHA256.hash(data: Array(token.utf8)))
        var found: SourceDoor?
        for entry in entries {
            var difference: UInt8 = 0
            for index in hash.indices { difference |= hash[index] ^ entry.hash[index] }
            if difference == 0 { found = entry.door }
        }
        return found
    }
}
