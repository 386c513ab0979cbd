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
    /// A delivery in hand; with its case when it comes fresh from a commit. A class, because a case has many parts and
    /// work goes through many hands.
    final class Work: Sendable {
        let leased: LeasedDelivery
        let subject: LeadCase?
        /// Further ones to the same person over the same channel that go along in one message.
        let others: [LeasedDelivery]

        /// Everything that goes out with it.
        var all: [LeasedDelivery] { [leased] + others }

        init(leased: LeasedDelivery, subject: LeadCase?, others: [LeasedDelivery] = []) {
            self.leased = leased
            self.subject = subject
            self.others = others
        }

        /// The same with one more.
        func taking(_ further: LeasedDelivery) -> Work {
            Work(leased: leased, subject: subject, others: others + [further])
        }
    }

    /// What the dispatcher sends by; replaced whole by a reload.
    struct Outfit: Sendable {
        let rulebook: Rulebook
        let writer: BriefingWriter
        let channels: [ChannelID: any Channel]
        /// Those whose messages can be changed.
        let editable: [ChannelID: any EditableChannel]
    }

    /// What came of trying once.
    struct Attempt {
        let outcome: DeliveryOutcome
        /// Whether the peer was asked at all.
        var isPeers = true
        /// What stands in a chat now, or may stand there.
        var copy: PostedCopy?
    }

    /// Whether a message's failure came to its case, and so to an operator.
    enum FailureRecord {
        case recorded
        /// The store failed; to be tried again.
        case notYet
    }

    /// Told of a delivery that did not reach its person, why, and whether that is news to the operators.
    typealias FailureAction =
        @Sendable (Delivery, _ reason: String, _ isNews: Bool) async -> FailureRecord

    /// Rings when the store may have something to take.
    let bell = Bell()
    let outfit: Current<Outfit>
    let pulse: Pulse
    let state = Mutex(DispatchState())
    private let recordBell = Bell()
    private let roomBell = Bell()
    /// Rings when a worker has gone home while the daemon stops.
    private let homeBell = Bell()
    private let failed = Mutex<FailureAction?>(nil)
    let store: any CaseStore
    let clock: any TimeSource
    private let instance: InstanceID
    private let random: @Sendable () -> Double
    let log: Logger
    private var journal: DispatchLog { DispatchLog(log: log) }

    /// A lease lasts this long: far longer than any channel's time-out.
    static let leaseTime: Duration = .seconds(300)
    /// Work isn't begun on a lease with less than this left, so that an attempt ends before its lease does.
    static let margin: Duration = .seconds(150)
    /// After a failure of the store.
    static let backOff: Duration = .seconds(5)
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
    func onFailure(_ action: @escaping FailureAction) {
        failed.withLock { $0 = action }
    }

    // MARK: Fresh work

    /// A lease for what `transitions` will send; nil when a lane of theirs is full or the daemon is stopping, so that
    /// the deliveries are born pending and wait in the store.
    func newLease(now: Timestamp, for transitions: [Transition]) -> Lease? {
        let lanes = Set(transitions.flatMap { $0.deliveries.filter { $0.kind != .event }.map(\.lane) })
        let hasRoom = state.withLock { state in
            !state.isStopping && lanes.allSatisfy { state.lanes.count($0) < Lanes.laneLimit }
        }
        return hasRoom ? Lease(owner: instance, until: now + Self.leaseTime) : nil
    }

    /// Takes over deliveries that were leased to this instance.
    func accept(_ works: [Work]) {
        guard !works.isEmpty else { return }
        let outfit = outfit.now
        let now = clock.now()
        let (hired, isNews) = state.withLock { state in
            let before = state.unrecorded
            let hired = state.admit(works, by: outfit.rulebook, at: now).flatMap { work in
                let lane = work.leased.delivery.lane
                let count = state.add(work, policy: outfit.policy(of: lane))
                return Array(repeating: lane, count: count)
            }
            return (hired, before == 0 && state.unrecorded > 0)
        }
        if isNews { recordBell.ring() }
        for lane in hired { Task { await work(in: lane) } }
    }

    func hire(_ hired: [(lane: LaneID, hired: Int)]) {
        for (lane, count) in hired { for _ in 0..<count { Task { await work(in: lane) } } }
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
        let now = clock.now()
        state.withLock { $0.noteCancelled(by: transition, at: now) }
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
        if state.withLock({ state in
            state.plannedWake = nil
            return state.isBehind
        }) {
            recordBell.ring()
        }
        hire(state.withLock { $0.lanes.wakeUp(at: clock.now()) })
        let wake = await look()
        return state.withLock { state in
            state.plannedWake = [wake, state.lanes.wake].compactMap(\.self).min()
            return state.plannedWake
        }
    }

    /// Takes up what is due in the store; tells when there will be more.
    private func look() async -> Timestamp? {
        do {
            while true {
                let (full, isStopping) = state.withLock { ($0.lanes.full, $0.isStopping) }
                guard !isStopping else { return nil }
                let now = clock.now()
                let lease = Lease(owner: instance, until: now + Self.leaseTime)
                let taken = try await store.take(at: now, lease: lease, limitPerLane: Lanes.refillMark, full: full)
                if taken.isEmpty { break }
                accept(await works(taken))
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
        while true {
            let (errand, left, isNews) = state.withLock { state in
                let before = state.unrecorded
                let errand = state.next(lane, at: clock.now())
                return (errand, state.lanes.count(lane), before == 0 && state.unrecorded > 0)
            }
            if isNews { recordBell.ring() }
            switch errand {
            case .goHome:
                let (isEarlier, isStopping) = state.withLock { ($0.wakesEarlier, $0.isStopping) }
                // The loop wakes the lane when its time has come.
                if isEarlier { bell.ring() }
                if isStopping { homeBell.ring() }
                return
            case .send(let work):
                // Crossing a mark downwards: the store may fill the lane again, intake may go on. Looked at as each is
                // taken out, because several workers could step over the mark between two looks.
                if left == Lanes.refillMark - 1 {
                    bell.ring()
                    roomBell.ring()
                }
                await send(work)
            case .hold(let work, let reason):
                // It isn't even tried. Whoever looks after the channel has heard of it.
                let verdict = DeliveryVerdict.held(reason: "the channel is stopped: \(reason)")
                await lose(work, verdict, isNews: false, at: clock.now())
            }
        }
    }

    // MARK: Sending

    /// Sends once.
    func send(_ work: Work) async {
        guard work.others.isEmpty else { return await sendDigest(work) }
        let outfit = outfit.now
        await conclude(work, await attempt(work.leased.delivery, subject: work.subject, outfit), outfit)
    }

    /// Sees to what follows from the end of an attempt; all that went in one message has the same end.
    func conclude(_ work: Work, _ attempt: Attempt, _ outfit: Outfit) async {
        let delivery = work.leased.delivery
        let outcome = attempt.outcome
        let now = clock.now()
        let retry = outfit.rulebook.channels[delivery.channel]?.retry ?? outfit.rulebook.retry
        let verdict = retry.verdict(
            on: outcome, attempt: work.leased.attempt, createdAt: delivery.createdAt, now: now,
            jitter: random()
        ).told(of: 1 + work.others.count)
        let isLost = verdict.loss != nil
        let jitter = random()
        let (change, hired, isFirst) = state.withLock { state in
            let (change, hired) = state.lanes.finish(
                delivery.lane, attempt.isPeers ? outcome : nil, at: now, jitter: jitter)
            if let copy = attempt.copy { state.copies[delivery.id, default: []].append(copy) }
            if !isLost {
                state.settle(work, verdict, at: now, copy: attempt.copy)
            }
            return (change, hired, !isLost && state.unrecorded == 1 + work.others.count)
        }
        if isFirst {
            recordBell.ring()
        }
        hire([(delivery.lane, hired)])
        journal.note(change, of: delivery, outcome)
        journal.note(verdict, of: work.leased)
        for other in work.others { journal.note(verdict, of: other) }
        // Of a destination that is stopped the operators hear once.
        if isLost {
            await lose(
                work, verdict, isNews: outcome.isStop ? change == .stopped : true, at: now, copy: attempt.copy)
        }
    }

    /// Something that was begun in `lane` came to nothing.
    func forgo(_ lane: LaneID) async {
        let now = clock.now()
        let (_, hired) = state.withLock { $0.lanes.finish(lane, nil, at: now, jitter: 0) }
        hire([(lane, hired)])
    }

    /// The end of a message that was to go along with others and didn't.
    func settleApart(_ leased: LeasedDelivery, _ verdict: DeliveryVerdict) async {
        journal.note(verdict, of: leased)
        let now = clock.now()
        let work = Work(leased: leased, subject: nil)
        if verdict.loss != nil { return await lose(work, verdict, isNews: true, at: now) }
        let isFirst = state.withLock { state in
            state.settle(work, verdict, at: now)
            return state.unrecorded == 1
        }
        if isFirst { recordBell.ring() }
    }

    /// Puts a message that did not reach its person before its case, and then on record: it isn't over before an operator
    /// hears of it.
    private func lose(
        _ work: Work, _ verdict: DeliveryVerdict, isNews: Bool, at now: Timestamp, copy: PostedCopy? = nil
    ) async {
        guard work.others.isEmpty else {
            // Of a destination that stops the operators hear once, whatever was on its way there.
            let isStop = if case .held = verdict { true } else { false }
            for (index, leased) in work.all.enumerated() {
                let one = Work(leased: leased, subject: nil)
                await lose(one, verdict, isNews: isNews && (index == 0 || !isStop), at: now)
            }
            return
        }
        var verdict = verdict
        // A program that isn't told is no event of the case while its endpoint is known to be stopped.
        let isCases = work.leased.delivery.kind != .event || isNews
        if let reason = verdict.loss, isCases, let failed = failed.withLock({ $0 }),
            await failed(work.leased.delivery, reason, isNews) == .notYet
        {
            verdict = .tryAgain(at: now + Self.backOff, reason: reason)
        }
        let isFirst = state.withLock { state in
            state.settlements.append(Settlement(leased: work.leased, verdict: verdict, at: now, copy: copy))
            return state.unrecorded == 1
        }
        if isFirst { recordBell.ring() }
    }

    /// Tries once.
    private func attempt(_ delivery: Delivery, subject: LeadCase?, _ outfit: Outfit) async -> Attempt {
        guard let channel = outfit.channels[delivery.channel] else {
            return Attempt(
                outcome: .failed(reason: "the configuration has no channel \(delivery.channel) any more"),
                isPeers: false)
        }
        if delivery.kind == .event { return await announce(delivery, channel, outfit) }
        let reach = outfit.rulebook.person(delivery.person)?.reach.first { $0.channel == delivery.channel }
        guard let reach else {
            return Attempt(
                outcome: .failed(reason: "\(delivery.person) has no address on \(delivery.channel) any more"),
                isPeers: false)
        }
        do {
            if delivery.kind == .update {
                return try await update(delivery, reach.address, by: outfit)
            }
            guard let subject = if let subject { subject } else { try await store.load(delivery.caseID) } else {
                return Attempt(outcome: .failed(reason: "the lead is gone"), isPeers: false)
            }
            if let editable = outfit.editable[delivery.channel] {
                return await post(delivery, about: subject, to: reach.address, by: editable, outfit.writer)
            }
            let stopped = stopped(outfit.rulebook, for: delivery)
            let briefing = outfit.writer.briefing(of: delivery, about: subject, stopped: stopped)
            return Attempt(outcome: await channel.send(briefing, to: reach.address))
        } catch {
            return Attempt(unreadable: error)
        }
    }

    /// Tells a program of an event; the channel knows where.
    private func announce(
        _ delivery: Delivery, _ channel: any Channel, _ outfit: Outfit
    ) async -> Attempt {
        do throws(StoreFailure) {
            guard let file = try await store.file(delivery.caseID),
                let notice = outfit.writer.notice(of: delivery, in: file)
            else { return Attempt(outcome: .failed(reason: "the lead is gone"), isPeers: false) }
            return Attempt(outcome: await channel.send(notice, to: Secret("")))
        } catch {
            return Attempt(unreadable: error)
        }
    }

    /// The other channels of the reader of a mail that are stopped.
    private func stopped(_ rulebook: Rulebook, for delivery: Delivery) -> Set<ChannelID> {
        guard rulebook.channels[delivery.channel]?.isMail == true,
            let reach = rulebook.person(delivery.person)?.reach, reach.count > 1
        else { return [] }
        let lanes = reach.compactMap { rulebook.channels[$0.channel]?.lane(for: delivery.person) }
        return state.withLock { state in
            Set(lanes.filter { state.lanes.stop(of: $0) != nil }.map(\.channel))
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
            let (batch, returned, held) = state.withLock { $0.takeUnrecorded() }
            guard !batch.isEmpty || !returned.isEmpty || !held.isEmpty else { return }
            do {
                try await store.settle(batch)
                for (at, group) in Dictionary(grouping: returned, by: \.at) {
                    try await store.handBack(group.map(\.leased), at: at)
                }
                try await store.hold(held, at: clock.now())
                state.withLock { $0.letGo(batch) }
                // The end of one event lets the next of its case go.
                let isForLater = { (one: Settlement) in
                    if case .tryAgain = one.verdict { true } else { one.leased.delivery.kind == .event }
                }
                if !returned.isEmpty || !held.isEmpty || batch.contains(where: isForLater) { bell.ring() }
            } catch {
                let isNews = state.withLock { state in
                    // What was recorded all the same is fenced the second time.
                    state.settlements = batch + state.settlements
                    state.returned = returned + state.returned
                    state.held = held + state.held
                    state.isRecording = false
                    defer { state.isBehind = true }
                    return !state.isBehind
                }
                pulse.trouble(error.description)
                log.error(
                    "outcomes could not be recorded yet",
                    metadata: ["count": "\(batch.count + returned.count + held.count)", "reason": "\(error)"])
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

extension Dispatcher.Attempt {
    /// Came to nothing for want of the case.
    fileprivate init(unreadable failure: StoreFailure) {
        let reason = "the lead could not be read: \(failure.description)"
        self.init(outcome: .deferred(reason: reason, retryAfter: nil), isPeers: false)
    }
}

extension DeliveryOutcome {
    fileprivate var isStop: Bool { if case .stopped = self { true } else { false } }
}

extension DeliveryVerdict {
    /// The same with how many messages went as one, where several did.
    fileprivate func told(of count: Int) -> DeliveryVerdict {
        guard count > 1, case .sent(let detail) = self else { return self }
        return .sent(detail: DigestWords.detail(count, detail))
    }
}
