// What the core needs of an enricher: values that it would add. It never sees or changes what is given.

/// What an enricher found.
public struct Enrichment: Sendable, Equatable {
    /// A value to fill in, and what the enricher went by.
    public struct Finding: Sendable, Equatable {
        public let field: FieldName
        public let text: String
        public let basis: String?
        /// How sure the enricher is, in percent; nil when there is nothing to doubt.
        public let confidence: Int?
        /// When it was learnt, if not now.
        public let at: Timestamp?

        /// A finding.
        public init(
            _ field: FieldName, _ text: String, basis: String? = nil, confidence: Int? = nil, at: Timestamp? = nil
        ) {
            self.field = field
            self.text = text
            self.basis = basis
            self.confidence = confidence
            self.at = at
        }
    }

    /// Values to fill in where the lead has none.
    public var findings: [Finding]
    /// What could not be done, in one sentence; nil when all went well.
    public var failure: String?
    /// For how long it is worth asking again what failed, once the lead has gone out; zero when it isn't.
    public var retryFor: Duration

    /// An enrichment.
    public init(findings: [Finding] = [], failure: String? = nil, retryFor: Duration = .zero) {
        self.findings = findings
        self.failure = failure
        self.retryFor = retryFor
    }
}

/// What an enricher said after the lead had gone out, and what others make of the lead with that.
public struct LateFindings: Sendable, Equatable {
    /// The enricher's name.
    public let enricher: String
    /// The values, with where they came from; those that follow from its own come after them.
    public let values: [LateValue]
    /// Those who looked at the lead once more, each with what it could not do this time; nil when it could.
    public let reviews: [String: String?]
    /// Whose word counts where the lead has another value.
    public let precedence: Precedence

    /// Late findings.
    public init(
        enricher: String, values: [LateValue], reviews: [String: String?] = [:], precedence: Precedence
    ) {
        self.enricher = enricher
        self.values = values
        self.reviews = reviews
        self.precedence = precedence
    }

    /// The same, noting that `enrichers` can be asked now and were not before.
    package func owing(_ enrichers: [String]) -> LateFindings {
        let owed = enrichers.map { ($0, String?.some(Lead.Gap.unasked)) }
        return LateFindings(
            enricher: enricher, values: values, reviews: reviews.merging(owed) { $1 }, precedence: precedence)
    }
}

/// A value that came late.
public struct LateValue: Sendable, Equatable {
    /// The field.
    public let field: FieldName
    /// The value.
    public let value: Lead.Value

    /// A late value.
    public init(_ field: FieldName, _ value: Lead.Value) {
        self.field = field
        self.value = value
    }
}

/// What is still to come when a lead's time for enrichment is over.
public struct LateAnswers: Sendable {
    /// The findings of those who answer at last, in the order in which they do; ends when nobody is waited for any more.
    public let findings: AsyncStream<LateFindings>
    /// Gives up those who haven't answered.
    public let cancel: @Sendable () -> Void

    /// Answers that are still to come.
    public init(findings: AsyncStream<LateFindings>, cancel: @escaping @Sendable () -> Void) {
        self.findings = findings
        self.cancel = cancel
    }
}

/// Asks again what nobody answered, about leads that have their cases already: what a former run of the daemon would have
/// gone on to ask.
public struct SecondAsking: Sendable {
    /// How old a case may be.
    public let reach: Duration
    /// The lead as it is by then; nil when nobody is to be asked about it any more.
    public typealias Newest = @Sendable () async -> Lead?

    /// The answers that are still to come to a lead whose case was opened then; nil when none is worth asking for. What has
    /// been answered when its turn comes, by `newest`, is not asked again.
    public let ask: @Sendable (_ lead: Lead, _ opened: Timestamp, _ newest: @escaping Newest) -> LateAnswers?

    /// Asks about cases that are younger than `reach`.
    public init(
        reach: Duration,
        ask: @escaping @Sendable (_ lead: Lead, _ opened: Timestamp, _ newest: @escaping Newest) -> LateAnswers?
    ) {
        self.reach = reach
        self.ask = ask
    }
}

/// A lead with what the enrichers found in time.
public struct EnrichedLead: Sendable {
    /// The lead.
    public let lead: Lead
    /// What is still to come; nil when all have answered.
    public let late: LateAnswers?

    /// An enriched lead.
    public init(_ lead: Lead, late: LateAnswers? = nil) {
        self.lead = lead
        self.late = late
    }
}

/// An enricher is refused by whoever it asks, until an operator renews what it asks with.
public struct EnricherRefusal: Sendable, Equatable, Codable {
    /// The enricher's name.
    public let enricher: String
    /// How it is refused: "refused the credentials (HTTP 401)".
    public let reason: String

    /// A refusal.
    public init(enricher: String, reason: String) {
        self.enricher = enricher
        self.reason = reason
    }
}

/// Adds to what is known of a lead.
public protocol Enricher: Sendable {
    /// Its name in the configuration, which stands in the values' provenance.
    var name: String { get }
    /// True when `enrich` computes from memory and can't wait for anything.
    var isImmediate: Bool { get }
    /// For how long it is asked again what failed for now; zero when it isn't.
    var retryFor: Duration { get }
    /// Why it gives nothing at present, whatever it is asked; nil when it does, as far as is known.
    var complaint: String? { get }
    /// False while `lead` lacks a value that the question needs; answered at once.
    func canAsk(about lead: Lead) -> Bool
    /// What can be added to `lead`.
    func enrich(_ lead: Lead) async -> Enrichment
}

extension Enricher {
    /// Whatever the lead says.
    public func canAsk(about lead: Lead) -> Bool { true }
    /// Not at all.
    public var retryFor: Duration { .zero }
    /// None.
    public var complaint: String? { nil }
}
