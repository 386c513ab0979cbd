// One JSON object as names and texts for a mapping: objects within it as `outer.inner`, lists of texts with commas between,
// and lists of `{ name, value }`, as some interfaces send their fields, as one name each. The text has passed the strict
// check before, which bounds its depth.

import Foundation
import LeadCore

/// The pairs of one JSON object.
struct JSONPairs: Decodable {
    private(set) var record = RawRecord()

    init(from decoder: any Decoder) throws {
        guard case .object(let members) = try JSONTree(from: decoder) else { return }
        try add(members, under: "")
    }

    private mutating func add(_ members: [String: JSONTree], under outer: String) throws {
        for (name, value) in members.sorted(by: { $0.key < $1.key }) where name != FormPosts.requestField {
            try add(value, as: outer + name)
        }
    }

    private mutating func add(_ value: JSONTree, as name: String) throws {
        guard record.pairs.count <= FieldCollection.most else {
            throw FieldFlaw(
                what: "more than \(FieldCollection.most) fields", remedy: "Send one lead an object, not many.")
        }
        switch value {
        case .nothing: return
        case .text(let text): record.add(name, text)
        case .object(let members): try add(members, under: name + ".")
        case .list(let items):
            let texts = items.compactMap(\.text)
            if texts.count == items.count(where: { $0 != .nothing }) {
                return record.add(name, texts.joined(separator: ", "))
            }
            for (index, item) in items.enumerated() {
                if case .object(let members) = item, let (label, value) = Self.labelled(members) {
                    try add(value, as: "\(name).\(label)")
                } else {
                    try add(item, as: "\(name).\(index + 1)")
                }
            }
        }
    }

    /// The name and the value of an object that is nothing but a field.
    private static func labelled(_ members: [String: JSONTree]) -> (String, JSONTree)? {
        let label = ["column_id", "name", "key", "label"].lazy.compactMap { members[$0]?.text }.first
        let value = ["string_value", "value", "values", "answer"].lazy.compactMap { members[$0] }.first
        guard let label, let value else { return nil }
        return (label, value)
    }
}

/// A JSON value.
private indirect enum JSONTree: Decodable, Equatable {
    case nothing
    case text(String)
    case list([JSONTree])
    case object([String: JSONTree])

    init(from decoder: any Decoder) throws {
        if let object = try Self.ifMatching({ try decoder.container(keyedBy: Key.self) }) {
            self = .object(
                try object.allKeys.reduce(into: [:]) {
                    $0[$1.stringValue] = try object.decode(JSONTree.self, forKey: $1)
                })
            return
        }
        if var list = try Self.ifMatching({ try decoder.unkeyedContainer() }) {
            var items: [JSONTree] = []
            while !list.isAtEnd { items.append(try list.decode(JSONTree.self)) }
            self = .list(items)
            return
        }
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
            self = .nothing
        } else if let text = try Self.ifMatching({ try single.decode(String.self) }) {
            self = .text(text)
        } else if let flag = try Self.ifMatching({ try single.decode(Bool.self) }) {
            self = .text(flag ? "yes" : "no")
        } else {
            self = .text(try single.decode(Decimal.self).description)
        }
    }

    var text: String? { if case .text(let text) = self { text } else { nil } }

    private static func ifMatching<Value>(_ decode: () throws -> Value) throws -> Value? {
        do {
            return try decode()
        } catch DecodingError.typeMismatch {
            return nil
        } catch DecodingError.valueNotFound {
            return nil
        }
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
