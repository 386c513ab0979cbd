// How much of each lane is taken up from the store: as much as it may soon begin, so that what waits for long waits there and
// keeps nothing else from coming. And when to look again, where time alone decides.

import LeadCore

extension Lanes {
    /// A lane that holds fewer is filled from the store.
    static let refillMark = 512
    /// One that holds as much, and fewer urgent ones, is filled from the store with urgent ones alone. Changes count for
    /// neither.
    static let urgentMark = 64

    /// How many messages of each lane are worth taking up from the store at `now`: none of one that rests, few of one that
    /// may soon rest again, so that a long backlog isn't taken up and handed back whole, of one that has enough in hand only
    /// what is urgent, and of changes no more than may go.
    mutating func quota(at now: Timestamp) -> LaneQuota {
        var others: [LaneID: LaneQuota.Room] = [:]
        for id in queues.keys {
            let room = room(of: id, at: now)
            let fill = fill(of: id)
            // Where one message finds out whether the peer is well, a change does it as well as any.
            let count = isTroubled(id) ? count(id) : fill.others
            let changes = changeRoom(of: id, fill, at: now)
            let left = count >= Self.refillMark ? 0 : room - count
            if left > 0, min(room, changes) >= Self.refillMark { continue }
            others[id] = left > 0 ? .any(left, changes: changes) : urgentRoom(of: id, fill, changes, at: now)
        }
        return LaneQuota(usual: Self.refillMark, others: others)
    }

    private mutating func urgentRoom(
        of lane: LaneID, _ fill: Fill, _ changes: Int, at now: Timestamp
    ) -> LaneQuota.Room {
        // Where one message finds out whether the peer is well, no second one is needed for that.
        guard !isTroubled(lane), let policy = queues[lane]?.policy else { return .none }
        let room = queues[lane]?.lane.room(for: Self.urgentMark, at: now, by: policy, isUrgent: true) ?? 0
        return room > fill.urgent ? .urgent(room - fill.urgent, changes: changes) : .none
    }

    /// How many changes more than `lane` holds its channel may let through.
    private mutating func changeRoom(of lane: LaneID, _ fill: Fill, at now: Timestamp) -> Int {
        guard let limits = queues[lane]?.policy.changeLimits else { return Self.refillMark }
        let gate = gates.isEmpty ? nil : gates[lane.channel]?.room(at: now, by: limits)
        let room = gate ?? limits.map(\.count).min() ?? .max
        return max(0, min(room, Self.refillMark) - fill.changes)
    }

    /// How much `lane` has in hand, to be compared with what it had a moment ago.
    func fill(of lane: LaneID) -> Fill {
        guard let queue = queues[lane] else { return Fill() }
        return Fill(
            others: queue.count - queue.changeCount, urgent: queue.urgentCount, changes: queue.changeCount)
    }

    struct Fill {
        /// Without changes.
        var others = 0
        /// Those of `others` that are urgent.
        var urgent = 0
        var changes = 0

        /// Whether the store may fill the lane again, since it has come below a mark.
        func hasRoom(since before: Fill) -> Bool {
            before.others >= Lanes.refillMark && others < Lanes.refillMark
                || before.urgent >= Lanes.urgentMark && urgent < Lanes.urgentMark
                || before.changes >= Lanes.urgentMark && changes < Lanes.urgentMark
                || before.changes > 0 && changes == 0
        }
    }

    /// Whether fewer messages of `lane` are taken up at a time than of others: then there may be more in the store when
    /// those are done.
    mutating func isRationed(_ lane: LaneID, at now: Timestamp) -> Bool {
        room(of: lane, at: now) < Self.refillMark
    }

    private mutating func room(of lane: LaneID, at now: Timestamp) -> Int {
        guard let policy = queues[lane]?.policy else { return Self.refillMark }
        return queues[lane]?.lane.room(for: Self.refillMark, at: now, by: policy) ?? Self.refillMark
    }

    /// When the first lane has rested that takes nothing, or no changes, from the store until then.
    mutating func restEnds(after now: Timestamp) -> Timestamp? {
        var first: Timestamp?
        for id in queues.keys {
            guard let policy = queues[id]?.policy else { continue }
            if !gates.isEmpty, let opening = gates[id.channel]?.opening(at: now, by: policy.changeLimits), opening > now
            {
                first = min(first ?? opening, opening)
            }
            for isUrgent in [true, false] {
                guard let opening = queues[id]?.lane.opening(at: now, by: policy, isUrgent: isUrgent),
                    opening > now + LanePolicy.patience
                else { continue }
                first = min(first ?? opening, opening)
            }
        }
        return first
    }
}
