// `enrichment`: what is asked about a lead before anyone is told of it, how long that may take, and whose word counts.

import LeadCore

extension SectionReader {
    /// The chain as read.
    struct Enrichment {
        var budget: Duration = .seconds(3)
        var precedence = Precedence()
        var chain: [Configuration.Enricher] = []
    }

    func readEnrichment(_ root: MappingReader, mappings: [String: FieldMapping]) -> Enrichment {
        var enrichment = Enrichment()
        guard let map = root.optional("enrichment")?.mapping("'enrichment'") else { return enrichment }
        defer { map.finish() }
        enrichment.budget = map.optional("budget")?.duration() ?? enrichment.budget
        for item in map.optional("chain")?.list(of: "an enricher") ?? [] {
            guard let map = item.mapping("an enricher") else { continue }
            let kind = readKind(map, "enricher kind", among: kinds.enrichers)
            let nameItem = map.optional("name")
            let options = kind.map { readOptions(of: $0, map, mappings: mappings) } ?? OptionValues([:])
            map.finish(isUnderstood: kind != nil)
            let name = nameItem?.identifier() ?? kind?.name ?? ""
            checkName(name, nameItem, at: map.position, taken: enrichment.chain.map(\.name))
            enrichment.chain.append(Configuration.Enricher(kind: kind?.name ?? "", name: name, options: options))
        }
        enrichment.precedence = readPrecedence(map, names: enrichment.chain.map(\.name))
        return enrichment
    }

    /// Values say by name where they came from, so two enrichers can't have one.
    private func checkName(_ name: String, _ item: Item?, at position: Position, taken: [String]) {
        if name == Provenance.given.origin {
            item?.error("can't be 'given'", "that stands for what the lead itself says")
        } else if name == "duplicates" {
            item?.error("can't be 'duplicates'", "that stands for what is known by a person's earlier cases")
        } else if !name.isEmpty, taken.contains(name) {
            findings.error(
                item?.position ?? position, "there are two enrichers called '\(name)'",
                "give one of them a name of its own: 'name: \(name)-2'")
        }
    }

    private func readPrecedence(_ map: MappingReader, names: [String]) -> Precedence {
        let general = map.optional("order").map { readOrder($0, names) } ?? []
        var fields: [FieldName: [String]] = [:]
        let entries = map.optional("fields")?.mapping("'fields'")?.all() ?? []
        for (key, _, item) in entries { fields[FieldName(key)] = readOrder(item, names) }
        return Precedence(general, fields: fields)
    }

    private func readOrder(_ item: Item, _ names: [String]) -> [String] {
        item.listOrSingle().compactMap { $0.reference(to: [Provenance.given.origin] + names, what: "enricher") }
    }
}
