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

    /// Nothing to say.
    static let none = PageNews()
}

/// Where the case stands, in a few words and a colour.
struct Status: Sendable, Equatable {
    let text: String
    /// A class of the style sheet: `wait`, `good`, `idle`.
    let tone: String
}

/// A rep as one of the choices.
struct RepChoice: Sendable, Equatable {
    let id: String
    let name: String
    let skills: [Skill]
    /// "3 of 8 leads", "5 of 5, full", "2 open".
    let load: String
    let isFull: Bool
    /// How full the bar is, in percent; nil without a capacity.
    let fill: Int?

    /// A skill, and whether the lead asks for it.
    struct Skill: Sendable, Equatable {
        let name: String
        let isAskedFor: Bool
    }

    init(_ rep: RepView, lead: Lead) {
        id = rep.person.text
        name = rep.name
        let wanted = [FieldName.projectType, .product, .industry].compactMap { lead[$0]?.lowercased() }
        skills = rep.skills.map { Skill(name: $0, isAskedFor: wanted.contains($0.lowercased())) }
        let count = { (number: Int) in number == 1 ? "1 lead" : "\(number) leads" }
        if let capacity = rep.capacity {
            isFull = rep.openLoad >= capacity
            load = isFull ? "\(rep.openLoad) of \(capacity), full" : "\(rep.openLoad) of \(count(capacity))"
            fill = capacity > 0 ? min(100, max(0, rep.openLoad * 100 / capacity)) : 100
        } else {
            load = rep.openLoad == 0 ? "no open leads" : "\(rep.openLoad) open"
            isFull = false
            fill = nil
        }
    }
}

/// The form that gives the lead to a rep.
struct ChoiceFields: Sendable, Equatable {
    /// `assign` or `reassign`.
    let action: String
    let legend: String
    let button: String
    /// The rep from whom the lead is taken.
    let from: String?
    let reps: [RepChoice]
    /// True when the form is folded away, because the lead has an owner and most readers only want to know whom.
    let isFolded: Bool
    /// True when the folded form is shown open.
    var isOpen = false
}

/// A reason for a rejection.
struct ReasonChoice: Sendable, Equatable {
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
    let nonce: String
    let note: String
    let longestNote = Choice.longestNote
    let choice: ChoiceFields?
    let claimTime: String?
    let canRelease: Bool
    let reasons: [ReasonChoice]
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
        details = words.details
        gaps = words.gaps
        isUnreachable = !subject.lead.isReachable
        record = RecordLink(view.rulebook.recordURL(of: subject.lead))
        self.nonce = nonce
        note = news.note
        var choice = stance.choice
        choice?.isOpen = news.alert != nil
        self.choice = choice
        claimTime = stance.mayClaim ? view.rulebook.choice.claim.words : nil
        canRelease = stance.mayRelease
        reasons = ClosingReason.rejections.map { ReasonChoice(id: $0.rawValue, words: $0.words) }
        canReject = stance.mayDecide
        hasButtons = choice != nil || claimTime != nil || canRelease || canReject
        history = story.lines(view.file.history)
        messages = story.lines(view.file.deliveries)
        hasMessages = !messages.isEmpty
        zone = story.zone
    }
}
