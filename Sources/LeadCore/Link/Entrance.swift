// From which message somebody came who did something to a case: its links and its buttons tell. Pure.

/// The message whose link or button was used.
public struct Entrance: Sendable, Equatable, Codable {
    /// The way that the message went.
    public let channel: ChannelID
    /// The history entry that caused it; of several on one channel it tells which.
    public let sequence: Int

    /// A message.
    public init(channel: ChannelID, sequence: Int) {
        self.channel = channel
        self.sequence = sequence
    }

    /// `SEQUENCE.CHANNEL`, as links and the store have it.
    public var text: String { "\(sequence).\(channel)" }

    /// Reads `SEQUENCE.CHANNEL`; nil for anything else.
    public init?(text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty, let sequence = Int(parts[0]), sequence > 0 else { return nil }
        self.init(channel: ChannelID(String(parts[1])), sequence: sequence)
    }
}

/// That somebody came by a message and changed nothing: they were too late, or not sure yet.
public struct Visit: Sendable, Equatable {
    /// Who.
    public let person: PersonID
    /// By which message.
    public let entrance: Entrance
    /// When first.
    public let at: Timestamp

    /// A visit.
    public init(person: PersonID, entrance: Entrance, at: Timestamp) {
        self.person = person
        self.entrance = entrance
        self.at = at
    }
}

extension Delivery {
    /// Who comes from this message; nil for one whose id doesn't tell its cause.
    public var entrance: Entrance? { sequence.map { Entrance(channel: channel, sequence: $0) } }
}
