// One run of the daemon, which a story can end as `kill -9` would: at a moment of its choosing, between any two effects.
// From then on nothing of that run has an effect any more, whatever its tasks still do.

import LeadCore
import Synchronization

/// The instants between a run's effects.
enum Moment: String, Sendable, CaseIterable {
    case beforeCommit, afterCommit
    case beforeRemoval, afterRemoval
    case beforeSending, afterSending
    case beforeRecording, afterRecording
}

/// A run that lives until it is ended.
final class Life: Sendable {
    private struct State {
        var isOver = false
        var fatal: (moment: Moment, count: Int)?
    }

    private let state = Mutex(State())
    private let signals: Signals

    init(signals: Signals) { self.signals = signals }

    /// What a dead run gets from the store.
    static let ended = StoreFailure(.unavailable, "this run is over")

    var isOver: Bool { state.withLock { $0.isOver } }

    /// Ends the run now.
    func end() {
        state.withLock { $0.isOver = true }
        signals.note()
    }

    /// Ends the run when it comes to `moment` for the `count`th time from now.
    func end(at moment: Moment, count: Int = 1) { state.withLock { $0.fatal = (moment, count) } }

    /// Passes `moment`; false once the run is over.
    func survives(_ moment: Moment) -> Bool {
        let goesOn = state.withLock { state in
            if let fatal = state.fatal, fatal.moment == moment {
                state.fatal = fatal.count > 1 ? (moment, fatal.count - 1) : nil
                if fatal.count <= 1 { state.isOver = true }
            }
            return !state.isOver
        }
        if !goesOn { signals.note() }
        return goesOn
    }
}
