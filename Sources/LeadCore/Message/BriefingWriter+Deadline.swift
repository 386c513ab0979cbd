// Until when somebody is to choose, and how that was counted; and instants as their readers read them.

extension BriefingWriter {
    /// "Choose by Mon 23 Nov 10:40 (America/Chicago); after that Jane Ortiz gets the lead."; to a rep who has the lead, until
    /// when the first action is due; nil once it has come, and to others.
    ///
    /// A deadline in working time explains itself: "…: 1 h of working time, closed Fri 20 Nov 17:30 – Mon 23 Nov 09:00".
    public func deadline(of subject: LeadCase, for reader: PersonID, in phrases: Phrases = .english) -> String? {
        switch subject.state {
        case .assigned(let assignment) where assignment.rep == reader:
            return assignment.firstActionBy.map { phrases.deadlines.act(time($0, for: reader, in: phrases)) }
        case .assigned, .working, .closed: return nil
        case .waiting, .claimed:
            let texts = phrases.deadlines
            let owner = subject.fallback.map { texts.then(rulebook.name($0)) }
            return texts.choose(
                time(subject.ownerBy, for: reader, in: phrases), explanation(of: subject, for: reader, phrases),
                subject.postponedBy.map { texts.more(rulebook.name($0)) } ?? "",
                (subject.fallsToBest ? texts.thenBest() : owner) ?? "")
        }
    }

    /// What a rep who has the lead is to do with it, step by step, as the policy says now; nothing to others.
    public func playbook(of subject: LeadCase, for reader: PersonID) -> [String] {
        switch subject.state {
        case .assigned(let assignment) where assignment.rep == reader: break
        case .working(let assignment, _) where assignment.rep == reader: break
        case .assigned, .working, .waiting, .claimed, .closed: return []
        }
        return rulebook.policies[subject.opening.policy]?.playbook ?? []
    }

    /// "Billy Moss is to take the first action by Mon 23 Nov 14:40 (America/Chicago)."; nil where nobody is, and to the rep,
    /// whom the deadline tells.
    public func duty(in subject: LeadCase, for reader: PersonID) -> String? {
        guard case .assigned(let assignment) = subject.state, assignment.rep != reader,
            let due = assignment.firstActionBy
        else { return nil }
        return "\(rulebook.name(assignment.rep)) is to take the first action by \(time(due, for: reader))."
    }

    /// Nothing when the plan counts around the clock from the beginning.
    private func explanation(of subject: LeadCase, for reader: PersonID, _ phrases: Phrases) -> String {
        let opening = subject.opening
        guard opening.begins != nil || opening.closures != nil else { return "" }
        let texts = phrases.deadlines
        let zone = rulebook.person(reader)?.timeZone ?? .gmt
        let words = { (instant: Timestamp) in phrases.words(CivilTime(instant, in: zone)) }
        let start = opening.begins ?? subject.openedAt
        let planned = subject.ownerBy - subject.delay
        guard let closures = opening.closures else { return texts.from(phrases.words(planned - start), words(start)) }
        let shown = closures.prefix(3).map { closure in
            // Of a closure in which the lead came in only the end matters.
            let until = words(closure.until)
            let span = closure.from == start ? texts.untilOnly(until) : texts.span(words(closure.from), until)
            return closure.holidays.isEmpty ? span : "\(span) (\(closure.holidays.joined(separator: ", ")))"
        }
        let spans = shown.joined(separator: ", ")
        let more = closures.count - shown.count
        let list = shown.isEmpty ? "" : more > 0 ? texts.closedMore(spans, "\(more)") : texts.closed(spans)
        let closed = closures.reduce(Duration.zero) { $0 + ($1.until - $1.from) }
        let working = phrases.words(planned - start - closed)
        return opening.begins.map { texts.workingFrom(working, words($0), list) } ?? texts.working(working, list)
    }

    /// An instant in the reader's zone: `Mon 23 Nov 10:40 (America/Chicago)`.
    public func time(_ instant: Timestamp, for reader: PersonID, in phrases: Phrases = .english) -> String {
        let zone = rulebook.person(reader)?.timeZone ?? .gmt
        let name = zone.identifier == "GMT" ? "UTC" : zone.identifier
        return phrases.units.inZone(phrases.words(CivilTime(instant, in: zone)), name)
    }
}
