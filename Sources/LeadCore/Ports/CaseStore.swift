// What the core needs of a database. `apply` is the only writer of case state.

/// Why the store could not do it; the sentence says what to do about it.
public struct StoreFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of fault it is.
    public enum Code: String, Sendable {
        /// No space, read-only, or an I/O error: may heal.
        case unavailable
        /// Another process holds the lock.
        case locked
        /// The file is not a sound database of ours.
        case damaged
        /// The database is of a newer version of the program.
        case tooNew
    }

    /// The kind.
    public let code: Code
    /// A plain sentence with the remedy; holds no lead's data.
    public let description: String

    /// A failure.
    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}

/// What became of one transition.
public enum ApplyResult: Sendable, Equatable {
    /// Durable.
    case applied
    /// The case has moved on: load it and decide again.
    case stale
    /// The intake key, or that of an inquiry that would join, has a case or is an inquiry already.
    case duplicate
    /// Not written.
    case failed(StoreFailure)
}

/// One line of a list.
public struct CaseSummary: Sendable, Equatable, Codable {
    /// The case.
    public let id: CaseID
    /// Its state.
    public let state: LeadCase.StateName
    /// "fine-art for Acme Arts".
    public let title: String
    /// Who has it.
    public let rep: PersonID?
    /// When it was opened.
    public let openedAt: Timestamp
    /// When time will next change it.
    public let nextDeadline: Timestamp?

    /// A line of a list.
    public init(
        id: CaseID, state: LeadCase.StateName, title: String, rep: PersonID?, openedAt: Timestamp,
        nextDeadline: Timestamp?
    ) {
        self.id = id
        self.state = state
        self.title = title
        self.rep = rep
        self.openedAt = openedAt
        self.nextDeadline = nextDeadline
    }
}

/// A case with its history and its messages.
public struct CaseFile: Sendable, Equatable {
    /// The case.
    public let subject: LeadCase
    /// Oldest first.
    public let history: [HistoryEntry]
    /// Oldest first.
    public let deliveries: [DeliveryRecord]
    /// Earliest first.
    public let visits: [Visit]

    /// A case's file.
    public init(
        subject: LeadCase, history: [HistoryEntry], deliveries: [DeliveryRecord], visits: [Visit] = []
    ) {
        self.visits = visits
        self.subject = subject
        self.history = history
        self.deliveries = deliveries
    }

    /// Who has the lead or had it last; nil when nobody ever has.
    public var lastRep: PersonID? {
        for entry in history.reversed() {
            switch entry.event {
            case .assigned(let assignment), .reassigned(let assignment, _): return assignment.rep
            case .undone: return nil
            default: continue
            }
        }
        return nil
    }
}

/// A lead that a rep was given.
public struct GivenLead: Sendable, Equatable {
    /// The case.
    public let id: CaseID
    /// Who was given it last.
    public let rep: PersonID
    /// When.
    public let at: Timestamp
    /// True while the rep has it.
    public let isOpen: Bool
    /// The lead; nil when it can't be read, which others needn't wait for.
    public let lead: Lead?
    /// The case's version to which all this belongs.
    public let version: Int

    /// A given lead.
    public init(id: CaseID, rep: PersonID, at: Timestamp, isOpen: Bool, lead: Lead?, version: Int) {
        self.version = version
        self.id = id
        self.rep = rep
        self.at = at
        self.isOpen = isOpen
        self.lead = lead
    }
}

/// How many messages of a lane the outbox has.
public struct LaneQueue: Sendable, Equatable {
    /// Pending, being sent or deferred.
    public var unsent = 0
    /// Those of them that change messages which are out.
    public var changes = 0
    /// Waiting until somebody mends the configuration.
    public var held = 0

    /// A queue.
    public init(unsent: Int = 0, changes: Int = 0, held: Int = 0) {
        self.unsent = unsent
        self.changes = changes
        self.held = held
    }
}

/// How many messages of a lane are taken up at once.
public struct LaneQuota: Sendable, Equatable {
    /// What one lane has room for.
    public enum Room: Sendable, Equatable {
        /// So many, at least one: what is urgent, and then the oldest. Of changes to messages that wait no more than
        /// `changes`, however many there are: beside what may go now they would only fill the lane.
        case any(Int, changes: Int = .max)
        /// So many, at least one, of what is urgent: of the rest it has enough, or that may not go yet.
        case urgent(Int, changes: Int = .max)
        /// It is to be left alone.
        case none
    }

    /// So many of each lane that isn't in `others`.
    public let usual: Int
    /// What these have room for.
    public let others: [LaneID: Room]

    /// A quota.
    public init(usual: Int, others: [LaneID: Room] = [:]) {
        self.usual = usual
        self.others = others
    }

    /// As many of each lane as there are.
    public static let unlimited = LaneQuota(usual: .max)

    /// What `lane` has room for.
    public func room(of lane: LaneID) -> Room { others.isEmpty ? .any(usual) : others[lane] ?? .any(usual) }
}

/// The lease under which new deliveries are born, so that they leave at once.
public struct BirthLease: Sendable, Equatable {
    /// The right to send them.
    public let lease: Lease
    /// Lanes that hold as much as they may: there only what is urgent is born under the lease, and the rest pending.
    public let full: Set<LaneID>

    /// A lease for what is born outside of `full`, and for what is urgent.
    public init(_ lease: Lease, full: Set<LaneID> = []) {
        self.lease = lease
        self.full = full
    }

    /// The lease under which `delivery` is born; nil for one that is born pending.
    public func lease(of delivery: Delivery) -> Lease? {
        full.isEmpty || delivery.kind.isUrgent || !full.contains(delivery.lane) ? lease : nil
    }
}

