// A lead: named values, each with where it came from. Pure data; intake creates it, enrichment adds to it, and from the
// moment its case is open it never changes.

/// Where a value came from.
public struct Provenance: Hashable, Sendable, Codable {
    /// `given`, or the name of the enricher that added the value.
    public let origin: String
    /// What the enricher went by: "domain acme.example"; nil for given values.
    public let basis: String?

    /// A provenance of an enricher called `origin`, which went by `basis`.
    public init(origin: String, basis: String? = nil) {
        self.origin = origin
        self.basis = basis
    }

    /// The value stood in the lead's file.
    public static let given = Provenance(origin: "given")

    /// "given", or "firms, by domain acme.example".
    public var words: String { basis.map { "\(origin), by \($0)" } ?? origin }
}

/// What came in: who asks, for what, from where.
public struct Lead: Sendable, Equatable, Codable {
    /// One field's text and where it came from.
    public struct Value: Sendable, Equatable, Codable {
        /// Never empty, trimmed.
        public let text: String
        /// Where it came from.
        public let provenance: Provenance

        /// A value with its provenance.
        public init(_ text: String, _ provenance: Provenance) {
            self.text = text
            self.provenance = provenance
        }
    }

    /// What enrichment could not do, in one sentence for whoever looks at the lead.
    public struct Gap: Sendable, Equatable, Codable {
        /// The enricher's name.
        public let enricher: String
        /// "took longer than 3 s".
        public let reason: String

        /// A gap that `enricher` left.
        public init(enricher: String, reason: String) {
            self.enricher = enricher
            self.reason = reason
        }
    }

    /// All values, by field.
    public private(set) var values: [FieldName: Value]
    /// What enrichment could not do.
    public private(set) var gaps: [Gap]

    /// A lead as its file gives it; surrounding white space goes, and empty values count as not given.
    public init(given: [FieldName: String]) {
        values = [:]
        gaps = []
        for (field, text) in given { fill(field, text, .given) }
    }

    /// The field's text, nil when unknown.
    public subscript(field: FieldName) -> String? { values[field]?.text }

    /// Fills an unknown field; a value that is already there stays, whatever its origin.
    public mutating func fill(_ field: FieldName, _ text: String, _ provenance: Provenance) {
        guard values[field] == nil else { return }
        let trimmed = text.trimmed
        guard !trimmed.isEmpty else { return }
        values[field] = Value(trimmed, provenance)
    }

    /// Notes what an enricher could not do.
    public mutating func note(_ gap: Gap) { gaps.append(gap) }

    /// Values in the order in which they are shown.
    public var shown: [(field: FieldName, value: Value)] {
        values.sorted { $0.key < $1.key }.map { (field: $0.key, value: $0.value) }
    }
}

extension Lead {
    /// The person's full name, nil when the lead gives none.
    public var personName: String? {
        if let name = self[.name] { return name }
        let parts = [self[.firstName], self[.lastName]].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    /// What is asked for, in the lead's own words, most specific first.
    public var subject: String? { self[.projectType] ?? self[.product] ?? self[.campaign] }

    /// "Chicago, IL, US": the parts that are known, nil when none is.
    public var place: String? {
        let parts = [self[.city], self[.stateCode] ?? self[.state], self[.countryCode] ?? self[.country]]
        let known = parts.compactMap(\.self)
        return known.isEmpty ? nil : known.joined(separator: ", ")
    }

    /// The value with its currency, nil when it is not given or not a number.
    public var money: Money? { self[.value].flatMap { Money(amount: $0, currency: self[.currency]) } }

    /// False when nobody could write to or call the person: neither e-mail nor phone is known.
    public var isReachable: Bool { self[.email] != nil || self[.phone] != nil }
}

extension String {
    /// Without white space and newlines at both ends.
    package var trimmed: String {
        // What most texts are like; the long way gives the same.
        if let first = utf8.first, let last = utf8.last, (0x21...0x7E).contains(first), (0x21...0x7E).contains(last) {
            return self
        }
        let start = unicodeScalars.firstIndex { !$0.properties.isWhitespace }
        guard let start else { return "" }
        guard let last = unicodeScalars.lastIndex(where: { !$0.properties.isWhitespace }) else { return "" }
        return String(unicodeScalars[start...last])
    }
}
