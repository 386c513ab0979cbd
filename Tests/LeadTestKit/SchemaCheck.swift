// As much of JSON Schema as the schemas of the tests use. An unknown keyword is a complaint, so that none is passed over.

import Foundation

/// A schema that values are held to.
public struct SchemaCheck: Sendable {
    /// The schema, or the document with schemas in it.
    public let root: JSONNode

    /// The schema in `file`.
    public init(file: URL) throws { root = try JSONNode.read(Data(contentsOf: file)) }

    /// The words that the member at `path` may be, as in `["properties", "type"]`; nil when there is no such list.
    public func words(at path: [String]) -> [String]? {
        path.reduce(root as JSONNode?) { $0?[$1] }?["enum"]?.texts
    }

    /// What is wrong with `json`; empty when nothing is.
    public func complaints(about json: [UInt8]) throws -> [String] { check(try JSONNode.read(json), root, at: "$") }

    /// What is wrong with `value` by `schema`, a part of the document.
    public func complaints(about value: JSONNode, by schema: JSONNode) -> [String] { check(value, schema, at: "$") }

    private func check(_ value: JSONNode, _ schema: JSONNode, at path: String) -> [String] {
        schema.members.sorted { $0.key < $1.key }.flatMap { keyword, rule -> [String] in
            switch keyword {
            case "$schema", "title", "description", "$defs", "example": []
            // What else a text holds is nothing that the text itself can break.
            case "contentMediaType", "contentSchema": []
            case "$ref", "anyOf", "not", "if", "then": combined(value, schema, keyword, rule, at: path)
            case "properties", "additionalProperties", "propertyNames", "items":
                within(value, schema, keyword, rule, at: path)
            default: complaint(value, keyword, rule).map { ["\(path): \($0)"] } ?? []
            }
        }
    }

    private func combined(
        _ value: JSONNode, _ schema: JSONNode, _ keyword: String, _ rule: JSONNode, at path: String
    ) -> [String] {
        let fits = { (schema: JSONNode) in check(value, schema, at: path).isEmpty }
        switch keyword {
        case "$ref":
            let name = rule.text ?? ""
            guard let target = root.at(name) else { return ["\(path): no definition \(name)"] }
            return check(value, target, at: path)
        case "anyOf": return rule.items.contains(where: fits) ? [] : ["\(path): none fits"]
        case "not": return fits(rule) ? ["\(path): is what it must not be"] : []
        case "if":
            guard let then = schema["then"] else { return ["\(path): if without then"] }
            return fits(rule) ? check(value, then, at: path) : []
        default: return schema["if"] == nil ? ["\(path): then without if"] : []
        }
    }

    private func within(
        _ value: JSONNode, _ schema: JSONNode, _ keyword: String, _ rule: JSONNode, at path: String
    ) -> [String] {
        let known = schema["properties"]?.members ?? [:]
        let members = value.members.sorted { $0.key < $1.key }
        switch keyword {
        case "properties":
            return members.flatMap { name, member in
                known[name].map { check(member, $0, at: "\(path).\(name)") } ?? []
            }
        case "propertyNames": return members.flatMap { check(.text($0.key), rule, at: "\(path).\($0.key)") }
        case "items": return value.items.enumerated().flatMap { check($1, rule, at: "\(path)[\($0)]") }
        default:
            return members.filter { known[$0.key] == nil }.flatMap { name, member -> [String] in
                if case .truth(let isAllowed) = rule { return isAllowed ? [] : ["\(path): has \(name)"] }
                return check(member, rule, at: "\(path).\(name)")
            }
        }
    }

    /// What is wrong with `value` itself.
    private func complaint(_ value: JSONNode, _ keyword: String, _ rule: JSONNode) -> String? {
        switch (keyword, value) {
        case ("type", _):
            let types = rule.text.map { [$0] } ?? rule.texts
            return types.contains { fits(value, $0) } ? nil : "none of \(types)"
        case ("const", _): return value == rule ? nil : "is not \(rule)"
        case ("enum", _): return rule.items.contains(value) ? nil : "\(value) is not among \(rule.texts)"
        case ("pattern", .text(let text)):
            let isLike = text.range(of: rule.text ?? "", options: .regularExpression) != nil
            return isLike ? nil : "\(text.prefix(99)) isn't like \(rule)"
        case ("required", .object(let members)):
            let missing = rule.texts.filter { members[$0] == nil }
            return missing.isEmpty ? nil : "lacks \(missing.joined(separator: ", "))"
        case ("format", .number(let number)) where rule == .text("int64"):
            return Int64(exactly: number) == nil ? "is none of 64 bits" : nil
        case ("minimum", .number(let number)), ("maximum", .number(let number)): return bound(keyword, number, rule)
        case ("minLength", .text(let text)), ("maxLength", .text(let text)):
            return bound(keyword, Double(text.unicodeScalars.count), rule)
        case ("minItems", .list(let items)), ("maxItems", .list(let items)):
            return bound(keyword, Double(items.count), rule)
        case ("minProperties", .object(let members)), ("maxProperties", .object(let members)):
            return bound(keyword, Double(members.count), rule)
        case ("format", _) where ["int64", "password"].contains(rule.text): return nil
        case ("pattern", _), ("required", _), ("minimum", _), ("maximum", _), ("minLength", _), ("maxLength", _),
            ("minItems", _), ("maxItems", _), ("minProperties", _), ("maxProperties", _):
            return nil
        default: return "unknown keyword \(keyword)"
        }
    }

    private func bound(_ keyword: String, _ size: Double, _ rule: JSONNode) -> String? {
        guard case .number(let limit) = rule else { return "unknown \(keyword)" }
        let isKept = keyword.hasPrefix("min") ? size >= limit : size <= limit
        return isKept ? nil : "\(size) breaks \(keyword) \(limit)"
    }

    private func fits(_ value: JSONNode, _ type: String) -> Bool {
        switch (value, type) {
        case (.object, "object"), (.list, "array"), (.text, "string"), (.null, "null"), (.truth, "boolean"),
            (.number, "number"):
            true
        case (.number(let number), "integer"): number == number.rounded()
        default: false
        }
    }
}
