// A lead: named values, each with where it came from. Pure data; intake creates it, enrichment adds to it, and from the
// moment its case is open it never changes.

/// Where a value came from.
public struct Provenance: Hashable, Sendable, Codable {
    /// `given`, or the name of the enricher that added the value.
    public let origin: String
    /// What the enricher went by: "domain acme.example"; nil for given values.
    public let basis: String?
    /// How sure the enricher is, in percent; nil when there is nothing to doubt.
    public let confidence: Int?
    /// When the value was learnt, if not when the lead came in.
    public let at: Timestamp?

    /// A provenance of an enricher called `origin`, which went by `basis`.
    public init(origin: String, basis: String? = nil, confidence: Int? = nil, at: Timestamp? = nil) {
        self.origin = origin
        self.basis = basis
        self.confidence = confidence
        self.at = at
    }

    /// The value stood in the lead's file.
    public static let given = Provenance(origin: "given")

    /// "given", or "firms, by domain acme.example", or "keywords, by museum, 80 % sure".
    public var words: String {
        let parts = [origin, basis.map { "by \($0)" }, confidence.map { "\($0) % sure" }]
        return parts.compactMap(\.self).joined(separator: ", ")
    }
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

        /// Reads a value; one without a provenance was given, as most are. In a database it is a text by itself then, and a
        /// provenance is not set apart from the text.
        public init(from decoder: any Decoder) throws {
            let container: KeyedDecodingContainer<CodingKeys>
            do {
                container = try decoder.container(keyedBy: CodingKeys.self)
            } catch DecodingError.typeMismatch {
                self.init(try decoder.singleValueContainer().decode(String.self), .given)
                return
            }
            let text = try container.decode(String.self, forKey: .text)
            if container.contains(.provenance) {
                self.init(text, try container.decode(Provenance.self, forKey: .provenance))
            } else {
                self.init(text, container.contains(.origin) ? try Provenance(from: decoder) : .given)
            }
        }

        /// Writes a value, and its provenance unless it was given.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(text, forKey: .text)
            if provenance != .given { try container.encode(provenance, forKey: .provenance) }
        }

        private enum CodingKeys: String, CodingKey {
            case text, provenance, origin
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

        /// Why one has said nothing whom a late answer has made able to be asked. It is kept with leads, and known by its
        /// words: others would leave the questions unasked that a run before them owed.
        package static let unasked = "is asked late, since what it asks by was not known before"

        /// Whether the question is still owed.
        package var isUnasked: Bool { reason == Self.unasked }
    }

    /// All values, by field.
    public private(set) var values: [FieldName: Value]
    /// What else was said of a field that has a value, in the order in which it would win.
    public private(set) var others: [FieldName: [Value]]
    /// What enrichment could not do.
    public private(set) var gaps: [Gap]

    /// A lead as its file gives it; surrounding white space goes, and empty values count as not given.
    public init(given: [FieldName: String]) {
        values = Dictionary(minimumCapacity: given.count + Self.room)
        others = [:]
        gaps = []
        for (field, text) in given { fill(field, text, .given) }
    }

    /// A lead with just these parts, as they were kept.
    package init(values: [FieldName: Value], others: [FieldName: [Value]], gaps: [Gap]) {
        self.values = values
        self.others = others
        self.gaps = gaps
    }

    /// The field's text, nil when unknown.
    public subscript(field: FieldName) -> String? { values[field]?.text }

    /// Fills an unknown field; a value that is already there stays, whatever its origin.
    public mutating func fill(_ field: FieldName, _ text: String, _ provenance: Provenance) {
        let trimmed = text.trimmed
        guard !trimmed.isEmpty else { return }
        // Most fields are unknown until now, and this looks for the field once.
        if let standing = values.updateValue(Value(trimmed, provenance), forKey: field) { values[field] = standing }
    }

    /// Takes a value out with all that others said.
    mutating func remove(_ field: FieldName) {
        values[field] = nil
        others[field] = nil
    }

    /// How many values enrichers usually add: room for them is made once, when the lead is.
    private static let room = 12

    /// Adds what an enricher found. Where the field has another value already, both are kept and the one that comes
    /// first by `precedence` is the lead's; a value that says the same as one that is there is left out.
    public mutating func add(
        _ field: FieldName, _ text: String, _ provenance: Provenance, by precedence: Precedence
    ) {
        _ = add(field, Value(text.trimmed, provenance), by: precedence)
    }

    /// Adds `value` and says whether it is the lead's now; nil when it is left out.
    mutating func add(_ field: FieldName, _ value: Value, by precedence: Precedence) -> Bool? {
        guard !value.text.isEmpty else { return nil }
        // Most fields are unknown until now, and this looks for the field once.
        guard let standing = values.updateValue(value, forKey: field) else { return true }
        values[field] = standing
        let known = others[field] ?? []
        guard known.count < Self.mostOthers,
            ([standing] + known).allSatisfy({ !$0.text.caseInsensitiveEquals(value.text) })
        else { return nil }
        let place = { (value: Value) in precedence.place(of: value.provenance.origin, in: field) }
        // Of equals the one that was there first stays first.
        if place(value) < place(standing) {
            values[field] = value
            others[field] = [standing] + known
            return true
        }
        let index = known.firstIndex { place(value) < place($0) } ?? known.endIndex
        others[field, default: []].insert(value, at: index)
        return false
    }

    /// Adds what was decided to be added.
    mutating func add(_ addition: LateAddition) {
        let (field, value) = (addition.field, addition.value)
        guard let standing = values[field] else {
            values[field] = value
            return
        }
        if addition.wins {
            values[field] = value
            others[field, default: []].insert(standing, at: 0)
        } else {
            others[field, default: []].append(value)
        }
    }

    /// More values of one field than this help nobody.
    private static let mostOthers = 8

    /// Takes back what was noted of an enricher that has answered after all.
    mutating func closeGaps(of enricher: String) { gaps.removeAll { $0.enricher == enricher } }

    /// Notes what an enricher that has looked once more can't do, in the place of what it couldn't before; nil when it could.
    package mutating func review(_ enricher: String, failure: String?) {
        let gap = failure.map { Gap(enricher: enricher, reason: $0) }
        guard gap.map({ gaps.contains($0) }) != true else { return }
        closeGaps(of: enricher)
        if let gap { note(gap) }
    }

    /// Has these gaps from now on.
    mutating func replaceGaps(with gaps: [Gap]) { self.gaps = gaps }

    /// Notes what an enricher could not do.
    public mutating func note(_ gap: Gap) { gaps.append(gap) }

    /// Values in the order in which they are shown.
    public var shown: [(field: FieldName, value: Value)] {
        values.sorted { $0.key < $1.key }.map { (field: $0.key, value: $0.value) }
    }
}

extension Lead {
    private enum Key: String, CodingKey { case values, others, gaps }

    /// Reads what `encode` wrote; `others` may be missing.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        values = try container.decode([FieldName: Value].self, forKey: .values)
        others = try container.decodeIfPresent([FieldName: [Value]].self, forKey: .others) ?? [:]
        gaps = try container.decode([Gap].self, forKey: .gaps)
    }

    /// Writes the lead; `others` only where there are any.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(values, forKey: .values)
        if !others.isEmpty { try container.encode(others, forKey: .others) }
        try container.encode(gaps, forKey: .gaps)
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
