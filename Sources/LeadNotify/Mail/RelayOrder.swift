// Which of several relays a mail is offered to first. Pure: the clock comes in. A relay that took nothing is left in peace
// for a while, so that not every mail waits for it; when all are, they are offered the mail all the same.

import LeadCore

/// Relays in the order of the configuration, and which of them are left in peace.
struct RelayOrder: Sendable, Equatable {
    private struct Rest: Equatable {
        let since: Timestamp
        let until: Timestamp

        func holds(at now: Timestamp) -> Bool { since <= now && now < until }
    }

    /// How long a relay is left in peace.
    static let rest: Duration = .seconds(60)

    private var resting: [Rest?]

    /// `count` relays of which nothing is known.
    init(count: Int) { resting = Array(repeating: nil, count: count) }

    /// The places of the relays in the order in which they are offered a mail.
    func places(at now: Timestamp) -> [Int] {
        let all = resting.indices
        return all.filter { !isResting($0, at: now) } + all.filter { isResting($0, at: now) }
    }

    /// The relay at `place` took nothing.
    mutating func failed(_ place: Int, at now: Timestamp) {
        resting[place] = Rest(since: now, until: now + Self.rest)
    }

    /// The relay at `place` gave an answer that was about a mail.
    mutating func answered(_ place: Int) { resting[place] = nil }

    private func isResting(_ place: Int, at now: Timestamp) -> Bool { resting[place]?.holds(at: now) ?? false }
}
