// The case of one lead: its state and the fold of its history. Decisions are in LeadCase+Decide; here is only what a
// case is and how each event changes it.
//
//             open                      assign                            first action
//   (lead) ─────────▶ waiting ──────────────────────────▶ assigned ─────────────▶ working ──close──▶ closed
//                      │  ▲ └─ claim ─▶ claimed ─ assign ──┘  ▲ └─ reassign ─┘
//             deadline └──┘ └─ release, claim expires ─┘
//                      reject (spam, duplicate, not for us) ─────────────────────────────────────▶ closed
//
// Undo leads from assigned back to waiting; passing on from claimed to waiting.

/// Our handling of one lead.
public struct LeadCase: Sendable, Equatable {
    /// Whose turn it is.
    public enum State: Sendable, Equatable {
        /// Nobody has chosen; the plan runs.
        case waiting
        /// A manager decides; reminders rest, the last step doesn't.
        case claimed(Claim)
        /// A rep has it.
        case assigned(Assignment)
        /// The rep has begun.
        case working(Assignment, since: Timestamp)
        /// Done with, or never a lead.
        case closed(Closing)
    }

    /// A choice that was left to somebody else.
    public struct Pass: Sendable, Equatable {
        /// Who is asked.
        public let to: PersonID
        /// Who asked them.
        public let by: PersonID

        /// A choice that `by` left to `to`.
        public init(to: PersonID, by: PersonID) {
            self.to = to
            self.by = by
        }
    }

    /// Follows from the intake key.
    public let id: CaseID
    /// What makes the record this case and no other.
    public let key: IntakeKey
    /// What came in, enriched, as it was when the case was opened.
    public let arrived: Lead
    /// The same with what enrichers said later.
    public private(set) var lead: Lead
    /// What the case was opened with, or goes by since the rules have changed.
    public private(set) var opening: Opening
    /// When it was opened.
    public let openedAt: Timestamp
    /// The last history entry's sequence; `apply` compares it.
    public private(set) var version: Int
    /// Whose turn it is.
    public private(set) var state: State
    /// Index of the plan's next step.
    public private(set) var nextStep: Int
    /// When those who can still choose were warned; nil while there is no need.
    public private(set) var warnedAt: Timestamp?
    /// By how much the steps that are left come later than planned.
    public private(set) var delay: Duration
    /// Who asked for more time; nil while nobody has.
    public private(set) var postponedBy: PersonID?
    /// How often the case has been open for a choice: one more with each choice that is taken back.
    public private(set) var round: Int
    /// True while the rep has the lead from another rep.
    public private(set) var isSecondHand: Bool
    /// Who took the last choice back; nil once another was made.
    public private(set) var undoneBy: PersonID?
    /// Who passed the choice on last, and to whom.
    public private(set) var lastPass: Pass?
    /// Who was passed over, and who is next in their stead.
    public private(set) var passedOver: [PassedOver]
    /// Managers who have been asked, in order.
    public private(set) var told: [PersonID]
    /// When each person last asked for a fresh link.
    public private(set) var linksRenewed: [PersonID: Timestamp]
    /// Inquiries that joined the case, oldest first.
    public private(set) var inquiries: [Inquiry]
    /// Who was asked to choose and reached by no channel.
    public private(set) var unreached: Set<PersonID>
    /// Who was asked to choose when every way to them was down.
    public private(set) var outOfReach: Set<PersonID>
    /// Which entries tell the operators of something that is no message's failure.
    var alarms: [Int: AlarmCause] = [:]
    /// Deliveries known to have failed.
    public private(set) var failures: Set<DeliveryID>

    /// A case as its first entry makes it.
    init(key: IntakeKey, lead: Lead, opening: Opening, openedAt: Timestamp) {
        id = key.caseID
        self.key = key
        arrived = lead
        self.lead = lead
        self.opening = opening
        self.openedAt = openedAt
        version = 1
        state = .waiting
        nextStep = 0
        delay = .zero
        round = 1
        isSecondHand = false
        passedOver = []
        told = []
        linksRenewed = [:]
        inquiries = []
        failures = []
        unreached = []
        outOfReach = []
    }

    /// The case that a history leads to; nil when the history doesn't begin with an opening or has a gap.
    public init?(key: IntakeKey, lead: Lead, history: [HistoryEntry]) {
        guard let first = history.first, first.sequence == 1, case .opened(let opening) = first.event else {
            return nil
        }
        self.init(key: key, lead: lead, opening: opening, openedAt: first.at)
        for entry in history.dropFirst() {
            guard entry.sequence == version + 1 else { return nil }
            take(entry)
        }
    }

