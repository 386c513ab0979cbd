// The lanes as plain state, without tasks or clocks: what waits, who works, what may start and when. The dispatcher does
// what this says, under its lock. Rates, pauses and breakers are each lane's own (`Lane`); here is who has to be woken for
// them, so that a lane which waits for time costs nothing until its time has come.

import LeadCore

/// Queues of work, one a destination, each with its own workers.
struct Lanes {
    var queues: [LaneID: LaneQueue] = [:]

    /// What whole channels take of changes to messages that they have.
    var gates: [ChannelID: ChangeGate] = [:]

    /// Lanes that take nothing as far as is known.
    private(set) var down: Set<LaneID> = []

    /// Channels of which no lane takes anything, and why.
    private var stoppedChannels: [ChannelID: Lane.Trouble] = [:]

    /// Lanes whose work waits for an instant.
    private var sleeping: [LaneID: Timestamp] = [:]

    /// At most this many deliveries of a lane are born in hand; more stay in the store.
    static let laneLimit = 4096
    /// From here on intake leaves leads in the spool for a moment, if the lane moves: cheaper than by way of the outbox.
    static let crowd = 1024

    // MARK: Work

    /// Puts work into its lane, at the end or, where it is urgent, before all that isn't; answers how many workers to add,
    /// given that the lane keeps to `policy`.
    mutating func add(_ work: Dispatcher.Work, policy: @autoclosure () -> LanePolicy) -> Int {
        let id = work.leased.delivery.lane
        // What the lane waits for may concern changes alone, or nothing that is urgent.
        let isAsleep = !sleeping.isEmpty && sleeping[id] != nil && !work.leased.delivery.kind.isUrgent
        return with(id, policy) { queue in
            let isFirst = queue.add(work)
            guard !isAsleep || isFirst, queue.workers < queue.policy.concurrency else { return 0 }
            queue.workers += 1
            return 1
        }
    }

    private mutating func with<Value>(
        _ id: LaneID, _ policy: () -> LanePolicy, _ body: (inout LaneQueue) -> Value
    ) -> Value {
        if queues[id] == nil {
            var queue = LaneQueue(policy: policy())
            if !stoppedChannels.isEmpty, let trouble = stoppedChannels[id.channel] {
                queue.lane.stop(for: trouble)
                down.insert(id)
            }
            queues[id] = queue
        }
        // Looked up once: the queue is changed where it is.
        return body(&queues[id, default: LaneQueue(policy: LanePolicy(concurrency: 1))])
    }

    /// What goes next in `lane`: changes wait aside while their channel takes none.
    mutating func first(_ lane: LaneID, at now: Timestamp) -> Dispatcher.Work? {
        let isShut = isShut(lane, at: now)
        return queues[lane]?.first(withoutChanges: isShut)
    }

    /// Takes out what goes next in `lane`.
    mutating func pop(_ lane: LaneID, at now: Timestamp) -> Dispatcher.Work? {
        let isShut = isShut(lane, at: now)
        return queues[lane]?.pop(withoutChanges: isShut)
    }

    /// Whether what goes next in `lane` may begin; on `go` it counts as under way.
    mutating func begin(_ lane: LaneID, at now: Timestamp) -> Lane.Turn {
        guard let policy = queues[lane]?.policy else { return .busy }
        let isShut = isShut(lane, at: now)
        if isShut, queues[lane]?.hasChangesAlone == true, queues[lane]?.lane.stop == nil {
            return .later(opening(of: lane, at: now) ?? now)
        }
        let isUrgent = queues[lane]?.isUrgent(withoutChanges: isShut) ?? false
        let turn = queues[lane]?.lane.begin(at: now, by: policy, isUrgent: isUrgent) ?? .busy
        // The gate may open before the rate lets the others through.
        if isShut, case .later = turn { return .later(opening(of: lane, at: now) ?? now) }
        return turn
    }

    // MARK: Changes

    /// Whether the change that goes next in `lane` has to wait for its channel; other work may go before it.
    private mutating func isShut(_ lane: LaneID, at now: Timestamp) -> Bool {
        guard queues[lane]?.isChangeFirst == true, let policy = queues[lane]?.policy else { return false }
        return gates[lane.channel, default: ChangeGate()].opening(at: now, by: policy.changeLimits) > now
    }

    /// When something that waits in `lane` may begin, as far as time decides; nil when nothing waits.
    private func opening(of lane: LaneID, at now: Timestamp) -> Timestamp? {
        guard var queue = queues[lane] else { return nil }
        guard queue.isChangeFirst, var gate = gates[lane.channel] else { return queue.opening(at: now) }
        let shut = gate.opening(at: now, by: queue.policy.changeLimits)
        guard shut > now else { return queue.opening(at: now) }
        let change = queue.opening(at: now).map { max($0, shut) }
        return [change, queue.opening(at: now, withoutChanges: true)].compactMap(\.self).min()
    }

