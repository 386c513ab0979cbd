// Links: signed capabilities for one case, one person, one purpose, until a time; and the nonces that tie a POST to the
// GET before it. Both are stateless: what is signed is what is checked. No token is ever logged.
//
//   token  KEY.CASE.PERSON.PURPOSE.EXPIRY[.SEQUENCE.CHANNEL].MAC     EXPIRY in seconds, base 36
//   nonce  ISSUED.MAC                                                ISSUED in milliseconds, base 36
//   ticket ISSUED.SERIAL.MAC                                         SERIAL in base 36, which makes each ticket another
//
// SEQUENCE and CHANNEL name the message that carries the link; a link that no message carries has neither.
//
// MAC is HMAC-SHA256, base64url without padding. It is compared as text, so an alternative spelling of the same bytes
// is refused as well.

import Crypto

/// What a link lets its holder do.
public enum LinkPurpose: String, Sendable, CaseIterable {
    /// See the lead and choose.
    case decide = "d"
    /// See the lead that one has been given, and report the first action.
    case follow = "f"
    /// See the page that is the person's own, say there when they are away, and type in leads.
    case own = "p"
}

/// A capability for one case, one person and one purpose.
public struct Link: Sendable, Equatable {
    /// The case.
    public let caseID: CaseID
    /// Who acts through it.
    public let person: PersonID
    /// What it is for.
    public let purpose: LinkPurpose
    /// The first instant at which it no longer works, in whole seconds.
    public let expires: Timestamp
    /// The message that carries it; nil where none does.
    public let entrance: Entrance?

    /// A link; `expires` is rounded down to a second.
    public init(
        caseID: CaseID, person: PersonID, purpose: LinkPurpose, expires: Timestamp, entrance: Entrance? = nil
    ) {
        self.entrance = entrance
        self.caseID = caseID
        self.person = person
        self.purpose = purpose
        self.expires = Timestamp(milliseconds: expires.milliseconds / 1000 * 1000)
    }
}

extension Link {
    /// The link to `person`'s own page, which belongs to no case.
    public static func own(_ person: PersonID, expires: Timestamp) -> Link {
        Link(caseID: CaseID(""), person: person, purpose: .own, expires: expires)
    }
}

/// What a token turned out to be.
public enum LinkReading: Sendable, Equatable {
    case valid(Link)
    /// Genuine, but its time is over.
    case expired(Link)
    /// Not one of ours, or altered.
    case foreign
}

/// What a nonce turned out to be.
public enum NonceReading: Sendable, Equatable {
    /// Issued for this link, that long ago.
    case valid(age: Duration)
    case expired
    case foreign
}

/// The keys that sign links: the first signs, all verify.
public struct LinkKeys: Sendable, Equatable {
    private let keys: [Key]

    /// The same keys by the same names, in the same order.
    public static func == (left: LinkKeys, right: LinkKeys) -> Bool {
        left.keys.elementsEqual(right.keys) { $0.id == $1.id && $0.secret == $1.secret }
    }

    private struct Key: Sendable {
        let id: String
        let secret: SymmetricKey
        /// The code of nothing yet, from which each code goes on: half of the work is the key's.
        let start: HMAC<SHA256>

        init(id: String, secret: [UInt8]) {
            self.id = id
            self.secret = SymmetricKey(data: secret)
            start = HMAC(key: self.secret)
        }
    }

    /// The longest id of a key, in bytes: each link holds one.
    public static let longestID = 32

    /// How long a page may stay open before its form is refused.
    public static let nonceLifetime: Duration = .seconds(43_200)

    /// Keys by id; nil without at least one, when a key has fewer than 32 bytes, or when an id is empty or has a dot,
    /// which divides a token's parts.
    public init?(_ keys: [(id: String, secret: [UInt8])]) {
        guard !keys.isEmpty, keys.allSatisfy({ $0.secret.count >= 32 && !$0.id.isEmpty && !$0.id.contains(".") }) else {
            return nil
        }
        self.keys = keys.map { Key(id: $0.id, secret: $0.secret) }
    }

    /// The token of `link`, by the first key.
    public func token(for link: Link) -> String {
        let body = Self.body(of: link, keyID: keys[0].id)
        return body + "." + Self.mac("link", body, keys[0])
    }

