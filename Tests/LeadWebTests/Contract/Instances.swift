// Values that keep to a schema, and values that break one keyword of it each. A keyword that can't be broken here is an error,
// so that none of a description goes untried.

import LeadTestKit

/// Makes values by the schemas of one document.
struct Instances {
    let document: JSONNode
    /// Texts by the names of the properties that hold them, where no schema can say what is taken.
    let known: [String: String]

    /// A value that breaks one keyword.
    struct Breach {
        let keyword: String
        /// Where it stands: `$.entry[].changes`.
        let path: String
        let value: JSONNode
    }

    struct Unknown: Error, CustomStringConvertible {
        let description: String
    }

    /// What a schema refers to.
    func resolved(_ schema: JSONNode) throws -> JSONNode {
        guard let name = schema["$ref"]?.text else { return schema }
        guard schema.members.count == 1, let target = document.at(name) else {
            throw Unknown(description: "\(name) leads nowhere, or has neighbours")
        }
        return try resolved(target)
    }

    /// `schema` as plain ones, each of at most one type and without conditions.
    private func shapes(_ schema: JSONNode) throws -> [JSONNode] {
        var plain = try resolved(schema).members
        if let condition = plain.removeValue(forKey: "if")?.members {
            guard let then = plain.removeValue(forKey: "then"), condition.count == 1,
                let fixed = condition["properties"]?.members, fixed.values.allSatisfy({ $0["const"] != nil })
            else { throw Unknown(description: "if is no list of constants, or without then") }
            let met = Self.joined(Self.joined(plain, ["properties": .object(fixed)]), try resolved(then).members)
            return [.object(plain), .object(met)]
        }
        guard let types = plain["type"]?.texts, !types.isEmpty else { return [.object(plain)] }
        return types.map { type in .object(plain.merging(["type": .text(type)]) { $1 }) }
    }

    /// Both schemas' properties and what both require.
    private static func joined(_ one: [String: JSONNode], _ other: [String: JSONNode]) -> [String: JSONNode] {
        one.merging(other) { own, new in
            switch (own, new) {
            case (.object(let own), .object(let new)): .object(own.merging(new) { $1 })
            case (.list(let own), .list(let new)): .list(own + new)
            default: new
            }
        }
    }

    // MARK: What keeps to a schema

    /// Values that keep to `schema`, the plainest first: each property there and not there, each bound reached.
    func kept(_ schema: JSONNode, called name: String = "") throws -> [JSONNode] {
        if let text = known[name] { return [.text(text)] }
        return try shapes(schema).flatMap { shape in
            if let constant = shape["const"] { return [constant] }
            if let words = shape["enum"]?.items { return words }
            switch shape["type"]?.text {
            case "object": return try objects(shape)
            case "array": return try lists(shape)
            case "string": return try texts(shape)
            case "null": return [.null]
            case "boolean": return [.truth(true), .truth(false)]
            case "integer": return [7, 0, -3, 9_007_199_254_740_992].map(JSONNode.number)
            case nil:
                let long = shape["maxLength"] == nil ? [] : try texts(shape)
                return [.text("words"), .number(2.5), .truth(true), .list([.text("one"), .text("other")])] + long
            case .some(let type): throw Unknown(description: "nothing is known of the type \(type)")
            }
        }
    }

    private func first(_ schema: JSONNode, called name: String = "") throws -> JSONNode {
        guard let value = try kept(schema, called: name).first else {
            throw Unknown(description: "nothing fits \(name)")
        }
        return value
    }

    private func objects(_ shape: JSONNode) throws -> [JSONNode] {
        let properties = shape["properties"]?.members ?? [:]
        let required = Set(shape["required"]?.texts ?? [])
        var least: [String: JSONNode] = [:]
        for name in required { least[name] = try first(properties[name] ?? .object([:]), called: name) }
        let free = shape["additionalProperties"].flatMap { $0 == .truth(false) ? nil : $0 }
        let extra = try free.map { $0 == .truth(true) ? .text("more") : try first($0) }
        if least.count < shape["minProperties"]?.whole ?? 0 { least["field"] = extra }
        var found = [least]
        var most = least
        for (name, property) in properties.sorted(by: { $0.key < $1.key }) {
            for value in try kept(property, called: name) { found.append(least.merging([name: value]) { $1 }) }
            most[name] = try first(property, called: name)
        }
        found.append(most)
        guard let free, let extra else { return found.map(JSONNode.object) }
        for value in free == .truth(true) ? [extra] : try kept(free) {
            found.append(least.merging(["another": value]) { $1 })
        }
        for name in try shape["propertyNames"].map(texts) ?? [] { found.append([name.text ?? "": extra]) }
        if let count = shape["maxProperties"]?.whole { found.append(Self.filled(least, to: count, with: extra)) }
        return found.map(JSONNode.object)
    }

