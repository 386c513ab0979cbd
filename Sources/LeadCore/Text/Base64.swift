// Base 64 (RFC 4648). Pure.

/// Bytes as base 64.
package enum Base64 {
    private static let alphabet = letters + Array("+/".utf8)
    private static let urlAlphabet = letters + Array("-_".utf8)
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// With padding (section 4).
    package static func string(_ bytes: some Sequence<UInt8>) -> String {
        var text = encoded(bytes, by: alphabet)
        while text.count % 4 > 0 { text.append(UInt8(ascii: "=")) }
        return String(decoding: text, as: UTF8.self)
    }

    /// With the alphabet that is safe in addresses, and no padding (section 5).
    package static func forURL(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: encoded(bytes, by: urlAlphabet), as: UTF8.self)
    }

    private static func encoded(_ bytes: some Sequence<UInt8>, by alphabet: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.underestimatedCount + 2) / 3 * 4)
        var bits: UInt32 = 0
        var width: UInt32 = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            width += 8
            while width >= 6 {
                width -= 6
                text.append(alphabet[Int(bits >> width & 63)])
            }
        }
        if width > 0 { text.append(alphabet[Int(bits << (6 - width) & 63)]) }
        return text
    }
}
