// Writes JSON by RFC 8259, straight into bytes: names, values, nesting and quoting, nothing else. Members keep their order,
// so the same value is the same bytes; nothing stands between a card's some hundred values and its text. It trusts its
// caller to write a name before each value of an object. Can't fail. Used by the store, and by the renderers of webhooks.

/// A JSON text in the making. Commas are set by the writer, so calls read like the text.
package struct JSONText {
    /// What is written so far, in UTF-8 without white space.
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// Nothing yet, with room for a text of `capacity` bytes.
    package init(capacity: Int = 768) { bytes.reserveCapacity(capacity) }

    /// An object whose members `members` writes.
    package init(capacity: Int = 768, object members: (inout JSONText) -> Void) {
        self.init(capacity: capacity)
        object(members)
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    // MARK: Values

    package mutating func string(_ text: String) {
        separate()
        quote(text)
        needsComma = true
    }

    package mutating func number(_ number: Int64) {
        separate()
        bytes.append(contentsOf: String(number).utf8)
        needsComma = true
    }

    package mutating func flag(_ flag: Bool) {
        separate()
        bytes += (flag ? "true" : "false").utf8
        needsComma = true
    }

    package mutating func null() {
        separate()
        bytes += "null".utf8
        needsComma = true
    }

    package mutating func object(_ members: (inout JSONText) -> Void) { enclose("{", "}", members) }

    package mutating func array<Element>(_ elements: [Element], _ write: (inout JSONText, Element) -> Void) {
        enclose("[", "]") { json in
            for element in elements { write(&json, element) }
        }
    }

    package mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func key(named name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func member(_ name: StaticString, _ text: String) {
        key(name)
        string(text)
    }

    package mutating func member(_ name: StaticString, _ value: Int64) {
        key(name)
        number(value)
    }

    package mutating func member(_ name: StaticString, optional text: String?) {
        if let text { member(name, text) }
    }

    /// A finite number; others don't come.
    package mutating func member(_ name: StaticString, _ value: Double) {
        key(name)
        separate()
        bytes += value.description.utf8
        needsComma = true
    }

    package mutating func member(_ name: StaticString, _ flag: Bool) {
        key(name)
        bytes += (flag ? "true" : "false").utf8
        needsComma = true
    }

    package mutating func member(_ name: StaticString, optional flag: Bool?) {
        if let flag { member(name, flag) }
    }

    /// A member that is null.
    package mutating func null(_ name: StaticString) {
        key(name)
        bytes += "null".utf8
        needsComma = true
    }

    /// A member that is an object, whose members `members` writes.
    package mutating func object(_ name: StaticString, _ members: (inout JSONText) -> Void) {
        key(name)
        object(members)
    }

    /// A member that is a list, whose values `values` writes.
    package mutating func list(_ name: StaticString, _ values: (inout JSONText) -> Void) {
        key(name)
        enclose("[", "]", values)
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
            // Runs that need no escape are taken over whole; that is nearly everything.
            var start = 0
            for (index, byte) in utf8.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5C {
                bytes.append(contentsOf: utf8[start..<index])
                escape(byte)
                start = index + 1
            }
            bytes.append(contentsOf: utf8[start...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x22, 0x5C: bytes += [0x5C, byte]
        case 0x0A: bytes += "\\n".utf8
        default:
            bytes += "\\u00".utf8
            bytes += [Self.digits[Int(byte >> 4)], Self.digits[Int(byte & 15)]]
        }
    }
}
