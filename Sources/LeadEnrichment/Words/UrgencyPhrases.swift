// The enricher `urgency`: whether the person says that it is urgent, or that it isn't. It computes from memory and can't
// fail.

import LeadCore

/// Fills `urgency` with `high` or `low` by phrases in six languages and those of the configuration.
///
/// A phrase after a "not" doesn't count. Where both kinds stand, nothing is filled.
public struct UrgencyPhrases: LocalEnricher {
    public let name: String

    private let sources: [FieldName]
    private let index: PhraseIndex<Bool>

    static let kind = EnricherKind(
        name: "urgency",
        options: [
            FieldsOption.spec([.description]),
            OptionSpec("high", .texts, help: "More phrases that say that it is urgent."),
            OptionSpec("low", .texts, help: "More phrases that say that there is time."),
        ]
    ) { name, values throws(OptionFlaw) in
        for option in ["high", "low"] where values.texts(option).contains(where: { !PhraseIndex<Bool>.isUsable($0) }) {
            throw OptionFlaw(option: option, "A phrase needs a letter or a digit.")
        }
        return UrgencyPhrases(
            name: name, sources: FieldsOption.read(values, [.description]), high: values.texts("high"),
            low: values.texts("low"))
    }

    init(name: String, sources: [FieldName], high: [String] = [], low: [String] = []) {
        self.name = name
        self.sources = sources
        let all = (Self.high + high).map { (text: $0, value: true) } + (Self.low + low).map { (text: $0, value: false) }
        index = PhraseIndex(all)
    }

    func enrich(_ lead: Lead, _ texts: inout LeadTexts) -> Enrichment {
        guard lead[.urgency] == nil else { return Enrichment() }
        let text = texts.words(of: lead, sources)
        let all = index.hits(in: text)
        let hits = all.filter { hit in
            // "eilt nicht" says more than the "eilt" in it.
            let isPart = all.contains { $0.words.count > hit.words.count && $0.words.contains(hit.words.lowerBound) }
            return !isPart
                && !(max(0, hit.words.lowerBound - 2)..<hit.words.lowerBound).contains {
                    Self.negations.contains(text[$0])
                }
        }
        guard let first = hits.first, hits.allSatisfy({ $0.value == first.value }) else { return Enrichment() }
        let phrase = text.joined(first.words)
        return Enrichment(findings: [
            .init(.urgency, first.value ? "high" : "low", basis: "the words \(phrase)", confidence: 80)
        ])
    }

    private static let negations: Set<String> = [
        "not", "no", "isnt", "nothing", "nicht", "kein", "keine", "pas", "non", "niet", "geen", "ohne", "without",
    ]

    private static let high = [
        "asap", "as soon as possible", "urgent", "urgently", "immediately", "right away", "emergency", "time critical",
        "time sensitive", "rush job", "tight deadline", "within 24 hours", "within 48 hours", "by tomorrow",
        "this week",
        "by the end of the week", "dringend", "eilt", "eilig", "sofort", "schnellstmoglich", "so schnell wie moglich",
        "umgehend", "so bald wie moglich", "noch diese woche", "bis morgen", "notfall", "d'urgence", "tres urgent",
        "urgence", "des que possible", "le plus vite possible", "cette semaine", "urgente", "urgentemente",
        "cuanto antes",
        "lo antes posible", "esta semana", "urgenza", "il prima possibile", "appena possibile", "questa settimana",
        "zo snel mogelijk", "spoed", "dringende", "deze week",
    ]

    private static let low = [
        "no rush", "no hurry", "not urgent", "isn't urgent", "whenever you can", "just browsing", "just looking",
        "early stages", "sometime next year", "no deadline", "keine eile", "nicht dringend", "eilt nicht", "hat zeit",
        "kein zeitdruck", "nur zur information", "pas urgent", "pas presse", "rien ne presse", "sin prisa",
        "no corre prisa",
        "no es urgente", "senza fretta", "non urgente", "non e urgente", "geen haast", "niet dringend",
    ]
}
