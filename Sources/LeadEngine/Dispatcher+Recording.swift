// The end of each message on record: outcomes are written together, as many as have come in, and kept in memory while the
// store can't take them, because a message that is out must not go again for want of a record. And the orderly stop, which
// waits for what is under way and its records.

import LeadCore
import Logging

extension Dispatcher {
    /// Records outcomes until the task is cancelled, each time all that have come in.
    func recordOutcomes() async {
        var pacer = Pacer(interval: Self.recordPace)
        while !Task.isCancelled {
            await pacer.pause()
            if await record(), state.withLock({ $0.unrecorded > 0 }) { continue }
            await recordBell.wait()
        }
    }

    /// Records what has come in; false when there was nothing, or the store failed.
    private func record() async -> Bool {
        var batch = state.withLock { $0.takeUnrecorded() }
        guard !batch.isEmpty else { return false }
        let wantsLook = batch.wantsLook
        do throws(StoreFailure) {
            try await write(&batch)
        } catch {
            keep(batch, error)
            return false
        }
        state.withLock { state in
            state.isRecording = false
            state.isBehind = false
        }
        if wantsLook { bell.ring() }
        return true
    }

    /// Records what has come in, and what comes in meanwhile.
    private func recordAll() async { while await record() {} }

    /// Writes `batch` part by part. What has been written leaves it: written twice, it could undo what has become of the
    /// message since.
    private func write(_ batch: inout Unrecorded) async throws(StoreFailure) {
        if !batch.settlements.isEmpty {
            try await store.settle(batch.settlements)
            let settled = batch.settlements
            batch.settlements = []
            state.withLock { $0.letGo(settled) }
            batch.holding.formUnion(settled.filter(\.verdict.isHeld).map(\.leased.delivery.lane))
        }
        try await releaseHeld(&batch.holding)
        while let (at, group) = batch.returned.first {
            try await store.handBack(group, at: at)
            batch.returned[at] = nil
        }
        try await store.hold(batch.held, at: clock.now())
        batch.held = []
    }

    /// What was held while its lane began anew would wait for nothing.
    private func releaseHeld(_ lanes: inout Set<LaneID>) async throws(StoreFailure) {
        guard !lanes.isEmpty else { return }
        let resumed = state.withLock { [lanes] state in lanes.filter { state.lanes.stop(of: $0) == nil } }
        if !resumed.isEmpty {
            try await store.revive(.held(lanes: resumed), at: clock.now())
            bell.ring()
        }
        lanes = []
    }

    /// The store failed: the dispatch loop sees to it that what is left of `batch` is tried again.
    private func keep(_ batch: Unrecorded, _ failure: StoreFailure) {
        let isNews = state.withLock { state in
            state.putBack(batch)
            state.isRecording = false
            defer { state.isBehind = true }
            return !state.isBehind
        }
        pulse.trouble(failure.description)
        log.error(
            "outcomes could not be recorded yet",
            metadata: ["count": "\(batch.count)", "reason": "\(failure)"])
        if isNews { bell.ring() }
    }

    // MARK: Stopping

    /// After the loops have ended: starts nothing more, gives back what has not begun, and waits up to `patience` for
    /// what is under way and its records.
    func stop(within patience: Duration) async {
        let unbegun = state.withLock { state in
            state.isStopping = true
            return state.drain()
        }
        if !unbegun.isEmpty {
            do {
                try await store.handBack(unbegun, at: clock.now())
            } catch {
                log.error("unsent messages could not be handed back", metadata: ["reason": "\(error)"])
            }
        }
        let deadline = clock.now() + patience
        await recordAll()
        while !state.withLock({ $0.isIdle }), clock.now() < deadline {
            await clock.wait(until: deadline, or: homeBell)
            await recordAll()
        }
    }
}

/// What is not on record yet.
struct Unrecorded {
    /// Ends of attempts.
    var settlements: [Settlement] = []
    /// What was not begun and the store is to have back, by when it may be taken up again.
    var returned: [Timestamp: [LeasedDelivery]] = [:]
    /// What waits for its time in the store from now on.
    var held: [HeldDelivery] = []
    /// Lanes of which messages are on record as held, and which may have begun anew meanwhile.
    var holding: Set<LaneID> = []

    var isEmpty: Bool { count == 0 }

    /// How much there is.
    var count: Int {
        settlements.count + returned.values.reduce(0) { $0 + $1.count } + held.count + holding.count
    }

    /// Whether the dispatch loop has something to look for when all this is on record. The end of one event lets the next of
    /// its case go.
    var wantsLook: Bool {
        !returned.isEmpty || !held.isEmpty
            || settlements.contains { one in
                if case .tryAgain = one.verdict { true } else { one.leased.delivery.kind == .event }
            }
    }
}
