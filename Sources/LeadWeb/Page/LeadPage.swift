// The page on which a manager chooses: the lead, why this manager, until when, the reps with their load; or, once it is
// settled, who has it, since when and by whom. Pure: a view, a link and a nonce in, a page out.

import LeadCore

/// What a page says besides the case itself.
struct PageNews: Sendable, Equatable {
    /// What was just done; shown in green.
    var notice: String?
    /// What went wrong; shown at the top and focused.
    var alert: String?
    /// What the person had written.
    var note = ""
    /// What the person had typed to find a rep.
    var search = ""
    /// The rep to be shown first: the one whose link in a message was opened, or who was chosen before.
    var first: PersonID?

    /// Nothing to say.
    static let none = PageNews()
}

/// Where the case stands, in a few words and a colour.
struct Status: Sendable, Equatable {
    let text: String
    /// A class of the style sheet: `wait`, `good`, `idle`.
    let tone: String
}

/// An option of a select.
struct OptionChoice: Sendable, Equatable {
    let id: String
    let words: String
}

/// The manager's page of a lead.
struct LeadPage: WebPage, Equatable {
    static let template = "decide"

    let site: String
    let title: String
    let reader: String
    let headline: String
    let status: Status
    let notice: String?
    let alert: String?
    /// "42 min left"; nil when nothing presses.
    let countdown: String?
    /// Why this manager, until when, what then; or who has it.
    let sentences: [String]
    let facts: [Line]
    let description: String?
    let details: [Line]
    let gaps: [String]
    let isUnreachable: Bool
    let record: RecordLink?
    /// The page of the earlier case of the same person or firm; nil when there is none.
    let earlierCase: String?
    let nonce: String
    let note: String
    let longestNote = CaseCommand.longestNote
    let choice: ChoiceFields?
    let claimTime: String?
    let canRelease: Bool
    /// The other managers.
    let colleagues: [OptionChoice]
    let hasColleagues: Bool
    /// "30 min"; nil when there is no more time to ask for.
    let moreTime: String?
    /// Until when the choice can be taken back; nil when it can't.
    let undoUntil: String?
    let reasons: [OptionChoice]
    let canReject: Bool
    /// False when there is nothing to press.
    let hasButtons: Bool
    let history: [HistoryLine]
    let messages: [MessageLine]
    let hasMessages: Bool
    let zone: String

    /// The page of `view` for the holder of `link`; `nonce` goes into its forms.
    init(view: CaseView, link: Link, nonce: String, writer: BriefingWriter, news: PageNews) {
        let subject = view.file.subject
        let words = LeadWords(subject.lead)
        let story = HistoryWords(rulebook: view.rulebook, reader: link.person)
        let stance = Stance(view: view, reader: link.person)
        site = view.rulebook.site.name
        title = "Lead: \(words.title)"
        reader = view.rulebook.name(link.person)
        headline = words.title.prefix(1).uppercased() + words.title.dropFirst()
        status = stance.status
        notice = news.notice
        alert = news.alert
        countdown = stance.countdown
        let told = news.alert ?? ""
        sentences = stance.sentences(writer: writer, story: story).filter { !told.contains($0) }
        facts = words.facts
        description = subject.lead[.description]
        details = words.details(story.time)
        gaps = words.gaps
        isUnreachable = !subject.lead.isReachable
        record = RecordLink(view.rulebook.recordURL(of: subject.lead))
        earlierCase = subject.lead.earlierCase.flatMap { writer.link(to: $0, for: link.person, at: view.now) }
        self.nonce = nonce
        note = news.note
        choice = stance.choice(news)
        claimTime = stance.mayClaim ? view.rulebook.choice.claim.words : nil
        canRelease = stance.mayRelease
        colleagues = stance.colleagues.map { OptionChoice(id: $0.id.text, words: $0.name) }
        hasColleagues = !colleagues.isEmpty
        moreTime = stance.moreTime?.words
        undoUntil = stance.undoUntil.map { writer.time($0, for: link.person) }
        reasons = ClosingReason.rejections.map { OptionChoice(id: $0.rawValue, words: $0.words) }
        canReject = stance.mayDecide
        hasButtons = choice != nil || claimTime != nil || canRelease || canReject || undoUntil != nil
        history = story.lines(view.file.history)
        messages = story.messageLines(of: view.file)
        hasMessages = !messages.isEmpty
        zone = story.zone
    }
}
