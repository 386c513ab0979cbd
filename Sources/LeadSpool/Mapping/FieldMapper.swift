// Applies a mapping to what a record says: first the configuration's own rules, then the preset's names, and what is left
// keeps its own name. Nothing is lost by it but what the mapping ignores. Pure; says what went where, for who asks.

import LeadCore

/// What became of what a record gave under some names.
public struct MappedName: Sendable, Equatable {
    /// What became of it.
    public enum Fate: Sendable, Equatable {
        /// It is, or is a part of, that field's value.
        case field(FieldName, value: String)
        /// No rule wants it, so it keeps its own name.
        case kept(FieldName, value: String)
        /// The mapping says that it is of no use.
        case ignored
        /// The mapping keeps nothing that no rule wants.
        case dropped
    }

    /// The names as the record spells them; empty for a constant.
    public let names: [String]
    /// What became of them.
    public let fate: Fate
}

/// A mapping that is ready for use.
public struct FieldMapper: Sendable {
    private let mapping: FieldMapping
    private let preset: MappingPreset
    /// A name's key → the field, and its place among the field's names.
    private let known: [String: (field: FieldName, rank: Int)]
    private let ignored: Set<String>
    /// A name's key → how its values are written.
    private let writings: [String: MappingPreset.Writing]
    /// True when names are a lead's own and nothing is to be done.
    let isCanonical: Bool

    /// A mapper for `mapping`.
    public init(_ mapping: FieldMapping) {
        self.mapping = mapping
        isCanonical = mapping == .canonical
        preset = .named(mapping.preset)
        var known: [String: (field: FieldName, rank: Int)] = [:]
        for (field, names) in preset.fields {
            for (rank, name) in names.enumerated() where known[Self.key(name)] == nil {
                known[Self.key(name)] = (field, rank)
            }
        }
        self.known = known
        ignored = Set((mapping.ignored + preset.ignored).map(Self.key))
        let pairs = preset.writings.flatMap { names, writing in names.map { (Self.key($0), writing) } }
        writings = Dictionary(pairs) { first, _ in first }
    }

    /// Whether some rule reads `name`.
    func reads(_ name: String) -> Bool {
        let key = Self.key(unwrapped(name))
        return known[key] != nil || mapping.rules.contains { $0.names.contains { Self.key($0) == key } }
    }

