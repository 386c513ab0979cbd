// The two ways in which mails write bytes as ASCII (RFC 2045, section 6). Both bear with what is wrong: a broken letter is
// better than a lost lead.

/// Decodes quoted-printable and base64.
enum TransferEncoding {
    /// `bytes` as the header `Content-Transfer-Encoding: NAME` says.
    static func decoded(_ bytes: ArraySlice<UInt8>, _ name: String?) -> ArraySlice<UInt8> {
        switch name?.lowercased() {
        case "quoted-printable": quotedPrintable(bytes)[...]
        case "base64": base64(bytes)[...]
        default: bytes
        }
    }

    /// What quoted-printable text spells; `_` is a space with `isWord`, as in headers.
    static func quotedPrintable(_ text: ArraySlice<UInt8>, isWord: Bool = false) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var at = text.startIndex
        while at < text.endIndex {
            let byte = text[at]
            at += 1
            guard byte == UInt8(ascii: "=") else {
                bytes.append(isWord && byte == UInt8(ascii: "_") ? 0x20 : byte)
                continue
            }
            if at + 1 < text.endIndex, let high = nibble(text[at]), let low = nibble(text[at + 1]) {
                bytes.append(high << 4 | low)
                at += 2
                continue
            }
            // A soft line end, perhaps with white space that was added on the way.
            var end = at
            while end < text.endIndex, text[end] == 0x20 || text[end] == 0x09 || text[end] == 0x0D { end += 1 }
            if end < text.endIndex, text[end] == 0x0A {
                at = end + 1
            } else if end < text.endIndex {
                bytes.append(byte)
            }
        }
        return bytes
    }

    /// What base64 text spells, up to its padding; anything foreign between is passed over.
    static func base64(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var bits: UInt32 = 0
        var width = 0
        for byte in text {
            let value: UInt8
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - 65
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - 71
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte + 4
            case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
            case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
            case UInt8(ascii: "="): return bytes
            default: continue
            }
            bits = (bits << 6 | UInt32(value)) & 0xFFFFFF
            width += 6
            if width >= 8 {
                width -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(width)))
            }
        }
        return bytes
    }

    private static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
