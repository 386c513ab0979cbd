// Everything that the house has done, as its surroundings saw it: messages as the peers got them, commits as the disk got
// them, and what is under way at the moment. Stories and the audit at their ends read it.

import LeadCore
import Synchronization

/// One message that went out to a peer, and what came of it.
struct Letter: Sendable {
    let delivery: DeliveryID
    let caseID: CaseID
    let person: PersonID
    let channel: ChannelID
    let kind: MessageKind
    let briefing: Briefing
    let begun: Timestamp
    let outcome: DeliveryOutcome

    /// Whether the peer took it.
    var arrived: Bool { if case .sent = outcome { true } else { false } }

    /// The messages that went in it: itself, or those of a digest.
    var parts: [Letter] {
        guard let lines = briefing.digest else { return [self] }
        return lines.flatMap { line in
            line.deliveries.map { id in
                let kind = id.text.split(separator: ".").dropFirst(2).first.flatMap {
                    MessageKind(rawValue: String($0))
                }
                return Letter(
                    delivery: id, caseID: line.caseID, person: person, channel: channel, kind: kind ?? .digest,
                    briefing: briefing, begun: begun, outcome: outcome)
            }
        }
    }

    /// The path of the link in it.
    var path: String { "/l/" + (briefing.link?.split(separator: "/").last ?? "") }
}

/// One call to the store's `apply`.
struct Commit: Sendable {
    let transitions: [Transition]
    let birth: BirthLease?
    let results: [ApplyResult]
}

/// The house's record of what happened.
final class Journal: Sendable {
    struct State {
        var letters: [Letter] = []
        var read: Set<Int> = []
        var commits: [Commit] = []
        var log: [String] = []
        /// Grows with every effect; when it stands still, nothing happens.
        var activity = 0
        var openBatches = 0
        var given: [String: Int] = [:]
        var inHand: [DeliveryID: LaneID] = [:]
        var underWay: [DeliveryID: (lane: LaneID, channel: ChannelID)] = [:]
        var taken: [LeasedDelivery] = []
        /// How many answers to presses in a chat the story has read.
        var answersRead = 0
    }

    private let state = Mutex(State())
    private let signals: Signals

    init(signals: Signals) { self.signals = signals }

    /// What is recorded so far.
    var now: State { state.withLock { $0 } }

    /// Reads without copying.
    func look<Value: Sendable>(_ body: (State) -> Value) -> Value { state.withLock { body($0) } }

    /// Records an effect.
    func record(_ change: (inout State) -> Void) {
        state.withLock { state in
            state.activity += 1
            change(&state)
        }
        signals.note()
    }

    /// Records a log line, which is no effect.
    func log(_ line: String) {
        state.withLock { $0.log.append(line) }
        signals.note()
    }

    /// Records what is no effect itself.
    func amend(_ change: (inout State) -> Void) {
        state.withLock { change(&$0) }
        signals.note()
    }

    /// The first unread letter that arrived and that `isWanted`; it counts as read from now on.
    func take(where isWanted: (Letter) -> Bool) -> Letter? {
        state.withLock { state in
            let place = state.letters.indices.first { place in
                let letter = state.letters[place]
                return letter.arrived && !state.read.contains(place) && isWanted(letter)
            }
            guard let place else { return nil }
            state.read.insert(place)
            return state.letters[place]
        }
    }

    /// All letters so far count as named.
    func readAll() { state.withLock { $0.read = Set($0.letters.indices) } }

    /// Letters that arrived and that no expectation has named; further copies of a named one are the audit's business.
    var unread: [Letter] {
        state.withLock { state in
            let named = Set(state.read.map { state.letters[$0].delivery })
            return state.letters.filter { $0.arrived && !named.contains($0.delivery) }
        }
    }
}
