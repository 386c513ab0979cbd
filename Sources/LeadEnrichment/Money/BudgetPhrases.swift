// The enricher `budget`: the amount of money that the person names. It computes from memory and can't fail; what could be
// read in two ways is left alone.

import LeadCore

/// Fills `value`, and `currency` where it is plain, with the first amount in the text.
///
/// An amount is a number beside a currency, or one of at least 500 within four words after "budget". Of a range the lower
/// end counts. `12k`, `1.5m`, `12,500.00`, `12.500,00` and `12 500` are read; a dollar is one of the lead's country.
public struct BudgetPhrases: LocalEnricher {
    public let name: String

    private let sources: [FieldName]

    static let kind = EnricherKind(name: "budget", options: [FieldsOption.spec([.description])]) {
        name, values throws(OptionFlaw) in
        BudgetPhrases(name: name, sources: FieldsOption.read(values, [.description]))
    }

    init(name: String, sources: [FieldName]) {
        self.name = name
        self.sources = sources
    }

    func enrich(_ lead: Lead, _ texts: inout LeadTexts) -> Enrichment {
        guard lead[.value] == nil else { return Enrichment() }
        for field in sources {
            guard let text = lead[field], let amount = Amount.first(in: text) else { continue }
            let basis = "the words \(amount.words)"
            var findings = [
                Enrichment.Finding(.value, amount.number, basis: basis, confidence: amount.isNamedBudget ? 85 : 70)
            ]
            if let currency = amount.currency ?? (amount.isDollar ? Self.dollar(of: lead) : nil) {
                findings.append(.init(.currency, currency, basis: basis, confidence: 85))
            }
            return Enrichment(findings: findings)
        }
        return Enrichment()
    }

    private static func dollar(of lead: Lead) -> String? {
        switch lead[.countryCode] {
        case "US": "USD"
        case "CA": "CAD"
        case "AU": "AUD"
        case "NZ": "NZD"
        case "SG": "SGD"
        default: nil
        }
    }
}
