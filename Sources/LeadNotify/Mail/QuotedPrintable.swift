// Quoted-printable (RFC 2045, 6.7): any text as lines of at most 76 printable ASCII characters, each ended by CR LF.
// Pure; used by MailMessage for both bodies.

enum QuotedPrintable {
    private static let longestLine = 76
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Adds `lines` encoded to `bytes`; no character is split by a soft break.
    static func encode(_ lines: [String], into bytes: inout [UInt8]) {
        // HTML is full of equals signs.
        bytes.reserveCapacity(bytes.count + lines.reduce(0) { $0 + $1.utf8.count * 5 / 4 + 8 })
        for var line in lines {
            line.withUTF8 { encode($0, into: &bytes) }
            bytes.append(0x0D)
            bytes.append(0x0A)
        }
    }

    private static func encode(_ text: UnsafeBufferPointer<UInt8>, into bytes: inout [UInt8]) {
        var column = 0
        var start = 0
        while start < text.count {
            // Nearly everything stands for itself, and goes as far as the line does in one piece. One column stays free for
            // the soft break's sign, and the last character is looked at by itself.
            let most = min(start + longestLine - 1 - column, text.count - 1)
            var end = start
            while end < most, isLiteral(text[end]) { end += 1 }
            if end > start {
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<end]))
                column += end - start
                start = end
            }
            encode(characterAt: &start, of: text, &column, into: &bytes)
        }
    }

    /// Adds the character that begins at `start`, whatever it is, and goes behind it.
    private static func encode(
        characterAt start: inout Int, of text: UnsafeBufferPointer<UInt8>, _ column: inout Int,
        into bytes: inout [UInt8]
    ) {
        var end = start + 1
        while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
        let isLast = end == text.count
        let isLiteral = isLiteral(text[start]) && !(isLast && text[start] == 0x20)
        let size = isLiteral ? 1 : (end - start) * 3
        if column + size > longestLine - (isLast ? 0 : 1) {
            bytes.append(0x3D)
            bytes.append(0x0D)
            bytes.append(0x0A)
            column = 0
        }
        if isLiteral {
            bytes.append(text[start])
        } else {
            for byte in text[start..<end] {
                bytes.append(0x3D)
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            }
        }
        column += size
        start = end
    }

    private static func isLiteral(_ byte: UInt8) -> Bool { (0x20...0x7E).contains(byte) && byte != 0x3D }
}
