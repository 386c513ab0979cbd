// What a message says that can be changed after it was sent: the case as it stands, whatever it was sent for, and what the
// reader may choose right there. So late and reordered changes all show the newest.

extension BriefingWriter {
    /// What `delivery` says in a channel whose messages can be changed; with what its reader may choose in it, where the
    /// channel `takesChoices`.
    public func copy(of delivery: Delivery, about subject: LeadCase, takesChoices: Bool) -> Briefing {
        let isAsking = MessageKind.asking.contains(delivery.kind)
        // A question that somebody has taken up meanwhile is none any more.
        let shown = isAsking && subject.state != .waiting ? delivery.showingState : delivery
        var briefing = briefing(of: shown, about: subject, takesChoices: takesChoices)
        guard isAsking || delivery.kind == .update else { return briefing }
        if takesChoices { briefing.offer = offer(to: delivery.person, by: delivery.channel, about: subject) }
        return briefing
    }

    /// Where the case stands for `reader`: who decides, or who has the lead or has rejected it, since when and by whom.
    func standing(of subject: LeadCase, for reader: PersonID, in phrases: Phrases) -> Standing {
        let texts = phrases.sentences
        let name = rulebook.name
        let outcome = outcome(of: subject, for: reader, in: phrases)
        switch subject.state {
        case .waiting:
            let pass = subject.lastPass.map { texts.handedOn(name($0.by), name($0.to)) }
            return Standing(.open, [pass].compactMap(\.self))
        case .claimed(let claim):
            let since = time(claim.at, for: reader, in: phrases)
            let until = time(claim.until, for: reader, in: phrases)
            return Standing(.claimed(by: name(claim.by)), [texts.claimed(name(claim.by), since, until)])
        case .assigned(let assignment): return Standing(.settled(owner: name(assignment.rep)), outcome)
        case .working(let assignment, let since):
            let begun = texts.begun(time(since, for: reader, in: phrases))
            return Standing(.settled(owner: name(assignment.rep)), outcome + [begun])
        case .closed(let closing) where closing.reason == .done:
            return Standing(.done(owner: name(closing.by)), outcome)
        case .closed: return Standing(.rejected, outcome)
        }
    }

    /// What `reader` may choose; nil once it is settled, and while somebody else decides. In a room others than its reader
    /// press, so there the one who decides finds the buttons too.
    private func offer(to reader: PersonID, by channel: ChannelID, about subject: LeadCase) -> ChatOffer? {
        guard let person = rulebook.person(reader), person.isManager else { return nil }
        let isRoom = rulebook.isRoom(channel, of: reader)
        let mayRelease: Bool
        switch subject.state {
        case .waiting: mayRelease = false
        case .claimed(let claim):
            guard claim.by == reader || isRoom else { return nil }
            mayRelease = true
        case .assigned, .working, .closed: return nil
        }
        return ChatOffer(
            target: ChatTarget(caseID: subject.id, round: subject.round),
            reps: choices(subject.lead, for: reader, rulebook.phrases(for: reader, on: channel)),
            mayClaim: !mayRelease, mayRelease: mayRelease,
            mayPass: rulebook.people.contains { $0.isManager && $0.id != reader })
    }

    /// Who may have the lead, best first.
    private func choices(_ lead: Lead, for reader: PersonID, _ phrases: Phrases) -> [ChatOffer.Choice] {
        guard let ranker else {
            return rulebook.reps.prefix(ChatOffer.most).map { ChatOffer.Choice(id: $0.id.text, name: $0.name) }
        }
        return ranker(lead, reader, ChatOffer.most, phrases).entries.filter { $0.exclusion == nil }.map { rep in
            let hint = (rep.warnings + [rep.summary]).compactMap(\.nonEmpty).joined(separator: "; ")
            return ChatOffer.Choice(id: rep.person.text, name: rulebook.name(rep.person), hint: hint.nonEmpty)
        }
    }
}

extension Delivery {
    /// The same as a message that shows where the case stands.
    fileprivate var showingState: Delivery {
        Delivery(
            id: id, caseID: caseID, person: person, channel: channel, lane: lane, kind: .update, createdAt: createdAt,
            remark: remark)
    }
}
