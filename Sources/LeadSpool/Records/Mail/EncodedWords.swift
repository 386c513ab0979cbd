// Encoded words in headers (RFC 2047): `=?UTF-8?Q?Z=C3=B6e?=`. White space between two of them is none, and a character may
// be divided between them, so neighbours of one character set are decoded together.

/// Decodes headers.
enum EncodedWords {
    /// `text` with its encoded words as what they stand for.
    static func decoded(_ text: String) -> String {
        guard text.contains("=?") else { return text }
        var result = ""
        var pending: (charset: String, bytes: [UInt8])?
        var blank = ""
        func flush() {
            if let word = pending { result += Charset.text(word.bytes, in: word.charset) }
            pending = nil
        }
        var rest = text[...]
        while !rest.isEmpty {
            if let word = Word(rest) {
                if let before = pending, before.charset == word.charset {
                    pending?.bytes += word.bytes
                } else {
                    let isNeighbour = pending != nil
                    flush()
                    if !isNeighbour { result += blank }
                    pending = (word.charset, word.bytes)
                }
                blank = ""
                rest = rest[word.end...]
                continue
            }
            let character = rest.removeFirst()
            if character.isWhitespace {
                blank.append(character)
                continue
            }
            flush()
            result += blank
            blank = ""
            result.append(character)
        }
        flush()
        return result + blank
    }

    private struct Word {
        let charset: String
        let bytes: [UInt8]
        let end: String.Index

        /// The word that `text` begins with.
        init?(_ text: Substring) {
            guard text.hasPrefix("=?") else { return nil }
            let parts = text.dropFirst(2).split(separator: "?", maxSplits: 3, omittingEmptySubsequences: false)
            guard parts.count == 4, parts[3].hasPrefix("="), parts[1].count == 1,
                !parts[0].contains(where: \.isWhitespace), !parts[2].contains(where: \.isNewline)
            else { return nil }
            // A language may follow the set: `utf-8*en`.
            charset = parts[0].split(separator: "*").first.map { $0.lowercased() } ?? ""
            let encoded = Array(parts[2].utf8)[...]
            switch parts[1].lowercased() {
            case "q": bytes = TransferEncoding.quotedPrintable(encoded, isWord: true)
            case "b": bytes = TransferEncoding.base64(encoded)
            default: return nil
            }
            end = text.index(after: parts[3].startIndex)
        }
    }
}