    /// Reads a token.
    public func read(_ token: String, now: Timestamp) -> LinkReading {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard token.utf8.count <= 512, parts.count == 6 || parts.count == 8,
            let key = keys.first(where: { $0.id == parts[0] }),
            let purpose = LinkPurpose(rawValue: parts[3]), let seconds = Int64(parts[4], radix: 36),
            (0...253_402_300_799).contains(seconds)
        else { return .foreign }
        let link = Link(
            caseID: CaseID(parts[1]), person: PersonID(parts[2]), purpose: purpose,
            expires: Timestamp(milliseconds: seconds * 1000),
            entrance: parts.count == 8 ? Entrance(text: "\(parts[5]).\(parts[6])") : nil)
        // Spelled anew, so that neither case nor leading zeros nor a sign make a second token of the same link.
        let body = Self.body(of: link, keyID: key.id)
        let genuine = body + "." + Self.mac("link", body, key)
        guard Self.equalInConstantTime(genuine, token) else { return .foreign }
        return now < link.expires ? .valid(link) : .expired(link)
    }

    /// A nonce for a form shown at `now` to the holder of `link`.
    public func nonce(for link: Link, issued now: Timestamp) -> String {
        let text = String(now.milliseconds, radix: 36)
        return text + "." + Self.mac("nonce", Self.nonceBody(link, text), keys[0])
    }

    /// Reads a nonce that came with a POST through `link`.
    public func read(nonce: String, for link: Link, now: Timestamp) -> NonceReading {
        let parts = nonce.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard nonce.utf8.count <= 128, parts.count == 2, let issued = Int64(parts[0], radix: 36), issued >= 0 else {
            return .foreign
        }
        let text = String(issued, radix: 36)
        let genuine = keys.contains { key in
            Self.equalInConstantTime(text + "." + Self.mac("nonce", Self.nonceBody(link, text), key), nonce)
        }
        guard genuine else { return .foreign }
        let age = now - Timestamp(milliseconds: issued)
        // A clock that was set back makes a page look as if it came from the future.
        let drift = Duration.milliseconds(abs(age.milliseconds))
        guard drift < Self.nonceLifetime else { return .expired }
        return .valid(age: age)
    }

    /// A ticket for a form called `name` that is shown at `now` to whoever asks; no other has its `serial`.
    public func ticket(for name: String, issued now: Timestamp, serial: UInt64) -> String {
        let text = String(now.milliseconds, radix: 36) + "." + String(serial, radix: 36)
        return text + "." + Self.mac("form", "\(name).\(text)", keys[0])
    }

    /// Reads a ticket that came with a post of the form called `name`.
    public func read(ticket: String, for name: String, now: Timestamp) -> NonceReading {
        let parts = ticket.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard ticket.utf8.count <= 128, parts.count == 3, let issued = Int64(parts[0], radix: 36), issued >= 0,
            let serial = UInt64(parts[1], radix: 36)
        else { return .foreign }
        let text = String(issued, radix: 36) + "." + String(serial, radix: 36)
        let isGenuine = keys.contains { key in
            Self.equalInConstantTime(text + "." + Self.mac("form", "\(name).\(text)", key), ticket)
        }
        guard isGenuine else { return .foreign }
        let age = now - Timestamp(milliseconds: issued)
        let drift = Duration.milliseconds(abs(age.milliseconds))
        return drift < Self.nonceLifetime ? .valid(age: age) : .expired
    }

    private static func body(of link: Link, keyID: String) -> String {
        let expiry = String(link.expires.milliseconds / 1000, radix: 36)
        let body = "\(keyID).\(link.caseID).\(link.person).\(link.purpose.rawValue).\(expiry)"
        guard let entrance = link.entrance else { return body }
        return "\(body).\(entrance.text)"
    }

    private static func nonceBody(_ link: Link, _ issued: String) -> String {
        body(of: link, keyID: "") + "." + issued
    }

    private static func mac(_ domain: String, _ body: String, _ key: Key) -> String {
        var code = key.start
        var text = domain + "\n" + body
        text.withUTF8 { code.update(data: UnsafeRawBufferPointer($0)) }
        return Base64.forURL(code.finalize())
    }

    private static func equalInConstantTime(_ left: String, _ right: String) -> Bool {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }
}
