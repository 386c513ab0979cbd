// What a mail channel knows of its relays while it runs: in which order they are offered a mail, and which are left out since
// they take none by the present configuration. Those aren't asked again before somebody has mended something, or thinks so: a
// password that is refused once a minute locks the account in the end.

import LeadCore
import Synchronization

/// The relays of one channel, by their places in the configuration.
final class RelayBook: Sendable {
    private struct State {
        var order: RelayOrder
        /// Why each relay that is left out is.
        var stops: [Int: String] = [:]
    }

    private let state: Mutex<State>

    /// `count` relays of which nothing is known.
    init(count: Int) { state = Mutex(State(order: RelayOrder(count: count))) }

    /// The places of the relays that are offered a mail, one after the other until one takes it.
    func places(at now: Timestamp) -> [Int] {
        state.withLock { state in state.order.places(at: now).filter { state.stops[$0] == nil } }
    }

    /// The relay at `place` took nothing at the moment.
    func failed(_ place: Int, at now: Timestamp) { state.withLock { $0.order.failed(place, at: now) } }

    /// The relay at `place` gave an answer that was about a mail.
    func answered(_ place: Int) { state.withLock { $0.order.answered(place) } }

    /// The relay at `place` takes nothing by the present configuration, and is left out; whether that is news.
    func stopped(_ place: Int, reason: String) -> Bool {
        state.withLock { $0.stops.updateValue(reason, forKey: place) == nil }
    }

    /// Every relay is offered mails again.
    func resume() { state.withLock { $0.stops = [:] } }

    /// Why the first of those is left out that are; nil when none is.
    var stop: String? { state.withLock { state in state.stops.min { $0.key < $1.key }?.value } }

    /// Which relays are left out, and why; nil when none is.
    var complaint: String? {
        let stops = state.withLock(\.stops).sorted { $0.key < $1.key }
        guard !stops.isEmpty else { return nil }
        return stops.map { Self.complaint(about: $0.key, reason: $0.value) }.joined(separator: "; ")
    }

    /// "fallback relay 1 is left out: …"
    static func complaint(about place: Int, reason: String) -> String {
        "\(place == 0 ? "the first relay" : "fallback relay \(place)") is left out: \(reason)"
    }
}
