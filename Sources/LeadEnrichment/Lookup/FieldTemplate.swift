// Texts with a lead's fields in them, as in `https://api.example.com/firms/{web_domain}`. Checked when the configuration
// is read; filled for each lead, with each value escaped for where it stands.

import LeadCore

/// A text with fields.
struct FieldTemplate: Sendable, Equatable {
    enum Part: Sendable, Equatable {
        case text(String)
        case field(FieldName)
    }

    let parts: [Part]

    /// Reads `text`; `{name}` is a field. Other braces stand for themselves.
    init(_ text: String) {
        var parts: [Part] = []
        var literal = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            literal += rest[..<open]
            let name = rest[open...].dropFirst().prefix { $0 != "}" && $0 != "{" }
            let after = rest[open...].dropFirst(name.count + 1)
            if after.first == "}", Self.isField(name) {
                if !literal.isEmpty { parts.append(.text(literal)) }
                literal = ""
                parts.append(.field(FieldName(String(name))))
                rest = after.dropFirst()
            } else {
                literal += "{"
                rest = rest[open...].dropFirst()
            }
        }
        literal += rest
        if !literal.isEmpty { parts.append(.text(literal)) }
        self.parts = parts
    }

    private static func isField(_ name: Substring) -> Bool {
        guard let first = name.utf8.first, (97...122).contains(first), name.utf8.count <= 64 else { return false }
        return name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_") }
    }

    /// The fields, each once, in order.
    var fields: [FieldName] {
        var fields: [FieldName] = []
        for case .field(let name) in parts where !fields.contains(name) { fields.append(name) }
        return fields
    }

    /// The text up to the first field.
    var opening: String { if case .text(let text) = parts.first { text } else { "" } }

    /// The text for `lead`; nil when it lacks one of the fields.
    func filled(from lead: Lead, escape: (String) -> String) -> String? {
        var text = ""
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .field(let name):
                guard let value = lead[name] else { return nil }
                text += escape(value)
            }
        }
        return text
    }
}

/// How values are escaped.
enum Escaping {
    /// For a part of a URL's path or query: everything but RFC 3986's unreserved characters.
    static func url(_ text: String) -> String {
        var bytes: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// For within a JSON text's quotation marks.
    static func json(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            default:
                if scalar.value < 0x20 {
                    let hex = String(scalar.value, radix: 16)
                    escaped += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                } else {
                    escaped.unicodeScalars.append(scalar)
                }
            }
        }
        return escaped
    }
}
