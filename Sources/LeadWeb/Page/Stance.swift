// What a case means for one manager: in which words it stands, and which buttons the manager gets. Which commands the
// case accepts is still the case's own decision; a page merely doesn't offer what would be refused.

import LeadCore

/// A manager's position towards a case.
struct Stance {
    private let view: CaseView
    private let reader: PersonID

    init(view: CaseView, reader: PersonID) {
        self.view = view
        self.reader = reader
    }

    private var subject: LeadCase { view.file.subject }
    private var rulebook: Rulebook { view.rulebook }
    private var isManager: Bool { rulebook.person(reader)?.isManager == true }

    /// The claim that still holds.
    private var claim: Claim? {
        if case .claimed(let claim) = subject.state, claim.until > view.now { claim } else { nil }
    }

    /// Whether the reader may give the lead to somebody or reject it.
    var mayDecide: Bool {
        switch subject.state {
        case .waiting, .claimed: isManager && (claim == nil || claim?.by == reader)
        case .assigned, .working, .closed: false
        }
    }

    /// Whether the reader may say "mine to decide".
    var mayClaim: Bool { mayDecide && claim == nil }

    /// Whether the reader may give that back.
    var mayRelease: Bool { claim?.by == reader && isManager }

    /// To whom the reader may pass the choice on.
    var colleagues: [Person] {
        mayDecide ? rulebook.people.filter { $0.isManager && $0.id != reader } : []
    }

    /// For how much more time the reader may ask; nil when for none.
    var moreTime: Duration? {
        mayDecide && subject.postponedBy == nil ? rulebook.policies[subject.opening.policy]?.moreTime : nil
    }

    /// Until when the reader may take their choice back; nil when they can't.
    var undoUntil: Timestamp? {
        guard isManager, let until = subject.undoUntil(for: reader, rulebook), until > view.now else { return nil }
        return until
    }

    /// The form to be shown; nil when there is nothing to choose.
    func choice(_ news: PageNews) -> ChoiceFields? {
        if mayDecide {
            return ChoiceFields(
                .assign, legend: "Who takes it?", button: "Assign", reps: view.reps, facts: view.ranking.facts,
                news: news)
        }
        guard let standing = subject.assignment, isManager, rulebook.choice.mayReassign else { return nil }
        let others = view.reps.filter { $0.person.id != standing.rep }
        guard !others.isEmpty else { return nil }
        return ChoiceFields(
            .reassign, legend: "Who takes it instead?", button: "Reassign", from: standing.rep, reps: others,
            facts: view.ranking.facts,
            foldTitle: standing.mode.isFallback ? "Take it back?" : "Take it elsewhere", news: news)
    }

    /// Where the case stands.
    var status: Status {
        switch subject.state {
        case .waiting: Status(text: waiting, tone: "wait")
        case .claimed:
            if let claim {
                Status(text: claim.by == reader ? "You decide" : "\(rulebook.name(claim.by)) decides", tone: "wait")
            } else {
                Status(text: waiting, tone: "wait")
            }
        case .assigned(let assignment): Status(text: "\(owner(assignment)) it", tone: "good")
        case .working(let assignment, _): Status(text: "\(owner(assignment)) it, work has begun", tone: "good")
        case .closed(let closing) where closing.reason == .done: Status(text: "Done", tone: "idle")
        case .closed(let closing): Status(text: "Rejected: \(closing.reason.words)", tone: "idle")
        }
    }

    private var waiting: String { subject.warnedAt == nil ? "Waiting for a choice" : "Last call for a choice" }

    private func owner(_ assignment: Assignment) -> String {
        assignment.rep == reader ? "You have" : "\(rulebook.name(assignment.rep)) has"
    }

    /// How long there is to choose.
    var countdown: String? {
        switch subject.state {
        case .assigned, .working, .closed: nil
        case .waiting, .claimed:
            subject.ownerBy > view.now ? "\((subject.ownerBy - view.now).words) left" : nil
        }
    }

    /// Why this manager, until when, what then; or who has the lead, since when and by whom.
    func sentences(writer: BriefingWriter, story: HistoryWords) -> [String] {
        var sentences: [String] = []
        if let claim {
            let who = claim.by == reader ? "You" : rulebook.name(claim.by)
            let until = writer.time(claim.until, for: reader)
            sentences.append("\(who) said “mine to decide” at \(story.time(claim.at)); that holds until \(until).")
        } else if mayDecide {
            sentences.append("You choose because \(subject.opening.reason).")
        }
        sentences += writer.outcome(of: subject, for: reader)
        if case .working(_, let since) = subject.state {
            sentences.append("The work began at \(writer.time(since, for: reader)).")
        }
        if let deadline = writer.deadline(of: subject, for: reader) { sentences.append(deadline) }
        if let duty = writer.duty(in: subject, for: reader) { sentences.append(duty) }
        return sentences
    }
}
