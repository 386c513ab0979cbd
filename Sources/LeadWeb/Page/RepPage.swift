// The rep's page of a lead that they were given: how to reach the person, what the manager wrote, and two buttons.
// Someone from whom the lead has been taken sees who has it now, and no longer how to reach the person. Pure.

import LeadCore

/// The rep's page of a lead.
struct RepPage: WebPage, Equatable {
    static let template = "follow"

    let site: String
    let title: String
    let reader: String
    let headline: String
    let status: Status
    let notice: String?
    let alert: String?
    let sentences: [String]
    /// What is to be done with the lead, step by step.
    let playbook: [String]
    let hasPlaybook: Bool
    /// Nil when the lead is not the reader's.
    let brief: Brief?
    let nonce: String
    let canStart: Bool
    let canClose: Bool
    let note: String
    let longestNote = CaseCommand.longestNote

    /// The lead as only its owner sees it.
    struct Brief: Sendable, Equatable {
        let who: String?
        let contacts: [Line]
        /// What the manager wrote.
        let word: String?
        let wordBy: String
        let facts: [Line]
        let description: String?
        let details: [Line]
        let gaps: [String]
        let isUnreachable: Bool
        let record: RecordLink?
        let history: [HistoryLine]
        let zone: String
    }

    /// The page of `view` for the holder of `link`; `nonce` goes into its forms.
    init(view: CaseView, link: Link, nonce: String, writer: BriefingWriter, news: PageNews) {
        let subject = view.file.subject
        let words = LeadWords(subject.lead)
        let isMine = Self.lastOwner(view.file.history) == link.person
        site = view.rulebook.site.name
        title = "Lead: \(words.title)"
        reader = view.rulebook.name(link.person)
        headline = words.title.prefix(1).uppercased() + words.title.dropFirst()
        notice = news.notice
        alert = news.alert
        self.nonce = nonce
        note = news.note
        status = Self.status(subject, isMine: isMine)
        var sentences = writer.outcome(of: subject, for: link.person)
        if isMine, let note = subject.assignment?.note { sentences.removeAll { $0 == "Note: \(note)" } }
        if isMine, let deadline = writer.deadline(of: subject, for: link.person) { sentences.append(deadline) }
        if !isMine, case .waiting = subject.state { sentences.append("Nobody has been chosen yet.") }
        if isMine, case .working(_, let since) = subject.state {
            sentences.append("You started at \(writer.time(since, for: link.person)).")
        }
        self.sentences = sentences
        playbook = writer.playbook(of: subject, for: link.person)
        hasPlaybook = !playbook.isEmpty
        brief = isMine ? Self.brief(view, link.person, words) : nil
        switch subject.state {
        case .assigned: (canStart, canClose) = (isMine, isMine)
        case .working: (canStart, canClose) = (false, isMine)
        case .waiting, .claimed, .closed: (canStart, canClose) = (false, false)
        }
    }

    private static func brief(_ view: CaseView, _ reader: PersonID, _ words: LeadWords) -> Brief {
        let lead = view.file.subject.lead
        let story = HistoryWords(rulebook: view.rulebook, reader: reader)
        let giver: String? =
            if case .person(let id) = view.file.subject.assignment?.by { view.rulebook.name(id) } else { nil }
        return Brief(
            who: [lead.personName, lead[.title]].compactMap(\.self).joined(separator: ", ").nonEmpty,
            contacts: words.contacts, word: view.file.subject.assignment?.note, wordBy: giver ?? "the manager",
            facts: words.facts, description: lead[.description], details: words.details(story.time), gaps: words.gaps,
            isUnreachable: !lead.isReachable, record: RecordLink(view.rulebook.recordURL(of: lead)),
            history: story.lines(view.file.history), zone: story.zone)
    }

    /// Who was given the lead last; still theirs to read once they have closed it.
    private static func lastOwner(_ history: [HistoryEntry]) -> PersonID? {
        for entry in history.reversed() {
            switch entry.event {
            case .assigned(let assignment), .reassigned(let assignment, _): return assignment.rep
            default: continue
            }
        }
        return nil
    }

    private static func status(_ subject: LeadCase, isMine: Bool) -> Status {
        guard isMine else { return Status(text: "Not yours any more", tone: "idle") }
        return switch subject.state {
        case .working: Status(text: "You are on it", tone: "good")
        case .closed: Status(text: "Done", tone: "idle")
        case .assigned, .waiting, .claimed: Status(text: "Yours", tone: "good")
        }
    }
}
