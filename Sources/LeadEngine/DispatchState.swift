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
    /// The store failed to record outcomes, and is asked again after a while.
    var isBehind = false
    /// Outcomes that are being recorded just now.
    var isRecording = false
    /// What of a case was cancelled lately, so that work in hand isn't sent after the matter is settled.
    var cancelled: [CaseID: Cancellation] = [:]
    var isStopping = false

    /// Nothing is under way and nothing unrecorded that could be recorded.
    var isIdle: Bool { lanes.isIdle && (settlements.isEmpty || isBehind) && !isRecording }

    /// Puts work in its lane and answers how many workers to add; work that is held already has a newer lease now.
    mutating func add(_ work: Dispatcher.Work, concurrency: Int) -> Int {
        let id = work.leased.delivery.id
        guard holding.updateValue(work.leased, forKey: id) == nil else { return 0 }
        return lanes.add(work, concurrency: concurrency)
    }

    /// The next work for a worker of `lane`, by its newest lease.
    mutating func next(_ lane: LaneID) -> Dispatcher.Work? {
        guard let work = lanes.next(lane, isStopping: isStopping) else { return nil }
        let newest = newest(work.leased)
        // A case that was known when the lease before was given may have moved on.
        return newest.attempt == work.leased.attempt ? work : Dispatcher.Work(leased: newest, subject: nil)
    }

    /// What was not begun; the store is to have it back.
    mutating func drain() -> [LeasedDelivery] {
        lanes.drain().map { work in
            defer { holding[work.leased.delivery.id] = nil }
            return newest(work.leased)
        }
    }

    /// Takes out what is to be recorded.
    mutating func takeSettlements() -> [Settlement] {
        defer { settlements = [] }
        isRecording = !settlements.isEmpty
        return settlements.map { Settlement(leased: newest($0.leased), verdict: $0.verdict, at: $0.at) }
    }

    /// Lets go of what has been recorded. What was taken up again meanwhile has not: its lease was another.
    mutating func letGo(_ recorded: [Settlement]) {
        isBehind = false
        for settlement in recorded {
            let newest = newest(settlement.leased)
            if newest.attempt == settlement.leased.attempt {
                holding[newest.delivery.id] = nil
            } else {
                settlements.append(Settlement(leased: newest, verdict: settlement.verdict, at: settlement.at))
            }
        }
    }

    private func newest(_ leased: LeasedDelivery) -> LeasedDelivery { holding[leased.delivery.id] ?? leased }
}
