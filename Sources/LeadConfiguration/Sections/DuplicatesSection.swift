// `duplicates`: when leads count as the same person's or firm's. Without the section each lead is a case of its own.

import LeadCore

extension SectionReader {
    func readDuplicates(_ root: MappingReader, chain: [Configuration.Enricher]) -> DuplicateSettings? {
        guard let map = root.optional("duplicates")?.mapping("'duplicates'") else { return nil }
        defer { map.finish() }
        if !chain.contains(where: { $0.kind == "phones" }) {
            findings.warn(
                map.position, "'duplicates' finds nobody by a phone number without its country code",
                "add { kind: phones, country: US } to the enrichers, with your country")
        }
        let standard = DuplicateSettings()
        return DuplicateSettings(
            window: map.optional("window")?.duration() ?? standard.window,
            memory: map.optional("memory")?.duration() ?? standard.memory,
            threshold: map.optional("threshold")?.integer(50...100) ?? standard.threshold,
            urgency: map.optional("urgency")?.text(),
            agencies: Set((map.optional("agencies")?.texts() ?? []).compactMap { readDomain($0.text, $0.item) }))
    }

    private func readDomain(_ text: String, _ item: Item) -> String? {
        let domain = text.lowercased()
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, labels.allSatisfy({ !$0.isEmpty }),
            !domain.contains(where: { $0.isWhitespace || "/@:".contains($0) })
        else {
            item.error("is not a domain", "write what stands behind the @, as in agency.example")
            return nil
        }
        return domain
    }
}
