// What the core needs of a place where it stands which tickets of web forms have been used, so that a restart doesn't make
// them good again.

/// Keeps by which post each ticket was used, for as long as tickets are good.
public protocol TicketStore: Sendable {
    /// Notes that the post with this digest uses `ticket`, unless another has, until the ticket has expired anyway; returns the
    /// digest of the one that has it, durably. Forgets some that have expired.
    func use(
        ticket: String, for post: String, until: Timestamp, at now: Timestamp
    ) async throws(StoreFailure) -> String

    /// Forgets that `ticket` was used: the post came to nothing.
    func release(ticket: String) async throws(StoreFailure)
}
