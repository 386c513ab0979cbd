// As much of JSON Schema as the schemas of the tests use. An unknown keyword is a complaint, so that none is passed over.

import Foundation

/// A schema that values are held to.
public struct SchemaCheck {
    private let root: [String: Any]

    /// The schema in `file`.
    public init(file: URL) throws {
        root = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] ?? [:]
    }

    /// The words that the member at `path` may be, as in `["properties", "type"]`; nil when there is no such list.
    public func words(at path: [String]) -> [String]? {
        let schema = path.reduce(root as [String: Any]?) { $0?[$1] as? [String: Any] }
        return schema?["enum"] as? [String]
    }

    /// What is wrong with `json`; empty when nothing is.
    public func complaints(about json: [UInt8]) throws -> [String] {
        check(try JSONSerialization.jsonObject(with: Data(json), options: .fragmentsAllowed), root, at: "$")
    }

    private func check(_ value: Any, _ schema: [String: Any], at path: String) -> [String] {
        var found: [String] = []
        for (keyword, rule) in schema {
            switch (keyword, rule) {
            case ("$schema", _), ("title", _), ("description", _), ("$defs", _): continue
            case ("$ref", let name as String):
                let definitions = root["$defs"] as? [String: Any]
                let key = name.split(separator: "/").last.map(String.init) ?? ""
                guard let target = definitions?[key] as? [String: Any] else {
                    found.append("\(path): no definition \(name)")
                    continue
                }
                found += check(value, target, at: path)
            case ("anyOf", let options as [[String: Any]]):
                if !options.contains(where: { check(value, $0, at: path).isEmpty }) {
                    found.append("\(path): none fits")
                }
            case ("type", let type as String): if !fits(value, type) { found.append("\(path): no \(type)") }
            case ("type", let types as [String]):
                if !types.contains(where: { fits(value, $0) }) { found.append("\(path): none of \(types)") }
            case ("enum", let values as [String]):
                if !values.contains(value as? String ?? "") { found.append("\(path): \(value) is not among \(values)") }
            case ("pattern", let pattern as String):
                if (value as? String)?.range(of: pattern, options: .regularExpression) == nil {
                    found.append("\(path): \(value) isn't like \(pattern)")
                }
            case ("required", let names as [String]):
                let members = value as? [String: Any] ?? [:]
                found += names.filter { members[$0] == nil }.map { "\(path): lacks \($0)" }
            case ("properties", let properties as [String: [String: Any]]):
                for (name, member) in value as? [String: Any] ?? [:] {
                    if let schema = properties[name] { found += check(member, schema, at: "\(path).\(name)") }
                }
            case ("additionalProperties", let rule):
                let known = (schema["properties"] as? [String: Any] ?? [:]).keys
                for (name, member) in value as? [String: Any] ?? [:] where !known.contains(name) {
                    if let schema = rule as? [String: Any] {
                        found += check(member, schema, at: "\(path).\(name)")
                    } else {
                        found.append("\(path): has \(name)")
                    }
                }
            case ("items", let schema as [String: Any]):
                for (index, item) in (value as? [Any] ?? []).enumerated() {
                    found += check(item, schema, at: "\(path)[\(index)]")
                }
            default: found.append("\(path): unknown keyword \(keyword)")
            }
        }
        return found
    }

    private func fits(_ value: Any, _ type: String) -> Bool {
        switch type {
        case "object": value is [String: Any]
        case "array": value is [Any]
        case "string": value is String
        case "null": value is NSNull
        case "boolean":
            (value as? NSNumber).map { $0 as AnyObject === true as NSNumber || $0 as AnyObject === false as NSNumber }
                ?? false
        case "integer": (value as? NSNumber).map { $0.doubleValue == $0.doubleValue.rounded() } ?? false
        default: false
        }
    }
}
