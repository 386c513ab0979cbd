// A message as it stands in somebody's chat. Whoever can name it can change it later, so that nothing shows a lead as open
// that has somebody; the store keeps the name with the delivery, because the change may come after a restart.

/// One copy of a message that a peer has taken.
public enum PostedCopy: Sendable, Hashable {
    /// It can be changed by this handle, which only its channel understands.
    case known(handle: String)
    /// The peer may have it, and nobody knows by which handle.
    case unknown

    /// The copy as the store writes it: the handle, or nothing.
    public var text: String { if case .known(let handle) = self { handle } else { "" } }

    /// A copy read back from the store.
    public init(text: String) { self = text.isEmpty ? .unknown : .known(handle: text) }
}

extension MessageKind {
    /// Kinds whose messages show where the case stands, and are changed with it.
    public static let showingState: Set<MessageKind> = Set(asking + [.settled, .update])
}

extension Settlement {
    /// The same under another lease.
    public func under(_ leased: LeasedDelivery) -> Settlement {
        Settlement(leased: leased, verdict: verdict, at: at, copy: copy, carrier: carrier)
    }
}