/// Which undelivered messages are to be tried again.
public enum Revival: Sendable, Equatable {
    /// Those held in `lanes`; all that are held, when nil.
    case held(lanes: Set<LaneID>?)
    /// These, whatever undelivered state they are in.
    case messages([DeliveryID])
    /// All that have failed, are held or ended in the dark.
    case all
}

/// What became of messages that were to be tried again.
public struct Revived: Sendable, Equatable {
    /// So many are pending again.
    public var pending = 0
    /// So many are cancelled, because their cases have moved on.
    public var cancelled = 0

    /// Nothing yet.
    public init(pending: Int = 0, cancelled: Int = 0) {
        self.pending = pending
        self.cancelled = cancelled
    }
}

/// Cases, history and outbox.
public protocol CaseStore: Sendable {
    /// Writes the transitions, durably, in as few transactions as can be; answers in their order.
    ///
    /// All of one transition or nothing of it. Concurrent calls share a transaction. New deliveries for which `birth` has
    /// a lease are born as `sending` under it (attempt 1), others as `pending`. One transition that can't be written
    /// doesn't keep the others from being written.
    func apply(_ transitions: [Transition], birth: BirthLease?) async -> [ApplyResult]

    /// The case called `id`, nil when there is none.
    func load(_ id: CaseID) async throws(StoreFailure) -> LeadCase?

    /// The case with history and messages.
    func file(_ id: CaseID) async throws(StoreFailure) -> CaseFile?

    /// The messages to `person` over `channel` about the case called `id`, oldest first, without what is known of copies.
    func letters(about id: CaseID, to person: PersonID, by channel: ChannelID) async throws(StoreFailure)
        -> [DeliveryRecord]

    /// Ids that begin with `prefix`, at most `limit`.
    func ids(withPrefix prefix: String, limit: Int) async throws(StoreFailure) -> [CaseID]

    /// The newest cases in one of `states`, newest first.
    func list(states: Set<LeadCase.StateName>, limit: Int) async throws(StoreFailure) -> [CaseSummary]

    /// Which of `keys` have a case already.
    func known(_ keys: [IntakeKey]) async throws(StoreFailure) -> Set<IntakeKey>

    /// Leads that reps have now, and those that they were given after `since` and have no more, in any order.
    func given(since: Timestamp) async throws(StoreFailure) -> [GivenLead]

    /// Who had the turns where managers take turns, each person once; whose last one is longest ago comes first.
    func turns() async throws(StoreFailure) -> [PersonID]

    /// The earliest deadline of any case.
    func nextDeadline() async throws(StoreFailure) -> Timestamp?

    /// Cases whose deadline is at or before `now`, earliest first.
    func due(at now: Timestamp, limit: Int) async throws(StoreFailure) -> [CaseID]

    /// Takes up deliveries that may be tried at `now`: pending or deferred ones that are due, and those whose lease has
    /// run out. Of each lane as many as `quota` says, what is urgent first and then the oldest; a digest of which one comes,
    /// comes whole.
    func take(
        at now: Timestamp, lease: Lease, quota: LaneQuota
    ) async throws(StoreFailure) -> [LeasedDelivery]

    /// When `take` will next have something of what `quota` lets in; nil when nothing is unsent. Where only what is urgent
    /// is let in, leases that run out aren't looked at: whoever is urgent and leased is in hand.
    func nextDelivery(within quota: LaneQuota) async throws(StoreFailure) -> Timestamp?

    /// Records ends of attempts. What another has taken up meanwhile, or what is already settled, stays as it is.
    func settle(_ settlements: [Settlement]) async throws(StoreFailure)

    /// Gives back deliveries that are still held by `owner` but were not tried, so that the attempt doesn't count; they
    /// are pending again, to be taken up at `now`.
    func handBack(_ leased: [LeasedDelivery], at now: Timestamp) async throws(StoreFailure)

    /// Lets deliveries wait that are still leased but were not tried, so that the attempt doesn't count: each is pending
    /// until its time, unless its case has moved on. What has a digest's name is taken up with it.
    func hold(_ held: [HeldDelivery], at now: Timestamp) async throws(StoreFailure)

    /// Keeps that somebody was at the case called `id` and changed nothing; of visits by one message the first.
    func keep(_ visit: Visit, of id: CaseID) async throws(StoreFailure)

    /// Ends the leases of everyone but `owner`; only for a store that one instance at a time can have.
    func reclaim(except owner: InstanceID, at now: Timestamp) async throws(StoreFailure)

    /// Makes undelivered messages pending again, but for questions that have been answered: those are cancelled.
    @discardableResult
    func revive(_ which: Revival, at now: Timestamp) async throws(StoreFailure) -> Revived

    /// Messages that have failed, are held or ended in the dark; the newest `limit`, newest first.
    func undelivered(limit: Int) async throws(StoreFailure) -> [DeliveryRecord]

    /// Who is asked about cases that wait for a choice by messages that wait for `lane`, and has been sent none of the
    /// questions about the case; in any order, each once.
    func unasked(waitingFor lane: LaneID) async throws(StoreFailure) -> [Addressee]

    /// How many messages of each lane are unsent, and how many are held.
    func queues() async throws(StoreFailure) -> [LaneID: LaneQueue]
}

extension CaseStore {
    /// As the case's file has them.
    public func letters(
        about id: CaseID, to person: PersonID, by channel: ChannelID
    ) async throws(StoreFailure) -> [DeliveryRecord] {
        try await file(id)?.deliveries.filter { $0.delivery.person == person && $0.delivery.channel == channel } ?? []
    }
}
