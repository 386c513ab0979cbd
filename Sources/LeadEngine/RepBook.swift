// What each rep has to do, held current so that no ranking reads the store: built from it at the start and whenever the
// configuration measures differently, and moved on by every commit.

import LeadCore
import Synchronization

/// The reps' loads as of the last commit.
final class RepBook: Sendable {
    private struct State {
        var book: WorkloadBook
        /// By these the book measures.
        var settings: RankingSettings
        /// By these the latest rebuilding measures, or the book when none is under way.
        var wanted: RankingSettings
        /// Rebuildings begun, and the latest of them that is in force.
        var begun = 0
        var inForce = 0
        /// By rebuilding, the commits since it began; they may not be in what it reads.
        var meanwhile: [Int: [Transition]] = [:]
        /// Versions of cases that were noted lately, because two commits of one case may be told of in either order.
        var versions: [CaseID: Int] = [:]
    }

    private let store: any CaseStore
    private let clock: any TimeSource
    private let state: Mutex<State>

    /// So many versions are remembered; commits that are told of out of order are moments apart.
    private static let remembered = 4_096

    init(store: any CaseStore, clock: any TimeSource, settings: RankingSettings) {
        self.store = store
        self.clock = clock
        state = Mutex(State(book: WorkloadBook(settings), settings: settings, wanted: settings))
    }

    /// Reads the store and goes on from there, and answers what reps have now; by `settings`, if given, which change what
    /// a load is. Of several at once the one that began last counts; one that fails changes nothing.
    @discardableResult
    func rebuild(by new: RankingSettings? = nil) async throws(StoreFailure) -> [GivenLead] {
        let (turn, settings) = state.withLock { state in
            state.begun += 1
            state.meanwhile[state.begun] = []
            if let new { state.wanted = new }
            return (state.begun, state.wanted)
        }
        let span = max(settings.window, .seconds(7 * 86_400))
        let given: [GivenLead]
        do throws(StoreFailure) {
            given = try await store.given(since: clock.now() - span)
        } catch {
            state.withLock { state in
                state.meanwhile[turn] = nil
                if state.meanwhile.isEmpty { state.wanted = state.settings }
            }
            throw error
        }
        var book = WorkloadBook(settings)
        for one in given.sorted(by: { $0.at < $1.at }) {
            book.give(one.id, to: one.rep, at: one.at, one.lead, by: settings)
            if !one.isOpen { book.closed(case: one.id) }
        }
        let versions = Dictionary(given.map { ($0.id, $0.version) }) { $1 }
        state.withLock { state in
            let meanwhile = state.meanwhile.removeValue(forKey: turn) ?? []
            guard turn > state.inForce else { return }
            for transition in meanwhile.sorted(by: { $0.result.version < $1.result.version }) {
                book.note(transition, after: versions[transition.result.id] ?? 0, by: settings)
            }
            state.book = book
            state.settings = settings
            state.inForce = turn
        }
        return given.filter(\.isOpen)
    }

    /// Whether `settings` measure loads differently from those that are wanted.
    func differs(from settings: RankingSettings) -> Bool {
        state.withLock { state in
            state.wanted.window != settings.window || state.wanted.highValue != settings.highValue
                || state.wanted.load != settings.load || state.wanted.seniorityValues != settings.seniorityValues
        }
    }

    /// `transition` is durable.
    func note(_ transition: Transition) {
        guard transition.entries.contains(where: { $0.event.movesLead }) else { return }
        let id = transition.result.id
        state.withLock { state in
            for turn in state.meanwhile.keys { state.meanwhile[turn]?.append(transition) }
            let known = state.versions[id] ?? 0
            // What was overtaken by a later commit of the case is past; its end is in the book already.
            guard transition.result.version > known else { return }
            if state.versions.count >= Self.remembered { state.versions = [:] }
            state.versions[id] = transition.result.version
            state.book.note(transition, after: 0, by: state.settings)
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
        _ id: CaseID, to rep: PersonID, at instant: Timestamp, _ lead: Lead?, by settings: RankingSettings
    ) {
        assigned(
            case: id, rep: rep, at: instant, value: lead?.money?.amount,
            weight: lead.map(settings.openWeight) ?? 1)
    }

    /// Entries up to `version` are in the book already.
    fileprivate mutating func note(_ transition: Transition, after version: Int, by settings: RankingSettings) {
        let id = transition.result.id
        for entry in transition.entries where entry.sequence > version {
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
