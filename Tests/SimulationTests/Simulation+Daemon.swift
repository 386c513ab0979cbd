// The daemon's loops as the architecture describes them, cut into single effects: between any two of them a crash, a
// jump of the clock or another job may come.

import LeadCore

extension Simulation {
    // MARK: What begins

    /// The spool's watch finds a file that isn't in hand.
    func findFile() {
        let inHand = jobs.compactMap { if case .intake(let file, _) = $0 { file } else { nil } }
        guard let file = spool.keys.filter({ !inHand.contains($0) }).min() else { return }
        jobs.append(.intake(file: file, .looking(Visit(rest: arrived[file].filter(\.isGood)))))
    }

    /// The escalator wakes.
    func tick() {
        let clock = bug == .escalatorClockFast ? now + .seconds(300) : now
        for stored in store.cases {
            guard let deadline = stored.deadline, deadline <= clock else { continue }
            let id = stored.current.id
            let isInHand = jobs.contains {
                if case .decision(let job) = $0 { job.id == id && job.command == .deadlinePassed } else { false }
            }
            if !isInHand { jobs.append(.decision(DecisionJob(command: .deadlinePassed, id: id))) }
        }
    }

    /// The dispatcher takes up what is due.
    func take() throws(Violation) {
        let taken = store.take(at: now, lease: lease, limit: 3)
        if !taken.isEmpty { note("taken up: \(taken.map { "\($0.delivery.id) attempt \($0.attempt)" })") }
        for leased in taken { try takeInHand(leased) }
    }

    /// What the daemon has in hand already, because its lease ran out while it waited or was on the wire, isn't sent
    /// beside itself: it goes on under the new lease.
    private func takeInHand(_ leased: LeasedDelivery) throws(Violation) {
        for (index, job) in jobs.enumerated() where bug != .sentBesideItself {
            guard case .sending(let former, let stage) = job, former.delivery.id == leased.delivery.id,
                former.lease.owner == leased.lease.owner
            else { continue }
            jobs[index] = .sending(leased, stage)
            return
        }
        guard let held = held(leased) else { return jobs.append(.sending(leased, .inHand)) }
        note("\(leased.delivery.id) waits until \(held.until)")
        try witness.holds(held, subject: store.stored(leased.delivery.caseID)?.current)
        store.hold(held)
    }

    /// What has to wait, by the real core's judgement.
    private func held(_ leased: LeasedDelivery) -> HeldDelivery? {
        let delivery = leased.delivery
        guard leased.attempt == 1, leased.digest == nil,
            let policy = rulebook.digestPolicy(for: delivery.person, on: delivery.channel)
        else { return nil }
        let step = bug == .heldPastStep ? nil : store.stored(delivery.caseID)?.current.nextDeadline
        let admission = influxes["\(delivery.person) \(delivery.channel)", default: Influx()].admit(
            delivery.kind, nextStep: step, at: now, by: policy, most: 25)
        guard case .hold(let until, let part) = admission else { return nil }
        let digest = DigestID(person: delivery.person, channel: delivery.channel, at: until, part: part)
        return HeldDelivery(leased: leased, until: until, digest: digest, reason: DigestWords.waits)
    }

    // MARK: One effect further

    func advance(_ index: Int) throws(Violation) {
        let next: Job?
        switch jobs[index] {
        case .intake(let file, let stage): next = try advanceIntake(file, stage)
        case .split(let job): next = try advanceSplit(job)
        case .decision(let job): next = try advanceDecision(job)
        case .sending(let leased, let stage): next = try advanceSending(leased, stage)
        }
        if let next { jobs[index] = next } else { jobs.remove(at: index) }
    }

    func remove(_ file: Int) throws(Violation) {
        note("file \(file) goes")
        spool[file] = nil
        for record in arrived[file] where !isKept(record) {
            throw Violation(invariant: "S2", what: "file \(file) goes before \(record.key.text) is durable")
        }
    }

    /// Deliveries that were born leased are in hand without being taken up.
    func hold(_ transition: Transition) throws(Violation) {
        for delivery in transition.deliveries {
            guard let row = store.row(delivery.id), row.state == .sending, row.holder == owner, row.attempts == 1,
                let until = row.leaseEnds
            else { continue }
            try takeInHand(LeasedDelivery(delivery: delivery, attempt: 1, lease: Lease(owner: owner, until: until)))
        }
    }

