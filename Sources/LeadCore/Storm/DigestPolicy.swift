// When a person has had enough single messages, and the rest comes as one. Values of the configuration.

/// How many leads reach a person one by one, and in which time.
public struct DigestPolicy: Sendable, Equatable {
    /// So many leads within `window` come one by one; at least 1.
    public let leads: Int
    /// The time that is looked back on, and for which the rest waits at most.
    public let window: Duration

    /// Five in two minutes unless told.
    public init(leads: Int = 5, window: Duration = .seconds(120)) {
        self.leads = max(1, leads)
        self.window = max(.milliseconds(1), window)
    }

    /// How long a reminder waits for others.
    var gathering: Duration { window / 4 }
}

/// What somebody's messages go by.
public enum DigestRule: Sendable, Equatable {
    /// Each message goes by itself, however many there are.
    case off
    /// Beyond so many, the rest waits to go along in one.
    case on(DigestPolicy)

    /// The policy; nil where each message goes by itself.
    public var policy: DigestPolicy? { if case .on(let policy) = self { policy } else { nil } }
}

extension MessageKind {
    /// Whether such a message may wait to go along with others. Escalations, last calls, a lead for its rep and what somebody
    /// waits for never do, and that a matter is settled is told at once.
    public var joinsDigests: Bool {
        switch self {
        case .decide, .remind, .inquiry: true
        case .warn, .escalate, .assigned, .withdrawn, .settled, .reopened, .update, .freshLink, .alarm, .digest, .event,
            .test:
            false
        }
    }

    /// Whether such a message brings a lead before its reader, and so counts as one of several.
    public var bringsLead: Bool {
        switch self {
        case .decide, .remind, .warn, .escalate, .assigned, .reopened, .inquiry: true
        case .withdrawn, .settled, .update, .freshLink, .alarm, .digest, .event, .test: false
        }
    }

    /// Whether quiet hours hold such a message back. An update changes what is there already, and makes no sound.
    public var keepsQuiet: Bool {
        switch self {
        case .update, .freshLink, .digest, .event, .test: false
        case .decide, .remind, .warn, .escalate, .assigned, .withdrawn, .settled, .reopened, .inquiry, .alarm: true
        }
    }

    /// Whether such a message goes before others in its lane: until it has come, its reader is shown a lead as open that
    /// isn't.
    public var isUrgent: Bool { self == .update || self == .settled }

    /// Whether several such messages that have waited may become one: those that have a link to open.
    public var isLine: Bool { self == .settled || bringsLead }
}
