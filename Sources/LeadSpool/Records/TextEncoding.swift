// How a file's bytes spell text. A byte order mark tells; without one, zeros at every second place tell UTF-16, and
// anything else is UTF-8 or, where it isn't, what most programs of Western countries wrote before: Windows-1252, of which
// Latin-1 is a part. Never fails: the worst that can come out is the wrong letter.

/// An encoding of text.
enum TextEncoding: Equatable, Sendable {
    /// UTF-8, as a mark said.
    case utf8
    case utf16LittleEndian, utf16BigEndian
    /// UTF-8, or Windows-1252 where it isn't: asked for each piece of text.
    case assumed

    /// So many bytes at the beginning tell the encoding.
    static let telling = 1024

    /// The encoding of a file that begins with `bytes`, and the length of its mark.
    static func of(_ bytes: some RandomAccessCollection<UInt8>) -> (encoding: TextEncoding, mark: Int) {
        let start = Array(bytes.prefix(telling))
        if start.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if start.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
        if start.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
        let pairs = start.count / 2
        let zeros = start.indices.reduce(into: [0, 0]) { if start[$1] == 0 { $0[$1 % 2] += 1 } }
        // Half of the letters or more are ASCII, at least among the names of columns.
        if pairs >= 2, zeros[1] * 2 >= pairs, zeros[0] == 0 { return (.utf16LittleEndian, 0) }
        if pairs >= 2, zeros[0] * 2 >= pairs, zeros[1] == 0 { return (.utf16BigEndian, 0) }
        return (.assumed, 0)
    }

    /// True when ASCII's characters are its bytes, so that text can be cut before it is decoded.
    var keepsASCII: Bool { self == .utf8 || self == .assumed }

    /// The text that a whole file holds.
    static func text(of file: [UInt8]) -> String {
        let (encoding, mark) = of(file)
        return encoding.text(file[mark...])
    }

    /// The text that `bytes` spell; a character that they don't spell becomes U+FFFD.
    func text(_ bytes: ArraySlice<UInt8>) -> String {
        switch self {
        case .utf8: String(decoding: bytes, as: UTF8.self)
        case .assumed: String(validating: bytes, as: UTF8.self) ?? Self.western(bytes)
        case .utf16LittleEndian: String(decoding: Self.units(bytes, low: 0), as: UTF16.self)
        case .utf16BigEndian: String(decoding: Self.units(bytes, low: 1), as: UTF16.self)
        }
    }

    private static func units(_ bytes: ArraySlice<UInt8>, low: Int) -> [UInt16] {
        let start = bytes.startIndex
        return (0..<bytes.count / 2).map { index in
            UInt16(bytes[start + 2 * index + low]) | UInt16(bytes[start + 2 * index + 1 - low]) << 8
        }
    }

    /// `bytes` as Windows-1252.
    static func western(_ bytes: some Collection<UInt8>) -> String {
        var text = String.UnicodeScalarView()
        for byte in bytes {
            let code = byte & 0xE0 == 0x80 ? windows[Int(byte & 0x1F)] : UInt16(byte)
            text.append(Unicode.Scalar(code) ?? "\u{FFFD}")
        }
        return String(text)
    }

    /// What Windows-1252 has in place of Latin-1's control characters; those that it leaves out stay.
    private static let windows: [UInt16] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,
        0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0x9D, 0x017E, 0x0178,
    ]
}