    /// A name without what makes spellings of it.
    static func key(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.filter { !"_- ".unicodeScalars.contains($0) })).lowercased()
    }

    private func unwrapped(_ name: String) -> String {
        var bare = name[...]
        if let wrapper = preset.wrappers.first(where: { bare.hasPrefix($0) }) { bare = bare.dropFirst(wrapper.count) }
        if let ending = preset.endings.first(where: { bare.hasSuffix($0) && bare.count > $0.count }) {
            bare = bare.dropLast(ending.count)
        }
        return String(bare)
    }

    /// The fields that `record` gives, and what became of each name.
    func map(_ given: RawRecord) throws(FieldFlaw) -> (values: [FieldName: String], fates: [MappedName]) {
        let keys = given.pairs.map { (whole: Self.key($0.name), bare: Self.key(unwrapped($0.name))) }
        let record = writings.isEmpty ? given : given.rewritten { writings[keys[$0].bare]?.read($1) ?? $1 }
        var fields = FieldCollection()
        var fates: [MappedName] = []
        var taken: Set<FieldName> = []
        var used: Set<Int> = []
        for rule in mapping.rules {
            guard let (text, places) = value(of: rule, record, keys) else { continue }
            try fields.keep(text, as: rule.field.text, known: rule.field)
            taken.insert(rule.field)
            used.formUnion(places)
            fates.append(MappedName(names: places.map { record.pairs[$0].name }, fate: .field(rule.field, value: text)))
        }
        // The names of one field in the preset's order, whatever the record's.
        var wanted: [(rank: Int, place: Int, field: FieldName)] = []
        for place in record.pairs.indices where !used.contains(place) {
            if ignored.contains(keys[place].whole) || ignored.contains(keys[place].bare) {
                used.insert(place)
                fates.append(MappedName(names: [record.pairs[place].name], fate: .ignored))
            } else if let (field, rank) = known[keys[place].whole] ?? known[keys[place].bare] {
                wanted.append((rank, place, field))
            }
        }
        for (_, place, field) in wanted.sorted(by: { ($0.rank, $0.place) < ($1.rank, $1.place) })
        where taken.insert(field).inserted {
            let pair = record.pairs[place]
            let text = preset.translations[field]?[pair.text.trimmed.lowercased()] ?? pair.text
            try fields.keep(text, as: field.text, known: field)
            used.insert(place)
            fates.append(MappedName(names: [pair.name], fate: .field(field, value: text)))
        }
        for place in record.pairs.indices where !used.contains(place) {
            let pair = record.pairs[place]
            let bare = unwrapped(pair.name)
            let field = (bare == pair.name ? pair.field : nil) ?? FieldNaming.field(bare)
            guard mapping.keepsRest else {
                fates.append(MappedName(names: [pair.name], fate: .dropped))
                continue
            }
            if taken.contains(field), fields.values[field]?.trimmed == pair.text.trimmed {
                fates.append(MappedName(names: [pair.name], fate: .field(field, value: pair.text)))
                continue
            }
            // A field that a rule has filled keeps its value, and this one its own name.
            let free = taken.contains(field) ? FieldName(Self.other(field, taken)) : field
            taken.insert(free)
            try fields.keep(pair.text, as: bare, known: free)
            let isNamed = FieldNaming.isKnown(free)
            fates.append(
                MappedName(
                    names: [pair.name],
                    fate: isNamed ? .field(free, value: pair.text) : .kept(free, value: pair.text)))
        }
        return (fields.values, fates)
    }

    private static func other(_ field: FieldName, _ taken: Set<FieldName>) -> String {
        var number = 2
        while taken.contains(FieldName("\(field.text)_\(number)")) { number += 1 }
        return "\(field.text)_\(number)"
    }

    // MARK: Rules

    private func value(
        of rule: FieldMapping.Rule, _ record: RawRecord, _ keys: [(whole: String, bare: String)]
    ) -> (text: String, places: [Int])? {
        let places = { (name: String) -> Int? in
            let key = Self.key(name)
            return keys.firstIndex { $0.whole == key } ?? keys.firstIndex { $0.bare == key }
        }
        let found: (text: String, places: [Int])?
        switch rule.value {
        case .constant(let text): found = (text, [])
        case .first(let names):
            found = names.compactMap(places).first.map { (record.pairs[$0].text.trimmed, [$0]) }
        case .join(let names, let divider):
            let all = names.compactMap(places)
            found = all.isEmpty ? nil : (all.map { record.pairs[$0].text.trimmed }.joined(separator: divider), all)
        case .part(let name, let divider, let part):
            found = places(name).flatMap { place in
                Self.part(part, of: record.pairs[place].text.trimmed, at: divider).map { ($0, [place]) }
            }
        }
        guard let found, !rule.translations.isEmpty || rule.otherwise != nil else { return found }
        let lowered = found.text.lowercased()
        let translated = rule.translations.first { $0.key.lowercased() == lowered }?.value
        return (translated ?? rule.otherwise ?? found.text, found.places)
    }

    private static func part(_ part: FieldMapping.Part, of text: String, at divider: String) -> String? {
        let pieces = text.split(separator: divider, omittingEmptySubsequences: true)
        switch part {
        case .number(let number): return pieces.count >= number ? String(pieces[number - 1]).trimmed : nil
        case .last: return pieces.count > 1 ? pieces.last.map { String($0).trimmed } : nil
        case .rest:
            guard pieces.count > 1 else { return nil }
            return String(text[pieces[1].startIndex...]).trimmed
        }
    }
}
