// A store in which a test meddles, for the dispatcher.

import LeadCore
import Synchronization

/// A store some of whose calls fail or wait, and that remembers what went through it.
final class MeddledStore: PassingStore {
    private struct State {
        var failing: Int?
        var calls = 0
        var failingRevivals = 0
        var failsSettling = false
        var isCrossing = false
        var failures = 0
        var handedBack: [LeasedDelivery] = []
        var taken: [LeasedDelivery] = []
        var lookout: Bell?
        var looks = 0
        var settlings: [ContinuousClock.Instant] = []
        var whileSettling: (@Sendable () async -> Void)?
    }

    let base: any CaseStore
    private let state = Mutex(State())
    private let hasTaken = Bell()
    private let mayTake = Bell()
    private let hasLooked = Bell()

    init(_ base: any CaseStore) { self.base = base }

    /// Whether settling fails.
    func failSettling(_ fails: Bool) { state.withLock { $0.failsSettling = fails } }

    /// Each settling takes as long as `action`.
    func whileSettling(_ action: @escaping @Sendable () async -> Void) { state.withLock { $0.whileSettling = action } }

    /// The next settling comes after the next taking, whose answer waits for `letTake`.
    func cross() { state.withLock { $0.isCrossing = true } }
    func letTake() { mayTake.ring() }

    /// Whoever reads a case's file has it only when the dispatch loop has looked twice since, for which it rings `bell`.
    func delayFiles(untilLooksBy bell: Bell) { state.withLock { $0.lookout = bell } }

    /// The call of this number (from 1) fails.
    func failHandBack(_ number: Int) { state.withLock { $0.failing = number } }

    /// The next so many calls fail.
    func failRevive(_ count: Int) { state.withLock { $0.failingRevivals = count } }

    var handedBack: [LeasedDelivery] { state.withLock { $0.handedBack } }
    var taken: [LeasedDelivery] { state.withLock { $0.taken } }
    var failures: Int { state.withLock { $0.failures } }
    /// When outcomes were written.
    var settlings: [ContinuousClock.Instant] { state.withLock { $0.settlings } }

    func handBack(_ leased: [LeasedDelivery], at now: Timestamp) async throws(StoreFailure) {
        let fails = state.withLock { state in
            state.calls += 1
            guard state.calls == state.failing else {
                state.handedBack += leased
                return false
            }
            state.failures += 1
            return true
        }
        if fails { throw StoreFailure(.unavailable, "the disk is full") }
        try await base.handBack(leased, at: now)
    }

    func revive(_ which: Revival, at now: Timestamp) async throws(StoreFailure) -> Revived {
        let fails = state.withLock { state in
            guard state.failingRevivals > 0 else { return false }
            state.failingRevivals -= 1
            state.failures += 1
            return true
        }
        if fails { throw StoreFailure(.unavailable, "the database is locked") }
        return try await base.revive(which, at: now)
    }

    func take(at now: Timestamp, lease: Lease, quota: LaneQuota) async throws(StoreFailure) -> [LeasedDelivery] {
        let taken = try await base.take(at: now, lease: lease, quota: quota)
        let isCrossing = state.withLock { state in
            state.taken += taken
            defer { state.isCrossing = state.isCrossing && taken.isEmpty }
            return state.isCrossing && !taken.isEmpty
        }
        if isCrossing {
            hasTaken.ring()
            await mayTake.wait()
        }
        return taken
    }

    func nextDelivery(within quota: LaneQuota) async throws(StoreFailure) -> Timestamp? {
        defer {
            state.withLock { $0.looks += 1 }
            hasLooked.ring()
        }
        return try await base.nextDelivery(within: quota)
    }

    func file(_ id: CaseID) async throws(StoreFailure) -> CaseFile? {
        let (lookout, start) = state.withLock { ($0.lookout, $0.looks) }
        if let lookout {
            for number in 1...2 {
                lookout.ring()
                while state.withLock({ $0.looks }) < start + number { await hasLooked.wait() }
            }
        }
        return try await base.file(id)
    }

    func settle(_ settlements: [Settlement]) async throws(StoreFailure) {
        let (fails, waits, action) = state.withLock { state in
            state.settlings.append(.now)
            if state.failsSettling { state.failures += 1 }
            return (state.failsSettling, state.isCrossing, state.whileSettling)
        }
        await action?()
        if fails { throw StoreFailure(.unavailable, "the disk is full") }
        if waits { await hasTaken.wait() }
        try await base.settle(settlements)
    }
}
