// What the core needs of an enricher: values that it would add. It never sees or changes what is given.

/// What an enricher found.
public struct Enrichment: Sendable, Equatable {
    /// A value to fill in, and what the enricher went by.
    public struct Finding: Sendable, Equatable {
        public let field: FieldName
        public let text: String
        public let basis: String?

        /// A finding.
        public init(_ field: FieldName, _ text: String, basis: String? = nil) {
            self.field = field
            self.text = text
            self.basis = basis
        }
    }

    /// Values to fill in where the lead has none.
    public var findings: [Finding]
    /// What could not be done, in one sentence; nil when all went well.
    public var failure: String?

    /// An enrichment.
    public init(findings: [Finding] = [], failure: String? = nil) {
        self.findings = findings
        self.failure = failure
    }
}

/// Adds to what is known of a lead.
public protocol Enricher: Sendable {
    /// The kind, which stands in the values' provenance.
    var name: String { get }
    /// True when `enrich` computes from memory and can't wait for anything.
    var isImmediate: Bool { get }
    /// What can be added to `lead`.
    func enrich(_ lead: Lead) async -> Enrichment
}
