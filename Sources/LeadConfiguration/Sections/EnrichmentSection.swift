// `enrichment`: what is asked about a lead before anyone is told of it, and how long that may take.

import LeadCore

extension SectionReader {
    /// The chain as read.
    struct Enrichment {
        var budget: Duration = .seconds(3)
        var chain: [(kind: String, options: OptionValues)] = []
    }

    func readEnrichment(_ root: MappingReader) -> Enrichment {
        var enrichment = Enrichment()
        guard let map = root.optional("enrichment")?.mapping("'enrichment'") else { return enrichment }
        defer { map.finish() }
        enrichment.budget = map.optional("budget")?.duration() ?? enrichment.budget
        for item in map.optional("chain")?.list(of: "an enricher") ?? [] {
            guard let map = item.mapping("an enricher") else { continue }
            let kind = readKind(map, "enricher kind", among: kinds.enrichers)
            let options = kind.map { readOptions(of: $0, map) } ?? OptionValues([:])
            map.finish(isUnderstood: kind != nil)
            enrichment.chain.append((kind?.name ?? "", options))
        }
        return enrichment
    }
}
