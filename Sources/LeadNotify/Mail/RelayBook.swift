// What a mail channel knows of its relays while it runs: in which order they are offered a mail, which are in trouble, and which
// of these are left out since they take none by the present configuration. Those aren't asked again before somebody has mended
// something, or thinks so: a password that is refused once a minute locks the account in the end.

import LeadCore
import Synchronization

/// The relays of one channel, by their places in the configuration.
final class RelayBook: Sendable {
    private struct Trouble {
        let reason: String
        /// Whether only somebody's mending ends it.
        let isLasting: Bool
    }

    private struct State {
        var order: RelayOrder
        var troubles: [Int: Trouble] = [:]
    }

    private let state: Mutex<State>
    private let count: Int

    /// `count` relays of which nothing is known.
    init(count: Int) {
        self.count = count
        state = Mutex(State(order: RelayOrder(count: count)))
    }

    /// The places of the relays that are offered a mail, one after the other until one takes it.
    func places(at now: Timestamp) -> [Int] {
        state.withLock { state in state.order.places(at: now).filter { state.troubles[$0]?.isLasting != true } }
    }

    /// The relay at `place` took nothing at the moment; whether that is news.
    func failed(_ place: Int, reason: String, at now: Timestamp) -> Bool {
        state.withLock { state in
            state.order.failed(place, at: now)
            guard state.troubles[place]?.isLasting != true else { return false }
            return state.troubles.updateValue(Trouble(reason: reason, isLasting: false), forKey: place) == nil
        }
    }

    /// The relay at `place` takes nothing by the present configuration, and is left out; whether that is news.
    func stopped(_ place: Int, reason: String) -> Bool {
        state.withLock { state in
            // Mails that were on their way say the same once more, each in the relay's words of the moment.
            guard state.troubles[place]?.isLasting != true else { return false }
            state.troubles[place] = Trouble(reason: reason, isLasting: true)
            return true
        }
    }

    /// The relay at `place` gave an answer that was about a mail.
    func answered(_ place: Int) {
        state.withLock { state in
            state.order.answered(place)
            if !state.troubles.isEmpty { state.troubles[place] = nil }
        }
    }

    /// Every relay is offered mails again.
    func resume() { state.withLock { state in state.troubles = state.troubles.filter { !$0.value.isLasting } } }

    /// Why the first of those is left out that are; nil when none is.
    var stop: String? {
        state.withLock { state in state.troubles.filter(\.value.isLasting).min { $0.key < $1.key }?.value.reason }
    }

    /// Which relays take nothing while others take the mails, and why; nil when none. When all are in trouble, what becomes
    /// of mails tells.
    var complaint: String? {
        let troubles = state.withLock(\.troubles).sorted { $0.key < $1.key }
        guard (1..<count).contains(troubles.count) else { return nil }
        return troubles.map { Self.complaint(about: $0.key, $0.value.reason, isLasting: $0.value.isLasting) }
            .joined(separator: "; ")
    }

    /// Of those, which are left out until somebody mends that.
    var fault: String? {
        let troubles = state.withLock(\.troubles)
        guard (1..<count).contains(troubles.count) else { return nil }
        return troubles.filter(\.value.isLasting).sorted { $0.key < $1.key }
            .map { Self.complaint(about: $0.key, $0.value.reason, isLasting: true) }.joined(separator: "; ").nonEmpty
    }

    /// "fallback relay 1 is left out: …"
    static func complaint(about place: Int, _ reason: String, isLasting: Bool) -> String {
        let relay = place == 0 ? "the first relay" : "fallback relay \(place)"
        return "\(relay) \(isLasting ? "is left out" : "takes nothing at the moment"): \(reason)"
    }
}
