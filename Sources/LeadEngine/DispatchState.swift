// What the dispatcher knows, as plain state under its lock: the lanes, what is in hand by its newest lease, outcomes that
// wait to be recorded, and what has become pointless while it waited.

import LeadCore

/// Kinds of a case's messages that are pointless, each up to the entry of the history that made them so: messages of that
/// entry and of later ones are not. Versions tell, and not the clock, which has moved on while the entry was written.
struct Cancellation {
    /// By kind the version before the decision.
    private var versions: [MessageKind: Int] = [:]
    /// When the latest was taken in.
    private(set) var latest = Timestamp(milliseconds: 0)

    mutating func take(_ transition: Transition, at now: Timestamp) {
        for kind in transition.cancels { versions[kind] = max(versions[kind] ?? 0, transition.expected) }
        latest = now
    }

    func hits(_ delivery: Delivery) -> Bool {
        guard let version = versions[delivery.kind] else { return false }
        return delivery.sequence.map { $0 <= version } ?? true
    }
}

/// The dispatcher's state.
struct DispatchState {
    var lanes = Lanes()
    /// What waits, is under way or is not on record yet, by its newest lease. The store gives a delivery again whose
    /// lease ran out meanwhile (a slow peer, a clock that was set); what is here isn't sent a second time for that.
    var holding: [DeliveryID: LeasedDelivery] = [:]
    /// What is to be recorded.
    private(set) var toRecord = Unrecorded()
    /// Since when the store is being asked for what is due; nil while it isn't.
    private var taking: Timestamp?
    /// What was let go of meanwhile though the store may have given it anew, and then has recorded nothing of it.
    private var letGoMeanwhile: [DeliveryID: Settlement] = [:]
    /// What the present outfit is known to lack.
    var flaws: Set<OutfitFlaw> = []
    /// What channels are known to go on without, as the operators were told.
    var faults: [ChannelID: String] = [:]
    /// Who had how many messages lately.
    var gate = Gate()
    /// Until when the dispatch loop means to sleep; nil while it is awake, or for ever.
    var plannedWake: Timestamp?
    /// Where messages stand in chats, until that is on record.
    var copies: [DeliveryID: [PostedCopy]] = [:]
    /// Messages that are being posted where they can be changed; they end in `copies`, or as nothing.
    var posting: Set<DeliveryID> = []
    /// In which message one went that has gone along with others, until that is on record.
    var carriers: [DeliveryID: DeliveryID] = [:]
    /// The store failed to record outcomes, and is asked again after a while.
    var isBehind = false
    /// Outcomes that are being recorded just now.
    var isRecording = false
    /// What of a case was cancelled lately, so that work in hand isn't sent after the matter is settled.
    var cancelled: [CaseID: Cancellation] = [:]
    /// From how many cases on those are let go that are of no use any more.
    private var mostCancelled = 10_000
    var isStopping = false
    /// Who may be out of reach, to be looked into.
    var reach = ReachDoubts()

    /// Nothing is under way and nothing unrecorded that could be recorded.
    var isIdle: Bool { lanes.isIdle && (unrecorded == 0 || isBehind) && !isRecording }

    /// What of `works` goes to its lane now; the rest waits in the store. Those with a common name become one.
    mutating func admit(_ works: [Dispatcher.Work], by rulebook: Rulebook, at now: Timestamp) -> [Dispatcher.Work] {
        guard rulebook.holdsBack || works.contains(where: { $0.leased.digest != nil }) else { return works }
        var admitted: [Dispatcher.Work] = []
        var places: [DigestID: Int] = [:]
        for work in works {
            let leased = work.leased
            // What is in hand has only got a newer lease.
            guard holding[leased.delivery.id] == nil else {
                admitted.append(work)
                continue
            }
            if case .hold(let until, let digest, let reason) = gate.judge(work, by: rulebook, at: now) {
                toRecord.held.append(HeldDelivery(leased: leased, until: until, digest: digest, reason: reason))
            } else if let digest = leased.digest, let place = places[digest] {
                admitted[place] = admitted[place].taking(leased)
            } else {
                if let digest = leased.digest { places[digest] = admitted.count }
                admitted.append(work)
            }
        }
        return admitted
    }

