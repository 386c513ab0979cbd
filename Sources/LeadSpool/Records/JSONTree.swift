// One JSON text as a value: texts, lists and objects, with numbers and truth values as the texts that a lead has for them.
// The text has passed the strict check before, so reading needs no errors but for numbers that a decimal doesn't hold.

import Foundation
import LeadCore

/// A JSON value as a lead's fields have it.
indirect enum JSONTree: Equatable {
    /// `null`, which counts as not given.
    case nothing
    /// A text as it is, a number in decimal digits, `yes` for true and `no` for false.
    case text(String)
    case list([JSONTree])
    /// In the order of names; of a name that is there twice what came first.
    case object([Member])

    /// A name and what it stands for.
    struct Member: Equatable {
        let name: String
        let value: JSONTree
    }

    /// The value that `bytes` spell, which have passed `JSONScan`.
    init(checked bytes: ArraySlice<UInt8>) throws(FieldFlaw) {
        var reader = Reader(bytes: bytes, at: bytes.startIndex)
        self = try reader.value()
    }

    /// The text of a value that is one.
    var text: String? { if case .text(let text) = self { text } else { nil } }
}

private struct Reader {
    let bytes: ArraySlice<UInt8>
    var at: Int

    /// The next byte that is no white space; the place is on it.
    private mutating func next() -> UInt8 {
        while JSONScan.isSpace(bytes[at]) { at += 1 }
        return bytes[at]
    }

    mutating func value() throws(FieldFlaw) -> JSONTree {
        switch next() {
        case UInt8(ascii: "\""): return .text(string())
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try list()
        case UInt8(ascii: "n"): return skip("null", .nothing)
        case UInt8(ascii: "t"): return skip("true", .text("yes"))
        case UInt8(ascii: "f"): return skip("false", .text("no"))
        default: return .text(try number())
        }
    }

    private mutating func skip(_ word: StaticString, _ meaning: JSONTree) -> JSONTree {
        at += word.utf8CodeUnitCount
        return meaning
    }

    private mutating func object() throws(FieldFlaw) -> JSONTree {
        var members: [JSONTree.Member] = []
        at += 1
        while next() != UInt8(ascii: "}") {
            if bytes[at] == UInt8(ascii: ",") {
                at += 1
                _ = next()
            }
            let name = string()
            _ = next()
            at += 1
            members.append(JSONTree.Member(name: name, value: try value()))
        }
        at += 1
        // The standard library's sort keeps the order of equals.
        members.sort { $0.name < $1.name }
        guard zip(members, members.dropFirst()).contains(where: { $0.name == $1.name }) else { return .object(members) }
        var unique: [JSONTree.Member] = []
        for member in members where member.name != unique.last?.name { unique.append(member) }
        return .object(unique)
    }

    private mutating func list() throws(FieldFlaw) -> JSONTree {
        var items: [JSONTree] = []
        at += 1
        while next() != UInt8(ascii: "]") {
            if bytes[at] == UInt8(ascii: ",") { at += 1 }
            items.append(try value())
        }
        at += 1
        return .list(items)
    }

    private mutating func number() throws(FieldFlaw) -> String {
        let start = at
        var isPlain = true
        loop: while at < bytes.endIndex {
            switch bytes[at] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): break
            case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
                isPlain = false
            default: break loop
            }
            at += 1
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        guard !isPlain else { return text }
        guard let number = Decimal(string: text, locale: nil), !number.isNaN else {
            throw FieldFlaw(what: "a number is too large or too small", remedy: "Write the number as a text.")
        }
        return number.description
    }

    /// The text that begins here; the place is behind it then.
    private mutating func string() -> String {
        at += 1
        let start = at
        while bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "\\") { at += 1 }
        if bytes[at] == UInt8(ascii: "\"") {
            defer { at += 1 }
            return String(decoding: bytes[start..<at], as: UTF8.self)
        }
        var text = Array(bytes[start..<at])
        while bytes[at] != UInt8(ascii: "\"") {
            if bytes[at] == UInt8(ascii: "\\") {
                escape(&text)
            } else {
                text.append(bytes[at])
                at += 1
            }
        }
        at += 1
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func escape(_ text: inout [UInt8]) {
        let letter = bytes[at + 1]
        guard letter == UInt8(ascii: "u") else {
            text.append(Self.meaning(of: letter))
            at += 2
            return
        }
        var units = [unit()]
        if UTF16.isLeadSurrogate(units[0]) { units.append(unit()) }
        text += String(decoding: units, as: UTF16.self).utf8
    }

    private static func meaning(of letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: letter
        }
    }

    /// Reads `\uXXXX`, as the check has done before.
    private mutating func unit() -> UInt16 {
        var offset = at - bytes.startIndex
        defer { at = bytes.startIndex + offset }
        do throws(JSONScan.Flaw) { return try JSONScan.unit(bytes.span, &offset) } catch { return 0xFFFD }
    }
}
