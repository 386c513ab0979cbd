// Text in any of the character sets that mails and cards name, by the C library's converter. A set that it doesn't know, and
// bytes that are none in their set, never lose a mail: then they are read as UTF-8 or Windows-1252.

import Glibc

/// From named character sets to text.
enum Charset {
    /// The text that `bytes` spell in the set called `name`.
    static func text(_ bytes: [UInt8], in name: String?) -> String {
        let label = (name ?? "").lowercased()
        switch label {
        case "", "utf-8", "utf8", "us-ascii", "ascii", "unknown-8bit", "8bit":
            return TextEncoding.assumed.text(bytes[...])
        case "iso-8859-1", "latin1", "windows-1252", "cp1252":
            // As browsers do: what says Latin-1 is Windows-1252 more often than not.
            return TextEncoding.western(bytes)
        default: return converted(bytes, from: label) ?? TextEncoding.assumed.text(bytes[...])
        }
    }

    /// `bytes` from the set called `label`; nil when there is no such set.
    private static func converted(_ bytes: [UInt8], from label: String) -> String? {
        // The library reads instructions from names with slashes.
        guard label.count <= 40, label.utf8.allSatisfy(isNamePart), !bytes.isEmpty else {
            return bytes.isEmpty ? "" : nil
        }
        let converter = iconv_open("UTF-8", label)
        guard converter != iconv_t(bitPattern: -1) else { return nil }
        defer { iconv_close(converter) }
        var source = bytes.map { CChar(bitPattern: $0) }
        var result: [UInt8] = []
        var room = [CChar](repeating: 0, count: 16_384)
        source.withUnsafeMutableBufferPointer { source in
            var next = source.baseAddress
            var left = source.count
            while left > 0 {
                let before = left
                let written = room.withUnsafeMutableBufferPointer { room in
                    var out = room.baseAddress
                    var free = room.count
                    _ = iconv(converter, &next, &left, &out, &free)
                    return room.count - free
                }
                result += room[..<written].map { UInt8(bitPattern: $0) }
                // A byte that is none in this set, or half a character at the end.
                if written == 0, left == before, left > 0 {
                    result += Array("\u{FFFD}".utf8)
                    next = next?.advanced(by: 1)
                    left -= 1
                }
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || "-_.:+()".utf8.contains(byte)
    }
}