    /// A change is asked for.
    mutating func noteChange(by channel: ChannelID, at now: Timestamp) {
        gates[channel, default: ChangeGate()].take(at: now)
    }

    /// What the outcome of an update says of its lane: a peer that wants no more changes for a time may well take messages.
    private mutating func passOn(
        _ outcome: DeliveryOutcome?, _ change: ChangeEnd, of lane: LaneID, at now: Timestamp
    ) -> DeliveryOutcome? {
        if change == .unasked { gates[lane.channel]?.giveBack() }
        // Of a lane that is unwell it says whether that is over.
        guard change == .decided, !isTroubled(lane), case .unavailable(let reason, let rest?) = outcome, rest > .zero
        else { return outcome }
        gates[lane.channel, default: ChangeGate()].rest(for: rest, from: now)
        return .deferred(reason: reason, retryAfter: rest)
    }

    // MARK: Ends

    /// Something of `lane`, an update where there is a `change`, has ended, or came to nothing when `outcome` is nil. Answers
    /// what that changed and how many workers to add where.
    mutating func finish(
        _ lane: LaneID, _ outcome: DeliveryOutcome?, change end: ChangeEnd? = nil, at now: Timestamp, jitter: Double
    ) -> (change: Lane.Change, hired: [(lane: LaneID, hired: Int)]) {
        queues[lane]?.moved = now
        guard let outcome = end.map({ passOn(outcome, $0, of: lane, at: now) }) ?? outcome else {
            queues[lane]?.lane.forgo(at: now)
            return (.none, [])
        }
        let change = queues[lane]?.lane.end(outcome, at: now, jitter: jitter) ?? .none
        note(lane)
        guard change == .closed || change == .stopped else { return (change, []) }
        // While one probed, the others went home.
        var hired = [(lane: lane, hired: queues[lane]?.hire() ?? 0)]
        if case .stopped(let reason, .channel) = outcome {
            hired += stop(lane.channel, for: Lane.Trouble(at: now, reason: reason))
        }
        return (change, hired)
    }

    /// No lane of `channel` takes anything any more; answers how many workers each is to have, to say so of what waits.
    private mutating func stop(_ channel: ChannelID, for trouble: Lane.Trouble) -> [(lane: LaneID, hired: Int)] {
        stoppedChannels[channel] = trouble
        return queues.keys.filter { $0.channel == channel && queues[$0]?.lane.stop == nil }.map { lane in
            queues[lane]?.lane.stop(for: trouble)
            note(lane)
            sleeping[lane] = nil
            return (lane, queues[lane]?.hire() ?? 0)
        }
    }

    /// Keeps count of what is down.
    private mutating func note(_ lane: LaneID) {
        if queues[lane]?.lane.isDown == true { down.insert(lane) } else if !down.isEmpty { down.remove(lane) }
    }

    /// Whether nothing that waits for `lane` can find out just now whether it takes something again.
    func isOut(_ lane: LaneID, at now: Timestamp) -> Bool {
        guard down.contains(lane), let queue = queues[lane] else { return false }
        if queue.lane.stop != nil { return true }
        if case .probing = queue.lane.breaker { return false }
        return opening(of: lane, at: now).map { $0 > now } ?? true
    }

    /// A worker of `lane` goes home.
    mutating func leave(_ lane: LaneID) { queues[lane]?.workers -= 1 }

    // MARK: Time

    /// The work of `lane` waits until `instant`.
    mutating func sleep(_ lane: LaneID, until instant: Timestamp) { sleeping[lane] = instant }

    /// When the first lane's time comes.
    var wake: Timestamp? { sleeping.values.min() }

    /// Wakes the lanes whose time has come, or that a clock which was set back has put too far off; answers how many
    /// workers each is to have.
    mutating func wakeUp(at now: Timestamp) -> [(lane: LaneID, hired: Int)] {
        guard !sleeping.isEmpty else { return [] }
        var woken: [(lane: LaneID, hired: Int)] = []
        for lane in sleeping.keys {
            guard let opening = opening(of: lane, at: now) else {
                sleeping[lane] = nil
                continue
            }
            // What waits for long goes back to the store, which a worker sees to.
            if opening > now, opening <= now + LanePolicy.patience {
                sleeping[lane] = opening
            } else {
                sleeping[lane] = nil
                woken.append((lane, queues[lane]?.hire() ?? 0))
            }
        }
        return woken
    }

