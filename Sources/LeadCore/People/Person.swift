// The people whom leads concern: managers who choose, reps who receive, operators who are told of faults.

import Foundation

/// Someone who can be told something.
public struct Person: Sendable, Equatable {
    /// One way to reach a person: a channel and the address there.
    public struct Reach: Sendable, Hashable {
        /// The configured channel.
        public let channel: ChannelID
        /// An e-mail address or a webhook's URL; the latter is a secret, so both are kept as one.
        public let address: Secret

        /// A way to reach a person.
        public init(channel: ChannelID, address: Secret) {
            self.channel = channel
            self.address = address
        }
    }

    /// The person's id in configuration, history and links: lower-case letters, digits, `-` and `_`.
    public let id: PersonID
    /// The name as others read it.
    public let name: String
    /// True when the person may choose who takes a lead.
    public let isManager: Bool
    /// Not nil when the person may be given leads.
    public let rep: RepProfile?
    /// The zone in which the person reads times.
    public let timeZone: TimeZone
    /// When the person works; nil when they always do.
    public let hours: WorkCalendar?
    /// In the order of the configuration.
    public let reach: [Reach]
    /// When a channel is to be quiet, by the person's clock; channels that aren't there never are.
    public private(set) var quiet: [ChannelID: WorkCalendar]
    /// How many messages they want one by one; nil where everybody's rule holds.
    public let digest: DigestRule?
    /// The member id in Slack by which a button that they press there is known as theirs; nil when none is.
    public let slackID: String?
    /// The account in Microsoft Teams by which a card mentions them, so that they are notified: their user principal name or
    /// the object id in Entra; nil where nobody is mentioned.
    public let teamsID: String?
    /// The language of messages to the person; nil for the channel's, or the site's.
    public let language: Language?

    /// A person.
    public init(
        id: PersonID, name: String, isManager: Bool = false, rep: RepProfile? = nil, timeZone: TimeZone = .gmt,
        hours: WorkCalendar? = nil, reach: [Reach] = [], quiet: [ChannelID: WorkCalendar] = [:],
        digest: DigestRule? = nil, slackID: String? = nil, teamsID: String? = nil,
        language: Language? = nil
    ) {
        self.quiet = quiet
        self.digest = digest
        self.slackID = slackID
        self.teamsID = teamsID
        self.language = language
        self.id = id
        self.name = name
        self.isManager = isManager
        self.rep = rep
        self.timeZone = timeZone
        self.hours = hours
        self.reach = reach
    }

    /// The same with quiet hours.
    public func with(quiet: [ChannelID: WorkCalendar]) -> Person {
        var copy = self
        copy.quiet = quiet
        return copy
    }

    /// When the quiet hours of `channel` that cover `now` end; nil when there are none.
    public func quietEnd(on channel: ChannelID, at now: Timestamp) -> Timestamp? {
        guard let span = quiet[channel]?.opening(notBefore: now), span.contains(now) else { return nil }
        return span.upperBound
    }

    /// Whether `text` is the person's id, name or one of their addresses, as a CRM names the owner of a lead.
    func isCalled(_ text: String) -> Bool {
        id.text.caseInsensitiveEquals(text) || name.caseInsensitiveEquals(text)
            || reach.contains { $0.address.revealed.caseInsensitiveEquals(text) }
    }
}

/// A text that must not appear in logs, errors, pages or metrics; printing it shows `‹secret›`.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The text itself, for the one place that needs it.
    public let revealed: String

    /// Hides `text` from every printing.
    public init(_ text: String) { revealed = text }

    /// Never the text.
    public var description: String { "‹secret›" }
    /// Never the text.
    public var debugDescription: String { "‹secret›" }
    /// No children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
