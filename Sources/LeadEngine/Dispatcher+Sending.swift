// What a worker does with a message: reads its case, looks whether it is still meant, sends it once, and sees to what
// follows. A delivery that failed for good is put before the case, which tells the operators.

import LeadCore

extension Dispatcher {
    /// What came of trying once.
    struct Attempt {
        /// How it ended.
        enum End {
            /// The peer was asked, and this is what it says of the message and of itself.
            case asked(DeliveryOutcome)
            /// The peer wasn't asked.
            case unasked(DeliveryOutcome)
            /// Nobody was asked, since the message isn't meant any more.
            case pointless(reason: String)
        }

        let end: End
        /// What stands in a chat now, or may stand there.
        var copy: PostedCopy?
        /// The message in which several went as one.
        var carrier: DeliveryID?
        /// Of an update, whether a change was asked for.
        var change = ChangeEnd.unasked
        /// What the configuration lacks, so that the message can't be sent; of each flaw the operators hear once.
        var flaw: OutfitFlaw?

        /// Whether the peer has taken the message.
        var isSent: Bool { if case .asked(.sent) = end { true } else { false } }

        /// What the peer says of itself; nil where it wasn't asked.
        var lanesOutcome: DeliveryOutcome? { if case .asked(let outcome) = end { outcome } else { nil } }
    }

    /// Sends once.
    func send(_ work: Work) async {
        guard work.others.isEmpty else { return await sendDigest(work) }
        let outfit = outfit.now
        await conclude(work, await attempt(work.leased.delivery, subject: work.subject, outfit), outfit)
    }

    /// Sees to what follows from the end of an attempt; all that went in one message has the same end.
    func conclude(_ work: Work, _ attempt: Attempt, _ outfit: Outfit) async {
        let delivery = work.leased.delivery
        let now = clock.now()
        // Only what comes again is spread.
        let jitter = attempt.isSent ? 0 : random()
        var verdict = verdict(on: attempt, of: work, outfit, at: now)
        let (change, hired, isFirst, isNews, isTroubled) = state.withLock { state in
            // What a former configuration met says nothing of the present one's destination, and what it lacked may be there.
            let isFormer = self.outfit.now !== outfit
            if isFormer, let reason = verdict.loss, verdict.isHeld || attempt.flaw != nil {
                verdict = .tryAgain(at: now, reason: reason)
            }
            let (change, hired) = state.lanes.finish(
                delivery.lane, isFormer ? nil : attempt.lanesOutcome,
                change: delivery.kind == .update ? attempt.change : nil, at: now,
                jitter: jitter)
            state.reach.note(change, of: delivery.lane)
            if let copy = attempt.copy { state.copies[delivery.id, default: []].append(copy) }
            state.posting.remove(delivery.id)
            let carrier = verdict.mayHaveArrived ? attempt.carrier : nil
            if let carrier { for leased in work.all { state.carriers[leased.delivery.id] = carrier } }
            if verdict.loss == nil { state.settle(work, verdict, at: now, copy: attempt.copy, carrier: carrier) }
            // Of a destination that is stopped, and of a flaw of the configuration, the operators hear once.
            let isNews =
                if let flaw = attempt.flaw, !isFormer { state.flaws.insert(flaw).inserted } else {
                    !verdict.isHeld || change == .stopped
                }
            let isFirst = verdict.loss == nil && state.unrecorded == 1 + work.others.count
            return (change, hired, isFirst, isNews, state.lanes.isTroubled(delivery.lane))
        }
        if isFirst { recordBell.ring() }
        hire(hired)
        // What waits in the store for the lane waits for another time now, and so do changes when one was none.
        if change != .none || isTroubled || delivery.kind == .update && attempt.change == .unasked { bell.ring() }
        if case .asked(let outcome) = attempt.end { journal.note(change, of: delivery, outcome) }
        for leased in work.all { journal.note(verdict, of: leased) }
        if attempt.isSent { await noteFault(by: delivery, outfit) }
        guard verdict.loss != nil else { return }
        await lose(
            work, verdict, isNews: isNews, at: now, copy: attempt.copy,
            carrier: verdict.mayHaveArrived ? attempt.carrier : nil, flaw: attempt.flaw)
    }

    /// Has the operators told, once, of what the channel went without when it sent `delivery`. An alarm tells of none: the
    /// next message does.
    private func noteFault(by delivery: Delivery, _ outfit: Outfit) async {
        guard let fault = outfit.channels[delivery.channel]?.fault, delivery.kind != .alarm,
            self.outfit.now === outfit, let action = impaired.withLock({ $0 }),
            state.withLock({ $0.faults.updateValue(fault, forKey: delivery.channel) != fault })
        else { return }
        do throws(StoreFailure) {
            if try await action(delivery.caseID, delivery.channel, fault) { return }
        } catch {
            log.error(
                "the operators will be told with the next message what a channel goes on without",
                metadata: ["channel": "\(delivery.channel)", "reason": "\(error)"])
        }
        state.withLock { $0.faults[delivery.channel] = nil }
    }

    private func verdict(on attempt: Attempt, of work: Work, _ outfit: Outfit, at now: Timestamp) -> DeliveryVerdict {
        switch attempt.end {
        case .pointless(let reason): return .cancelled(reason: reason)
        case .asked(let outcome), .unasked(let outcome):
            let delivery = work.leased.delivery
            let retry = outfit.rulebook.channels[delivery.channel]?.retry ?? outfit.rulebook.retry
            return retry.verdict(
                on: outcome, attempt: work.leased.attempt, createdAt: delivery.createdAt, now: now,
                jitter: attempt.isSent ? 0 : random()
            ).told(of: 1 + work.others.count)
        }
    }

