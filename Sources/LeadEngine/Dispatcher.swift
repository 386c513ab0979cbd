// The exit: takes deliveries from the store or fresh from a commit, and keeps a lane for each destination so that none
// waits for another. Its workers send (`Dispatcher+Sending`), and what came of it is recorded (`Dispatcher+Recording`).
// Nothing is sent without a durable intent and a lease that is still good.
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

    /// What the dispatcher sends by; replaced whole by a reload. A class, because each attempt holds it, and its end is that
    /// of the last attempt that goes by it.
    final class Outfit: Sendable {
        let rulebook: Rulebook
        let writer: BriefingWriter
        let channels: [ChannelID: any Channel]
        /// Those whose messages can be changed.
        let editable: [ChannelID: any EditableChannel]
        private let whenOver: @Sendable () async -> Void

        /// `whenOver` frees what the channels have.
        init(
            rulebook: Rulebook, writer: BriefingWriter, channels: [any Channel],
            whenOver: @escaping @Sendable () async -> Void
        ) {
            self.rulebook = rulebook
            self.writer = writer
            self.channels = Dictionary(channels.map { ($0.id, $0) }) { first, _ in first }
            editable = Dictionary(channels.compactMap { $0 as? any EditableChannel }.map { ($0.id, $0) }) { first, _ in
                first
            }
            self.whenOver = whenOver
        }

        deinit {
            let whenOver = whenOver
            Task { await whenOver() }
        }
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

    /// Told of a case whose message found out what a channel goes on without; answers whether the case took it.
    typealias FaultAction = @Sendable (CaseID, ChannelID, _ reason: String) async throws(StoreFailure) -> Bool

    /// Rings when the store may have something to take.
    let bell = Bell()
    let outfit: Current<Outfit>
    let pulse: Pulse
    let state = Mutex(DispatchState())
    let recordBell = Bell()
    private let roomBell = Bell()
    /// Rings when a worker has gone home while the daemon stops.
    let homeBell = Bell()
    let failed = Mutex<FailureAction?>(nil)
    let silence = Mutex<SilenceAction?>(nil)
    let impaired = Mutex<FaultAction?>(nil)
    let store: any CaseStore
    let clock: any TimeSource
    private let instance: InstanceID
    let random: @Sendable () -> Double
    let log: Logger
    var journal: DispatchLog { DispatchLog(log: log) }

    /// A lease lasts this long: far longer than any channel's time-out.
    static let leaseTime: Duration = .seconds(300)
    /// Work isn't begun on a lease with less than this left, so that an attempt ends before its lease does.
    static let margin: Duration = .seconds(150)
    /// After a failure of the store.
    static let backOff: Duration = .seconds(5)
    /// Records begin at least this far apart, so that under load each commit has company.
    static let recordPace: Duration = .milliseconds(2)
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

    /// Who is told of people who are out of reach; set before the loops run.
    func onSilence(_ action: @escaping SilenceAction) {
        silence.withLock { $0 = action }
    }

    /// Who is told of channels that go on without a part; set before the loops run.
    func onFault(_ action: @escaping FaultAction) {
        impaired.withLock { $0 = action }
    }

    // MARK: Fresh work

    /// A lease for what is born now; nil when the daemon is stopping, so that the deliveries wait in the store.
    func newLease(now: Timestamp) -> BirthLease? {
        let (isStopping, full) = state.withLock { ($0.isStopping, $0.fullLanes) }
        return isStopping ? nil : BirthLease(Lease(owner: instance, until: now + Self.leaseTime), full: full)
    }

    /// Takes over deliveries that were leased to this instance; `areTaken` from the store, or fresh.
    func accept(_ works: [Work], areTaken: Bool = false) {
        guard !works.isEmpty || areTaken else { return }
        let outfit = outfit.now
        let now = clock.now()
        let (hired, isNews) = state.withLock { state in
            let before = state.unrecorded
            let works = areTaken ? state.endTaking(works) : works
            let hired = state.admit(works, by: outfit.rulebook, at: now).flatMap { work in
                let lane = work.leased.delivery.lane
                let count = state.add(work, policy: outfit.policy(of: lane))
                return Array(repeating: lane, count: count)
            }
            return (hired, before == 0 && state.unrecorded > 0)
        }
        if isNews { recordBell.ring() }
        guard let first = hired.first else { return }
        for lane in hired.dropFirst() { employ(in: lane) }
        // One of them needs no other thread to begin.
        Task.immediate(priority: .medium) { await work(in: first) }
    }

    func hire(_ hired: [(lane: LaneID, hired: Int)]) {
        for (lane, count) in hired { for _ in 0..<count { employ(in: lane) } }
    }

    /// A worker outlives what called for it, and so doesn't take over its priority.
    private func employ(in lane: LaneID) { Task(priority: .medium) { await work(in: lane) } }

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
        let again = await lookIntoReach()
        let wake = await look()
        return state.withLock { state in
            state.plannedWake = [wake, again, state.lanes.wake].compactMap(\.self).min()
            return state.plannedWake
        }
    }

    /// Takes up what is due in the store; tells when there will be more.
    private func look() async -> Timestamp? {
        do {
            while true {
                // Read under the lock: what another has begun since would lie in the future, and count for nothing.
                let (now, quota, isStopping) = state.withLock { state in
                    let now = clock.now()
                    state.beginTaking(at: now)
                    return (now, state.lanes.quota(at: now), state.isStopping)
                }
                guard !isStopping else { return nil }
                let lease = Lease(owner: instance, until: now + Self.leaseTime)
                let taken = try await store.take(at: now, lease: lease, quota: quota)
                accept(await works(taken), areTaken: true)
                if taken.isEmpty { break }
            }
            // Of one instant, so that a lane is either let in or waited for.
            let (quota, rested) = state.withLock { state in
                let now = clock.now()
                return (state.lanes.quota(at: now), state.lanes.restEnds(after: now))
            }
            let next = [try await store.nextDelivery(within: quota), rested].compactMap(\.self).min()
            guard state.withLock({ $0.isBehind }) else {
                pulse.trouble(nil)
                return next
            }
            let retry = clock.now() + Self.backOff
            return min(next ?? retry, retry)
        } catch {
            state.withLock { _ = $0.endTaking([]) }
            pulse.trouble(error.description)
            log.error("dispatch could not read the outbox", metadata: ["reason": "\(error)"])
            return clock.now() + Self.backOff
        }
    }

    /// One worker: sends what its lane has until it has nothing more.
    private func work(in lane: LaneID) async {
        while true {
            let (errand, hasRoom, isNews) = state.withLock { state in
                let (before, fill) = (state.unrecorded, state.lanes.fill(of: lane))
                let errand = state.next(lane, at: clock.now())
                let hasRoom = state.lanes.fill(of: lane).hasRoom(since: fill)
                return (errand, hasRoom, before == 0 && state.unrecorded > 0)
            }
            if isNews { recordBell.ring() }
            // Crossing a mark downwards: the store may fill the lane again, intake may go on.
            if hasRoom {
                bell.ring()
                roomBell.ring()
            }
            switch errand {
            case .goHome:
                let (wantsLook, isStopping) = state.withLock { state in
                    (state.wakesEarlier || state.lanes.isRationed(lane, at: clock.now()), state.isStopping)
                }
                // The loop wakes the lane when its time has come, and takes up what may wait in the store.
                if wantsLook { bell.ring() }
                if isStopping { homeBell.ring() }
                return
            case .send(let work): await send(work)
            case .hold(let work, let reason):
                // It isn't even tried. Whoever looks after the channel has heard of it.
                let verdict = DeliveryVerdict.held(reason: "the channel is stopped: \(reason)")
                await lose(work, verdict, isNews: false, at: clock.now())
            }
        }
    }
}