    private static func filled(_ least: [String: JSONNode], to count: Int, with value: JSONNode) -> [String: JSONNode] {
        (0..<count - least.count).reduce(into: least) { $0["n\($1)"] = value }
    }

    private func lists(_ shape: JSONNode) throws -> [JSONNode] {
        let items = try shape["items"].map { try kept($0) } ?? [.text("words")]
        let least = shape["minItems"]?.whole ?? 0
        let counts = [least, max(least, 3)] + (shape["maxItems"]?.whole.map { [$0] } ?? [])
        return items.map { .list(Array(repeating: $0, count: max(least, 1))) }
            + counts.map { .list(Array(repeating: items[0], count: $0)) }
    }

    private func texts(_ shape: JSONNode) throws -> [JSONNode] {
        if let schema = shape["contentSchema"] { return try kept(schema).map { .text(try Self.lines($0)) } }
        let letters = try shape["pattern"].map(Self.letters) ?? Array("abcdefgh")
        let least = shape["minLength"]?.whole ?? 0
        let counts = [max(least, 6), least] + (shape["maxLength"]?.whole.map { [$0] } ?? [])
        return counts.map { .text(Self.text(of: letters, $0)) }
    }

    private static func text(of letters: [Character], _ count: Int) -> String {
        String((0..<count).map { letters[$0 % letters.count] })
    }

    /// The letters of a pattern that is no more than a class of them.
    private static func letters(_ pattern: JSONNode) throws -> [Character] {
        guard let members = pattern.text?.wholeMatch(of: #/\^\[([!-~]+)\]\+\$/#)?.1 else {
            throw Unknown(description: "nothing is known of the pattern \(pattern)")
        }
        var scalars = Array(members.unicodeScalars)[...]
        var letters: [Character] = []
        while let first = scalars.popFirst() {
            guard scalars.first == "-", scalars.count > 1 else {
                letters.append(Character(first))
                continue
            }
            let last = scalars[scalars.startIndex + 1]
            letters += (first.value...last.value).compactMap { Unicode.Scalar($0).map(Character.init) }
            scalars.removeFirst(2)
        }
        // From the middle, so that none begins with what means something elsewhere.
        let middle = letters.count / 2
        return Array(letters[middle...] + letters[..<middle])
    }

    private static func lines(_ list: JSONNode) throws -> String {
        try list.items.map { try $0.json + "\n" }.joined()
    }
}

// MARK: What breaks one

extension Instances {
    /// Values that break one keyword of `schema` each, all of them at least once.
    func breaches(_ schema: JSONNode, called name: String = "", at path: String = "$") throws -> [Breach] {
        try shapes(schema).flatMap { shape in
            try shape.members.sorted { $0.key < $1.key }.flatMap { keyword, rule -> [Breach] in
                let here = { (values: [JSONNode]) in
                    values.map { Breach(keyword: keyword, path: path, value: $0) }
                }
                switch keyword {
                case "description", "title", "example", "contentMediaType": return []
                case "properties", "additionalProperties", "propertyNames", "items", "contentSchema":
                    return try inner(shape, keyword, rule, at: path)
                // It chose the branch.
                case "const": return []
                case "type": return here(try others(than: schema))
                case "enum": return here([.text("other"), .text(""), .number(7)])
                case "required": return here(try lacking(rule.texts, shape))
                case "format" where rule == .text("password"):
                    return here(known[name].map { [.text($0 + "0"), .text("other")] } ?? [])
                case "format" where rule == .text("int64"):
                    return shape["type"] == .text("integer") ? here([.number(9_300_000_000_000_000_000)]) : []
                case "pattern", "minLength", "maxLength":
                    return shape["type"] == .text("integer") ? [] : here(try faultyTexts(shape, keyword, rule))
                case "minProperties", "maxProperties", "minItems", "maxItems":
                    return here(try ofWrongSize(shape, keyword, rule))
                default: throw Unknown(description: "nothing is known to break \(keyword) at \(path)")
                }
            }
        }
    }

