// One message to one person over one channel, from the decision that caused it to its end.
//
//   pending ──lease──▶ sending ──▶ sent
//      ▲                  │ ├────▶ failed
//      ├──── deferred ◀───┤ └────▶ unknown: given up when the peer may have it
//      └──── held ◀───────┘       the destination is stopped until somebody mends the configuration
//   pending, deferred, held ──the case moved on──▶ cancelled
//   failed, unknown ──somebody wants it tried again──▶ pending
//
// The dispatcher moves a delivery by leases; only the case's transitions create or cancel one.

/// What a message is for.
public enum MessageKind: String, Sendable, Codable, CaseIterable {
    /// Asks a manager to choose.
    case decide
    /// Reminds a manager who has been asked.
    case remind
    /// Warns those who can still choose that the lead is about to be given away.
    case warn
    /// Asks a further manager, because nobody has chosen.
    case escalate
    /// Tells a rep about a new lead.
    case assigned
    /// Tells a former rep that someone else has the lead.
    case withdrawn
    /// Tells those who had been asked that the matter is settled.
    case settled
    /// Tells those who had been asked that the choice was taken back and is open again.
    case reopened
    /// Brings earlier messages of a channel that can change them up to date.
    case update
    /// Tells whoever holds the lead that the same person or firm has asked again.
    case inquiry
    /// Brings a fresh link to the person it was for.
    case freshLink
    /// Tells an operator that a message could not be delivered.
    case alarm
    /// Several of these as one; never in a store.
    case digest

    /// Tells a program of an event; in the order of its case, one after the other.
    case event
    /// Tries a channel out; never in a store.
    case test

    /// Kinds that ask for a choice and are pointless once it has been made.
    public static let asking: [MessageKind] = [.decide, .remind, .warn, .escalate, .reopened]
}

/// One message to one person over one channel.
public struct Delivery: Sendable, Equatable {
    /// The same in every copy and attempt.
    public let id: DeliveryID
    /// The case the message is about.
    public let caseID: CaseID
    /// Whom it is for.
    public let person: PersonID
    /// The way it goes.
    public let channel: ChannelID
    /// The queue it waits in.
    public let lane: LaneID
    /// What it is for.
    public let kind: MessageKind
    /// When it was decided.
    public let createdAt: Timestamp
    /// Text that belongs to this message alone: an alarm's reason.
    public let remark: String?

    /// A delivery whose id follows from the case, the history entry that caused it, the person and the channel.
    public init(
        caseID: CaseID, sequence: Int, person: PersonID, channel: ChannelID, lane: LaneID, kind: MessageKind,
        createdAt: Timestamp, remark: String? = nil
    ) {
        self.init(
            id: DeliveryID("\(caseID).\(sequence).\(kind.rawValue).\(person).\(channel)"), caseID: caseID,
            person: person, channel: channel, lane: lane, kind: kind, createdAt: createdAt, remark: remark)
    }

    /// The history entry that caused it, as its id tells; nil for an id of another make.
    public var sequence: Int? {
        let prefix = "\(caseID)."
        guard id.text.hasPrefix(prefix) else { return nil }
        return Int(id.text.dropFirst(prefix.count).prefix { $0 != "." })
    }

    /// A delivery read back from the store.
    public init(
        id: DeliveryID, caseID: CaseID, person: PersonID, channel: ChannelID, lane: LaneID, kind: MessageKind,
        createdAt: Timestamp, remark: String?
    ) {
        self.id = id
        self.caseID = caseID
        self.person = person
        self.channel = channel
        self.lane = lane
        self.kind = kind
        self.createdAt = createdAt
        self.remark = remark
    }
}

/// Where a delivery stands.
public enum DeliveryState: String, Sendable, Codable, CaseIterable {
    case pending, sending, sent, deferred, held, failed, unknown, cancelled

    /// States in which a message has not reached its person and isn't on its way.
    public static let undelivered: Set<DeliveryState> = [.held, .failed, .unknown]
}

/// A delivery with what has happened to it.
public struct DeliveryRecord: Sendable, Equatable {
    /// The message.
    public let delivery: Delivery
    /// Where it stands.
    public let state: DeliveryState
    /// How often it was taken up.
    public let attempts: Int
    /// When it is to be tried next, while pending or deferred.
    public let nextAttempt: Timestamp?
    /// When it came to its present state.
    public let changedAt: Timestamp
    /// The last outcome in words; no secret, no personal data.
    public let detail: String?
    /// Where it stands in a chat, as far as it can be changed there.
    public let copies: [PostedCopy]
    /// The message in which it went along with others; nil while it hasn't gone, or where it went by itself.
    public let carrier: DeliveryID?

    /// A record as the store has it.
    public init(
        delivery: Delivery, state: DeliveryState, attempts: Int, nextAttempt: Timestamp?, changedAt: Timestamp,
        detail: String?, copies: [PostedCopy] = [], carrier: DeliveryID? = nil
    ) {
        self.copies = copies
        self.carrier = carrier
        self.delivery = delivery
        self.state = state
        self.attempts = attempts
        self.nextAttempt = nextAttempt
        self.changedAt = changedAt
        self.detail = detail
    }
}

/// The right to send: who holds it and until when. Whoever's lease has run out can't record an outcome.
public struct Lease: Sendable, Equatable {
    /// The run of the daemon that holds it.
    public let owner: InstanceID
    /// When others may take the work up again.
    public let until: Timestamp

    /// A lease.
    public init(owner: InstanceID, until: Timestamp) {
        self.owner = owner
        self.until = until
    }
}

/// A delivery that this instance may send now.
public struct LeasedDelivery: Sendable, Equatable {
    /// The message.
    public let delivery: Delivery
    /// Which attempt this is, from 1; with the lease's owner it fences the recording.
    public let attempt: Int
    /// The right to send it.
    public let lease: Lease
    /// With which others it goes, since it has waited with them; nil when it goes by itself.
    public let digest: DigestID?

    /// A delivery in hand.
    public init(delivery: Delivery, attempt: Int, lease: Lease, digest: DigestID? = nil) {
        self.delivery = delivery
        self.attempt = attempt
        self.lease = lease
        self.digest = digest
    }
}
