// What happened to a case. The history is the truth: a case is its lead plus the fold of its entries, and whatever the
// store keeps beside them (state, deadline, rep) is an index.

/// Who or what made something happen.
public enum Actor: Sendable, Equatable, Codable {
    case person(id: PersonID)
    /// The policy's step with this index, because its time had come, or nobody was reached by the steps before.
    case step(index: Int)
    case intake
    case daemon

    /// Whether somebody did it, rather than time or the program.
    var isPerson: Bool { if case .person = self { true } else { false } }
}

/// How an assignment came about.
public enum AssignmentMode: String, Sendable, Codable, CaseIterable {
    /// A person chose.
    case chosen
    /// Nobody chose in time.
    case fallback
    /// Nobody who was asked could be reached.
    case unreached
    /// A rule chose.
    case automatic
}

extension AssignmentMode {
    /// Whether the policy gave the lead away, since nobody chose.
    public var isFallback: Bool { self == .fallback || self == .unreached }
}

/// Who has the lead, and how that came about.
public struct Assignment: Sendable, Equatable, Codable {
    /// Who has it.
    public let rep: PersonID
    /// Who gave it.
    public let by: Actor
    /// How.
    public let mode: AssignmentMode
    /// Since when.
    public let at: Timestamp
    /// What the chooser wrote to the rep.
    public let note: String?
    /// The ranking that the chooser saw; nil when there was none.
    public let seen: SeenRanking?
    /// By when the rep's first action was promised, by the rules of that moment; nil when nothing was.
    public let firstActionBy: Timestamp?

    /// An assignment.
    public init(
        rep: PersonID, by: Actor, mode: AssignmentMode, at: Timestamp, note: String? = nil, seen: SeenRanking? = nil,
        firstActionBy: Timestamp? = nil
    ) {
        self.firstActionBy = firstActionBy
        self.rep = rep
        self.by = by
        self.mode = mode
        self.at = at
        self.note = note
        self.seen = seen
    }
}

/// A manager's "mine to decide".
public struct Claim: Sendable, Equatable, Codable {
    /// Who decides.
    public let by: PersonID
    /// Since when.
    public let at: Timestamp
    /// Until when others leave it.
    public let until: Timestamp

    /// A claim.
    public init(by: PersonID, at: Timestamp, until: Timestamp) {
        self.by = by
        self.at = at
        self.until = until
    }
}

/// Why a case ended.
public enum ClosingReason: String, Sendable, Codable, CaseIterable {
    case spam, duplicate
    case notForUs = "not_for_us"
    /// The rep has finished the work.
    case done

    /// The reasons for which a manager may reject.
    public static let rejections: [ClosingReason] = [.spam, .duplicate, .notForUs]

    /// In words: "not for us".
    public var words: String { rawValue.replacing("_", with: " ") }
}

/// The end of a case.
public struct Closing: Sendable, Equatable, Codable {
    /// Why.
    public let reason: ClosingReason
    /// Who ended it.
    public let by: PersonID
    /// When.
    public let at: Timestamp
    /// Their words.
    public let note: String?

    /// A closing.
    public init(reason: ClosingReason, by: PersonID, at: Timestamp, note: String? = nil) {
        self.reason = reason
        self.by = by
        self.at = at
        self.note = note
    }
}

/// What a case was opened with; it keeps this whatever becomes of the configuration.
public struct Opening: Sendable, Equatable, Codable {
    /// Why this route, in words.
    public let reason: String
    /// The policy's name.
    public let policy: String
    /// Who chooses, in order.
    public let managers: [PersonID]
    /// The policy's steps as instants and people.
    public let plan: [PlannedStep]
    /// When nobody works before the last step; nil when the plan counts around the clock.
    public let closures: [WorkCalendar.Closure]?
    /// When the plan begins, if nobody worked when the lead came; nil when it began at once.
    public let begins: Timestamp?
    /// Whose turn it was, where managers take turns.
    public let turn: PersonID?

    /// An opening.
    public init(
        reason: String, policy: String, managers: [PersonID], plan: [PlannedStep],
        closures: [WorkCalendar.Closure]? = nil, begins: Timestamp? = nil, turn: PersonID? = nil
    ) {
        self.reason = reason
        self.policy = policy
        self.managers = managers
        self.plan = plan
        self.closures = closures
        self.begins = begins
        self.turn = turn
    }
}

/// Somebody whose turn it was but who isn't there, and who has it instead.
public struct PassedOver: Sendable, Equatable, Codable {
    /// Whose turn it was.
    public let person: PersonID
    /// True when they are away, false when they are out of hours.
    public let isAway: Bool
    /// Until when.
    public let until: Timestamp
    /// Who is next.
    public let to: PersonID

