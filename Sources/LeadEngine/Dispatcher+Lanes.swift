// Looking after the lanes: how they stand, what a new configuration makes of them, and stopped ones tried again.

import LeadCore
import Logging

extension Dispatcher {
    /// Every lane that was used in this run.
    func lanes() -> [LaneStatus] { state.withLock { $0.lanes.statuses(at: clock.now()) } }

    /// What somebody should mend of channels that go on all the same.
    func complaints() -> [ChannelID: String] { outfit.now.channels.compactMapValues(\.complaint) }

    /// Sends by `new` from now on; what is under way ends on the outfit that it began on. Lanes that were stopped are tried
    /// again, because the configuration may be mended.
    func adopt(_ new: Outfit) {
        let lanes = new.rulebook.lanes
        let stopped = state.withLock { state in
            state.flaws = []
            state.faults = [:]
            outfit.replace(with: new)
            // Before those are forgotten that lead nowhere now: what they held goes the new way.
            let stopped = state.lanes.resumeStopped(at: clock.now())
            state.lanes.adopt(new.policy, where: lanes.contains)
            return stopped
        }
        release(stopped)
        bell.ring()
    }

    /// Tries stopped and resting lanes of `channels` (all, when nil) again; answers how many messages were held there.
    func resume(_ channels: Set<ChannelID>?) async throws(StoreFailure) -> Revived {
        for channel in outfit.now.channels.values where channels?.contains(channel.id) ?? true { channel.resume() }
        let hired = state.withLock { state in
            for channel in state.faults.keys where channels?.contains(channel) ?? true { state.faults[channel] = nil }
            let (_, hired) = state.lanes.resume(channels, at: clock.now())
            return hired
        }
        hire(hired)
        // What was held before this run counts too.
        var lanes: Set<LaneID>?
        if let channels {
            lanes = Set(try await store.queues().keys.filter { channels.contains($0.channel) })
        }
        let revived = try await store.revive(.held(lanes: lanes), at: clock.now())
        bell.ring()
        return revived
    }

    /// What lanes held goes out again, as soon as the store lets it.
    private func release(_ lanes: Set<LaneID>) {
        guard !lanes.isEmpty else { return }
        state.withLock { $0.release(lanes) }
        recordBell.ring()
    }
}

extension Dispatcher.Outfit {
    /// What `lane` keeps to.
    func policy(of lane: LaneID) -> LanePolicy {
        rulebook.channels[lane.channel]?.lanePolicy ?? LanePolicy(concurrency: 1)
    }
}
