// `mappings`: what the names of a source mean, where no preset knows all of them.

import LeadCore

extension SectionReader {
    /// The mappings that the file declares, by name.
    func readMappings(_ root: MappingReader) -> [String: FieldMapping] {
        guard let map = root.optional("mappings")?.mapping("'mappings'") else { return [:] }
        var mappings: [String: FieldMapping] = [:]
        for (name, position, item) in map.all() {
            if !Item.isIdentifier(name) {
                findings.error(position, "a mapping's name is not usable", Item.identifierRule)
            } else if kinds.mappings.contains(name) {
                findings.error(
                    position, "'\(name)' is a preset's name", "choose another, and name the preset within it")
            }
            mappings[name] = readMapping(item)
        }
        return mappings
    }

    private func readMapping(_ item: Item) -> FieldMapping {
        guard let map = item.mapping("a mapping") else { return .canonical }
        defer { map.finish() }
        var mapping = FieldMapping()
        if let preset = map.optional("preset")?.reference(to: kinds.mappings, what: "preset") {
            mapping.preset = preset
        }
        mapping.rules = map.optional("fields").map(readRules) ?? []
        mapping.ignored = map.optional("ignore")?.texts().map(\.text) ?? []
        if let rest = map.optional("rest") {
            mapping.keepsRest = rest.reference(to: ["keep", "drop"], what: "way with the rest") != "drop"
        }
        return mapping
    }

    private func readRules(_ item: Item) -> [FieldMapping.Rule] {
        guard let map = item.mapping("'fields'") else { return [] }
        return map.all().compactMap { name, position, item in
            guard Self.isFieldName(name) else {
                findings.error(position, "a field's name is not usable", Item.identifierRule)
                return nil
            }
            return readRule(FieldName(name), item)
        }
    }

    static func isFieldName(_ name: String) -> Bool {
        Item.isIdentifier(name.replacing(".", with: "_"))
    }

    /// A name, a list of names of which the first that has a value counts, or a mapping that says more.
    private func readRule(_ field: FieldName, _ item: Item) -> FieldMapping.Rule? {
        guard case .mapping = item.node else {
            if item.isEmptyList { item.error("is empty", "name where the value is from") }
            let names = item.texts().map(\.text)
            return names.isEmpty ? nil : FieldMapping.Rule(field, .first(names))
        }
        guard let map = item.mapping("a field's rule") else { return nil }
        defer { map.finish() }
        let ways = map.expectedOne(of: "from", "join", "split", "constant") { [findings] in
            findings.error(
                map.position, "a field's rule says not where its value is from", "use from, join, split or constant")
        }
        let (from, join, split, constant) = (ways[0], ways[1], ways[2], ways[3])
        let given = ways.compactMap(\.self)
        if given.count > 1 { given[1].error("stands beside another way to the same value", "use one of them") }
        var value: FieldMapping.Value?
        if let names = from?.texts().map(\.text), !names.isEmpty { value = .first(names) }
        if let join {
            let names = join.texts().map(\.text)
            value = .join(names, with: map.optional("with").map(readRaw) ?? " ")
        }
        if let name = split?.text("a name") {
            let divider = map.optional("at").map(readRaw) ?? " "
            value = .part(of: name, at: divider.isEmpty ? " " : divider, readPart(map))
        }
        if let text = constant?.text() { value = .constant(text) }
        let translations = map.optional("translate").map(readTranslations) ?? [:]
        let otherwise = map.optional("otherwise")?.text()
        return value.map { FieldMapping.Rule(field, $0, translations: translations, otherwise: otherwise) }
    }

    private func readPart(_ map: MappingReader) -> FieldMapping.Part {
        guard let item = map.required("part", "use a number, first, last or rest") else { return .last }
        switch item.word {
        case "first": return .number(1)
        case "last": return .last
        case "rest": return .rest
        case let word?:
            if let number = Int(word), (1...100).contains(number) { return .number(number) }
            fallthrough
        default: item.error("must be a number from 1, first, last or rest")
        }
        return .last
    }

    private func readTranslations(_ item: Item) -> [String: String] {
        guard let map = item.mapping("'translate'") else { return [:] }
        let pairs = map.all().compactMap { name, _, item in item.text().map { (name, $0) } }
        if pairs.isEmpty { item.error("translates nothing", "write it as in { hot: high, cold: low }") }
        return Dictionary(pairs) { first, _ in first }
    }

    /// A text as it stands, white space included.
    private func readRaw(_ item: Item) -> String {
        guard case .scalar(let scalar) = item.node else {
            item.error("must be a text")
            return ""
        }
        return scalar.string
    }
}
