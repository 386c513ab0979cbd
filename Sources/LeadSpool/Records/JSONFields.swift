// One JSON object as a lead's fields, by Foundation's decoder. The text has passed the strict check before, so what can
// fail here is what the object holds: a field that is too long, nested too deeply, or without a name.

import Foundation
import LeadCore

/// The fields of one JSON object: texts as they are, numbers as decimals, `yes` and `no` for true and false, arrays of
/// these with commas between; an object within the object as `outer.inner`. Null counts as not given.
struct JSONFields: Decodable {
    private var fields = FieldCollection()

    /// The values by field.
    var values: [FieldName: String] { fields.values }

    init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Key.self)
        try keepFields(of: object, under: nil)
    }

    private mutating func keepFields(of object: KeyedDecodingContainer<Key>, under outer: String?) throws {
        for key in object.allKeys {
            if let text = try Self.ifMatching({ try object.decode(String.self, forKey: key) }) {
                try fields.keep(text, as: key.stringValue, under: outer)
            } else if try !object.decodeNil(forKey: key) {
                try keepOther(key, of: object, under: outer)
            }
        }
    }

    private mutating func keepOther(
        _ key: Key, of object: KeyedDecodingContainer<Key>, under outer: String?
    ) throws {
        if let number = try Self.ifMatching({ try object.decode(Decimal.self, forKey: key) }) {
            try fields.keep(number.description, as: key.stringValue, under: outer)
        } else if let flag = try Self.ifMatching({ try object.decode(Bool.self, forKey: key) }) {
            try fields.keep(Self.word(flag), as: key.stringValue, under: outer)
        } else if var list = try Self.ifMatching({ try object.nestedUnkeyedContainer(forKey: key) }) {
            try fields.keep(Self.joined(&list, key.stringValue), as: key.stringValue, under: outer)
        } else {
            guard outer == nil else { throw Self.tooDeep(key.stringValue) }
            let inner = try object.nestedContainer(keyedBy: Key.self, forKey: key)
            try keepFields(of: inner, under: key.stringValue)
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
            what: "\(FieldCollection.shown(spelling)) holds objects or lists within each other",
            remedy: "Give it as a text, a list of texts, or one object of texts.")
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
