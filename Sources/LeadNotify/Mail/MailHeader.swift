// Header fields as RFC 5322 and RFC 2047 want them: printable ASCII, folded at 78 columns, anything else in encoded
// words of at most 75. No control character can come out of here, whatever goes in. Pure; used by MailMessage.

import LeadCore

/// Writes header fields, each ended by CR LF.
enum MailHeader {
    private static let longestLine = 78
    private static let longestWord = 75

    /// A field of free text, such as a subject; `prefix` stays outside the encoded words.
    static func text(_ name: String, _ text: String, prefix: String? = nil) -> String {
        let used = name.utf8.count + 2 + (prefix.map { $0.utf8.count + 1 } ?? 0)
        // Most fit on one line as they are.
        if used + text.utf8.count <= longestLine, isPlain(text) {
            return "\(name): \(prefix.map { $0 + " " } ?? "")\(text)\r\n"
        }
        let lead = prefix.map { [$0] } ?? []
        return field(name, lead + words(of: text, quoted: false, column: used))
    }

    /// A field with one mailbox.
    static func mailbox(_ name: String, _ mailbox: Mailbox) -> String {
        guard let display = mailbox.name else { return field(name, [mailbox.address]) }
        let words = words(of: display, quoted: true, column: name.utf8.count + 2)
        return field(name, words + ["<\(mailbox.address)>"])
    }

    /// A field whose text is known to be harmless.
    static func plain(_ name: String, _ text: String) -> String { field(name, [text]) }

    /// `<left@right>`, of whatever `left` and `right` are: what can't stand in a message id is written as hexadecimal.
    static func messageID(_ left: String, at right: String) -> String { "<\(dotAtom(left))@\(dotAtom(right))>" }

    static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    /// RFC 5322, 3.2.3.
    static func isAtomByte(_ byte: UInt8) -> Bool { isLetterOrDigit(byte) || atomMarks.contains(byte) }

    private static let atomMarks = Set("!#$%&'*+-/=?^_`{|}~".utf8)
}

extension MailHeader {
    /// Tokens, joined by spaces or folds. A token longer than a line gets a line of its own.
    private static func field(_ name: String, _ tokens: [String]) -> String {
        var text = name + ":"
        var column = text.utf8.count
        for (index, token) in tokens.enumerated() {
            let size = token.utf8.count
            // Some readers lose a message id that is not on the line of its name.
            if column + 1 + size > longestLine, index > 0 || !token.hasPrefix("<") {
                text += "\r\n"
                column = 0
            }
            text += " " + token
            column += 1 + size
        }
        return text + "\r\n"
    }

    /// `text` in words: as it is where that is plain, else encoded, the first to fit after `column`.
    private static func words(of text: String, quoted: Bool, column: Int) -> [String] {
        if text.isEmpty { return [] }
        guard isPlain(text) else { return encoded(text, column: column) }
        let words = text.split(separator: " ").map(String.init)
        guard quoted, !words.allSatisfy({ $0.utf8.allSatisfy(isAtomByte) }) else { return words }
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\"".split(separator: " ").map(String.init)
    }

    /// Printable ASCII in short words with single spaces, without anything that reads like an encoded word.
    private static func isPlain(_ text: String) -> Bool {
        var length = 0
        var last: UInt8 = 0
        for byte in text.utf8 {
            guard (0x20...0x7E).contains(byte) else { return false }
            if byte == 0x20 {
                guard (1...60).contains(length) else { return false }
                length = 0
            } else {
                if byte == UInt8(ascii: "?"), last == UInt8(ascii: "=") { return false }
                length += 1
            }
            last = byte
        }
        return (1...60).contains(length)
    }

    /// Base 64 encoded words (RFC 2047), none of which breaks a character that fits into one.
    private static func encoded(_ text: String, column: Int) -> [String] {
        var words: [String] = []
        var room = payload(of: longestLine - column)
        var chunk: [UInt8] = []
        for part in text.flatMap(parts) {
            if chunk.count + part.count > room, !chunk.isEmpty {
                words.append("=?UTF-8?B?\(Base64.string(chunk))?=")
                chunk = []
                room = payload(of: longestWord)
            }
            chunk += part
        }
        words.append("=?UTF-8?B?\(Base64.string(chunk))?=")
        return words
    }

    /// A character's bytes, or its scalars' where they are more than an encoded word holds.
    private static func parts(of character: Character) -> [[UInt8]] {
        let whole = Array(character.utf8)
        guard whole.count > payload(of: longestWord) / 2 else { return [whole] }
        return character.unicodeScalars.map { Array(UTF8.encode($0).map(Array.init) ?? []) }
    }

    /// How many bytes an encoded word of `width` columns holds.
    private static func payload(of width: Int) -> Int { max(3, (min(width, longestWord) - 12) / 4 * 3) }

    private static func dotAtom(_ text: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8.prefix(200) {
            let isDot = byte == UInt8(ascii: ".") && !bytes.isEmpty && bytes.last != byte
            if isDot || isAtomByte(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
        return bytes.isEmpty ? "none" : String(decoding: bytes, as: UTF8.self)
    }
}
