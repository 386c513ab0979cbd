// Domains as firms are compared by them: lower case, no `www.`, no port, no final dot. International names stay as
// they are written. Used by the normaliser and when the firm directory is read.

/// Reads domains out of addresses.
enum DomainName {
    /// The domain of an e-mail address; nil when the address isn't valid.
    ///
    /// Valid is a plain local part and a domain with a dot: RFC 5321 without quoted local parts and address literals,
    /// which no form gives in earnest.
    static func of(email: String) -> String? {
        guard let at = email.utf8.lastIndex(of: UInt8(ascii: "@")) else { return nil }
        guard isValidLocalPart(email[..<at].utf8) else { return nil }
        let domain = email[email.index(after: at)...].lowercased()
        return isValid(domain) ? domain : nil
    }

    /// The domain of a web address whose scheme may be missing; nil when there is none.
    static func of(website: String) -> String? {
        let text = website.lowercased()
        var rest = text.utf8[...]
        if let scheme = rest.firstIndex(of: UInt8(ascii: ":")) {
            let before = rest[..<scheme]
            let isWeb = before.elementsEqual("http".utf8) || before.elementsEqual("https".utf8)
            if isWeb || rest[scheme...].starts(with: "://".utf8) { rest = rest[scheme...].dropFirst() }
        }
        rest = rest.drop { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
        rest = rest.prefix { !pathBytes.contains($0) }
        if let at = rest.lastIndex(of: UInt8(ascii: "@")) { rest = rest[at...].dropFirst() }
        rest = rest.prefix { $0 != UInt8(ascii: ":") }
        if rest.last == UInt8(ascii: ".") { rest = rest.dropLast() }
        if rest.starts(with: "www.".utf8) { rest = rest.dropFirst(4) }
        // All cuts are at ASCII bytes, so what is left is whole characters.
        let domain = String(Substring(rest))
        return isValid(domain) ? domain : nil
    }

    /// What ends a host's name, besides the port's colon.
    private static let pathBytes = Array("/\\?# \t".utf8)

    /// True for at least two labels of letters, digits and inner hyphens, the last of which isn't a number.
    static func isValid(_ domain: String) -> Bool {
        guard (4...253).contains(domain.utf8.count) else { return false }
        let (dot, hyphen) = (UInt8(ascii: "."), UInt8(ascii: "-"))
        var labels = 1
        var length = 0
        var previous = dot
        var isNumber = true
        var isASCII = true
        for byte in domain.utf8 {
            if byte == dot {
                // Each label has an end before the next begins.
                guard length > 0, previous != hyphen else { return false }
                (labels, length, isNumber) = (labels + 1, 0, true)
            } else {
                guard byte >= 0x80 || isAlphanumeric(byte) || (byte == hyphen && length > 0), length < 63 else {
                    return false
                }
                length += 1
                if !(48...57).contains(byte) { isNumber = false }
                if byte >= 0x80 { isASCII = false }
            }
            previous = byte
        }
        guard labels >= 2, length > 0, previous != hyphen, !isNumber else { return false }
        return isASCII || isInternational(domain)
    }

    private static func isValidLocalPart(_ local: Substring.UTF8View) -> Bool {
        let dot = UInt8(ascii: ".")
        guard (1...64).contains(local.count), local.first != dot, local.last != dot else { return false }
        var previous: UInt8 = 0
        for byte in local {
            if byte == dot, previous == dot { return false }
            guard byte >= 0x80 || isAlphanumeric(byte) || atomBytes >> UInt128(byte) & 1 != 0 else { return false }
            previous = byte
        }
        return true
    }

    /// A bit for each byte of ASCII that a local part may have besides letters and digits.
    private static let atomBytes = "!#$%&'*+-/=?^_`{|}~.".utf8.reduce(UInt128(0)) { $0 | 1 << UInt128($1) }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...122).contains(byte) || (65...90).contains(byte)
    }

    /// True when all that isn't ASCII is letters, digits and marks, and no label begins with a mark (RFC 5891,
    /// section 4.2.3.2).
    private static func isInternational(_ domain: String) -> Bool {
        var previous: Unicode.Scalar = "."
        for scalar in domain.unicodeScalars {
            defer { previous = scalar }
            if scalar.isASCII { continue }
            switch scalar.properties.generalCategory {
            case .lowercaseLetter, .otherLetter, .modifierLetter, .decimalNumber: continue
            case .nonspacingMark where previous != ".", .spacingMark where previous != ".": continue
            default: return false
            }
        }
        return true
    }
}
