// What the core needs of a way out.

/// One configured way to send messages.
public protocol Channel: Sendable {
    /// The channel's name in the configuration.
    var id: ChannelID { get }

    /// Sends `briefing` to `address` once and says what came of it. Never throws and never logs; reasons hold neither
    /// secrets nor personal data.
    func send(_ briefing: Briefing, to address: Secret) async -> DeliveryOutcome

    /// Ends what is under way and frees connections.
    func close() async
}
