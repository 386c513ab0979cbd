// A mapping whose keys are asked for one by one; what nobody asked for is unknown. The known keys are thereby named
// once, where they are read.

import Yams

/// A mapping being read.
final class MappingReader {
    /// Where it begins.
    let position: Position
    private let noun: String
    private let entries: [(key: String, position: Position, item: Item)]
    private let findings: Findings
    private var asked: [String] = []
    private var missing: [(keys: [String], note: () -> Void)] = []

    /// Reads the keys of `mapping`, which problems call `noun`: "a route".
    init(_ mapping: Node.Mapping, noun: String, position: Position, document: Document, findings: Findings) {
        self.noun = noun
        self.position = position
        self.findings = findings
        var entries: [(key: String, position: Position, item: Item)] = []
        var lines: [String: Int] = [:]
        for (keyNode, value) in mapping {
            let place = Position(keyNode.mark)
            guard let scalar = keyNode.scalar, !scalar.string.isEmpty else {
                findings.error(place, "a key in \(noun) must be a word")
                continue
            }
            let key = document.key(scalar.string)
            if let line = lines[key] {
                let name = Wording.quoted(key).map { "key \($0)" } ?? "a key"
                findings.error(place, "\(name) is given twice in \(noun)", "keep this one or the one in line \(line)")
                continue
            }
            lines[key] = place.line
            let item = Item(value, name: Wording.quoted(key) ?? "the value", document: document, findings: findings)
            entries.append((key, place, item))
        }
        self.entries = entries
    }

    /// The value of `key`, nil when it isn't given.
    func optional(_ key: String) -> Item? {
        asked.append(key)
        return entries.first { $0.key == key }?.item
    }

    /// The value of `key`; when it is missing, `finish` calls `note` unless a slip of the key is there.
    func expected(_ key: String, orElse note: @escaping () -> Void) -> Item? {
        let item = optional(key)
        if item == nil { missing.append(([key], note)) }
        return item
    }

    /// The values of `keys`; when all are missing, `finish` calls `note` unless a slip of one of them is there.
    func expectedOne(of keys: String..., orElse note: @escaping () -> Void) -> [Item?] {
        let items = keys.map { optional($0) }
        if items.allSatisfy({ $0 == nil }) { missing.append((keys, note)) }
        return items
    }

    /// The value of `key`; when it is missing, `finish` says so.
    func required(_ key: String, _ suggestion: String? = nil) -> Item? {
        expected(key) { [findings, position, noun] in
            findings.error(position, "missing key '\(key)' in \(noun)", suggestion)
        }
    }

    /// All entries of a mapping whose keys are names that the file chooses.
    func all() -> [(key: String, position: Position, item: Item)] {
        asked += entries.map(\.key)
        return entries
    }

    /// Notes what is missing, and what nobody asked for; the latter only if the mapping `isUnderstood`.
    func finish(isUnderstood: Bool = true) {
        let unknown = isUnderstood ? entries.filter { !asked.contains($0.key) } : []
        let absent = asked.filter { key in !entries.contains { $0.key == key } }
        var slips: Set<String> = []
        for entry in unknown {
            let meant = Wording.nearest(to: entry.key, among: absent)
            if let meant { slips.insert(meant) }
            let suggestion =
                meant.map { "did you mean '\($0)'?" } ?? Wording.suggestion(for: entry.key, among: asked)
            if entry.key == "<<" {
                findings.error(
                    entry.position, "'<<' in \(noun) is not supported", "repeat the keys, or alias their values")
                continue
            }
            let name = Wording.quoted(entry.key).map { "unknown key \($0)" } ?? "unknown key"
            findings.error(entry.position, "\(name) in \(noun)", suggestion)
        }
        for (keys, note) in missing where slips.isDisjoint(with: keys) { note() }
    }
}