    /// The store is asked at `now` for what is due.
    mutating func beginTaking(at now: Timestamp) { taking = now }

    /// It has answered with `works`; what of them was sent before, under a lease that ran out, is recorded under the new one.
    mutating func endTaking(_ works: [Dispatcher.Work]) -> [Dispatcher.Work] {
        taking = nil
        guard !letGoMeanwhile.isEmpty else { return works }
        defer { letGoMeanwhile = [:] }
        return works.filter { work in
            guard let settlement = letGoMeanwhile[work.leased.delivery.id] else { return true }
            holding[work.leased.delivery.id] = work.leased
            record(settlement.under(work.leased))
            return false
        }
    }

    /// Puts work in its lane and answers how many workers to add; work that is held already has a newer lease now.
    mutating func add(_ work: Dispatcher.Work, policy: @autoclosure () -> LanePolicy) -> Int {
        let id = work.leased.delivery.id
        guard holding.updateValue(work.leased, forKey: id) == nil else { return 0 }
        for other in work.others { holding[other.delivery.id] = other }
        return lanes.add(work, policy: policy())
    }

    /// Keeps what `transition` has made pointless from being sent. Whatever was in hand a lease ago has lost its own by
    /// now, so older ones go, now and then: many at once cost constant time each.
    mutating func noteCancelled(by transition: Transition, at now: Timestamp) {
        cancelled[transition.result.id, default: Cancellation()].take(transition, at: now)
        guard cancelled.count > mostCancelled else { return }
        cancelled = cancelled.filter { $0.value.latest + Dispatcher.leaseTime > now }
        mostCancelled = max(10_000, 2 * cancelled.count)
    }

    /// What a worker is to do.
    enum Errand {
        case send(Dispatcher.Work)
        /// The destination is stopped, so it isn't even tried.
        case hold(Dispatcher.Work, reason: String)
        /// Nothing, until the lane has more or may go on.
        case goHome
    }

    /// The next errand for a worker of `lane`. On the way, what has become pointless ends, and what has waited so long
    /// that its lease might end before its attempt does goes back to the store.
    mutating func next(_ lane: LaneID, at now: Timestamp) -> Errand {
        while !isStopping, let first = lanes.first(lane, at: now) {
            let work = current(first)
            if now + Dispatcher.margin >= work.leased.lease.until {
                giveBack([lanes.pop(lane, at: now) ?? work], at: now)
                continue
            }
            guard let needed = needed(work) else {
                _ = lanes.pop(lane, at: now)
                settle(work, .cancelled(reason: Self.overtaken), at: now)
                continue
            }
            switch lanes.begin(lane, at: now) {
            case .go:
                _ = lanes.pop(lane, at: now)
                if needed.leased.delivery.kind == .update { lanes.noteChange(by: lane.channel, at: now) }
                drop(work, but: needed, at: now)
                return .send(needed)
            case .stopped(let reason):
                _ = lanes.pop(lane, at: now)
                drop(work, but: needed, at: now)
                return .hold(needed, reason: reason)
            case .busy: break
            case .later(let opening):
                if opening > now + LanePolicy.patience {
                    giveBack(lanes.drain(lane), at: opening)
                } else {
                    lanes.sleep(lane, until: opening)
                }
            }
            break
        }
        lanes.leave(lane)
        return .goHome
    }

    private static let overtaken = "settled meanwhile"

    /// What of `work` has not become pointless; nil when all of it has.
    private func needed(_ work: Dispatcher.Work) -> Dispatcher.Work? {
        guard !work.others.isEmpty else { return isCancelled(work.leased) ? nil : work }
        let left = work.all.filter { !isCancelled($0) }
        guard let first = left.first else { return nil }
        return left.count == 1 + work.others.count
            ? work : Dispatcher.Work(leased: first, subject: nil, others: Array(left.dropFirst()))
    }

    private func isCancelled(_ leased: LeasedDelivery) -> Bool {
        cancelled[leased.delivery.caseID]?.hits(leased.delivery) ?? false
    }

