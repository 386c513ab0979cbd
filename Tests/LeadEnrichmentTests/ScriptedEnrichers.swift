// Enrichers and a clock whose behaviour a test writes down beforehand, so that nothing here sleeps or races.

import LeadCore
import Synchronization

/// A clock that does at each wait what its script says, and waits for the bell once the script is over.
final class ScriptedClock: TimeSource {
    enum Turn: Sendable {
        /// Nobody rings: the clock reads the deadline.
        case reachDeadline
        /// The bell rings first.
        case hearBell
        /// The clock is set, which wakes whoever waits.
        case jump(to: Timestamp)
    }

    private struct State {
        var now: Timestamp
        var script: [Turn]
        var readings = 0
        var waits: [Timestamp?] = []
    }
    private let state: Mutex<State>

    init(at now: Timestamp = Timestamp(milliseconds: 1_795_446_000_000), _ script: [Turn] = []) {
        state = Mutex(State(now: now, script: script))
    }

    /// How often the time was asked for.
    var readings: Int { state.withLock { $0.readings } }
    /// The deadlines that were waited for.
    var waits: [Timestamp?] { state.withLock { $0.waits } }

    func advance(by duration: Duration) { state.withLock { $0.now = $0.now + duration } }

    func now() -> Timestamp {
        state.withLock { state in
            state.readings += 1
            return state.now
        }
    }

    func wait(until deadline: Timestamp?, or bell: Bell) async {
        let turn = state.withLock { state in
            state.waits.append(deadline)
            return state.script.isEmpty ? Turn.hearBell : state.script.removeFirst()
        }
        switch turn {
        case .hearBell: await bell.wait()
        case .reachDeadline: state.withLock { if let deadline { $0.now = deadline } }
        case .jump(let instant): state.withLock { $0.now = instant }
        }
    }
}

/// A clock on which waits of certain lengths are over at once; any other waits for its bell.
final class SkippingClock: TimeSource {
    private let state = Mutex(Timestamp(milliseconds: 1_795_446_000_000))
    private let lengths: Set<Int64>

    init(over seconds: [Int64]) { lengths = Set(seconds) }

    func now() -> Timestamp { state.withLock { $0 } }

    func wait(until deadline: Timestamp?, or bell: Bell) async {
        guard let deadline, lengths.contains((deadline - now()).milliseconds / 1000) else { return await bell.wait() }
        state.withLock { $0 = deadline }
    }
}

/// Answers as its closure says.
struct ScriptedEnricher: Enricher {
    let name: String
    let isImmediate: Bool
    /// Without which it can't be asked.
    let needed: FieldName?
    /// For how long it is asked again.
    let retryFor: Duration
    let answer: @Sendable (Lead) async -> Enrichment

    init(
        _ name: String, isImmediate: Bool = true, needs needed: FieldName? = nil, retryFor: Duration = .zero,
        answer: @escaping @Sendable (Lead) async -> Enrichment
    ) {
        self.name = name
        self.isImmediate = isImmediate
        self.needed = needed
        self.retryFor = retryFor
        self.answer = answer
    }

    func canAsk(about lead: Lead) -> Bool { needed.map { lead[$0] != nil } ?? true }

    func enrich(_ lead: Lead) async -> Enrichment { await answer(lead) }

    /// Fills one field.
    static func filling(
        _ field: FieldName, _ text: String, by name: String = "filler", isImmediate: Bool = true
    ) -> ScriptedEnricher {
        ScriptedEnricher(name, isImmediate: isImmediate) { _ in
            Enrichment(findings: [.init(field, text, basis: "script")])
        }
    }
}

/// When somebody was asked.
final class Attempts: Sendable {
    private let instants = Mutex<[Timestamp]>([])

    var all: [Timestamp] { instants.withLock { $0 } }

    /// Notes an attempt and says which one it is, from 1.
    func add(_ now: Timestamp) -> Int {
        instants.withLock { instants in
            instants.append(now)
            return instants.count
        }
    }
}

/// Never answers before `open`, whatever is cancelled.
final class Gate: Sendable {
    private let bell = Bell()
    private let wasCancelled = Bell()

    /// Lets go of whoever is held.
    func open() { bell.ring() }

    /// Waits until a held task has been cancelled.
    func cancellation() async { await wasCancelled.wait() }

    func hold() async {
        await withTaskCancellationHandler {
            // A task of its own doesn't inherit the cancellation, as work that doesn't heed it.
            await Task { await bell.wait() }.value
        } onCancel: {
            wasCancelled.ring()
        }
    }
}
