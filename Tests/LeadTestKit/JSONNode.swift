// JSON as a value, for tests that read schemas and make what they describe.

import Foundation

/// A JSON value.
public enum JSONNode: Sendable, Hashable {
    case null
    case truth(Bool)
    case number(Double)
    case text(String)
    case list([JSONNode])
    case object([String: JSONNode])

    /// The member called `name`.
    public subscript(name: String) -> JSONNode? { members[name] }

    /// The members of an object; none of anything else.
    public var members: [String: JSONNode] { if case .object(let members) = self { members } else { [:] } }
    /// The items of a list; none of anything else.
    public var items: [JSONNode] { if case .list(let items) = self { items } else { [] } }
    /// The texts of a list.
    public var texts: [String] { items.compactMap(\.text) }
    /// The text that it is.
    public var text: String? { if case .text(let text) = self { text } else { nil } }
    /// The number that it is, where that is a whole one.
    public var whole: Int? { if case .number(let number) = self { Int(exactly: number) } else { nil } }

    /// The value that `json` spells.
    public static func read(_ json: some Sequence<UInt8>) throws -> JSONNode {
        try JSONDecoder().decode(JSONNode.self, from: Data(json))
    }

    /// As JSON, its names in order.
    public var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    /// What `#/a/b` names within it.
    public func at(_ pointer: String) -> JSONNode? {
        pointer.split(separator: "/").dropFirst().reduce(self as JSONNode?) { node, name in
            node?[String(name).replacing("~1", with: "/").replacing("~0", with: "~")]
        }
    }
}

extension JSONNode: Codable {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    public init(from decoder: any Decoder) throws {
        if let members = Self.unless({ try decoder.container(keyedBy: Name.self) }) {
            var read: [String: JSONNode] = [:]
            for name in members.allKeys { read[name.stringValue] = try members.decode(JSONNode.self, forKey: name) }
            self = .object(read)
        } else if var list = Self.unless({ try decoder.unkeyedContainer() }) {
            var read: [JSONNode] = []
            while !list.isAtEnd { read.append(try list.decode(JSONNode.self)) }
            self = .list(read)
        } else {
            let value = try decoder.singleValueContainer()
            if value.decodeNil() {
                self = .null
            } else if let truth = Self.unless({ try value.decode(Bool.self) }) {
                self = .truth(truth)
            } else if let number = Self.unless({ try value.decode(Double.self) }) {
                self = .number(number)
            } else {
                self = .text(try value.decode(String.self))
            }
        }
    }

    /// What `read` gives; nil where the value is of another kind.
    private static func unless<Value>(_ read: () throws -> Value) -> Value? {
        do { return try read() } catch { return nil }
    }

    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .null: try value.encodeNil()
        case .truth(let truth): try value.encode(truth)
        case .number(let number): try value.encode(number)
        case .text(let text): try value.encode(text)
        case .list(let items): try value.encode(items)
        case .object(let members): try value.encode(members)
        }
    }
}