    /// Changes the case as `entry` says.
    mutating func take(_ entry: HistoryEntry) {
        version = entry.sequence
        switch entry.event {
        case .opened: break
        case .notified(let step, let people), .reminded(let step, let people), .warned(let step, let people):
            nextStep = step + 1
            if case .warned = entry.event { warnedAt = entry.at }
            // A policy may remind people whom it hasn't asked before: they are asked then, and told of the end.
            for person in people where !told.contains(person) { told.append(person) }
        case .passedOver(_, let who): passedOver.append(who)
        case .skipped(let step):
            nextStep = step + 1
        case .replanned(let fresh, let step):
            opening = fresh
            nextStep = step
        case .claimed(let claim): state = .claimed(claim)
        case .claimExpired, .released: state = .waiting
        case .passedOn(let person, let by, _):
            lastPass = Pass(to: person, by: by)
            if case .claimed = state { state = .waiting }
            if !told.contains(person) { told.append(person) }
        case .postponed(let person, let milliseconds):
            delay += .milliseconds(milliseconds)
            postponedBy = person
        case .undone(let assignment, let person):
            state = .waiting
            undoneBy = person
            round += 1
            delay += entry.at - assignment.at
        case .assigned(let assignment), .reassigned(let assignment, _):
            state = .assigned(assignment)
            undoneBy = nil
            isSecondHand = if case .reassigned = entry.event { true } else { false }
        case .rejected(let closing), .closed(let closing): state = .closed(closing)
        case .started:
            if case .assigned(let assignment) = state { state = .working(assignment, since: entry.at) }
        case .linkRenewed(let person): linksRenewed[person] = entry.at
        case .inquired(let inquiry):
            inquiries.append(inquiry)
            if let urgency = inquiry.urgency, lead[.urgency].map({ Urgency(urgency).raises(Urgency($0)) }) ?? true {
                let provenance = Provenance(origin: Lead.duplicates, basis: "a repeat inquiry", at: entry.at)
                lead.add(
                    LateAddition(field: .urgency, value: Lead.Value(urgency, provenance), wins: true))
            }
        case .separated(let key): inquiries.removeAll { $0.key == key }
        case .enriched(let enricher, let additions, let gaps):
            for addition in additions { lead.add(addition) }
            lead.closeGaps(of: enricher)
            if let gaps { lead.replaceGaps(with: gaps) }
        case .deliveryFailed(let delivery, _, _, _): failures.insert(delivery)
        case .unreached(let person): unreached.insert(person)
        case .outOfReach(let person): outOfReach.insert(person)
        case .enricherRefused: alarms[entry.sequence] = .enricher
        case .channelImpaired: alarms[entry.sequence] = .channel
        }
    }
}

extension LeadCase {
    /// When time itself will next change the case; nil once it has an owner or is closed.
    public var nextDeadline: Timestamp? {
        switch state {
        case .waiting: nextStep < opening.plan.count ? opening.plan[nextStep].at + delay : nil
        case .claimed(let claim): min(claim.until, ownerBy)
        case .assigned, .working, .closed: nil
        }
    }

    /// When the last step gives the lead its owner, if nobody has chosen by then.
    public var ownerBy: Timestamp { opening.plan.last.map { $0.at + delay } ?? openedAt }

    /// Who gets the lead if nobody chooses, as planned when the case was opened.
    public var fallback: PersonID? {
        if case .assign(let person) = opening.plan.last?.action { person } else { nil }
    }

    /// True when the ranking says who gets the lead if nobody chooses.
    public var fallsToBest: Bool {
        if case .assignBest = opening.plan.last?.action { true } else { false }
    }

    /// Who has the lead and how that came about; nil while nobody has.
    public var assignment: Assignment? {
        switch state {
        case .assigned(let assignment), .working(let assignment, _): assignment
        case .waiting, .claimed, .closed: nil
        }
    }

    /// Until when `person` may take back the choice by which the lead has its owner; nil when they may not. Only a first
    /// choice can be: what was moved is moved again.
    public func undoUntil(for person: PersonID, _ rulebook: Rulebook) -> Timestamp? {
        guard case .assigned(let assignment) = state, assignment.by == .person(id: person), !isSecondHand else {
            return nil
        }
        return assignment.at + rulebook.choice.undo
    }

    /// One word for lists and the store's index.
    public var stateName: StateName {
        switch state {
        case .waiting: .waiting
        case .claimed: .claimed
        case .assigned: .assigned
        case .working: .working
        case .closed: .closed
        }
    }

    /// The states by name.
    public enum StateName: String, Sendable, Codable, CaseIterable {
        case waiting, claimed, assigned, working, closed

        /// True while somebody still has something to do.
        public var isOpen: Bool { self != .closed }
    }
}
