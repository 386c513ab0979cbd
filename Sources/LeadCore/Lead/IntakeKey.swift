// What makes two records one lead. The key decides, before anything else is known, whether a record has been taken
// already; the case's id follows from it, so a producer knows the id before the daemon has seen the file.

import Crypto

/// The identity of a record that came in.
public struct IntakeKey: Hashable, Sendable, Codable {
    /// `id:SOURCE:EXTERNAL-ID`, the source's `%` and `:` being `%25` and `%3A`; or `sha256:` and 64 hexadecimal digits.
    public let text: String

    /// Wraps a key read back from the database.
    public init(text: String) { self.text = text }

    /// The key of a record: by source and external id if the lead has an `id`, else by the record's own bytes.
    ///
    /// The bytes are the record's (one line of a file of many), so a record is one lead whichever file brings it and
    /// wherever in the file it stands. Where the way in has a name of its own, ids count within that `source`, so that one
    /// source can't take another's.
    public init(lead: Lead, record: some Sequence<UInt8>, source: String? = nil) {
        if let id = lead[.id] {
            // Only the first colon after `id:` may divide, or two leads could have one key.
            let source = (source ?? lead[.source] ?? "").replacing("%", with: "%25").replacing(":", with: "%3A")
            text = "id:\(source):\(id)"
        } else {
            text = "sha256:" + Hex.string(SHA256.hash(data: Array(record)))
        }
    }

    /// The id of the key's case: 80 bits of the key's SHA-256 in Crockford's base 32, sixteen characters.
    public var caseID: CaseID {
        let digest = Array(SHA256.hash(data: Array(text.utf8)).prefix(10))
        var bits: UInt64 = 0
        var width = 0
        var characters: [UInt8] = []
        for byte in digest {
            bits = bits << 8 | UInt64(byte)
            width += 8
            while width >= 5 {
                width -= 5
                characters.append(Self.alphabet[Int(bits >> UInt64(width) & 31)])
            }
        }
        return CaseID(String(decoding: characters, as: UTF8.self))
    }

    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
}

/// Hexadecimal text.
package enum Hex {
    private static let digits = Array("0123456789abcdef".utf8)

    /// Lower-case digits, two a byte.
    package static func string(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// What the hexadecimal digit `character` stands for; nil when it is none.
    package static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x30...0x39: character - 0x30
        case 0x41...0x46: character - 0x37
        case 0x61...0x66: character - 0x57
        default: nil
        }
    }

    /// The bytes that `text` spells; nil when it isn't pairs of hexadecimal digits.
    package static func bytes(_ text: String) -> [UInt8]? {
        let nibbles = text.utf8.map(digit)
        guard nibbles.count % 2 == 0, !nibbles.contains(nil) else { return nil }
        let known = nibbles.compactMap(\.self)
        return stride(from: 0, to: known.count, by: 2).map { known[$0] << 4 | known[$0 + 1] }
    }
}
