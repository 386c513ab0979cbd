// Writes JSON by RFC 8259, straight into bytes: names, values, nesting and quoting, nothing else. Members keep their order,
// so the same value is the same bytes; nothing stands between a card's some hundred values and its text. It trusts its
// caller to write a name before each value of an object. Can't fail. Used by the store, and by the renderers of webhooks.

/// A JSON text in the making. Commas are set by the writer, so calls read like the text.
///
/// It owns its memory and writes through a pointer: a card is some hundred short pieces, and an array would check for each
/// of them whether it is shared and has room.
package struct JSONText: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    private var count = 0
    private var capacity: Int
    private var needsComma = false

    /// Nothing yet, with room for a text of `capacity` bytes.
    package init(capacity: Int = 768) {
        self.capacity = capacity
        start = .allocate(capacity: capacity)
    }

    /// An object whose members `members` writes.
    package init(capacity: Int = 768, object members: (inout JSONText) -> Void) {
        self.init(capacity: capacity)
        object(members)
    }

    deinit { start.deallocate() }

    /// What is written so far, in UTF-8 without white space.
    package var bytes: [UInt8] { Array(UnsafeBufferPointer(start: start, count: count)) }

    package var text: String { String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self) }

    // MARK: Values

    package mutating func string(_ text: String) {
        separate()
        quote(text)
        needsComma = true
    }

    package mutating func number(_ number: Int64) {
        separate()
        put(String(number))
        needsComma = true
    }

    package mutating func flag(_ flag: Bool) {
        separate()
        put(flag ? "true" as StaticString : "false")
        needsComma = true
    }

    package mutating func null() {
        separate()
        put("null" as StaticString)
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
        put(UInt8(ascii: "\""))
        put(name)
        put(UInt8(ascii: "\""))
        put(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func key(named name: String) {
        separate()
        quote(name)
        put(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func member(_ name: StaticString, _ text: String) {
        key(name)
        string(text)
    }

    /// `text` holds nothing that JSON would escape.
    package mutating func member(_ name: StaticString, constant text: StaticString) {
        key(name)
        put(UInt8(ascii: "\""))
        put(text)
        put(UInt8(ascii: "\""))
        needsComma = true
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
        put(value.description)
        needsComma = true
    }

    package mutating func member(_ name: StaticString, _ flag: Bool) {
        key(name)
        self.flag(flag)
    }

    package mutating func member(_ name: StaticString, optional flag: Bool?) {
        if let flag { member(name, flag) }
    }

    /// A member that is null.
    package mutating func null(_ name: StaticString) {
        key(name)
        null()
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

    private mutating func enclose(_ open: Unicode.Scalar, _ close: Unicode.Scalar, _ inner: (inout JSONText) -> Void) {
        separate()
        put(UInt8(ascii: open))
        needsComma = false
        inner(&self)
        put(UInt8(ascii: close))
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { put(UInt8(ascii: ",")) }
    }

    // MARK: Bytes

    private mutating func put(_ byte: UInt8) {
        reserve(1)
        start[count] = byte
        count += 1
    }

    private mutating func put(_ text: StaticString) {
        let length = text.utf8CodeUnitCount
        reserve(length)
        (start + count).update(from: text.utf8Start, count: length)
        count += length
    }

    private mutating func put(_ text: String) {
        for byte in text.utf8 { put(byte) }
    }

    /// Quotes by RFC 8259, section 7; everything from space on that isn't a quote or a backslash stands for itself.
    private mutating func quote(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            reserve(utf8.count + 2)
            put(UInt8(ascii: "\""))
            guard let source = utf8.baseAddress else { return }
            // Eight bytes at a time as long as none needs an escape; that is nearly everything.
            var index = 0
            while index < utf8.count {
                if index + 8 <= utf8.count {
                    let word = UnsafeRawPointer(source + index).loadUnaligned(as: UInt64.self)
                    if Self.standsForItself(word) {
                        UnsafeMutableRawPointer(start + count).storeBytes(of: word, as: UInt64.self)
                        count += 8
                        index += 8
                        continue
                    }
                }
                let byte = source[index]
                if byte < 0x20 || byte == 0x22 || byte == 0x5C {
                    escape(byte)
                    reserve(utf8.count - index + 2)
                } else {
                    start[count] = byte
                    count += 1
                }
                index += 1
            }
        }
        put(UInt8(ascii: "\""))
    }

    /// True when none of eight bytes is a control character, a quote or a backslash. Bytes above 0x7F may be taken for one
    /// of them, and are then looked at one by one.
    private static func standsForItself(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = word ^ (ones &* 0x22)
        let backslashes = word ^ (ones &* 0x5C)
        let found = (word &- ones &* 0x20) | (quotes &- ones) | (backslashes &- ones) | word
        return found & (ones &* 0x80) == 0
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private mutating func escape(_ byte: UInt8) {
        put(UInt8(ascii: "\\"))
        switch byte {
        case 0x22, 0x5C: put(byte)
        case 0x0A: put(UInt8(ascii: "n"))
        default:
            put("u00" as StaticString)
            put(Self.digits[Int(byte >> 4)])
            put(Self.digits[Int(byte & 15)])
        }
    }

    private mutating func reserve(_ length: Int) {
        if count + length > capacity { grow(by: length) }
    }

    @inline(never)
    private mutating func grow(by length: Int) {
        let larger = max(capacity * 2, count + length)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        moved.moveInitialize(from: start, count: count)
        start.deallocate()
        start = moved
        capacity = larger
    }
}
