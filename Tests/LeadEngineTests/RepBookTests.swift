// Loads that are held current, against the store that they are rebuilt from: commits that come while it is read, several
// rebuildings at once, one that fails.

import LeadCore
import LeadTestKit
import Synchronization
import Testing

@testable import LeadEngine

@Suite("The book of loads")
struct RepBookTests {
    private let now = Sample.start

    /// Transitions of one case, to be committed in turn.
    private func story(_ number: Int, _ commands: [CaseCommand]) throws -> [Transition] {
        var transitions = [Sample.opening(Sample.lead(number))]
        for command in commands {
            transitions.append(
                try transitions[transitions.count - 1].result.decide(
                    command, now: now, rulebook: Sample.rulebook()))
        }
        return transitions
    }

    private let assign = CaseCommand.assign(rep: "billy", by: "dana", note: nil)

    private func commit(_ transitions: some Sequence<Transition>, to store: any CaseStore) async {
        for transition in transitions { #expect(await store.apply([transition], lease: nil) == [.applied]) }
    }

    @Test("commits during a rebuilding count once, whether or not the store told of them already")
    func meanwhile() async throws {
        let store = MemoryCaseStore()
        let gate = GatedStore(store)
        let book = RepBook(store: gate, clock: ManualClock(now), settings: RankingSettings())
        let over = try story(1, [assign, .start(by: "billy"), .close(by: "billy", note: nil)])
        let open = try story(2, [assign])
        let undone = try story(3, [assign, .undo(by: "dana")])
        async let rebuilt: [GivenLead] = book.rebuild()
        await gate.begun.wait()
        // All of it commits before the store is read, and is told of to the book as well.
        for transitions in [over, open, undone] {
            await commit(transitions, to: store)
            for transition in transitions { book.note(transition) }
        }
        gate.open.ring()
        #expect(try await rebuilt.map(\.rep) == ["billy"])
        let load = book.workload(of: "billy", at: now)
        #expect(load.openCount == 1 && load.windowCount == 2 && load.assignedLastDay == 2)
    }

    @Test("of two rebuildings the one that began last counts, and none loses a commit")
    func twice() async throws {
        let store = MemoryCaseStore()
        let gate = GatedStore(store)
        let book = RepBook(store: gate, clock: ManualClock(now), settings: RankingSettings())
        async let first: [GivenLead] = book.rebuild()
        await gate.begun.wait()
        let plain = RankingSettings(load: .complexity)
        #expect(book.differs(from: plain))
        try await book.rebuild(by: plain)
        #expect(!book.differs(from: plain))
        let later = try story(1, [assign])
        await commit(later, to: store)
        for transition in later { book.note(transition) }
        gate.open.ring()
        _ = try await first
        #expect(book.workload(of: "billy", at: now).openCount == 1)
        #expect(!book.differs(from: plain))
    }

    @Test("commits of one case that are told of out of order leave nothing behind")
    func order() throws {
        let book = RepBook(store: MemoryCaseStore(), clock: ManualClock(now), settings: RankingSettings())
        let transitions = try story(1, [assign, .undo(by: "dana")])
        book.note(transitions[2])
        book.note(transitions[1])
        #expect(book.workload(of: "billy", at: now) == Workload())
    }

    @Test("a rebuilding that fails changes nothing, and is wanted again")
    func failure() async throws {
        let store = MemoryCaseStore()
        let gate = GatedStore(store, waits: 0)
        let book = RepBook(store: gate, clock: ManualClock(now), settings: RankingSettings())
        let transitions = try story(1, [assign])
        await commit(transitions, to: store)
        try await book.rebuild()
        gate.fail(with: StoreFailure(.unavailable, "the disk is gone"))
        let other = RankingSettings(window: .seconds(86_400))
        await #expect(throws: StoreFailure.self) { try await book.rebuild(by: other) }
        #expect(book.differs(from: other))
        #expect(book.workload(of: "billy", at: now).openCount == 1)
    }
}

/// A store whose reading of given leads waits until the test lets it go on, or fails.
private final class GatedStore: PassingStore {
    let begun = Bell()
    let open = Bell()
    let base: any CaseStore
    private let state = Mutex<(waits: Int, failure: StoreFailure?)>((1, nil))

    /// The first `waits` readings wait.
    init(_ base: any CaseStore, waits: Int = 1) {
        self.base = base
        state.withLock { $0.waits = waits }
    }

    func fail(with failure: StoreFailure) { state.withLock { $0.failure = failure } }

    func given(since: Timestamp) async throws(StoreFailure) -> [GivenLead] {
        let (isGated, failure) = state.withLock { state in
            state.waits -= 1
            return (state.waits >= 0, state.failure)
        }
        if let failure { throw failure }
        if isGated {
            begun.ring()
            await open.wait()
        }
        return try await base.given(since: since)
    }
}
