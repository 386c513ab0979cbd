// How many connections there may be at once. Not accepting further ones would let a thousand slow sockets lock everyone
// out, so the longest-waiting connection gives way instead. One that is being answered is never closed for another.

import NIOCore
import Synchronization

/// Counts a server's connections and closes the longest-waiting one when there are too many.
final class ConnectionLimit: Sendable {
    private struct State {
        var next = 0
        var busy = 0
        var waiting: [Int: any NIOCore.Channel] = [:]
    }

    private let maximum: Int
    private let state = Mutex(State())

    init(maximum: Int) { self.maximum = max(1, maximum) }

    /// A connection waits for a request, or for the rest of one; the ticket says since when.
    func waits(_ channel: any NIOCore.Channel) -> Int {
        let (ticket, victim) = state.withLock { state -> (Int, (any NIOCore.Channel)?) in
            state.next += 1
            state.waiting[state.next] = channel
            guard state.waiting.count + state.busy > maximum, state.waiting.count > 1,
                let oldest = state.waiting.keys.min()
            else { return (state.next, nil) }
            return (state.next, state.waiting.removeValue(forKey: oldest))
        }
        victim?.close(promise: nil)
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
