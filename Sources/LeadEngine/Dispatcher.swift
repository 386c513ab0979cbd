// The exit: takes deliveries from the store or fresh from a commit, keeps a lane for each destination so that none waits
// for another, sends, and records what came of it. Nothing is sent without a durable intent and a lease that is still
// good; outcomes are recorded together, as many as have come in. Ends of the world: a delivery that failed for good is
// put before the case, which tells the operators.

import LeadCore
import Logging
import Synchronization

/// The dispatch loop and its lanes.
actor Dispatcher {
    /// A delivery in hand; with its case when it comes fresh from a commit.
    struct Work: Sendable {
        let leased: LeasedDelivery
        let subject: LeadCase?
    }

    /// What the dispatcher sends by; replaced whole by a reload.
    struct Outfit: Sendable {
        let rulebook: Rulebook
        let writer: BriefingWriter
        let channels: [ChannelID: any Channel]
    }

    /// What of a case was cancelled lately, so that work in hand isn't sent after the matter is settled.
    private struct Shared {
        var cancelled: [CaseID: (kinds: Set<MessageKind>, at: Timestamp)] = [:]
        var inHand: [LaneID: Int] = [:]
        var isOpen = true
    }

    /// Rings when the store may have something to take.
    nonisolated let bell = Bell()
    nonisolated let outfit: Current<Outfit>
    nonisolated private let shared = Mutex(Shared())
    private let store: any CaseStore
    private let clock: any TimeSource
    private let instance: InstanceID
    private let random: @Sendable () -> Double
    nonisolated let pulse: Pulse
    private let log: Logger
    private var lanes = Lanes()
    private var settlements: [Settlement] = []
    private var isSettling = false
    private var isStopping = false
    private var idleWaiters: [CheckedContinuation<Void, Never>] = []
    private var failed: (@Sendable (Delivery, String) async -> Void)?

    /// A lease lasts this long: far longer than any channel's time-out.
    static let leaseTime: Duration = .seconds(300)
    /// Work isn't begun on a lease with less than this left.
    static let margin: Duration = .seconds(90)
    /// After a failure of the store.
    private static let backOff: Duration = .seconds(5)

    init(
        store: any CaseStore, clock: any TimeSource, instance: InstanceID, outfit: Current<Outfit>,
        random: @escaping @Sendable () -> Double, pulse: Pulse, log: Logger
    ) {
        self.store = store
        self.clock = clock
        self.instance = instance
        self.outfit = outfit
        self.random = random
        self.pulse = pulse
        self.log = log
    }

    /// Who is told of deliveries that failed for good; set once, before the loops run.
    func onFailure(_ action: @escaping @Sendable (Delivery, String) async -> Void) { failed = action }

    // MARK: Fresh work

    /// A lease for what `transitions` will send; nil when a lane of theirs is full or the daemon is stopping, so that
    /// the deliveries are born pending and wait in the store.
    nonisolated func newLease(now: Timestamp, for transitions: [Transition]) -> Lease? {
        let hasRoom = shared.withLock { shared in
            shared.isOpen
                && transitions.allSatisfy { transition in
                    transition.deliveries.allSatisfy { shared.inHand[$0.lane, default: 0] < Lanes.laneLimit }
                }
        }
        return hasRoom ? Lease(owner: instance, until: now + Self.leaseTime) : nil
    }

    /// Takes over deliveries that were born leased.
    func accept(_ works: [Work]) {
        for work in works { enqueue(work) }
        for lane in Set(works.map(\.leased.delivery.lane)) { start(lane) }
    }

    /// These kinds of the case's messages have become pointless.
    nonisolated func noteCancelled(_ kinds: [MessageKind], of id: CaseID, at now: Timestamp) {
        shared.withLock { shared in
            var known = shared.cancelled[id]?.kinds ?? []
            known.formUnion(kinds)
            shared.cancelled[id] = (known, now)
            if shared.cancelled.count > 10_000 {
                // Whatever was in hand before that has lost its lease by now.
                shared.cancelled = shared.cancelled.filter { $0.value.at + Self.leaseTime > now }
            }
        }
    }

    // MARK: The loop

    /// Takes up what is due in the store until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            let wake = await step()
            await clock.wait(until: wake, or: bell)
        }
    }

    /// Takes up everything that is due and has room; tells when to look again.
    func step() async -> Timestamp? {
        let mark = pulse.begin(clock.now())
        defer { pulse.end(mark) }
        guard !isStopping else { return nil }
        do {
            while true {
                let now = clock.now()
                let lease = Lease(owner: instance, until: now + Self.leaseTime)
                let taken = try await store.take(
                    at: now, lease: lease, limitPerLane: Lanes.refillMark, full: lanes.full)
                if taken.isEmpty { break }
                accept(taken.map { Work(leased: $0, subject: nil) })
            }
            pulse.trouble(nil)
            return try await store.nextDelivery(excluding: lanes.full)
        } catch {
            pulse.trouble(error.description)
            log.error("dispatch could not read the outbox", metadata: ["reason": "\(error)"])
            return clock.now() + Self.backOff
        }
    }

    // MARK: Sending

    private func enqueue(_ work: Work) {
        lanes.add(work)
        shared.withLock { $0.inHand[work.leased.delivery.lane, default: 0] += 1 }
    }

    private func start(_ lane: LaneID) {
        guard !isStopping else { return }
        let outfit = outfit.now
        while let work = lanes.start(lane, concurrency: outfit.concurrency(of: lane)) {
            Task { await send(work, outfit) }
        }
    }

    private nonisolated func send(_ work: Work, _ outfit: Outfit) async {
        let delivery = work.leased.delivery
        let began = clock.now()
        guard began + Self.margin < work.leased.lease.until else {
            // Too late to begin: when the lease has run out, the store gives the delivery again.
            return await finish(work, nil)
        }
        guard !isCancelled(delivery) else {
            let verdict = DeliveryVerdict.cancelled(reason: "settled meanwhile")
            return await finish(work, Settlement(leased: work.leased, verdict: verdict, at: began))
        }
        let outcome = await attempt(delivery, subject: work.subject, outfit)
        let now = clock.now()
        let verdict = outfit.rulebook.retry.verdict(
            on: outcome, attempt: work.leased.attempt, createdAt: delivery.createdAt, now: now, jitter: random())
        report(verdict, of: work.leased)
        if case .failed(let reason) = verdict { await failed(delivery, reason) }
        await finish(work, Settlement(leased: work.leased, verdict: verdict, at: now))
    }

    private nonisolated func attempt(
        _ delivery: Delivery, subject: LeadCase?, _ outfit: Outfit
    ) async -> DeliveryOutcome {
        guard let channel = outfit.channels[delivery.channel] else {
            return .failed(reason: "the configuration has no channel \(delivery.channel) any more")
        }
        let reach = outfit.rulebook.person(delivery.person)?.reach.first { $0.channel == delivery.channel }
        guard let reach else {
            return .failed(reason: "\(delivery.person) has no address on \(delivery.channel) any more")
        }
        do {
            guard let subject = if let subject { subject } else { try await store.load(delivery.caseID) } else {
                return .failed(reason: "the lead is gone")
            }
            return await channel.send(outfit.writer.briefing(of: delivery, about: subject), to: reach.address)
        } catch {
            return .deferred(reason: "the lead could not be read: \(error.description)", retryAfter: nil)
        }
    }

    private nonisolated func isCancelled(_ delivery: Delivery) -> Bool {
        shared.withLock { shared in
            guard let known = shared.cancelled[delivery.caseID], known.kinds.contains(delivery.kind) else {
                return false
            }
            return delivery.createdAt < known.at
        }
    }

    private func failed(_ delivery: Delivery, _ reason: String) async { await failed?(delivery, reason) }

    private nonisolated func report(_ verdict: DeliveryVerdict, of leased: LeasedDelivery) {
        let delivery = leased.delivery
        let facts: Logger.Metadata = [
            "lead": "\(delivery.caseID)", "person": "\(delivery.person)", "channel": "\(delivery.channel)",
            "kind": "\(delivery.kind.rawValue)", "attempt": "\(leased.attempt)",
        ]
        switch verdict {
        case .sent: log.info("message sent", metadata: facts)
        case .cancelled: log.info("message not needed any more", metadata: facts)
        case .tryAgain(let at, let reason):
            log.warning(
                "message deferred",
                metadata: facts.merging(["until": "\(CivilTime(at).rfc3339)", "reason": "\(reason)"]) { $1 })
        case .failed(let reason):
            log.error("message failed for good", metadata: facts.merging(["reason": "\(reason)"]) { $1 })
        }
    }

    // MARK: Recording

    private func finish(_ work: Work, _ settlement: Settlement?) async {
        let lane = work.leased.delivery.lane
        lanes.finish(lane)
        shared.withLock { shared in
            let left = shared.inHand[lane, default: 1] - 1
            shared.inHand[lane] = left > 0 ? left : nil
        }
        start(lane)
        if lanes.wantsMore(lane) { bell.ring() }
        if let settlement { settlements.append(settlement) }
        await record()
        if lanes.isIdle, settlements.isEmpty {
            for waiter in idleWaiters { waiter.resume() }
            idleWaiters = []
        }
    }

    /// Records all outcomes that have come in; whoever comes while that is under way leaves theirs to it.
    private func record() async {
        guard !isSettling else { return }
        isSettling = true
        defer { isSettling = false }
        while !settlements.isEmpty {
            let batch = settlements
            settlements = []
            do {
                try await store.settle(batch)
                if batch.contains(where: { if case .tryAgain = $0.verdict { true } else { false } }) { bell.ring() }
            } catch {
                // The messages are out and can't be recorded: their leases run out and they go once more.
                pulse.trouble(error.description)
                log.error(
                    "outcomes could not be recorded; the messages will go again when their leases run out",
                    metadata: ["count": "\(batch.count)", "reason": "\(error)"])
            }
        }
    }

    // MARK: Stopping

    /// Starts nothing more, waits up to `patience` for what is under way, and gives back what has not begun.
    func stop(within patience: Duration) async {
        isStopping = true
        shared.withLock { $0.isOpen = false }
        let unbegun = lanes.drain().map(\.leased)
        if !unbegun.isEmpty {
            do {
                try await store.handBack(unbegun, at: clock.now())
            } catch {
                log.error("unsent messages could not be handed back", metadata: ["reason": "\(error)"])
            }
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.idle() }
            group.addTask { [clock] in
                let deadline = clock.now() + patience
                while clock.now() < deadline, !Task.isCancelled { await clock.wait(until: deadline, or: Bell()) }
            }
            await group.next()
            group.cancelAll()
            releaseIdleWaiters()
        }
    }

    private func idle() async {
        guard !lanes.isIdle || !settlements.isEmpty || isSettling else { return }
        await withCheckedContinuation { idleWaiters.append($0) }
    }

    private func releaseIdleWaiters() {
        for waiter in idleWaiters { waiter.resume() }
        idleWaiters = []
    }
}

extension Dispatcher.Outfit {
    /// How many messages may be under way in `lane`.
    func concurrency(of lane: LaneID) -> Int {
        let channel = ChannelID(lane.text.split(separator: "/").first.map(String.init) ?? lane.text)
        return rulebook.channels[channel]?.concurrency ?? 1
    }
}