    private func inner(
        _ shape: JSONNode, _ keyword: String, _ rule: JSONNode, at path: String
    ) throws -> [Breach] {
        guard let least = try objectsOrNone(shape) else {
            guard keyword == "items" || keyword == "contentSchema" else { return [] }
            let breaches = try breaches(rule, at: keyword == "items" ? path + "[]" : path)
            if keyword == "items" { return breaches.map { $0.with(.list([$0.value])) } }
            // What is no list has no lines.
            return try breaches.filter { if case .list = $0.value { true } else { false } }
                .map { $0.with(.text(try Self.lines($0.value))) }
        }
        switch (keyword, rule) {
        case ("properties", _):
            return try rule.members.sorted { $0.key < $1.key }.flatMap { name, property in
                try breaches(property, called: name, at: "\(path).\(name)").map {
                    $0.with(.object(least.merging([name: $0.value]) { $1 }))
                }
            }
        case ("additionalProperties", .truth(true)): return []
        case ("additionalProperties", .truth(false)):
            let more = JSONNode.object(least.merging(["undescribed": .text("more")]) { $1 })
            return [Breach(keyword: keyword, path: path, value: more)]
        case ("additionalProperties", _):
            return try breaches(rule, at: path + ".*").map {
                $0.with(.object(least.merging(["another": $0.value]) { $1 }))
            }
        default:
            return try breaches(.object(rule.members.merging(["type": .text("string")]) { $1 }), at: path + "{}")
                .compactMap { breach in
                    breach.value.text.map { breach.with(.object(least.merging([$0: .text("more")]) { $1 })) }
                }
        }
    }

    private func objectsOrNone(_ shape: JSONNode) throws -> [String: JSONNode]? {
        guard shape["type"] == nil || shape["type"] == .text("object") else { return nil }
        return try objects(shape).first?.members
    }

    /// A value of each type that `schema` doesn't name.
    private func others(than schema: JSONNode) throws -> [JSONNode] {
        let rule = try resolved(schema)["type"]
        let types = rule?.text.map { [$0] } ?? rule?.texts ?? []
        let all: [(String, JSONNode)] = [
            ("null", .null), ("boolean", .truth(true)), ("integer", .number(7)), ("number", .number(7.5)),
            ("string", .text("words")), ("array", .list([.text("words")])), ("object", .object(["a": .text("b")])),
        ]
        return all.filter { !types.contains($0.0) && !($0.0 == "integer" && types.contains("number")) }.map(\.1)
    }

    private func lacking(_ names: [String], _ shape: JSONNode) throws -> [JSONNode] {
        guard let least = try objects(shape).first?.members else { return [] }
        return names.map { name in .object(least.filter { $0.key != name }) }
    }

    private func faultyTexts(_ shape: JSONNode, _ keyword: String, _ rule: JSONNode) throws -> [JSONNode] {
        let letters = try shape["pattern"].map(Self.letters) ?? Array("abcdefgh")
        switch (keyword, rule.whole) {
        case ("pattern", _):
            let outside = [" ", "\u{E9}", "\u{1F600}"].map(Character.init).filter { !letters.contains($0) }
            return outside.map { .text(String([letters[0], $0, letters[0]])) }
        case ("minLength", let least?): return [.text(Self.text(of: letters, least - 1))]
        case ("maxLength", let most?): return [.text(Self.text(of: letters, most + 1))]
        default: throw Unknown(description: "\(keyword) of \(rule)")
        }
    }

    private func ofWrongSize(_ shape: JSONNode, _ keyword: String, _ rule: JSONNode) throws -> [JSONNode] {
        guard let limit = rule.whole, let value = try kept(shape).first else {
            throw Unknown(description: "\(keyword) of \(rule)")
        }
        let count = keyword.hasPrefix("min") ? limit - 1 : limit + 1
        switch value {
        case .list(let items):
            let item = try items.first ?? shape["items"].map { try first($0) } ?? .text("words")
            return [.list(Array(repeating: item, count: count))]
        default:
            let least = value.members
            return [.object(count < least.count ? [:] : Self.filled(least, to: count, with: .text("more")))]
        }
    }
}

extension Instances.Breach {
    /// The same with another value around its own.
    func with(_ value: JSONNode) -> Self { Self(keyword: keyword, path: path, value: value) }
}