    // MARK: Looking after them

    /// Lanes keep to new policies from now on; those that lead nowhere any more are forgotten once they are empty.
    mutating func adopt(_ policy: (LaneID) -> LanePolicy, where leadsSomewhere: (LaneID) -> Bool) {
        for lane in queues.keys where !leadsSomewhere(lane) {
            guard let queue = queues[lane], queue.count == 0, queue.workers == 0 else { continue }
            queues[lane] = nil
            sleeping[lane] = nil
            down.remove(lane)
        }
        for lane in queues.keys { queues[lane]?.policy = policy(lane) }
    }

    /// Lets stopped lanes of `channels` (all, when nil) begin anew, and answers which were; also ends their pauses.
    mutating func resume(_ channels: Set<ChannelID>?, at now: Timestamp) -> (
        stopped: Set<LaneID>, hired: [(lane: LaneID, hired: Int)]
    ) {
        var stopped: Set<LaneID> = []
        var hired: [(lane: LaneID, hired: Int)] = []
        for channel in gates.keys where channels?.contains(channel) ?? true { gates[channel]?.resume() }
        stoppedChannels = channels.map { channels in stoppedChannels.filter { !channels.contains($0.key) } } ?? [:]
        for lane in queues.keys where channels?.contains(lane.channel) ?? true {
            if queues[lane]?.lane.stop != nil { stopped.insert(lane) }
            queues[lane]?.lane.resume(at: now)
            note(lane)
            sleeping[lane] = nil
            hired.append((lane, queues[lane]?.hire() ?? 0))
        }
        return (stopped, hired)
    }

    /// The same for lanes that are stopped, leaving others alone.
    mutating func resumeStopped(at now: Timestamp) -> Set<LaneID> {
        stoppedChannels = [:]
        let stopped = queues.filter { $0.value.lane.stop != nil }.keys
        for lane in stopped {
            queues[lane]?.lane.resume(at: now)
            note(lane)
        }
        return Set(stopped)
    }

    /// Why `lane` is stopped; nil when it isn't.
    func stop(of lane: LaneID) -> Lane.Trouble? { queues[lane]?.lane.stop }

    /// Every lane that was ever used, as it stands.
    func statuses(at now: Timestamp) -> [LaneStatus] {
        queues.map { id, queue in
            var queue = queue
            let opening = opening(of: id, at: now) ?? queue.lane.opening(at: now, by: queue.policy)
            var gate = gates[id.channel, default: ChangeGate()]
            let changes = gate.opening(at: now, by: queue.policy.changeLimits)
            return LaneStatus(
                id: id, channel: id.channel, policy: queue.policy, lane: queue.lane, waiting: queue.count,
                opensAt: opening > now && queue.workers == 0 ? opening : nil,
                changesOpenAt: changes > now ? changes : nil)
        }
    }

    /// Takes out everything of `lane` that has not started.
    mutating func drain(_ lane: LaneID) -> [Dispatcher.Work] {
        var drained: [Dispatcher.Work] = []
        while let work = queues[lane]?.pop() { drained.append(work) }
        return drained
    }

    /// Takes out everything that has not started.
    mutating func drain() -> [Dispatcher.Work] { queues.keys.flatMap { drain($0) } }

    /// Those that hold as much as they may.
    var full: Set<LaneID> { Set(queues.filter { $0.value.count >= Self.laneLimit }.keys) }

    /// How many wait in `lane`.
    func count(_ lane: LaneID) -> Int { queues[lane]?.count ?? 0 }

    /// Whether `lane` is thought to be unwell.
    func isTroubled(_ lane: LaneID) -> Bool {
        switch queues[lane]?.lane.breaker {
        case .open, .probing: true
        case .closed, nil: false
        }
    }

    /// Whether a lane that has moved since `since` holds more than it should. One that waits for its time moves no faster
    /// for being waited for.
    func isCrowded(since: Timestamp) -> Bool {
        queues.contains { id, queue in
            queue.count - queue.changeCount >= Self.crowd && (queue.moved.map { $0 >= since } ?? false)
                && sleeping[id] == nil
        }
    }

    /// Whether nobody works.
    var isIdle: Bool { queues.values.allSatisfy { $0.workers == 0 } }
}

extension LaneID {
    /// The channel that the lane belongs to.
    var channel: ChannelID { ChannelID(text.split(separator: "/").first.map(String.init) ?? text) }
}

/// What an update had to do with changes.
enum ChangeEnd {
    /// None was asked for.
    case unasked
    /// One was asked for, and then something else whose outcome counts.
    case beside
    /// One was asked for, and its outcome counts.
    case decided
}
