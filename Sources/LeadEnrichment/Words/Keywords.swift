// The enricher `keywords`: which of several labels (industries, project types) the lead's own words speak for, by lists
// of weighted words in the configuration. It computes from memory and can't fail.

import LeadCore

/// Fills one field with the label whose words weigh most.
///
/// Each word counts once, however often it stands there. The best label must reach the threshold and weigh more than the
/// next one; the words that spoke for it are the reason, and how far it leads is how sure it is.
public struct Keywords: LocalEnricher {
    public let name: String

    private struct Weight: Sendable {
        let label: Int
        let weight: Int
    }

    private let field: FieldName
    private let sources: [FieldName]
    private let labels: [String]
    private let threshold: Int
    private let index: PhraseIndex<Weight>

    private static let standardSources: [FieldName] = [.description, .company, .title, .product, .campaign]

    static let kind = EnricherKind(
        name: "keywords",
        options: [
            OptionSpec("field", .text, isRequired: true, help: "The field to fill, such as industry or project_type."),
            OptionSpec(
                "words", .wordLists, isRequired: true,
                help:
                    "For each label its words, as a list or with weights from 1 to 100, below 0 for what speaks against."
            ),
            FieldsOption.spec(standardSources),
            OptionSpec(
                "threshold", .integer(1...1000), help: "How much a label's words must weigh together; 1 unless told."),
        ]
    ) { name, values throws(OptionFlaw) in
        guard let field = values.text("field") else { throw OptionFlaw(option: "field", "Name the field to fill.") }
        try OwnFields.check(field, option: "field")
        let lists = values.wordLists("words")
        if lists.contains(where: { $0.words.contains { !PhraseIndex<Int>.isUsable($0.text) } }) {
            throw OptionFlaw(option: "words", "A word has neither letter nor digit.")
        }
        return Keywords(
            name: name, field: FieldName(field), sources: FieldsOption.read(values, standardSources), lists: lists,
            threshold: values.integer("threshold") ?? 1)
    }

    init(name: String, field: FieldName, sources: [FieldName], lists: [WordList], threshold: Int) {
        self.name = name
        self.field = field
        self.sources = sources.filter { $0 != field }
        self.threshold = threshold
        labels = lists.map(\.label)
        index = PhraseIndex(
            lists.enumerated().flatMap { label, list in
                list.words.map { (text: $0.text, value: Weight(label: label, weight: $0.weight)) }
            })
    }

    func enrich(_ lead: Lead, _ texts: inout LeadTexts) -> Enrichment {
        let text = texts.words(of: lead, sources)
        var scores = [Int](repeating: 0, count: labels.count)
        var hits: [PhraseIndex<Weight>.Hit] = []
        for hit in index.hits(in: text) where !hits.contains(where: { $0.phrase == hit.phrase }) {
            scores[hit.value.label] += hit.value.weight
            hits.append(hit)
        }
        guard let best = scores.indices.max(by: { scores[$0] < scores[$1] }), scores[best] >= threshold else {
            return Enrichment()
        }
        let second = scores.indices.filter { $0 != best }.map { scores[$0] }.max() ?? 0
        guard second < scores[best] else { return Enrichment() }
        var own: [String] = []
        for hit in hits where hit.value.label == best && hit.value.weight > 0 && own.count < Self.mostReasons {
            let words = text.joined(hit.words)
            if !own.contains(words) { own.append(words) }
        }
        return Enrichment(findings: [
            .init(
                field, labels[best], basis: (own.count == 1 ? "the word " : "the words ") + own.joined(separator: ", "),
                confidence: min(95, 100 * scores[best] / (scores[best] + max(1, second))))
        ])
    }

    private static let mostReasons = 5
}