    /// Something that was begun in `lane` came to nothing.
    func forgo(_ lane: LaneID) async {
        let now = clock.now()
        let (_, hired) = state.withLock { $0.lanes.finish(lane, nil, at: now, jitter: 0) }
        hire(hired)
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
    func lose(
        _ work: Work, _ verdict: DeliveryVerdict, isNews: Bool, at now: Timestamp, copy: PostedCopy? = nil,
        carrier: DeliveryID? = nil, flaw: OutfitFlaw? = nil
    ) async {
        guard work.others.isEmpty else {
            // Of a destination that stops, and of a flaw, the operators hear once, whatever was on its way there.
            let isToldOnce = verdict.isHeld || flaw != nil
            for (index, leased) in work.all.enumerated() {
                let one = Work(leased: leased, subject: nil)
                await lose(
                    one, verdict, isNews: isNews && (index == 0 || !isToldOnce), at: now, carrier: carrier, flaw: flaw)
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
            // Nobody has heard of it yet.
            if isNews, let flaw { _ = state.withLock { $0.flaws.remove(flaw) } }
        } else {
            doubt(work.leased.delivery)
        }
        let isFirst = state.withLock { state in
            state.record(
                Settlement(leased: work.leased, verdict: verdict, at: now, copy: copy, carrier: carrier))
            return state.unrecorded == 1
        }
        if isFirst { recordBell.ring() }
    }

    // MARK: Trying

    /// Tries once.
    private func attempt(_ delivery: Delivery, subject: LeadCase?, _ outfit: Outfit) async -> Attempt {
        guard let channel = outfit.channels[delivery.channel] else {
            return Attempt(lacking: .channel(delivery.channel))
        }
        if delivery.kind == .event { return await announce(delivery, channel, outfit) }
        guard let address = outfit.address(of: delivery) else {
            return Attempt(lacking: .address(delivery.person, delivery.channel))
        }
        do {
            if delivery.kind == .update { return try await update(delivery, address, by: outfit) }
            let editable = outfit.editable[delivery.channel]
            // An update that doesn't find it among these is of a change that the case shows when it is read now.
            if editable != nil { state.withLock { _ = $0.posting.insert(delivery.id) } }
            let known = editable == nil ? subject : nil
            guard let subject = if let known { known } else { try await store.load(delivery.caseID) } else {
                return .leadGone
            }
            if let objection = subject.objection(to: delivery) { return Attempt(end: .pointless(reason: objection)) }
            if let editable { return await post(delivery, about: subject, to: address, by: editable, outfit.writer) }
            let briefing = outfit.writer.briefing(
                of: delivery, about: subject, stopped: stopped(outfit.rulebook, for: delivery),
                thread: await thread(of: delivery, outfit.rulebook))
            return Attempt(end: .asked(await channel.send(briefing, to: address)))
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
            else { return .leadGone }
            return Attempt(end: .asked(await channel.send(notice, to: Secret(""))))
        } catch {
            return Attempt(unreadable: error)
        }
    }

    /// The other channels of the reader of a mail that take nothing, as far as is known.
    func stopped(_ rulebook: Rulebook, for delivery: Delivery) -> Set<ChannelID> {
        guard rulebook.channels[delivery.channel]?.isMail == true,
            let reach = rulebook.person(delivery.person)?.reach, reach.count > 1
        else { return [] }
        let lanes = reach.compactMap { way in
            rulebook.channels[way.channel].map { rulebook.lane(of: $0, for: delivery.person) }
        }
        return state.withLock { state in
            Set(lanes.filter(state.lanes.down.contains).map(\.channel))
        }
    }
}

extension Dispatcher.Attempt {
    /// There is no case to tell of.
    static let leadGone = Dispatcher.Attempt(end: .unasked(.failed(reason: "the lead is gone")))

    /// What waited together has no lead to open among it.
    static let untold = Dispatcher.Attempt(
        end: .unasked(.failed(reason: "nothing of what waited can stand in one message")))

    /// Came to nothing for want of something in the configuration.
    init(lacking flaw: OutfitFlaw) {
        self.init(end: .unasked(.failed(reason: flaw.sentence)), flaw: flaw)
    }

    /// Came to nothing for want of the case.
    init(unreadable failure: StoreFailure) {
        let reason = "the lead could not be read: \(failure.description)"
        self.init(end: .unasked(.deferred(reason: reason, retryAfter: nil)))
    }
}

/// What a configuration lacks to send a message that an earlier one gave rise to.
enum OutfitFlaw: Hashable {
    case channel(ChannelID)
    case address(PersonID, ChannelID)

    /// The flaw in words.
    var sentence: String {
        switch self {
        case .channel(let channel): "the configuration has no channel \(channel) any more"
        case .address(let person, let channel): "\(person) has no address on \(channel) any more"
        }
    }
}

extension Dispatcher.Outfit {
    /// Where `delivery` goes; nil when the configuration has no such address any more.
    func address(of delivery: Delivery) -> Secret? {
        rulebook.person(delivery.person)?.reach.first { $0.channel == delivery.channel }?.address
    }
}

extension DeliveryVerdict {
    /// Whether the peer has the message, or may have it, and it isn't tried again.
    fileprivate var mayHaveArrived: Bool {
        switch self {
        case .sent, .unknown: true
        case .tryAgain, .failed, .held, .cancelled: false
        }
    }

    /// Whether the message waits until somebody mends the configuration.
    var isHeld: Bool { if case .held = self { true } else { false } }

    /// The same with how many messages went as one, where several did.
    fileprivate func told(of count: Int) -> DeliveryVerdict {
        guard count > 1, case .sent(let detail) = self else { return self }
        return .sent(detail: DigestWords.detail(count, detail))
    }
}
