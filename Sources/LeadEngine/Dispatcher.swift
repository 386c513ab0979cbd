// The exit: takes deliveries from the store or fresh from a commit, keeps a lane for each destination so that none waits
// for another, sends, and records what came of it. Nothing is sent without a durable intent and a lease that is still
// good; outcomes are recorded together, as many as have come in. A delivery that failed for good is put before the case,
// which tells the operators.
//
// State is under one lock rather than in an actor: thousands of messages a second would each cost several hops.

import LeadCore
import Logging
import Synchronization

/// The dispatch loop, the lanes and their workers.
final class Dispatcher: Sendable {
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

    /// Whether a message's failure came to its case, and so to an operator.
    enum FailureRecord {
        case recorded
        /// The store failed; to be tried again.
        case notYet
    }

    /// Rings when the store may have something to take.
    let bell = Bell()
    let outfit: Current<Outfit>
    let pulse: Pulse
    private let state = Mutex(DispatchState())
    private let recordBell = Bell()
    private let roomBell = Bell()
    /// Rings when a worker has gone home while the daemon stops.
    private let homeBell = Bell()
    private let failed = Mutex<(@Sendable (Delivery, String) async -> FailureRecord)?>(nil)
    private let store: any CaseStore
    private let clock: any TimeSource
    private let instance: InstanceID
    private let random: @Sendable () -> Double
    private let log: Logger

    /// A lease lasts this long: far longer than any channel's time-out.
    static let leaseTime: Duration = .seconds(300)
    /// Work isn't begun on a lease with less than this left, so that an attempt ends before its lease does.
    static let margin: Duration = .seconds(150)
    /// After a failure of the store.
    private static let backOff: Duration = .seconds(5)
    /// Records begin at least this far apart, so that under load each commit has company.
    private static let recordPace: Duration = .milliseconds(2)
    /// The longest that intake waits for room.
    private static let roomPatience: Duration = .milliseconds(100)

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

    /// Who is told of deliveries that failed for good; set before the loops run.
    func onFailure(_ action: @escaping @Sendable (Delivery, String) async -> FailureRecord) {
        failed.withLock { $0 = action }
    }

    // MARK: Fresh work

    /// A lease for what `transitions` will send; nil when a lane of theirs is full or the daemon is stopping, so that
    /// the deliveries are born pending and wait in the store.
    func newLease(now: Timestamp, for transitions: [Transition]) -> Lease? {
        let lanes = Set(transitions.flatMap { $0.deliveries.map(\.lane) })
        let hasRoom = state.withLock { state in
            !state.isStopping && lanes.allSatisfy { state.lanes.count($0) < Lanes.laneLimit }
        }
        return hasRoom ? Lease(owner: instance, until: now + Self.leaseTime) : nil
    }

    /// Takes over deliveries that were leased to this instance.
    func accept(_ works: [Work]) {
        guard !works.isEmpty else { return }
        let outfit = outfit.now
        let hired = state.withLock { state in
            works.flatMap { work in
                let lane = work.leased.delivery.lane
                let count = state.add(work, concurrency: outfit.concurrency(of: lane))
                return Array(repeating: lane, count: count)
            }
        }
        for lane in hired { Task { await work(in: lane) } }
    }

    /// Lets a moving lane that is crowded run for a moment, so that leads wait in the spool and not in the outbox.
    func makeRoom() async {
        let now = clock.now()
        guard state.withLock({ $0.lanes.isCrowded(since: now - Self.roomPatience) }) else { return }
        await clock.wait(until: now + Self.roomPatience, or: roomBell)
    }

    /// Keeps what `transition` has made pointless from being sent, if it is in hand.
    func noteCancelled(by transition: Transition) {
        guard !transition.cancels.isEmpty else { return }
        let id = transition.result.id
        let now = clock.now()
        state.withLock { state in
            state.cancelled[id, default: Cancellation()].take(transition, at: now)
            if state.cancelled.count > 10_000 {
                // Whatever was in hand before that has lost its lease by now.
                state.cancelled = state.cancelled.filter { $0.value.latest + Self.leaseTime > now }
            }
        }
    }

    // MARK: The loops

