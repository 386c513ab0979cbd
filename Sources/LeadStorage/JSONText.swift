// Writes JSON by RFC 8259: names, values, nesting and quoting, nothing else. It trusts its caller to write a name before
// each value of an object. Can't fail. Used by `Stored`, which knows the shapes.

/// A JSON text in the making. Commas are set by the writer, so calls read like the text.
struct JSONText {
    private var bytes: [UInt8] = []
    private var needsComma = false

    init() { bytes.reserveCapacity(768) }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    // MARK: Values

    mutating func string(_ text: String) {
        separate()
        quote(text)
        needsComma = true
    }

    mutating func number(_ number: Int64) {
        separate()
        bytes.append(contentsOf: String(number).utf8)
        needsComma = true
    }

    mutating func object(_ members: (inout JSONText) -> Void) { enclose("{", "}", members) }

    mutating func array<Element>(_ elements: [Element], _ write: (inout JSONText, Element) -> Void) {
        enclose("[", "]") { json in
            for element in elements { write(&json, element) }
        }
    }

    mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func key(named name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func member(_ name: StaticString, _ text: String) {
        key(name)
        string(text)
    }

    mutating func member(_ name: StaticString, _ value: Int64) {
        key(name)
        number(value)
    }

    mutating func member(_ name: StaticString, optional text: String?) {
        if let text { member(name, text) }
    }

    /// A finite number; others don't come.
    mutating func member(_ name: StaticString, _ value: Double) {
        key(name)
        separate()
        bytes += value.description.utf8
        needsComma = true
    }

    mutating func member(_ name: StaticString, optional flag: Bool?) {
        guard let flag else { return }
        key(name)
        separate()
        bytes += (flag ? "true" : "false").utf8
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func enclose(_ open: Unicode.Scalar, _ close: Unicode.Scalar, _ inner: (inout JSONText) -> Void) {
        separate()
        bytes.append(UInt8(ascii: open))
        needsComma = false
        inner(&self)
        bytes.append(UInt8(ascii: close))
        needsComma = true
    }

    /// Quotes by RFC 8259, section 7; everything from space on that isn't a quote or a backslash stands for itself.
    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            if utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) {
                bytes.append(contentsOf: utf8)
            } else {
                for byte in utf8 { escape(byte) }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x22, 0x5C:
            bytes.append(0x5C)
            bytes.append(byte)
        case 0..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: Array("\\u00".utf8))
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 15)])
        default:
            bytes.append(byte)
        }
    }
}
