// A mail address with the name before it, as a configuration writes it. What can't stand in an SMTP command or a
// header as it is gives nil; nothing is repaired.

/// `Name <local@domain>`, or the address alone.
struct Mailbox: Sendable, Equatable {
    /// The name as people read it; nil without one.
    let name: String?
    /// `local@domain`, printable ASCII.
    let address: String

    /// A mailbox for `name`; nil when `address` is no plain address.
    init?(name: String?, address: String) {
        guard Self.isAddress(address) else { return nil }
        let name = name.map { CleanText.line($0, atMost: 120) } ?? ""
        self.name = name.isEmpty ? nil : name
        self.address = address
    }

    /// Reads `Name <local@domain>`, `"Name" <local@domain>` or `local@domain`.
    init?(_ text: String) {
        guard text.last == ">", let start = text.lastIndex(of: "<") else {
            self.init(name: nil, address: text)
            return
        }
        var name = text[..<start]
        while name.last == " " { name.removeLast() }
        if name.count >= 2, name.first == "\"", name.last == "\"" { name = name.dropFirst().dropLast() }
        self.init(name: String(name), address: String(text[text.index(after: start)...].dropLast()))
    }

    /// A dot-atom, `@`, and a host name (RFC 5321, 4.1.2, without quoted local parts and address literals).
    static func isAddress(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard text.utf8.count <= 254, parts.count == 2, (1...64).contains(parts[0].count) else { return false }
        let isLocal = dotted(parts[0]) { $0.allSatisfy(MailHeader.isAtomByte) }
        let isDomain = dotted(parts[1]) { label in
            let hyphen = UInt8(ascii: "-")
            return label.count <= 63 && label.first != hyphen && label.last != hyphen
                && label.allSatisfy { MailHeader.isLetterOrDigit($0) || $0 == hyphen }
        }
        return isLocal && isDomain
    }

    private static func dotted(_ text: Substring.UTF8View, _ isPart: (Substring.UTF8View) -> Bool) -> Bool {
        text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .allSatisfy { !$0.isEmpty && isPart($0) }
    }
}
