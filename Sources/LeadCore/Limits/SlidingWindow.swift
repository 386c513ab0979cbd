// What a destination has been sent lately, as peers count it: in windows that begin anywhere. Pure.

/// Tokens of one limit, each of which comes back a period after it was taken: no period of that length, wherever it
/// begins, sees more messages than there are tokens.
///
/// However many tokens there are, asking costs no more than a few steps on the average.
struct SlidingWindow: Sendable, Equatable {
    /// When each token that is away was taken, oldest first. A slice, whose first ones go without moving the others.
    private var taken: ArraySlice<Timestamp> = []

    /// When there is a token: `now`, or the instant at which one comes back.
    mutating func opening(at now: Timestamp, _ limit: RateLimit) -> Timestamp {
        // A token that was taken in the future was taken by a clock that has been set back since.
        while let last = taken.last, last > now { taken.removeLast() }
        while let first = taken.first, first + limit.period <= now { taken.removeFirst() }
        return taken.count < limit.count ? now : taken[taken.endIndex - limit.count] + limit.period
    }

    /// How many tokens there were when it was last looked at.
    func left(of limit: RateLimit) -> Int { limit.count - taken.count }

    /// Takes a token that is there.
    mutating func take(at now: Timestamp) { taken.append(now) }

    /// The token that was taken last was not needed.
    mutating func giveBack() { _ = taken.popLast() }
}