    /// Somebody who was passed over.
    public init(person: PersonID, isAway: Bool, until: Timestamp, to: PersonID) {
        self.person = person
        self.isAway = isAway
        self.until = until
        self.to = to
    }
}

/// What an enricher added to a case that was open already.
public struct LateAddition: Sendable, Equatable, Codable {
    /// The field.
    public let field: FieldName
    /// The value.
    public let value: Lead.Value
    /// Whether it is the lead's from now on, or is kept beside what the lead has.
    public let wins: Bool

    /// An addition.
    public init(field: FieldName, value: Lead.Value, wins: Bool) {
        self.field = field
        self.value = value
        self.wins = wins
    }
}

/// One thing that happened to a case.
public enum CaseEvent: Sendable, Equatable, Codable {
    case opened(opening: Opening)
    case notified(step: Int, people: [PersonID])
    case reminded(step: Int, people: [PersonID])
    /// Whoever the step is for isn't there; somebody else is next.
    case passedOver(step: Int, who: PassedOver)
    /// The lead is about to be given away; those who can still choose were told.
    case warned(step: Int, people: [PersonID])
    /// A step whose time had passed when a later one was due too, or that is only for leads that nobody has claimed.
    case skipped(step: Int)
    /// The rules have changed, and the case goes by the new ones from this step on.
    case replanned(opening: Opening, nextStep: Int)
    case claimed(claim: Claim)
    case claimExpired(by: PersonID)
    case released(by: PersonID)
    case assigned(assignment: Assignment)
    case reassigned(assignment: Assignment, from: PersonID)
    case passedOn(to: PersonID, by: PersonID, comment: String?)
    /// All steps that are left come later by so much.
    case postponed(by: PersonID, milliseconds: Int64)
    /// The choice is taken back; the time in which it stood doesn't count.
    case undone(assignment: Assignment, by: PersonID)
    case rejected(closing: Closing)
    case started(by: PersonID)
    case closed(closing: Closing)
    case linkRenewed(person: PersonID)
    /// The same person or firm has asked again.
    case inquired(inquiry: Inquiry)
    /// An inquiry that had joined the case became one of its own.
    case separated(key: IntakeKey)
    /// An enricher answered after the lead had gone out, and others made something of that; `gaps` are what is left
    /// unknown, nil when nothing but the gap of the one who answered has changed.
    case enriched(by: String, additions: [LateAddition], gaps: [Lead.Gap]? = nil)
    /// An enricher is refused, and the operators are told; it stands with the lead that was there at the time.
    case enricherRefused(refusal: EnricherRefusal)
    /// A channel goes on without a part until somebody mends it, and the operators are told; it stands with the lead whose
    /// message found it out.
    case channelImpaired(channel: ChannelID, reason: String)
    case deliveryFailed(delivery: DeliveryID, person: PersonID, channel: ChannelID, reason: String)
    /// No channel took the question to somebody who was asked to choose; what comes next comes at once.
    case unreached(person: PersonID)
    /// Every way to somebody who was asked to choose is down for now; what waits for them may arrive yet, and whoever is
    /// next is asked at once.
    case outOfReach(person: PersonID)
}

extension CaseEvent {
    /// To whom the event gives the lead; nil when it doesn't.
    public var assignment: Assignment? {
        switch self {
        case .assigned(let assignment), .reassigned(let assignment, _): assignment
        default: nil
        }
    }

    /// Whether the event passes the choice on.
    public var passesOn: Bool { if case .passedOn = self { true } else { false } }

    /// Whether the event takes a choice back.
    public var isUndoing: Bool { if case .undone = self { true } else { false } }

    /// Whether the event changes who has the lead, or who was given it last.
    public var movesLead: Bool {
        switch self {
        case .assigned, .reassigned, .undone, .closed, .rejected: true
        default: false
        }
    }
}

/// An event with its place in the history.
public struct HistoryEntry: Sendable, Equatable, Codable {
    /// From 1, without gaps; the last one's is the case's version.
    public let sequence: Int
    /// When.
    public let at: Timestamp
    /// Who or what caused it.
    public let actor: Actor
    /// What happened.
    public let event: CaseEvent
    /// The message by whose link or button a person did it; nil where that is not known.
    public let entrance: Entrance?

    /// An entry.
    public init(sequence: Int, at: Timestamp, actor: Actor, event: CaseEvent, entrance: Entrance? = nil) {
        self.entrance = entrance
        self.sequence = sequence
        self.at = at
        self.actor = actor
        self.event = event
    }
}

/// Of what operators are alarmed, where no message has failed.
enum AlarmCause: Sendable, Equatable {
    /// An enricher is refused.
    case enricher
    /// A channel goes on without a part.
    case channel
}
