// The relay that mail is handed to, and whom a mail is from and for. Values; the relay is checked when a sender is made
// for it, the envelope when it is built, because libcurl sends both unquoted.

import CCurl

/// A mail relay and how to talk to it.
public struct SMTPRelay: Sendable {
    /// How the connection is protected.
    public enum Security: Sendable {
        /// STARTTLS, required (port 587): without it nothing is sent.
        case startTLS
        /// TLS from the first byte (port 465).
        case implicitTLS
        /// No TLS; for a relay on this host or in a test.
        case none
    }

    /// Host name or address.
    public var host: String
    /// TCP port.
    public var port: Int
    /// How the connection is protected.
    public var security: Security
    /// User name and password (PLAIN or LOGIN), or nil for none.
    ///
    /// If they are set, mail is sent after a login only.
    public var credentials: (username: String, password: String)?
    /// True when the login is by an OAuth 2 access token (XOAUTH2) that comes with each mail; the password then counts for
    /// nothing.
    public var logsInByToken: Bool
    /// The name to greet the relay with; empty for this host's name.
    public var heloName: String
    /// Whom to trust; the system's store by default.
    public var trust: TLSTrust
    /// Which addresses the relay may have; public ones alone by default.
    public var addresses: AddressPolicy
    /// Time limits; `connect` runs until the login is done.
    public var timeouts: Timeouts
    /// How many mails to hand over at a time, each on its own connection and thread.
    public var connections: Int

    /// A relay with the defaults of each setting.
    public init(
        host: String,
        port: Int,
        security: Security = .startTLS,
        credentials: (username: String, password: String)? = nil,
        logsInByToken: Bool = false,
        heloName: String = "",
        trust: TLSTrust = TLSTrust(),
        addresses: AddressPolicy = .publicOnly,
        timeouts: Timeouts = .mail,
        connections: Int = 2
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.credentials = credentials
        self.logsInByToken = logsInByToken
        self.heloName = heloName
        self.trust = trust
        self.addresses = addresses
        self.timeouts = timeouts
        self.connections = connections
    }
}

extension SMTPRelay {
    /// The relay as a URL for libcurl, whose path is the name to greet with.
    func url() throws(TransferFailure) -> String {
        let bracketed = IPAddress(host).map { if case .v6 = $0 { true } else { false } } ?? false
        guard !host.isEmpty, bracketed || host.utf8.allSatisfy(Self.isHostByte),
            heloName.utf8.allSatisfy(Self.isGreetingByte), (1...65_535).contains(port),
            Self.isUsable(credentials?.username), Self.isUsable(credentials?.password)
        else {
            let evidence = TransferEvidence(stopped: .malformedRelay)
            throw TransferFailure(code: CURLE_URL_MALFORMAT, evidence: evidence)
        }
        let scheme = if case .implicitTLS = security { "smtps" } else { "smtp" }
        return "\(scheme)://\(bracketed ? "[\(host)]" : host):\(port)/\(heloName)"
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// `host`, without brackets or with them, as an address literal to greet with (RFC 5321, 4.1.3); nil where it is a name.
    public static func addressLiteral(of host: String) -> String? {
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? host.dropFirst().dropLast() : host[...]
        // A zone means nothing elsewhere.
        let address = String(bare.prefix { $0 != "%" })
        return switch IPAddress(address) {
        case .v4: "[\(address)]"
        case .v6: "[IPv6:\(address)]"
        case nil: nil
        }
    }

    /// A host name, or an address literal such as `[192.0.2.1]`.
    private static func isGreetingByte(_ byte: UInt8) -> Bool {
        isHostByte(byte) || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: ":")
    }

    private static func isUsable(_ text: String?) -> Bool {
        text?.utf8.allSatisfy { !HTTPSyntax.isControl($0) } ?? true
    }
}

/// Whom one mail is from and for, as the relay is told.
public struct SMTPEnvelope: Sendable, Equatable {
    /// Where a bounce goes (`MAIL FROM`), without angle brackets.
    public let sender: String
    /// The one recipient (`RCPT TO`), without angle brackets.
    public let recipient: String

    /// An address that can't be put into an SMTP command, and why.
    ///
    /// It does not repeat the address.
    public struct Malformed: Error, Sendable, Equatable {
        /// Which of the two addresses.
        public enum Party: Sendable {
            case sender
            case recipient
        }

        /// What is wrong with it.
        public enum Fault: Sendable {
            /// There is none.
            case empty
            /// More than 254 bytes (RFC 5321, 4.5.3.1.3).
            case tooLong
            /// A control character, which could begin another command.
            case controlCharacter
            /// `<`, `>` or a space.
            case delimiter
            /// A letter beyond ASCII: libcurl would send it as it is, to relays that never agreed to it. Write a
            /// domain in its `xn--` form.
            case notASCII
        }

        /// Which of the two addresses.
        public var party: Party
        /// What is wrong with it.
        public var fault: Fault
    }

    /// Checks both addresses; neither is ever quoted or repaired.
    public init(sender: String, recipient: String) throws(Malformed) {
        if let fault = Self.fault(in: sender) { throw Malformed(party: .sender, fault: fault) }
        if let fault = Self.fault(in: recipient) { throw Malformed(party: .recipient, fault: fault) }
        self.sender = sender
        self.recipient = recipient
    }

    private static func fault(in address: String) -> Malformed.Fault? {
        let bytes = address.utf8
        if bytes.isEmpty { return .empty }
        if bytes.count > 254 { return .tooLong }
        for byte in bytes {
            if HTTPSyntax.isControl(byte) { return .controlCharacter }
            if byte >= 0x80 { return .notASCII }
            if byte == 0x20 || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") { return .delimiter }
        }
        return nil
    }
}
