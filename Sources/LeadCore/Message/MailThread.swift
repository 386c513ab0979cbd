// Which earlier mail a mail answers, so that a mail program keeps one thread a case. What begins a thread is called by the
// thread's own id; everything else has an id of its own and refers to what its reader really got: the mail that asked them,
// the digest in which they were told of the lead, or, where nothing reached them yet, nothing. Pure.

/// The thread of a mail.
public struct MailThread: Sendable, Equatable {
    /// The id of the mail that began it.
    public let id: String
    /// Whether the mail begins it.
    public let isBegun: Bool

    /// A thread; `isBegun` for the mail that begins it.
    public init(id: String, isBegun: Bool) {
        self.id = id
        self.isBegun = isBegun
    }

    /// The thread of `delivery` where nothing is known of what came before it: a handover has nothing before it, everything
    /// else has the mail that asked its reader.
    init(of delivery: Delivery) {
        if delivery.kind == .assigned {
            self.init(id: delivery.id.text, isBegun: true)
        } else {
            self.init(id: delivery.threadID, isBegun: delivery.beginsThread)
        }
    }

    /// The thread of `delivery` after `letters`: what its reader was to be sent before over the same channel about the same
    /// case, oldest first.
    public init(of delivery: Delivery, after letters: [Letter]) {
        if delivery.beginsThread {
            self.init(of: delivery)
        } else if let first = letters.first(where: { $0.hasGone && $0.delivery.id != delivery.id }) {
            let own = first.delivery.beginsThread ? first.delivery.threadID : first.delivery.id.text
            self.init(id: first.carrier?.text ?? own, isBegun: false)
        } else {
            self.init(id: delivery.id.text, isBegun: true)
        }
    }

    /// An earlier message to the reader of a mail.
    public struct Letter: Sendable, Equatable {
        /// The message.
        public let delivery: Delivery
        /// Whether it has left, or is leaving.
        public let hasGone: Bool
        /// The message in which it went along with others; nil where it went by itself.
        public let carrier: DeliveryID?

        /// A letter.
        public init(_ delivery: Delivery, hasGone: Bool, carrier: DeliveryID? = nil) {
            self.delivery = delivery
            self.hasGone = hasGone
            self.carrier = carrier
        }

        /// A letter as it is on record; `carrier` is the message in which it went while that is not on record yet.
        public init(_ record: DeliveryRecord, carrier: DeliveryID? = nil) {
            let carrier = record.carrier ?? carrier
            let hasGone =
                switch record.state {
                case .sent, .unknown: true
                // A first attempt is as good as out by the time that a later mail leaves.
                case .sending: carrier != nil || record.attempts == 1
                case .pending, .deferred, .held, .failed, .cancelled: false
                }
            self.init(record.delivery, hasGone: hasGone, carrier: carrier)
        }
    }
}

extension Delivery {
    /// Whether its mail is the first to its reader about the case. A choice that is passed on may come to somebody a second
    /// time.
    public var beginsThread: Bool {
        switch kind {
        case .decide: remark == nil
        case .escalate: true
        default: false
        }
    }

    /// What a mail program threads by, unless somebody was told otherwise: the case and the reader.
    fileprivate var threadID: String { "\(caseID).\(person)" }
}