    /// Ends what has become pointless of `work`.
    private mutating func drop(_ work: Dispatcher.Work, but needed: Dispatcher.Work, at now: Timestamp) {
        guard needed.others.count < work.others.count else { return }
        let left = Set(needed.all.map(\.delivery.id))
        for leased in work.all where !left.contains(leased.delivery.id) {
            let verdict = DeliveryVerdict.cancelled(reason: Self.overtaken)
            record(Settlement(leased: leased, verdict: verdict, at: now))
        }
    }

    /// The end of an attempt, for all that went in one message.
    mutating func settle(
        _ work: Dispatcher.Work, _ verdict: DeliveryVerdict, at now: Timestamp, copy: PostedCopy? = nil,
        carrier: DeliveryID? = nil
    ) {
        record(Settlement(leased: work.leased, verdict: verdict, at: now, copy: copy, carrier: carrier))
        for other in work.others { record(Settlement(leased: other, verdict: verdict, at: now, carrier: carrier)) }
    }

    /// By its newest lease. A case that was known when the lease before was given may have moved on.
    private func current(_ work: Dispatcher.Work) -> Dispatcher.Work {
        let newest = newest(work.leased)
        guard newest.attempt != work.leased.attempt else { return work }
        return Dispatcher.Work(leased: newest, subject: nil, others: work.others.map(self.newest))
    }

    /// The store is to have it back.
    private mutating func giveBack(_ works: [Dispatcher.Work], at now: Timestamp) {
        for leased in works.flatMap(\.all) {
            toRecord.returned[now, default: []].append(newest(leased))
            holding[leased.delivery.id] = nil
        }
    }

    /// Whether a lane's time comes before the dispatch loop means to wake.
    var wakesEarlier: Bool {
        guard let wake = lanes.wake else { return false }
        return plannedWake.map { wake < $0 } ?? true
    }

    /// Lanes that hold as much as they may.
    var fullLanes: Set<LaneID> { holding.count < Lanes.laneLimit ? [] : lanes.full }

    /// How much there is for the record.
    var unrecorded: Int { toRecord.count }

    /// What was not begun; the store is to have it back.
    mutating func drain() -> [LeasedDelivery] {
        lanes.drain().flatMap(\.all).map { leased in
            defer { holding[leased.delivery.id] = nil }
            return newest(leased)
        }
    }

    /// The end of an attempt is to be recorded.
    mutating func record(_ settlement: Settlement) { toRecord.settlements.append(settlement) }

    /// What `lanes` held is to go out again, since they have begun anew.
    mutating func release(_ lanes: Set<LaneID>) { toRecord.holding.formUnion(lanes) }

    /// Takes out what is to be recorded, and what goes back.
    mutating func takeUnrecorded() -> Unrecorded {
        defer { toRecord = Unrecorded() }
        isRecording = !toRecord.isEmpty
        var batch = toRecord
        batch.settlements = toRecord.settlements.map { $0.under(newest($0.leased)) }
        return batch
    }

    /// What could not be recorded is to be tried again, before what has come in since.
    mutating func putBack(_ batch: Unrecorded) {
        toRecord.settlements = batch.settlements + toRecord.settlements
        toRecord.returned.merge(batch.returned) { since, before in before + since }
        toRecord.held = batch.held + toRecord.held
        toRecord.holding.formUnion(batch.holding)
    }

    /// Lets go of what has been recorded. What was taken up again meanwhile has not: its lease was another.
    mutating func letGo(_ recorded: [Settlement]) {
        for settlement in recorded {
            if settlement.copy != nil { copies[settlement.leased.delivery.id] = nil }
            if settlement.carrier != nil { carriers[settlement.leased.delivery.id] = nil }
            let newest = newest(settlement.leased)
            if newest.attempt == settlement.leased.attempt {
                holding[newest.delivery.id] = nil
                if let taking, newest.lease.until <= taking { letGoMeanwhile[newest.delivery.id] = settlement }
            } else {
                record(settlement.under(newest))
            }
        }
    }

    private func newest(_ leased: LeasedDelivery) -> LeasedDelivery { holding[leased.delivery.id] ?? leased }
}
