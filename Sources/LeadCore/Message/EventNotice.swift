// What the programs behind a team's CRM, reports and scripts are told: the events of a case by stable names. A channel
// that takes events gets one message an entry of the history, in its order; the entry says what happened, and the case is
// shown as that entry left it.

/// The names of events, as a webhook's filter and its bodies have them.
public enum EventName: String, Sendable, Codable, CaseIterable {
    case opened
    /// The first who may choose were asked.
    case notified
    /// Others were asked, because nobody had chosen.
    case escalated
    case reminded
    /// The last call before the lead is given away.
    case warned
    /// No channel reached somebody who was asked.
    case unreached
    case claimed
    /// The claim was given back, or is over.
    case released
    case passedOn = "passed_on"
    case postponed
    case assigned
    /// Nobody chose in time, or could be reached, so the policy gave the lead its owner.
    case breached
    case reassigned
    case undone
    case rejected
    /// The rep's first action.
    case started = "first_action"
    case closed

    /// The name of `event`, of a case that had asked `told` before; nil for what is of no interest outside.
    init?(_ event: CaseEvent, told: [PersonID]) {
        switch event {
        case .opened: self = .opened
        case .notified: self = told.isEmpty ? .notified : .escalated
        case .reminded: self = .reminded
        case .warned: self = .warned
        case .unreached, .outOfReach: self = .unreached
        case .claimed: self = .claimed
        case .claimExpired, .released: self = .released
        case .passedOn: self = .passedOn
        case .postponed: self = .postponed
        case .assigned(let assignment): self = assignment.mode.isFallback ? .breached : .assigned
        case .reassigned: self = .reassigned
        case .undone: self = .undone
        case .rejected: self = .rejected
        case .started: self = .started
        case .closed: self = .closed
        // A failed message is told nobody outside: the message about it might fail too.
        case .passedOver, .skipped, .replanned, .linkRenewed, .deliveryFailed, .inquired, .separated, .enriched,
            .enricherRefused, .channelImpaired:
            return nil
        }
    }
}

/// One event of a case for whoever listens.
public struct EventNotice: Sendable, Equatable {
    /// Its name.
    public let name: EventName
    /// Its entry in the history.
    public let entry: HistoryEntry
    /// The case as the entry left it.
    public let subject: LeadCase
    /// Names of the people in it.
    public let names: [PersonID: String]

    /// The event of entry `sequence` in `file`; nil when it is none, or the history has no such entry.
    init?(sequence: Int, in file: CaseFile, by rulebook: Rulebook) {
        guard sequence >= 1, sequence <= file.history.count else { return nil }
        let (key, lead) = (file.subject.key, file.subject.arrived)
        let entry = file.history[sequence - 1]
        let told = LeadCase(key: key, lead: lead, history: Array(file.history.prefix(sequence - 1)))?.told ?? []
        guard let name = EventName(entry.event, told: told),
            let subject = LeadCase(key: key, lead: lead, history: Array(file.history.prefix(sequence)))
        else { return nil }
        self.name = name
        self.entry = entry
        self.subject = subject
        names = Dictionary(rulebook.people.map { ($0.id, $0.name) }) { first, _ in first }
    }
}
