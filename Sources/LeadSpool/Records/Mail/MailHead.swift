// A mail's header (RFC 5322) and that of its parts (RFC 2045): unfolded, encoded words (RFC 2047) decoded, parameters in
// pieces and in other character sets (RFC 2231) put together. Nothing here fails: what is no field is passed over.

import Foundation
import LeadCore

/// The header fields of a mail or a part.
struct MailHead {
    private var fields: [(name: String, value: String)] = []

    /// The most fields that are looked at.
    private static let most = 1000

    /// Reads the header at the start of `bytes` and gives what follows it.
    static func read(_ bytes: ArraySlice<UInt8>) -> (head: MailHead, body: ArraySlice<UInt8>) {
        var head = MailHead()
        var rest = bytes
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 0x0A).map { $0 + 1 } ?? rest.endIndex
            var line = rest[..<end]
            while let last = line.last, last == 0x0A || last == 0x0D { line.removeLast() }
            if line.isEmpty { return (head, rest[end...]) }
            head.add(line)
            rest = rest[end...]
        }
        return (head, rest)
    }

    private mutating func add(_ line: ArraySlice<UInt8>) {
        let text = TextEncoding.assumed.text(line)
        if let first = line.first, first == 0x20 || first == 0x09 {
            guard !fields.isEmpty, fields[fields.count - 1].value.utf8.count < 65_536 else { return }
            fields[fields.count - 1].value += " " + text.trimmed
            return
        }
        guard fields.count < Self.most, let colon = text.firstIndex(of: ":") else { return }
        let name = text[..<colon].lowercased().trimmed
        guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return }
        fields.append((name, String(text[text.index(after: colon)...]).trimmed))
    }

    /// True when there is no field at all.
    var isEmpty: Bool { fields.isEmpty }

    /// The first field called `name`, as it is encoded.
    func raw(_ name: String) -> String? { fields.first { $0.name == name }?.value.nonBlank }

    /// The first field called `name` as text.
    func text(_ name: String) -> String? { raw(name).map { EncodedWords.decoded($0).trimmed }?.nonBlank }

    /// The first address in the field called `name`, with the name before it.
    func address(_ name: String) -> (name: String?, address: String)? { raw(name).flatMap(MailAddress.first) }

    /// The value of the field called `name`, in small letters, and its parameters by name.
    func value(_ name: String) -> (value: String, parameters: [String: String]) {
        guard let raw = raw(name) else { return ("", [:]) }
        let pieces = Self.pieces(of: raw)
        return (pieces.first?.lowercased().trimmed ?? "", Self.parameters(pieces.dropFirst()))
    }

    /// `raw` at its semicolons, those within quotation marks aside.
    private static func pieces(of raw: String) -> [String] {
        var pieces = [""]
        var isQuoted = false
        var isEscaped = false
        for character in raw {
            if character == "\"", !isEscaped { isQuoted.toggle() }
            if character == ";", !isQuoted {
                pieces.append("")
            } else {
                pieces[pieces.count - 1].append(character)
            }
            isEscaped = character == "\\" && isQuoted && !isEscaped
        }
        return pieces
    }

    private static func parameters(_ pieces: ArraySlice<String>) -> [String: String] {
        var plain: [String: String] = [:]
        var parts: [String: [(number: Int, text: String, isEncoded: Bool)]] = [:]
        for piece in pieces.prefix(100) {
            guard let equals = piece.firstIndex(of: "=") else { continue }
            let label = piece[..<equals].lowercased().trimmed
            var text = String(piece[piece.index(after: equals)...]).trimmed
            if text.hasPrefix("\""), text.count > 1 {
                text = unquoted(text)
            }
            let stars = label.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
            guard stars.count > 1 else {
                plain[label] = plain[label] ?? EncodedWords.decoded(text)
                continue
            }
            let isEncoded = stars.last == ""
            parts[stars[0], default: []].append((Int(stars[1]) ?? 0, text, isEncoded))
        }
        for (label, pieces) in parts {
            var charset: String?
            var bytes: [UInt8] = []
            for (index, piece) in pieces.sorted(by: { $0.number < $1.number }).enumerated() {
                var text = piece.text[...]
                guard piece.isEncoded else {
                    bytes += text.utf8
                    continue
                }
                if index == 0 {
                    let marks = text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
                    if marks.count == 3 { (charset, text) = (String(marks[0]), marks[2]) }
                }
                bytes += percentDecoded(text)
            }
            plain[label] = Charset.text(bytes, in: charset)
        }
        return plain
    }

    private static func unquoted(_ text: String) -> String {
        var result = ""
        var isEscaped = false
        for character in text.dropFirst() {
            if isEscaped {
                result.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                break
            } else {
                result.append(character)
            }
        }
        return result
    }

    private static func percentDecoded(_ text: Substring) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"),
                let code = Hex.bytes(String(decoding: rest.prefix(2), as: UTF8.self)), code.count == 1
            {
                bytes += code
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}

extension String {
    /// Nil for a text of nothing but white space.
    var nonBlank: String? { trimmed.isEmpty ? nil : self }
}
