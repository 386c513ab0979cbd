// Who is away, from all that tells of it: the configuration, the store (commands and pages), calendar files. The decider
// reads the sum of them in the rulebook; this is the one place where it is put together.

import LeadCore
import Synchronization

/// Keeps the rulebook's absences up to date.
public final class PresenceBook: AbsenceDesk {
    private struct State {
        var configured: [Absence]
        var recorded: [Absence] = []
        var fromFiles: [Absence] = []
        /// Readings of the store begun, and the latest of them that is in force.
        var begun = 0
        var inForce = 0

        var all: [Absence] { configured + recorded + fromFiles }
    }

    /// Rings when somebody may be away who wasn't, or the other way round.
    let bell = Bell()
    private let store: any AbsenceStore
    private let clock: any TimeSource
    private let rulebook: Current<Rulebook>
    private let state: Mutex<State>

    /// A book that writes into `rulebook`, which has the configuration's absences so far.
    public init(store: any AbsenceStore, clock: any TimeSource, rulebook: Current<Rulebook>) {
        self.store = store
        self.clock = clock
        self.rulebook = rulebook
        state = Mutex(State(configured: rulebook.now.absences))
    }

    /// Reads what was recorded by former runs.
    public func load() async throws(StoreFailure) {
        let turn = state.withLock { state in
            state.begun += 1
            return state.begun
        }
        let recorded = try await store.absences(endingAfter: clock.now())
        defer { bell.ring() }
        state.withLock { state in
            // A reading that began later knows at least as much.
            guard turn > state.inForce else { return }
            state.inForce = turn
            state.recorded = recorded
            rulebook.replace(with: rulebook.now.with(absences: state.all))
        }
    }

    /// A new configuration replaces its own absences; the others stay.
    func configure(_ new: Rulebook) {
        defer { bell.ring() }
        state.withLock { state in
            state.configured = new.absences
            rulebook.replace(with: new.with(absences: state.all))
        }
    }

    /// What calendar files say replaces what they said before.
    public func read(fromFiles absences: [Absence]) {
        defer { bell.ring() }
        state.withLock { state in
            state.fromFiles = absences
            rulebook.replace(with: rulebook.now.with(absences: state.all))
        }
    }

    public func record(_ absence: Absence) async throws(StoreFailure) {
        try await store.record(absence, at: clock.now())
        try await load()
    }

    public func end(of person: PersonID) async throws(StoreFailure) -> Int {
        let count = try await store.endAbsences(of: person, at: clock.now())
        try await load()
        return count
    }
}