    /// Takes up what is due in the store until the task is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.recordOutcomes() }
            while !Task.isCancelled {
                let wake = await step()
                await clock.wait(until: wake, or: bell)
            }
        }
    }

    /// Takes up everything that is due and has room; tells when to look again.
    func step() async -> Timestamp? {
        let mark = pulse.begin(clock.now())
        defer { pulse.end(mark) }
        if state.withLock({ $0.isBehind }) { recordBell.ring() }
        do {
            while true {
                let (full, isStopping) = state.withLock { ($0.lanes.full, $0.isStopping) }
                guard !isStopping else { return nil }
                let now = clock.now()
                let lease = Lease(owner: instance, until: now + Self.leaseTime)
                let taken = try await store.take(at: now, lease: lease, limitPerLane: Lanes.refillMark, full: full)
                if taken.isEmpty { break }
                accept(taken.map { Work(leased: $0, subject: nil) })
            }
            let next = try await store.nextDelivery(excluding: state.withLock { $0.lanes.full })
            guard state.withLock({ $0.isBehind }) else {
                pulse.trouble(nil)
                return next
            }
            let retry = clock.now() + Self.backOff
            return min(next ?? retry, retry)
        } catch {
            pulse.trouble(error.description)
            log.error("dispatch could not read the outbox", metadata: ["reason": "\(error)"])
            return clock.now() + Self.backOff
        }
    }

    /// One worker: sends what its lane has until it has nothing more.
    private func work(in lane: LaneID) async {
        while let (work, left) = state.withLock({ state in state.next(lane).map { ($0, state.lanes.count(lane)) } }) {
            // Crossing a mark downwards: the store may fill the lane again, intake may go on. Looked at as each is taken
            // out, because several workers could step over the mark between two looks.
            if left == Lanes.refillMark - 1 {
                bell.ring()
                roomBell.ring()
            }
            let settlement = await send(work)
            let isFirst = state.withLock { state in
                state.lanes.finish(lane, at: clock.now())
                if let settlement {
                    state.settlements.append(settlement)
                } else {
                    state.holding[work.leased.delivery.id] = nil
                }
                return state.settlements.count == 1
            }
            if isFirst { recordBell.ring() }
        }
        if state.withLock({ $0.isStopping }) { homeBell.ring() }
    }

    // MARK: Sending

    /// Sends once; nil when the lease is too old to begin, so that the store gives the delivery again later.
    private func send(_ work: Work) async -> Settlement? {
        let delivery = work.leased.delivery
        let began = clock.now()
        guard began + Self.margin < work.leased.lease.until else { return nil }
        guard !isCancelled(delivery) else {
            return Settlement(leased: work.leased, verdict: .cancelled(reason: "settled meanwhile"), at: began)
        }
        let outfit = outfit.now
        let outcome = await attempt(delivery, subject: work.subject, outfit)
        let now = clock.now()
        var verdict = outfit.rulebook.retry.verdict(
            on: outcome, attempt: work.leased.attempt, createdAt: delivery.createdAt, now: now, jitter: random())
        report(verdict, of: work.leased)
        if case .failed(let reason) = verdict, let failed = failed.withLock({ $0 }),
            await failed(delivery, reason) == .notYet
        {
            // It isn't over before an operator hears of it.
            verdict = .tryAgain(at: now + Self.backOff, reason: reason)
        }
        return Settlement(leased: work.leased, verdict: verdict, at: now)
    }

    private func attempt(_ delivery: Delivery, subject: LeadCase?, _ outfit: Outfit) async -> DeliveryOutcome {
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

    private func isCancelled(_ delivery: Delivery) -> Bool {
        state.withLock { state in
            state.cancelled[delivery.caseID]?.hits(delivery) ?? false
        }
    }

    private func report(_ verdict: DeliveryVerdict, of leased: LeasedDelivery) {
        let delivery = leased.delivery
        func facts(_ reason: String? = nil, until: Timestamp? = nil) -> Logger.Metadata {
            var facts: Logger.Metadata = [
                "lead": "\(delivery.caseID)", "person": "\(delivery.person)", "channel": "\(delivery.channel)",
                "kind": "\(delivery.kind.rawValue)", "attempt": "\(leased.attempt)",
            ]
            if let reason { facts["reason"] = "\(reason)" }
            if let until { facts["until"] = "\(CivilTime(until).rfc3339)" }
            return facts
        }
        switch verdict {
        case .sent: log.info("message sent", metadata: facts())
        case .cancelled: log.info("message not needed any more", metadata: facts())
        case .tryAgain(let at, let reason): log.warning("message deferred", metadata: facts(reason, until: at))
        case .failed(let reason): log.error("message failed for good", metadata: facts(reason))
        }
    }

    // MARK: Recording

    /// Records outcomes until the task is cancelled, each time all that have come in.
    private func recordOutcomes() async {
        var pacer = Pacer(interval: Self.recordPace)
        while !Task.isCancelled {
            await pacer.pause()
            await record()
            await recordBell.wait()
        }
    }

    /// Records what has come in, and what comes in meanwhile. What can't be recorded is kept, because a message that is
    /// out must not go again for want of a record.
    private func record() async {
        while true {
            let batch = state.withLock { $0.takeSettlements() }
            guard !batch.isEmpty else { return }
            do {
                try await store.settle(batch)
                state.withLock { $0.letGo(batch) }
                if batch.contains(where: { if case .tryAgain = $0.verdict { true } else { false } }) { bell.ring() }
            } catch {
                let isNews = state.withLock { state in
                    state.settlements = batch + state.settlements
                    state.isRecording = false
                    defer { state.isBehind = true }
                    return !state.isBehind
                }
                pulse.trouble(error.description)
                log.error(
                    "outcomes could not be recorded yet",
                    metadata: ["count": "\(batch.count)", "reason": "\(error)"])
                // The loop sees to it that they are tried again.
                if isNews { bell.ring() }
                return
            }
        }
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
        await record()
        while !state.withLock({ $0.isIdle }), clock.now() < deadline {
            await clock.wait(until: deadline, or: homeBell)
            await record()
        }
    }
}

extension Dispatcher.Outfit {
    /// How many messages may be under way in `lane`.
    func concurrency(of lane: LaneID) -> Int {
        let channel = ChannelID(lane.text.split(separator: "/").first.map(String.init) ?? lane.text)
        return rulebook.channels[channel]?.concurrency ?? 1
    }
}
