// Reads leads as `Stored` writes them, many times as fast as the general decoder: who looks for earlier leads of one person
// reads dozens of them for each that comes in. It knows that one shape and nothing else of JSON; a text that is written in
// any other way is left to the decoder, which also says what is wrong with it. Used by `Stored`.

import LeadCore

/// The text of a lead, as far as it has been read.
struct LeadText {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0

    /// The text isn't in the shape that this knows.
    private struct OtherShape: Error {}

    /// The lead that `text` stands for; nil when it isn't spelled as `Stored` spells leads.
    static func lead(_ text: String) -> Lead? {
        var text = text
        return text.withUTF8 { bytes in
            var reader = LeadText(bytes: bytes)
            do throws(OtherShape) {
                return try reader.lead()
            } catch {
                return nil
            }
        }
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private mutating func lead() throws(OtherShape) -> Lead {
        try expect("{\"values\":")
        let values = try fields { reader throws(OtherShape) in try reader.value() }
        var others: [FieldName: [Lead.Value]] = [:]
        if take(",\"others\":") {
            others = try fields { reader throws(OtherShape) in
                try reader.list { reader throws(OtherShape) in try reader.value() }
            }
        }
        try expect(",\"gaps\":")
        let gaps = try list { reader throws(OtherShape) in try reader.gap() }
        try expect("}")
        guard at == bytes.count else { throw OtherShape() }
        return Lead(values: values, others: others, gaps: gaps)
    }

    private mutating func value() throws(OtherShape) -> Lead.Value {
        guard take("{\"text\":") else { return Lead.Value(try string(), .given) }
        let text = try string()
        if take(",\"origin\":") { return Lead.Value(text, try provenance()) }
        // As it was written formerly.
        guard take(",\"provenance\":{\"origin\":") else {
            try expect("}")
            return Lead.Value(text, .given)
        }
        let provenance = try provenance()
        try expect("}")
        return Lead.Value(text, provenance)
    }

    private mutating func provenance() throws(OtherShape) -> Provenance {
        let origin = try string()
        let basis = take(",\"basis\":") ? try string() : nil
        let confidence = take(",\"confidence\":") ? Int(try number()) : nil
        let instant = take(",\"at\":") ? Timestamp(milliseconds: try number()) : nil
        try expect("}")
        return Provenance(origin: origin, basis: basis, confidence: confidence, at: instant)
    }

    private mutating func gap() throws(OtherShape) -> Lead.Gap {
        try expect("{\"enricher\":")
        let enricher = try string()
        try expect(",\"reason\":")
        let reason = try string()
        try expect("}")
        return Lead.Gap(enricher: enricher, reason: reason)
    }

    // MARK: JSON

    /// An object with a member for each field.
    private mutating func fields<Member>(
        _ member: (inout LeadText) throws(OtherShape) -> Member
    ) throws(OtherShape) -> [FieldName: Member] {
        var members: [FieldName: Member] = [:]
        try expect("{")
        if take("}") { return members }
        repeat {
            let field = FieldName(try string())
            try expect(":")
            guard members.updateValue(try member(&self), forKey: field) == nil else { throw OtherShape() }
        } while take(",")
        try expect("}")
        return members
    }

    private mutating func list<Element>(
        _ element: (inout LeadText) throws(OtherShape) -> Element
    ) throws(OtherShape) -> [Element] {
        var elements: [Element] = []
        try expect("[")
        if take("]") { return elements }
        repeat { elements.append(try element(&self)) } while take(",")
        try expect("]")
        return elements
    }

    private mutating func string() throws(OtherShape) -> String {
        try expect("\"")
        let start = at
        while let byte = next(), byte != Self.quote {
            guard byte >= 0x20 else { throw OtherShape() }
            guard byte != Self.backslash else { return try escaped(from: start) }
            at += 1
        }
        let end = at
        try expect("\"")
        return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
    }

    /// A text that began at `start`, up to the first of its escapes.
    private mutating func escaped(from start: Int) throws(OtherShape) -> String {
        var text = Array(bytes[start..<at])
        while let byte = next(), byte != Self.quote {
            guard byte >= 0x20 else { throw OtherShape() }
            text.append(byte == Self.backslash ? try escape() : byte)
            if byte != Self.backslash { at += 1 }
        }
        try expect("\"")
        return String(decoding: text, as: UTF8.self)
    }

    /// The character behind an escape, one of those that are written.
    private mutating func escape() throws(OtherShape) -> UInt8 {
        if take("\\\"") { return Self.quote }
        if take("\\\\") { return Self.backslash }
        if take("\\n") { return 0x0A }
        try expect("\\u00")
        var code: UInt8 = 0
        for _ in 0..<2 {
            guard let digit = next().flatMap(Self.digit) else { throw OtherShape() }
            code = code << 4 | digit
            at += 1
        }
        // What is beyond ASCII is never written this way, and would be more than one byte.
        guard code < 0x20 else { throw OtherShape() }
        return code
    }

    /// A number of so few digits that it can't be too large.
    private mutating func number() throws(OtherShape) -> Int64 {
        let isNegative = take("-")
        let start = at
        var number: Int64 = 0
        while let byte = next(), byte &- UInt8(ascii: "0") < 10 {
            number = number &* 10 &+ Int64(byte &- UInt8(ascii: "0"))
            at += 1
        }
        guard (1...18).contains(at - start), at - start == 1 || bytes[start] != UInt8(ascii: "0") else {
            throw OtherShape()
        }
        return isNegative ? -number : number
    }

    private func next() -> UInt8? { at < bytes.count ? bytes[at] : nil }

    /// Whether `token` comes next, which is taken then.
    private mutating func take(_ token: StaticString) -> Bool {
        let end = at + token.utf8CodeUnitCount
        guard end <= bytes.count else { return false }
        for index in 0..<token.utf8CodeUnitCount where bytes[at + index] != token.utf8Start[index] { return false }
        at = end
        return true
    }

    private mutating func expect(_ token: StaticString) throws(OtherShape) {
        guard take(token) else { throw OtherShape() }
    }

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