    private func advanceDecision(_ job: DecisionJob) throws(Violation) -> Job? {
        var job = job
        switch job.stage {
        case .begun:
            guard let stored = store.stored(job.id) else { return nil }
            job.stage = .loaded(stored.current)
        case .loaded(let subject):
            do throws(Refusal) {
                let clock = bug == .escalatorClockFast && job.command == .deadlinePassed ? now + .seconds(300) : now
                var transition = try subject.decide(job.command, now: clock, rulebook: rulebook)
                if bug == .escalatorClockFast { transition = transition.stamped(now) }
                if bug == .outOfReachForgotten, case .unreachable = job.command { transition = transition.forgetting }
                if bug == .lateAnswerAsksAgain, case .enrich = job.command { transition = transition.asking(now) }
                job.stage = .submitted(
                    store.submit([transition], lease: job.command.isOfDaemon ? lease : nil), transition)
            } catch {
                note("refused: \(error)")
                try finish(job)
                return nil
            }
        case .submitted(let ticket, let transition):
            guard let result = store.answer(to: ticket)?.first else { return .decision(job) }
            switch result {
            case .applied:
                witness.learnt(job.id)
                if job.command.isOfDaemon { try hold(transition) }
                lookForOwner(of: transition.result)
                try finish(job)
                return nil
            case .stale: job.stage = .begun
            case .duplicate, .failed:
                // A person is told and tries again; time and failures come again by themselves.
                return nil
            }
        }
        return .decision(job)
    }

    private func finish(_ job: DecisionJob) throws(Violation) {
        if let settlement = job.then { try record(settlement) }
    }

    private func advanceSending(_ leased: LeasedDelivery, _ stage: SendingStage) throws(Violation) -> Job? {
        switch stage {
        case .inHand:
            guard leased.lease.until > now else { return nil }
            let asks = MessageKind.asking.contains(leased.delivery.kind)
            if bug != .questionsNotCancelled, asks, witness.isKnownSettled(leased.delivery.caseID) {
                try record(Settlement(leased: leased, verdict: .cancelled(reason: "settled"), at: now))
                return nil
            }
            try witness.begins(leased, row: store.row(leased.delivery.id))
            note("sending \(leased.delivery.id), attempt \(leased.attempt)")
            return .sending(leased, .onTheWire)
        case .onTheWire:
            let outcome = outcome(of: leased)
            witness.ends(leased)
            note("\(leased.delivery.id): \(outcome)")
            let verdict = rulebook.retry.verdict(
                on: outcome, attempt: leased.attempt, createdAt: leased.delivery.createdAt, now: now,
                jitter: Double(roll(1000)) / 1000)
            return .sending(leased, .answered(verdict))
        case .answered(let verdict):
            let settlement = Settlement(leased: leased, verdict: verdict, at: now)
            guard let reason = verdict.loss else {
                try record(settlement)
                return nil
            }
            // The failure enters the case's history before the outbox forgets the message: a crash in between repeats
            // the attempt, where the other order would lose the alarm.
            let command = CaseCommand.deliveryFailed(leased.delivery, reason: reason)
            var job = DecisionJob(command: command, id: leased.delivery.caseID, then: settlement)
            if bug == .reportedAfterRecording {
                try record(settlement)
                job.then = nil
            }
            return .decision(job)
        }
    }

    private func outcome(of leased: LeasedDelivery) -> DeliveryOutcome {
        let id = leased.delivery.id
        guard healedAt == nil else {
            witness.receives(id)
            return .sent(detail: "ok")
        }
        switch roll(10) {
        case 0, 1: return .deferred(reason: "busy", retryAfter: roll(2) == 0 ? .seconds(roll(900)) : nil)
        case 2:
            // Operators are reached in the end, else nobody could be alarmed.
            return leased.delivery.kind == .alarm
                ? .deferred(reason: "busy", retryAfter: nil) : .failed(reason: "no such address")
        case 3, 4:
            if roll(2) == 0 { witness.receives(id) }
            return .unknown(reason: "the connection was lost")
        default:
            witness.receives(id)
            return .sent(detail: "ok")
        }
    }

    private func record(_ settlement: Settlement) throws(Violation) {
        guard let row = store.settle(settlement) else { return note("\(settlement.leased.delivery.id): fenced off") }
        note("\(settlement.leased.delivery.id): \(settlement.verdict)")
        try witness.recorded(settlement, on: row)
    }
}

extension CaseCommand {
    /// Whether the running daemon decides it, with its lanes at hand.
    fileprivate var isOfDaemon: Bool {
        switch self {
        case .deadlinePassed, .askersAway, .replan, .ownerGone, .enrich, .enricherRefused, .channelImpaired,
            .unreachable:
            true
        default: false
        }
    }
}

extension Transition {
    /// The same with the true time in its entries, for a decision made by a wrong clock.
    fileprivate func stamped(_ now: Timestamp) -> Transition {
        let entries = entries.map { HistoryEntry(sequence: $0.sequence, at: now, actor: $0.actor, event: $0.event) }
        return Transition(
            expected: expected, result: result, entries: entries, deliveries: deliveries, cancels: cancels)
    }

    /// The same without what waits for an answer.
    fileprivate var forgetting: Transition {
        Transition(
            expected: expected, result: result, entries: entries, deliveries: deliveries,
            cancels: cancels + MessageKind.asking)
    }

    /// The same with the question once more.
    fileprivate func asking(_ now: Timestamp) -> Transition {
        let question = Delivery(
            caseID: result.id, sequence: result.version, person: "dana", channel: "mail", lane: "mail", kind: .decide,
            createdAt: now)
        return Transition(
            expected: expected, result: result, entries: entries, deliveries: deliveries + [question], cancels: cancels)
    }
}
