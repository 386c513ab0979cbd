// What each rep has to do, held current so that no ranking reads the store: built from it at the start and whenever the
// configuration measures differently, and moved on by every commit.

import LeadCore
import Synchronization

/// The reps' loads as of the last commit.
final class RepBook: Sendable {
    private struct State {
        var settings: RankingSettings
        var book: WorkloadBook
        /// Commits since a rebuilding began; they may not be in what it reads. Nil when none is under way.
        var meanwhile: [Transition]?
    }

    private let store: any CaseStore
    private let clock: any TimeSource
    private let state: Mutex<State>

    init(store: any CaseStore, clock: any TimeSource, settings: RankingSettings) {
        self.store = store
        self.clock = clock
        state = Mutex(State(settings: settings, book: WorkloadBook(settings)))
    }

    /// Reads the store and goes on from there, and answers what reps have now; by `settings`, if given, which change what a load is.
    @discardableResult
    func rebuild(by new: RankingSettings? = nil) async throws(StoreFailure) -> [GivenLead] {
        let settings = state.withLock { state in
            state.meanwhile = state.meanwhile ?? []
            if let new { state.settings = new }
            return state.settings
        }
        let span = max(settings.window, .seconds(7 * 86_400))
        let given: [GivenLead]
        do throws(StoreFailure) {
            given = try await store.given(since: clock.now() - span)
        } catch {
            state.withLock { $0.meanwhile = nil }
            throw error
        }
        var book = WorkloadBook(settings)
        for one in given.sorted(by: { $0.at < $1.at }) {
            book.give(one.id, to: one.rep, at: one.at, one.lead, by: settings)
            if !one.isOpen { book.closed(case: one.id) }
        }
        state.withLock { state in
            // An event that the store told of already changes nothing the second time.
            for transition in state.meanwhile ?? [] { book.note(transition, by: settings) }
            state.book = book
            state.meanwhile = nil
        }
        return given.filter(\.isOpen)
    }

    /// Whether `settings` measure loads differently from those in force.
    func differs(from settings: RankingSettings) -> Bool {
        state.withLock { state in
            state.settings.window != settings.window || state.settings.highValue != settings.highValue
                || state.settings.load != settings.load || state.settings.seniorityValues != settings.seniorityValues
        }
    }

    /// `transition` is durable.
    func note(_ transition: Transition) {
        guard transition.entries.contains(where: { $0.event.movesLead }) else { return }
        state.withLock { state in
            state.book.note(transition, by: state.settings)
            state.meanwhile?.append(transition)
        }
    }

    /// The load of `rep` at `now`.
    func workload(of rep: PersonID, at now: Timestamp) -> Workload {
        state.withLock { $0.book.workload(of: rep, at: now) }
    }

    /// The loads at `now`, for deciders and rankings.
    func loads(at now: Timestamp) -> @Sendable (PersonID) -> Workload { { self.workload(of: $0, at: now) } }
}

extension WorkloadBook {
    fileprivate init(_ settings: RankingSettings) {
        self.init(window: settings.window, highValue: settings.highValue)
    }

    fileprivate mutating func give(
        _ id: CaseID, to rep: PersonID, at instant: Timestamp, _ lead: Lead, by settings: RankingSettings
    ) {
        assigned(case: id, rep: rep, at: instant, value: lead.money?.amount, weight: settings.openWeight(of: lead))
    }

    fileprivate mutating func note(_ transition: Transition, by settings: RankingSettings) {
        let id = transition.result.id
        for entry in transition.entries {
            switch entry.event {
            case .assigned(let assignment), .reassigned(let assignment, _):
                give(id, to: assignment.rep, at: entry.at, transition.result.lead, by: settings)
            case .undone: undone(case: id)
            case .closed, .rejected: closed(case: id)
            default: continue
            }
        }
    }
}
