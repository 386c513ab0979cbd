// `when`: what a lead must be like for a route to take it, or for a rule of the ranking to hold. A field's name with a text
// or a list is the common case; a mapping in their stead holds other tests of that field, and `any` and `not` combine.

import Foundation
import LeadCore

extension SectionReader {
    /// Conditions as read, how many were given, and whether they were a mapping at all.
    func readConditions(_ item: Item) -> (read: [Condition], given: Int, isShaped: Bool) {
        guard let entries = item.mapping("'when'")?.all() else { return ([], 0, false) }
        let conditions = entries.flatMap { name, position, item -> [Condition] in
            switch name {
            case "any":
                if item.isEmptyList { item.error(Self.meetsNothing, "name at least one case") }
                let cases = item.list(of: "a case of 'any'") ?? []
                return [.any(cases.map(readInner))]
            case "not":
                return [.not(readInner(item))]
            case "region":
                return [readRegion(item)]
            default:
                checkField(name, position)
                return readTests(item).map { .field(FieldName(name), $0) }
            }
        }
        return (conditions, entries.count, true)
    }

    /// Conditions within a combination, which can't do without any.
    private func readInner(_ item: Item) -> Condition {
        let conditions = readConditions(item)
        if conditions.isShaped, conditions.given == 0 { item.error("has no condition", "name a field") }
        return .all(conditions.read)
    }

    /// Where the lead is, by codes of countries and states; or, by whatever text, what it calls its region itself.
    private func readRegion(_ item: Item) -> Condition {
        let texts = readTexts(item)
        let places = texts.compactMap { text -> Condition? in
            let parts = text.uppercased().split(separator: "-", omittingEmptySubsequences: false).map(String.init)
            guard parts.count <= 2, parts[0].count == 2, parts.allSatisfy({ (1...3).contains($0.count) }) else {
                return nil
            }
            let country = Condition.field(.countryCode, .isOneOf([parts[0]]))
            return parts.count == 1 ? country : .all([.field(.stateCode, .isOneOf([parts[1]])), country])
        }
        let own = Condition.field("region", .isOneOf(texts))
        return places.isEmpty ? own : .any(places + [own])
    }

    /// All of which the field must pass.
    private func readTests(_ item: Item) -> [FieldTest] {
        guard case .mapping(let node) = item.node, let map = item.mapping("a field's tests") else {
            return [.isOneOf(readTexts(item))]
        }
        var tests: [FieldTest] = []
        if let item = map.optional("not") { tests.append(.isNoneOf(readTexts(item))) }
        if let item = map.optional("like") { tests.append(.isLike(readTexts(item))) }
        if let known = map.optional("known")?.flag() { tests.append(.isKnown(known)) }
        let bounds = ["at_least", "below"].map { key in map.optional(key) }
        let currency = map.optional("currency")
        let numbers = bounds.map { $0?.number() }
        if let least = numbers[0], let limit = numbers[1], least >= limit {
            bounds[1]?.error("is not more than 'at_least', so no lead would meet it", "exchange the two")
        }
        if bounds.contains(where: { $0 != nil }) {
            tests.append(
                .isNumber(atLeast: numbers[0], below: numbers[1], currency: currency?.text("a currency")?.uppercased()))
        } else if let currency {
            currency.error("has no amount beside it", "add at_least or below")
        }
        map.finish()
        if node.isEmpty { item.error("tests nothing", "use not, like, known, at_least or below") }
        return tests
    }

    private func readTexts(_ item: Item) -> [String] {
        if item.isEmptyList { item.error(Self.meetsNothing, "name at least one value") }
        return item.texts().map(\.text)
    }

    private static let meetsNothing = "is empty, so no lead would meet it"

    /// A lead may have fields of its own, so a name that is merely unknown is no error.
    private func checkField(_ field: String, _ position: Position) {
        let known = Self.fields.map(\.text)
        guard !known.contains(field), let nearest = Wording.nearest(to: field, among: known) else { return }
        let name = Wording.quoted(field) ?? "it"
        findings.warn(position, "\(name) is not a field that leads usually have", "did you mean '\(nearest)'?")
    }

    private static let fields: [FieldName] = [
        .id, .name, .firstName, .lastName, .email, .phone, .title, .company, .website, .industry, .companySize, .street,
        .city, .state, .postalCode, .country, .countryCode, .stateCode, .source, .campaign, .utmSource, .utmCampaign,
        .projectType, .product, .language, .urgency, .value, .currency, .complexity, .description, .owner, .createdAt,
        .recordURL, .emailDomain, .freeMail, .webDomain,
    ]
}
