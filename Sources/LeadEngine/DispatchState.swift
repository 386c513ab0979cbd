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
    var settlements: [Settlement] = []
    /// What was not begun and the store is to have back, each with when it may be taken up again.
    var returned: [(leased: LeasedDelivery, at: Timestamp)] = []
    /// Until when the dispatch loop means to sleep; nil while it is awake, or for ever.
    var plannedWake: Timestamp?
    /// Where messages stand in chats, until that is on record.
    var copies: [DeliveryID: [PostedCopy]] = [:]
    /// The store failed to record outcomes, and is asked again after a while.
    var isBehind = false
    /// Outcomes that are being recorded just now.
    var isRecording = false
    /// What of a case was cancelled lately, so that work in hand isn't sent after the matter is settled.
    var cancelled: [CaseID: Cancellation] = [:]
    var isStopping = false

    /// Nothing is under way and nothing unrecorded that could be recorded.
    var isIdle: Bool { lanes.isIdle && (unrecorded == 0 || isBehind) && !isRecording }

    /// Puts work in its lane and answers how many workers to add; work that is held already has a newer lease now.
    mutating func add(_ work: Dispatcher.Work, policy: @autoclosure () -> LanePolicy) -> Int {
        let id = work.leased.delivery.id
        guard holding.updateValue(work.leased, forKey: id) == nil else { return 0 }
        return lanes.add(work, policy: policy())
    }

    /// What a worker is to do.
    enum Errand {
        case send(Dispatcher.Work)
        /// The destination is stopped, so it isn't even tried.
        case hold(Dispatcher.Work, reason: String)
        /// Nothing, until the lane has more or may go on.
        case goHome
    }

    /// Work in hand waits this long for its lane at most; what would wait longer is given back to the store.
    static let patience: Duration = .seconds(60)

    /// The next errand for a worker of `lane`. On the way, what has become pointless ends, and what has waited so long
    /// that its lease might end before its attempt does goes back to the store.
    mutating func next(_ lane: LaneID, at now: Timestamp) -> Errand {
        while !isStopping, let first = lanes.first(lane) {
            let work = current(first)
            if now + Dispatcher.margin >= work.leased.lease.until {
                giveBack([lanes.pop(lane) ?? work], at: now)
                continue
            }
            let delivery = work.leased.delivery
            if cancelled[delivery.caseID]?.hits(delivery) ?? false {
                _ = lanes.pop(lane)
                let verdict = DeliveryVerdict.cancelled(reason: "settled meanwhile")
                settlements.append(Settlement(leased: work.leased, verdict: verdict, at: now))
                continue
            }
            switch lanes.begin(lane, at: now) {
            case .go:
                _ = lanes.pop(lane)
                return .send(work)
            case .stopped(let reason):
                _ = lanes.pop(lane)
                return .hold(work, reason: reason)
            case .busy: break
            case .later(let opening):
                if opening > now + Self.patience {
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

    /// By its newest lease. A case that was known when the lease before was given may have moved on.
    private func current(_ work: Dispatcher.Work) -> Dispatcher.Work {
        let newest = newest(work.leased)
        return newest.attempt == work.leased.attempt ? work : Dispatcher.Work(leased: newest, subject: nil)
    }

    /// The store is to have it back.
    private mutating func giveBack(_ works: [Dispatcher.Work], at now: Timestamp) {
        for work in works {
            returned.append((newest(work.leased), now))
            holding[work.leased.delivery.id] = nil
        }
    }

    /// Whether a lane's time comes before the dispatch loop means to wake.
    var wakesEarlier: Bool {
        guard let wake = lanes.wake else { return false }
        return plannedWake.map { wake < $0 } ?? true
    }

    /// How much there is for the record.
    var unrecorded: Int { settlements.count + returned.count }

    /// What was not begun; the store is to have it back.
    mutating func drain() -> [LeasedDelivery] {
        lanes.drain().map { work in
            defer { holding[work.leased.delivery.id] = nil }
            return newest(work.leased)
        }
    }

    /// Takes out what is to be recorded, and what goes back.
    mutating func takeUnrecorded() -> (
        settlements: [Settlement], returned: [(leased: LeasedDelivery, at: Timestamp)]
    ) {
        defer {
            settlements = []
            returned = []
        }
        isRecording = unrecorded > 0
        let ends = settlements.map { $0.under(newest($0.leased)) }
        return (ends, returned)
    }

    /// Lets go of what has been recorded. What was taken up again meanwhile has not: its lease was another.
    mutating func letGo(_ recorded: [Settlement]) {
        isBehind = false
        for settlement in recorded {
            if settlement.copy != nil { copies[settlement.leased.delivery.id] = nil }
            let newest = newest(settlement.leased)
            if newest.attempt == settlement.leased.attempt {
                holding[newest.delivery.id] = nil
            } else {
                settlements.append(settlement.under(newest))
            }
        }
    }

    private func newest(_ leased: LeasedDelivery) -> LeasedDelivery { holding[leased.delivery.id] ?? leased }
}
