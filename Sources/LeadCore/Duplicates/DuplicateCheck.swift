// What becomes of a lead whose person or firm is known: it joins the open case, or opens one that follows an old one. Pure;
// intake asks the store for candidates and acts on the verdict.

/// When leads count as the same person's or firm's.
public struct DuplicateSettings: Sendable, Equatable {
    /// How long after the last word of a person another one joins their open case.
    public let window: Duration
    /// How long it is remembered who had an earlier case.
    public let memory: Duration
    /// From which resemblance on, 1 to 100.
    public let threshold: Int
    /// The urgency that a case has once the person has asked again; nil leaves it as it is.
    public let urgency: String?
    /// Domains whose people ask for many firms.
    public let agencies: Set<String>

    /// Settings; 30 days, two years, 75 unless told.
    public init(
        window: Duration = .seconds(30 * 86_400), memory: Duration = .seconds(730 * 86_400), threshold: Int = 75,
        urgency: String? = nil, agencies: Set<String> = []
    ) {
        self.window = window
        self.memory = memory
        self.threshold = threshold
        self.urgency = urgency
        self.agencies = agencies
    }
}

/// A case that may be of the same person or firm.
public struct KnownLead: Sendable, Equatable {
    /// The case.
    public let id: CaseID
    /// Its state.
    public let state: LeadCase.StateName
    /// When the person wrote last.
    public let lastAt: Timestamp
    /// Who has it or had it last.
    public let rep: PersonID?
    /// What the lead, and each inquiry that joined it, is compared by.
    public let likenesses: [Likeness]
    /// Those inquiries, in the order of their likenesses, which follow the lead's own.
    public let inquiries: [IntakeKey]

    /// A known lead.
    public init(
        id: CaseID, state: LeadCase.StateName, lastAt: Timestamp, rep: PersonID?, likenesses: [Likeness],
        inquiries: [IntakeKey] = []
    ) {
        self.id = id
        self.state = state
        self.lastAt = lastAt
        self.rep = rep
        self.likenesses = likenesses
        self.inquiries = inquiries
    }
}

/// A candidate with its resemblance.
public struct DuplicateMatch: Sendable, Equatable {
    /// The case.
    public let known: KnownLead
    /// How much it resembles the lead.
    public let resemblance: Resemblance
    /// The inquiry that it was found by; nil when that was the case's own lead.
    public let like: IntakeKey?

    /// A match.
    public init(known: KnownLead, resemblance: Resemblance, like: IntakeKey? = nil) {
        self.known = known
        self.resemblance = resemblance
        self.like = like
    }

    /// The match with the case that the inquiry has become which it was found by; nil when that was the case's own lead.
    public var splitOff: DuplicateMatch? {
        like.map { key in
            let own = KnownLead(id: key.caseID, state: .waiting, lastAt: known.lastAt, rep: nil, likenesses: [])
            return DuplicateMatch(known: own, resemblance: resemblance)
        }
    }
}

/// What a lead is, by who has asked before.
public enum DuplicateVerdict: Sendable, Equatable {
    /// Nobody that is known.
    case new
    /// The same person or firm has an open case.
    case repeats(DuplicateMatch)
    /// They had one.
    case follows(DuplicateMatch)
}

extension DuplicateSettings {
    /// All candidates that resemble `likeness` at all, the best first.
    public func matches(of likeness: Likeness, among known: [KnownLead]) -> [DuplicateMatch] {
        known.compactMap { lead in
            let places = lead.likenesses.indices.compactMap { place in
                likeness.resemblance(to: lead.likenesses[place], agencies: agencies).map { (place, $0) }
            }
            return places.max { $0.1.score < $1.1.score }.map { place, best in
                let inquiries = lead.inquiries
                let like = place > 0 && place <= inquiries.count ? inquiries[place - 1] : nil
                return DuplicateMatch(known: lead, resemblance: best, like: like)
            }
        }.sorted { ($1.resemblance.score, $1.known.lastAt) < ($0.resemblance.score, $0.known.lastAt) }
    }

    /// What a lead of `likeness` is at `now`.
    public func verdict(on likeness: Likeness, among known: [KnownLead], at now: Timestamp) -> DuplicateVerdict {
        let matches = matches(of: likeness, among: known).filter { $0.resemblance.score >= threshold }
        if let open = matches.first(where: { $0.known.state.isOpen && now - $0.known.lastAt <= window }) {
            return .repeats(open)
        }
        return matches.first { now - $0.known.lastAt <= memory }.map { .follows($0) } ?? .new
    }
}

/// An inquiry that joined a case.
public struct Inquiry: Sendable, Equatable, Codable {
    /// What makes the record this inquiry and no other.
    public let key: IntakeKey
    /// What it says.
    public let lead: Lead
    /// Why it joined.
    public let resemblance: Resemblance
    /// The urgency that the case has from now on; nil leaves it as it is.
    public let urgency: String?

    /// An inquiry.
    public init(key: IntakeKey, lead: Lead, resemblance: Resemblance, urgency: String? = nil) {
        self.key = key
        self.lead = lead
        self.resemblance = resemblance
        self.urgency = urgency
    }
}

extension Lead {
    /// Notes that the same person or firm had `match`'s case, and who had it.
    public mutating func note(former match: DuplicateMatch) {
        let provenance = Provenance(
            origin: Self.duplicates, basis: match.resemblance.reasons.joined(separator: ", "),
            confidence: match.resemblance.score < 100 ? match.resemblance.score : nil)
        // Whatever a form says of this is no more than words.
        let own = Precedence([Self.duplicates])
        add(.formerCase, match.known.id.text, provenance, by: own)
        if let rep = match.known.rep { add(.formerRep, rep.text, provenance, by: own) }
    }

    /// The earlier case of the same person or firm, as this program knows it.
    public var earlierCase: CaseID? { own(.formerCase).map { CaseID($0) } }

    /// Who had it last.
    var earlierRep: PersonID? { own(.formerRep).map { PersonID($0) } }

    private func own(_ field: FieldName) -> String? {
        values[field].flatMap { $0.provenance.origin == Self.duplicates ? $0.text : nil }
    }

    /// The origin of what is known by an earlier case.
    static let duplicates = "duplicates"
}
