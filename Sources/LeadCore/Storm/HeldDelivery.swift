// A message that waits for its time, and those that have waited together. The store keeps each as a delivery of its own,
// so nothing is lost or sent twice by a crash; what they have in common is a name.

/// What a `DigestID` names: messages to one person over one channel that go as one.
public typealias DigestID = Identifier<HeldDelivery>

/// A delivery that was not tried because it is to wait.
public struct HeldDelivery: Sendable, Equatable {
    /// The message, still leased.
    public let leased: LeasedDelivery
    /// Until when it waits.
    public let until: Timestamp
    /// With which others it will go; nil when it goes by itself.
    public let digest: DigestID?
    /// Why it waits, in words for those who look at it.
    public let reason: String

    /// A message that waits.
    public init(leased: LeasedDelivery, until: Timestamp, digest: DigestID?, reason: String) {
        self.leased = leased
        self.until = until
        self.digest = digest
        self.reason = reason
    }
}

extension DigestID {
    /// The name of what goes to `person` over `channel` at an instant; when there is too much for one message, in parts.
    public init(person: PersonID, channel: ChannelID, at instant: Timestamp, part: Int) {
        self.init("\(person).\(channel).\(instant.milliseconds).\(part)")
    }
}
