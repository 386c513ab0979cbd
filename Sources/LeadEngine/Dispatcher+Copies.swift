// Messages in channels that can change them: posted with what can be chosen in them, and brought up to date afterwards. An
// update shows the case as it is when it leaves, so it doesn't matter which change caused it. It finds what was posted before
// it, on record or not yet, and waits for what is being posted, by whichever lane: after a reload a destination may have two.

import LeadCore

extension Dispatcher {
    /// Posts a message that can be changed.
    func post(
        _ delivery: Delivery, about subject: LeadCase, to address: Secret, by channel: any EditableChannel,
        _ writer: BriefingWriter
    ) async -> Attempt {
        let briefing = writer.copy(of: delivery, about: subject, takesChoices: channel.takesChoices)
        let posting = await channel.post(briefing, to: address)
        return Attempt(
            end: .asked(posting.outcome), copy: MessageKind.showingState.contains(delivery.kind) ? posting.copy : nil)
    }

    /// Brings every copy of what its person was sent about the case up to date. Where a copy can't be changed, or nobody
    /// knows by which handle, a message follows that says how it ended.
    func update(_ delivery: Delivery, _ address: Secret, by outfit: Outfit) async throws(StoreFailure) -> Attempt {
        // Looked at before the store: what is let go of meanwhile is on record.
        let (unrecorded, underWay) = state.withLock { ($0.copies, $0.posting) }
        guard let file = try await store.file(delivery.caseID) else {
            return .leadGone
        }
        guard let channel = outfit.editable[delivery.channel] else {
            return await follow(delivery, about: file.subject, to: address, by: outfit)
        }
        let told = ToldCopies(file.deliveries, of: delivery, unrecorded, underWay)
        guard !told.isUnderWay else {
            return Attempt(end: .unasked(.deferred(reason: "its message is being posted", retryAfter: nil)))
        }
        let briefing = outfit.writer.copy(of: delivery, about: file.subject, takesChoices: channel.takesChoices)
        var end = UpdateEnd(hasUnknown: told.hasUnknown)
        for (index, handle) in told.handles.enumerated() {
            if index > 0 { state.withLock { $0.lanes.noteChange(by: delivery.channel, at: clock.now()) } }
            let change = await channel.change(handle, to: briefing)
            end.take(change)
            // The peer would say the same of the others, after as long a wait; all are tried again later.
            if change.isPeers { break }
        }
        guard end.hasUnknown, !told.hasFollowUp, file.subject.isSettled else { return end.attempt }
        guard end.isSuccess else { return end.attempt }
        // What is changed makes no sound; what follows does.
        let now = clock.now()
        if let quiet = outfit.rulebook.quietEnd(forFollowUpOf: delivery, about: file.subject, at: now) {
            return Attempt(
                end: .unasked(.deferred(reason: DigestWords.quiet, retryAfter: quiet - now)), change: end.beside)
        }
        state.withLock { _ = $0.posting.insert(delivery.id) }
        let posting = await channel.post(briefing, to: address)
        return Attempt(end: .asked(posting.outcome), copy: posting.copy, change: end.beside)
    }

    /// The channel can change nothing any more, since it is of another kind now: a message says how it ended.
    private func follow(
        _ delivery: Delivery, about subject: LeadCase, to address: Secret, by outfit: Outfit
    ) async -> Attempt {
        guard subject.isSettled, let channel = outfit.channels[delivery.channel] else {
            return Attempt(end: .unasked(.sent(detail: "nothing to change")))
        }
        let briefing = outfit.writer.briefing(of: delivery, about: subject)
        return Attempt(end: .asked(await channel.send(briefing, to: address)))
    }
}

/// What a person was sent about a case on one channel, as far as it shows where the case stands.
private struct ToldCopies {
    /// Of the copies that can be changed, in order.
    private(set) var handles: [String] = []
    /// Whether there may be one that can't.
    private(set) var hasUnknown = false
    /// Whether a message that says how it ended has been posted.
    private(set) var hasFollowUp = false
    /// Whether one is being posted.
    private(set) var isUnderWay = false

    init(
        _ records: [DeliveryRecord], of update: Delivery, _ unrecorded: [DeliveryID: [PostedCopy]],
        _ posting: Set<DeliveryID>
    ) {
        for record in records {
            let delivery = record.delivery
            guard delivery.person == update.person, delivery.channel == update.channel,
                MessageKind.showingState.contains(delivery.kind)
            else { continue }
            if posting.contains(delivery.id) { isUnderWay = true }
            let isUpdate = delivery.kind == .update
            let copies = record.copies + (unrecorded[delivery.id] ?? []).filter { !record.copies.contains($0) }
            for copy in copies {
                switch copy {
                case .known(let handle):
                    handles.append(handle)
                    if isUpdate { hasFollowUp = true }
                case .unknown: hasUnknown = true
                }
            }
            // It was sent while the channel was of another kind.
            if copies.isEmpty, record.state == .sent, !isUpdate { hasUnknown = true }
        }
    }
}

/// What came of changing all copies.
private struct UpdateEnd {
    var hasUnknown: Bool
    private var changed = 0
    private var gone = 0
    /// The outcome that decides: one to be tried again before one that is final.
    private var fault: DeliveryOutcome?
    private var wasAsked = false

    init(hasUnknown: Bool) { self.hasUnknown = hasUnknown }

    var isSuccess: Bool { fault == nil }

    mutating func take(_ change: CopyChange) {
        wasAsked = true
        switch change {
        case .outcome(.sent): changed += 1
        case .outcome(let outcome): if fault.map({ $0.isFinal }) ?? true { fault = outcome }
        case .gone: gone += 1
        case .fixed: hasUnknown = true
        }
    }

    /// For the end of something else that followed.
    var beside: ChangeEnd { wasAsked ? .beside : .unasked }

    var attempt: Dispatcher.Attempt {
        if let fault { return Dispatcher.Attempt(end: .asked(fault), change: .decided) }
        let parts = [changed > 0 ? "\(changed) changed" : nil, gone > 0 ? "\(gone) removed by somebody" : nil]
        let detail = parts.compactMap(\.self).joined(separator: ", ")
        let outcome = DeliveryOutcome.sent(detail: detail.isEmpty ? "nothing to change" : detail)
        return Dispatcher.Attempt(
            end: wasAsked ? .asked(outcome) : .unasked(outcome), change: wasAsked ? .decided : .unasked)
    }
}

extension LeadCase {
    /// Whether nobody is to choose any more.
    fileprivate var isSettled: Bool {
        switch state {
        case .assigned, .working, .closed: true
        case .waiting, .claimed: false
        }
    }
}

extension CopyChange {
    /// Whether it says something of the peer, and not of this copy.
    fileprivate var isPeers: Bool {
        switch self {
        case .outcome(.unavailable), .outcome(.stopped), .outcome(.unknown): true
        case .outcome(.sent), .outcome(.deferred), .outcome(.failed), .gone, .fixed: false
        }
    }
}

extension DeliveryOutcome {
    /// Whether trying again would not help.
    fileprivate var isFinal: Bool { if case .failed = self { true } else { false } }
}
