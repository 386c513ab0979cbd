// What the core needs of a way out.

/// One configured way to send messages.
public protocol Channel: Sendable {
    /// The channel's name in the configuration.
    var id: ChannelID { get }

    /// Sends `briefing` to `address` once and says what came of it. Never throws and never logs; reasons hold neither
    /// secrets nor personal data.
    func send(_ briefing: Briefing, to address: Secret) async -> DeliveryOutcome

    /// The same for somebody who tries the channel out: with what was said on both sides.
    func rehearse(_ briefing: Briefing, to address: Secret) async -> Exchange

    /// Ends what is under way and frees connections.
    func close() async

    /// What somebody should mend, though messages go out all the same; nil when nothing is known. Holds no secret.
    var complaint: String? { get }

    /// Of that, what doesn't pass by itself: operators hear of it. Holds no secret.
    var fault: String? { get }

    /// Somebody has mended what the channel complains of, or thinks so: it is tried again.
    func resume()
}

/// One message as it went over the wire, for whoever tries a channel out. No line holds a secret.
public struct Exchange: Sendable, Equatable {
    /// What came of it.
    public let outcome: DeliveryOutcome
    /// What was said: `> ` is ours, `< ` the peer's.
    public let lines: [String]
    /// What a success says of whether a person has seen the message.
    public let sight: String

    /// An exchange.
    public init(outcome: DeliveryOutcome, lines: [String], sight: String) {
        self.outcome = outcome
        self.lines = lines
        self.sight = sight
    }
}

extension Channel {
    /// A channel that tells nothing of its dialogue.
    public func rehearse(_ briefing: Briefing, to address: Secret) async -> Exchange {
        Exchange(
            outcome: await send(briefing, to: address), lines: [],
            sight: "The channel doesn't tell whether a person sees what it takes.")
    }

    /// Most channels have nothing that they could go on without.
    public var complaint: String? { nil }

    /// Nothing.
    public var fault: String? { nil }
    public func resume() {}
}
