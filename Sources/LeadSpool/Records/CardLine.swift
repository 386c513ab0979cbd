// One content line of a vCard, unfolded, with its parameters and in its own encoding: version 2.1 writes
// quoted-printable with soft line ends, 3.0 and 4.0 fold lines by a space at the start of the next.

import Foundation
import LeadCore

/// A property of a card.
struct CardLine {
    /// As it stands in the file, with its line ends.
    let raw: String
    /// On which line it begins.
    let number: Int
    /// In capitals and without a group: `TEL` of `item1.TEL;type=cell:+1`; empty for what is no property.
    let name: String
    private let parameters: [(name: String, value: String)]
    /// As it is encoded.
    let value: String

    /// The lines of a file of cards.
    static func lines(of text: String) -> [CardLine] {
        var lines: [CardLine] = []
        var raw = ""
        var logical = ""
        var isQuotedPrintable = false
        var first = 1
        var number = 0
        func close() {
            if number > 0 { lines.append(CardLine(raw: raw, logical: logical, number: first)) }
        }
        let all = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        for line in all {
            let isFolded = line.first == " " || line.first == "\t"
            let isSoft = isQuotedPrintable && logical.hasSuffix("=")
            if number > 0, isFolded || isSoft {
                raw += "\n" + line
                // A soft line end is no part of the text, nor is the space by which a line was folded.
                if isSoft { logical.removeLast() }
                logical += isFolded && !isSoft ? line.dropFirst() : line[...]
            } else {
                close()
                (raw, logical, first) = (String(line), String(line), number + 1)
                isQuotedPrintable = line.prefix { $0 != ":" }.uppercased().contains("QUOTED-PRINTABLE")
            }
            number += 1
        }
        close()
        return lines
    }

    private init(raw: String, logical: String, number: Int) {
        self.raw = raw
        self.number = number
        var isQuoted = false
        var colon: String.Index?
        for index in logical.indices {
            if logical[index] == "\"" { isQuoted.toggle() }
            if logical[index] == ":", !isQuoted {
                colon = index
                break
            }
        }
        guard let colon else {
            (name, parameters, value) = ("", [], "")
            return
        }
        let pieces = Self.split(logical[..<colon], at: ";", minding: "\"")
        let full = pieces.first ?? ""
        name = (full.split(separator: ".").last.map(String.init) ?? full).uppercased()
        parameters = pieces.dropFirst().map { piece in
            let pair = piece.split(separator: "=", maxSplits: 1).map(String.init)
            // In 2.1 a value may stand alone: `TEL;CELL:`.
            return pair.count == 2
                ? (pair[0].uppercased(), pair[1].filter { $0 != "\"" }) : ("TYPE", pair.first ?? "")
        }
        value = String(logical[logical.index(after: colon)...])
    }

    /// The value of the parameter called `name`.
    func parameter(_ name: String) -> String? { parameters.first { $0.name == name }?.value }

    /// Less for what its owner prefers.
    var preference: Int {
        if let rank = parameter("PREF").flatMap({ Int($0) }) { return rank }
        return parameters.contains { $0.name == "TYPE" && $0.value.lowercased().contains("pref") } ? 1 : 101
    }

    /// The value as text.
    var text: String { Self.unescaped(decoded) }

    /// The parts of a value that has some, as names and addresses do.
    var parts: [String] { Self.split(decoded[...], at: ";").map { Self.unescaped($0).trimmed } }

    /// The items of a list.
    var list: [String] { Self.split(decoded[...], at: ",").map { Self.unescaped($0).trimmed } }

    private var decoded: String {
        let encodings = parameters.filter { $0.name == "ENCODING" || $0.name == "TYPE" }.map { $0.value.uppercased() }
        if encodings.contains("QUOTED-PRINTABLE") {
            let bytes = TransferEncoding.quotedPrintable(Array(value.utf8)[...])
            return Charset.text(bytes, in: parameter("CHARSET"))
        }
        if encodings.contains("B") || encodings.contains("BASE64") {
            return Charset.text(TransferEncoding.base64(Array(value.utf8)[...]), in: parameter("CHARSET"))
        }
        return value
    }

    private static func unescaped(_ text: String) -> String {
        guard text.contains("\\") else { return text }
        var result = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                result.append(character == "n" || character == "N" ? "\n" : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                result.append(character)
            }
        }
        return result
    }

    /// `text` in pieces, where the divider isn't escaped nor between two of `quote`.
    private static func split(_ text: Substring, at divider: Character, minding quote: Character? = nil) -> [String] {
        var pieces = [""]
        var isEscaped = false
        var isQuoted = false
        for character in text {
            if character == divider, !isEscaped, !isQuoted {
                pieces.append("")
            } else {
                pieces[pieces.count - 1].append(character)
            }
            if character == quote { isQuoted.toggle() }
            isEscaped = character == "\\" && !isEscaped
        }
        return pieces
    }
}
