// What the core needs of a channel whose messages can be changed after they were sent.

/// A channel that knows its messages again.
public protocol EditableChannel: Channel {
    /// Whether people can choose in the message itself.
    var takesChoices: Bool { get }

    /// As `send`, and tells by which handle the message can be changed.
    func post(_ briefing: Briefing, to address: Secret) async -> Posting

    /// Has the message called `handle` say `briefing` from now on.
    func change(_ handle: String, to briefing: Briefing) async -> CopyChange
}

extension EditableChannel {
    public func send(_ briefing: Briefing, to address: Secret) async -> DeliveryOutcome {
        await post(briefing, to: address).outcome
    }
}

/// What came of a message that can be changed.
public struct Posting: Sendable, Equatable {
    /// As with every message.
    public let outcome: DeliveryOutcome
    /// By which it can be changed; nil unless it was sent.
    public let handle: String?

    /// An outcome with the message's handle.
    public init(_ outcome: DeliveryOutcome, handle: String? = nil) {
        self.outcome = outcome
        self.handle = handle
    }

    /// What is to be kept of it; nil where there is no copy.
    public var copy: PostedCopy? {
        switch outcome {
        case .sent: handle.map { .known(handle: $0) } ?? .unknown
        case .unknown: .unknown
        case .deferred, .unavailable, .failed, .stopped: nil
        }
    }
}

/// What came of changing a message.
public enum CopyChange: Sendable, Equatable {
    /// As with every message: `sent` means changed.
    case outcome(DeliveryOutcome)
    /// Somebody has removed it, so it shows nothing.
    case gone
    /// It is there and can't be changed any more; why.
    case fixed(reason: String)
}
