// One JSON object as a lead's fields, by Foundation's decoder. The text has passed the strict check before, so what can
// fail here is what the object holds: a field that is too long, nested too deeply, or without a name.

import Foundation
import LeadCore

/// Why an object's fields are no lead's.
struct FieldFlaw: Error, Equatable {
    /// What is wrong; holds no value.
    let what: String
    /// How to mend it.
    let remedy: String
}

/// The fields of one JSON object: texts as they are, numbers as decimals, `yes` and `no` for true and false, arrays of
/// these with commas between; an object within the object as `outer.inner`. Null counts as not given.
struct JSONFields: Decodable {
    /// The values by field.
    private(set) var values: [FieldName: String] = [:]
    /// How a field was spelled that two names could mean.
    private var spellings: [FieldName: String] = [:]

    /// The longest name and the longest value, in bytes.
    static let longest = 32 * 1024
    /// How many fields an object may have.
    static let most = 1000

    init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Key.self)
        values.reserveCapacity(16)
        try keepFields(of: object, under: nil)
    }

    private mutating func keepFields(of object: KeyedDecodingContainer<Key>, under outer: String?) throws {
        for key in object.allKeys {
            if let text = try Self.ifMatching({ try object.decode(String.self, forKey: key) }) {
                try keep(text, as: key.stringValue, under: outer)
            } else if try !object.decodeNil(forKey: key) {
                try keepOther(key, of: object, under: outer)
            }
        }
    }

    private mutating func keepOther(
        _ key: Key, of object: KeyedDecodingContainer<Key>, under outer: String?
    ) throws {
        if let number = try Self.ifMatching({ try object.decode(Decimal.self, forKey: key) }) {
            try keep(number.description, as: key.stringValue, under: outer)
        } else if let flag = try Self.ifMatching({ try object.decode(Bool.self, forKey: key) }) {
            try keep(Self.word(flag), as: key.stringValue, under: outer)
        } else if var list = try Self.ifMatching({ try object.nestedUnkeyedContainer(forKey: key) }) {
            try keep(Self.joined(&list, key.stringValue), as: key.stringValue, under: outer)
        } else {
            guard outer == nil else { throw Self.tooDeep(key.stringValue) }
            let inner = try object.nestedContainer(keyedBy: Key.self, forKey: key)
            try keepFields(of: inner, under: key.stringValue)
        }
    }

    private mutating func keep(_ text: String, as spelling: String, under outer: String?) throws {
        guard spelling.utf8.count <= Self.longest else {
            throw FieldFlaw(what: "a field's name is longer than 32 KiB", remedy: "Shorten the name.")
        }
        guard text.utf8.count <= Self.longest else {
            throw FieldFlaw(
                what: "the value of \(Self.shown(spelling)) is longer than 32 KiB", remedy: "Shorten the value.")
        }
        // An empty value must not stand in the way of another spelling that has one.
        guard !text.utf8.allSatisfy({ $0 <= 0x20 }) else { return }
        var field = FieldNaming.field(spelling)
        guard !field.text.isEmpty else {
            throw FieldFlaw(what: "a field has no name", remedy: "Give each field a name.")
        }
        if let outer { field = FieldName(FieldNaming.field(outer).text + "." + field.text) }
        let whole = outer.map { $0 + "." + spelling } ?? spelling
        if field.text == whole {
            spellings[field] = nil
        } else if values[field] != nil {
            // The decoder gives names in no order, and the same file must be the same lead each time.
            guard let former = spellings[field], whole < former else { return }
            spellings[field] = whole
        } else {
            spellings[field] = whole
        }
        values[field] = text
        guard values.count <= Self.most else {
            throw FieldFlaw(what: "more than \(Self.most) fields", remedy: "Send one lead an object, not many.")
        }
    }

    private static func joined(_ list: inout any UnkeyedDecodingContainer, _ spelling: String) throws -> String {
        var texts: [String] = []
        while !list.isAtEnd {
            if try list.decodeNil() { continue }
            if let text = try ifMatching({ try list.decode(String.self) }) {
                texts.append(text)
            } else if let number = try ifMatching({ try list.decode(Decimal.self) }) {
                texts.append(number.description)
            } else if let flag = try ifMatching({ try list.decode(Bool.self) }) {
                texts.append(word(flag))
            } else {
                throw tooDeep(spelling)
            }
        }
        return texts.joined(separator: ", ")
    }

    /// What `decode` gives, nil when the value is of another type.
    private static func ifMatching<Value>(_ decode: () throws -> Value) throws -> Value? {
        do {
            return try decode()
        } catch DecodingError.typeMismatch {
            return nil
        } catch DecodingError.valueNotFound {
            return nil
        }
    }

    private static func word(_ flag: Bool) -> String { flag ? "yes" : "no" }

    private static func tooDeep(_ spelling: String) -> FieldFlaw {
        FieldFlaw(
            what: "\(shown(spelling)) holds objects or lists within each other",
            remedy: "Give it as a text, a list of texts, or one object of texts.")
    }

    /// A field's name as it may stand in a log line.
    private static func shown(_ spelling: String) -> String {
        let name = FieldNaming.field(spelling).text
        return name.count > 40 ? "\(name.prefix(40))…" : name
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
