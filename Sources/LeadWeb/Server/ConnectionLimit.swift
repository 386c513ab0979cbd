// How many connections there may be at once. Not accepting further ones would let a thousand slow sockets lock everyone
// out, so the longest-waiting connection gives way instead. One that is being answered is never closed for another, nor one
// that is so young that its request may not have been read yet: a burst is borne with for that long. Of what is beyond twice
// the limit the longest-waiting one gives way sooner, and the newcomer is refused only while all have just come.

import NIOCore
import Synchronization

/// Counts a server's connections and closes the longest-waiting ones when there are too many.
final class ConnectionLimit: Sendable {
    private struct Waiter {
        let channel: any NIOCore.Channel
        let since: NIODeadline
    }

    private struct State {
        /// Tickets are given in order, so the first one still there has waited the longest.
        var next = 0
        var first = 1
        var busy = 0
        var waiting: [Int: Waiter] = [:]

        var count: Int { waiting.count + busy }

        var oldest: Int? {
            mutating get {
                guard !waiting.isEmpty else { return nil }
                while waiting[first] == nil { first += 1 }
                return first
            }
        }
    }

    private let maximum: Int
    private let now: @Sendable () -> NIODeadline
    private let state = Mutex(State())

    /// For so long a connection gives way to no other: time enough to read a request that came with it, on a busy machine.
    static let youth: TimeAmount = .milliseconds(250)
    /// The same beyond twice the limit: time enough where the machine has some left.
    static let shortYouth: TimeAmount = .milliseconds(25)

    init(maximum: Int, now: @escaping @Sendable () -> NIODeadline = { .now() }) {
        self.maximum = max(1, maximum)
        self.now = now
    }

    /// A connection waits for a request, or for the rest of one; the ticket says since when.
    func waits(_ channel: any NIOCore.Channel) -> Int {
        let now = now()
        let (ticket, victims) = state.withLock { state -> (Int, [any NIOCore.Channel]) in
            state.next += 1
            let ticket = state.next
            state.waiting[ticket] = Waiter(channel: channel, since: now)
            var victims: [any NIOCore.Channel] = []
            while state.count > maximum, let oldest = state.oldest, oldest != ticket,
                let waiter = state.waiting[oldest],
                waiter.since + (state.count > 2 * maximum ? Self.shortYouth : Self.youth) <= now
            {
                state.waiting[oldest] = nil
                victims.append(waiter.channel)
            }
            if state.count > 2 * maximum, state.waiting.removeValue(forKey: ticket) != nil { victims.append(channel) }
            return (ticket, victims)
        }
        for victim in victims { victim.close(promise: nil) }
        return ticket
    }

    /// The connection with `ticket` has its request whole and is being answered.
    func answers(_ ticket: Int) {
        state.withLock { state in
            state.waiting[ticket] = nil
            state.busy += 1
        }
    }

    /// A connection that was being answered no longer is.
    func answered() { state.withLock { $0.busy -= 1 } }

    /// The connection with `ticket` is gone.
    func left(_ ticket: Int) { state.withLock { $0.waiting[ticket] = nil } }
}
