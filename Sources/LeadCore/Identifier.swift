// Typed names: a case's id can't be handed over where a person's is meant. Used by every room.

/// A name of one `Subject`, written as plain text in files, links and the database.
public struct Identifier<Subject>: Hashable, Sendable, Comparable, Codable, CustomStringConvertible,
    ExpressibleByStringLiteral
{
    /// The text itself.
    public let text: String

    /// Wraps `text` as it is; who reads it from outside checks it first.
    public init(_ text: String) { self.text = text }

    /// Lets a literal stand for a name.
    public init(stringLiteral value: String) { self.text = value }

    /// Reads the text as a single value.
    public init(from decoder: any Decoder) throws {
        self.text = try decoder.singleValueContainer().decode(String.self)
    }

    /// Writes the text as a single value.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    /// The text itself.
    public var description: String { text }

    /// Alphabetical, by Unicode scalars.
    public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

/// What a `PersonID` names.
public typealias PersonID = Identifier<Person>
/// What a `CaseID` names: sixteen characters, derived from the intake key.
public typealias CaseID = Identifier<LeadCase>
/// What a `ChannelID` names: a key under `channels` in the configuration.
public typealias ChannelID = Identifier<ChannelSettings>
/// What a `DeliveryID` names: the same in every copy and every attempt of one message.
public typealias DeliveryID = Identifier<Delivery>
/// What a `LaneID` names: one destination that has its own queue, concurrency and back-off.
public typealias LaneID = Identifier<Lane>
/// What an `InstanceID` names: one run of the daemon, new at each start.
public typealias InstanceID = Identifier<Lease>
