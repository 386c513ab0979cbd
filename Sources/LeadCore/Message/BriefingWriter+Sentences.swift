// Why this reader, what happened, who has the lead now: the sentences of messages.

extension BriefingWriter {
    /// Whether `delivery` alarms operators of an enricher that is refused.
    func alarmCause(of delivery: Delivery, _ subject: LeadCase) -> AlarmCause? {
        delivery.kind == .alarm ? delivery.sequence.flatMap { subject.alarms[$0] } : nil
    }

    /// All sentences, and of them those that name nobody but colleagues; `elsewhere` is the one about the message's link.
    func sentences(
        _ delivery: Delivery, _ subject: LeadCase, _ standing: Standing?, _ stopped: Set<ChannelID>,
        _ elsewhere: String?, _ phrases: Phrases
    ) -> (all: [String], brief: [String]) {
        let texts = phrases.sentences
        var sentences = passedOver(delivery, subject, phrases)
        switch delivery.kind {
        case .decide:
            sentences.append(delivery.remark ?? texts.decide(reason(of: subject, phrases)))
        case .remind:
            sentences.append(texts.remind(reason(of: subject, phrases)))
        case .warn:
            sentences.append(texts.warn(time(subject.openedAt, for: delivery.person, in: phrases)))
            sentences.append(texts.able(subject.told.map(rulebook.name).joined(separator: ", ")))
        case .escalate:
            let asked = subject.told.filter { $0 != delivery.person }.map(rulebook.name)
            let since = time(subject.openedAt, for: delivery.person, in: phrases)
            let names = asked.joined(separator: ", ")
            switch asked.count {
            case 0: sentences.append(texts.escalateNobody(since))
            case 1: sentences.append(texts.escalateOne(names, since))
            default: sentences.append(texts.escalateMany(names, since))
            }
        case .assigned, .settled, .withdrawn:
            sentences.append(contentsOf: outcome(of: subject, for: delivery.person, in: phrases))
            if sentences.isEmpty { sentences.append(texts.withdrawn()) }
        case .reopened: sentences.append(texts.reopened())
        case .update: sentences += standing?.sentences ?? []
        case .inquiry:
            sentences.append(texts.inquiry())
            if let remark = delivery.remark { sentences.append(remark) }
            sentences.append(contentsOf: outcome(of: subject, for: delivery.person, in: phrases))
        case .freshLink: sentences.append(texts.freshLink())
        case .alarm: sentences.append(delivery.remark ?? texts.alarm())
        case .digest, .event, .test: break
        }
        // Nothing of this is the lead's.
        var brief = alarmCause(of: delivery, subject) != nil ? sentences : []
        if let deadline = deadline(of: subject, for: delivery.person, in: phrases) {
            brief.append(deadline)
            sentences.append(deadline)
        }
        if delivery.kind == .assigned {
            for (index, step) in playbook(of: subject, for: delivery.person).enumerated() {
                sentences.append(texts.step("\(index + 1)", step))
            }
        }
        if !subject.lead.isReachable { sentences.append(texts.unreachable()) }
        for sentence in [silence(delivery, failures: subject.failures, stopped, phrases), elsewhere] {
            guard let sentence = sentence?.nonEmpty else { continue }
            sentences.append(sentence)
            brief.append(sentence)
        }
        return (sentences, brief)
    }

    /// Why the case took its route. The opening keeps that in English; other languages say what the rules say now, if that
    /// is still the same.
    private func reason(of subject: LeadCase, _ phrases: Phrases) -> String {
        let kept = subject.opening.reason
        guard phrases != .english, Routing(of: subject.lead, by: rulebook).reason == kept else { return kept }
        return Routing(of: subject.lead, by: rulebook, in: phrases).reason
    }

    /// "teams takes no messages for you at the moment, so rely on this mail."
    func silence(
        _ delivery: Delivery, failures: Set<DeliveryID>, _ stopped: Set<ChannelID>, _ phrases: Phrases
    ) -> String? {
        guard !stopped.isEmpty || !failures.isEmpty,
            rulebook.channels[delivery.channel]?.isMail == true
        else {
            return nil
        }
        // Messages are called CASE.SEQUENCE.KIND.PERSON.CHANNEL.
        let failed = failures.map { $0.text.split(separator: ".") }.filter { $0.count == 5 }
        let silent = (rulebook.person(delivery.person)?.reach ?? []).map(\.channel).filter { channel in
            guard rulebook.channels[channel]?.isMail == false else { return false }
            return stopped.contains(channel)
                || failed.contains { $0[3] == delivery.person.text && $0[4] == channel.text }
        }
        guard !silent.isEmpty else { return nil }
        let sentence = silent.count > 1 ? phrases.sentences.silentMany : phrases.sentences.silentOne
        return sentence(phrases.all(of: silent.map(\.text)))
    }

    /// "Dana Whitfield is away until Mon 30 Nov 09:00 (America/Chicago); you are next."
    private func passedOver(_ delivery: Delivery, _ subject: LeadCase, _ phrases: Phrases) -> [String] {
        guard [.decide, .escalate, .assigned].contains(delivery.kind) else { return [] }
        return subject.passedOver.filter { $0.to == delivery.person }.map { who in
            let sentence = who.isAway ? phrases.sentences.away : phrases.sentences.offDuty
            return sentence(rulebook.name(who.person), time(who.until, for: delivery.person, in: phrases))
        }
    }

    /// Who has the lead or who rejected it, since when and by whom; empty while undecided.
    public func outcome(of subject: LeadCase, for reader: PersonID, in phrases: Phrases = .english) -> [String] {
        let texts = phrases.sentences
        if case .closed(let closing) = subject.state {
            let sentence = closing.reason == .done ? texts.closed : texts.rejected
            let words = sentence(
                rulebook.name(closing.by), time(closing.at, for: reader, in: phrases), texts.closing(closing.reason))
            return [words] + (closing.note.map { [texts.note($0)] } ?? [])
        }
        guard let assignment = subject.assignment else { return [] }
        let giver =
            switch assignment.by {
            case .person(let id): id == reader ? texts.byYou() : texts.by(rulebook.name(id))
            case .step where assignment.mode == .unreached: texts.unreached()
            case .step: texts.inTime()
            case .intake, .daemon: texts.byRule()
            }
        let since = time(assignment.at, for: reader, in: phrases)
        let sentence =
            assignment.rep == reader
            ? texts.yours(since, giver) : texts.theirs(rulebook.name(assignment.rep), since, giver)
        return [sentence] + (assignment.note.map { [texts.note($0)] } ?? [])
    }
}
