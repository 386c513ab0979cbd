// What one message says, in words for its reader, before any channel has dressed it. Channels lay it out and escape it;
// they add nothing and decide nothing, so that a card, a Slack message and a mail say the same.

import Foundation

/// One line of a message: a label and what is known.
public struct Fact: Sendable, Equatable {
    /// "Industry".
    public let label: String
    /// The value, or "unknown".
    public let text: String
    /// False when the text merely says that nothing is known.
    public let isKnown: Bool
    /// True when a brief message shows it too, since it says nothing of the person.
    public let isBrief: Bool

    /// A fact; nil text is shown as unknown.
    public init(_ label: String, _ text: String?, isBrief: Bool = false, unknown: String = "unknown") {
        self.label = label
        self.text = text ?? unknown
        isKnown = text != nil
        self.isBrief = isBrief
    }
}

/// A rep whom the message proposes.
public struct Suggestion: Sendable, Equatable {
    /// "Billy Moss".
    public let name: String
    /// Why, in one line, and what speaks against it.
    public let reason: String
    /// Opens the page with this rep first; nothing is chosen there.
    public let link: String

    /// A proposal.
    public init(name: String, reason: String, link: String) {
        self.name = name
        self.reason = reason
        self.link = link
    }
}

/// What one message says to one reader.
public struct Briefing: Sendable, Equatable {
    /// What the message is for.
    public let kind: MessageKind
    /// The reader's name.
    public let reader: String
    /// The case.
    public let caseID: CaseID
    /// The delivery: the same in every copy and attempt.
    public let deliveryID: DeliveryID
    /// The id of the mail that begins the reader's thread.
    public let threadID: String
    /// True for the mail that begins it.
    public let startsThread: Bool
    /// The site's name.
    public let site: String
    /// One line that says what this is: "New lead: fine-art for Acme Arts".
    public let headline: String
    /// One line, the same in all messages of the thread.
    public let subject: String
    /// Who, for what, firm, industry, source, place, urgency, value.
    public let facts: [Fact]
    /// The person's own words, nil when there are none.
    public let description: String?
    /// Sentences in order: why this reader, until when, what then, what happened, marks.
    public let sentences: [String]
    /// The first three of the ranking, where the reader is to choose.
    public internal(set) var suggestions: [Suggestion]
    /// The deep link; nil where there is nothing to open.
    public internal(set) var link: String?
    /// What the link is called: "Choose a rep".
    public let linkLabel: String
    /// The CRM's page of the lead.
    public let recordURL: String?
    /// The reader's own page; only where they have asked for it, since whoever has the link can say that they are away.
    public let ownPage: String?
    /// When the message was decided; a mail's Date.
    public let createdAt: Timestamp
    /// What is told to a program; nil in messages to people.
    public var event: EventNotice?
    /// The leads of a digest, which the suggestions show; nil in all other messages.
    public var digest: [DigestLine]?
    /// What the reader may choose in the message itself; nil where nothing is to be chosen there.
    public var offer: ChatOffer?
    /// Where the case stands, in a message that is kept up to date; nil in others.
    public var standing: Standing?
    /// Of the sentences those that a brief message shows too.
    public var briefSentences: [String] = []
    /// Of what it alarms operators; nil where that is a message's failure, and in others.
    var alarmCause: AlarmCause?
    /// The lead's firm, nil when it names none: all that a brief message calls the lead by.
    public var firm: String?
    /// The reader's account in Microsoft Teams, where they are to be notified of the message; nil where they aren't.
    public var mention: String?
    /// The texts that the message is made of; channels take their labels from them.
    public var phrases = Phrases.english
}

/// Writes briefings: the rulebook's names and zones and the keys that sign links.
public struct BriefingWriter: Sendable {
    /// The first `limit` reps for a lead as they are now, in words for the reader.
    public typealias Ranker = @Sendable (_ lead: Lead, _ reader: PersonID, _ limit: Int, _ phrases: Phrases) -> Ranking

    let rulebook: Rulebook
    private let keys: LinkKeys
    let ranker: Ranker?

    /// How many reps a message proposes.
    private static let proposed = 3

    /// A writer by `rulebook` whose links are signed by `keys`; without a `ranker` its messages propose nobody.
    public init(rulebook: Rulebook, keys: LinkKeys, ranker: Ranker? = nil) {
        self.rulebook = rulebook
        self.keys = keys
        self.ranker = ranker
    }

    /// What `delivery` says of `subject` as it stands. A mail names the reader's chat channels in `stopped`, and those that
    /// have failed for this case: whoever waits for chat is told not to. It belongs to `thread`; when that isn't given, to the
    /// one that mails have where each message goes by itself.
    public func briefing(
        of delivery: Delivery, about subject: LeadCase, stopped: Set<ChannelID> = [], thread: MailThread? = nil
    ) -> Briefing {
        briefing(of: delivery, about: subject, stopped: stopped, thread: thread, takesChoices: false)
    }

    /// The same for a channel that may take choices in the message itself.
    func briefing(
        of delivery: Delivery, about subject: LeadCase, stopped: Set<ChannelID> = [], thread: MailThread? = nil,
        takesChoices: Bool
    ) -> Briefing {
        let thread = thread ?? MailThread(of: delivery)
        let lead = subject.lead
        let phrases = rulebook.phrases(for: delivery.person, on: delivery.channel)
        let title = phrases.headlines.title(subject: lead.subject, firm: lead[.company] ?? lead.personName)
        let (link, elsewhere) = link(of: delivery, takesChoices: takesChoices, phrases)
        let standing =
            delivery.kind == .update ? standing(of: subject, for: delivery.person, in: phrases) : nil
        let (sentences, brief) = sentences(delivery, subject, standing, stopped, elsewhere, phrases)
        var briefing = Briefing(
            kind: delivery.kind, reader: rulebook.name(delivery.person), caseID: subject.id,
            deliveryID: delivery.id, threadID: thread.id, startsThread: thread.isBegun, site: rulebook.site.name,
            headline: headline(delivery, title, subject, standing, phrases), subject: phrases.headlines.subject(title),
            facts: facts(of: lead, forOwner: delivery.kind == .assigned, phrases),
            description: lead[.description], sentences: sentences,
            suggestions: suggestions(delivery, subject, link, phrases), link: link,
            linkLabel: linkLabel(delivery.kind, phrases.labels), recordURL: rulebook.recordURL(of: lead),
            ownPage: delivery.kind == .freshLink ? ownPage(of: delivery.person, at: delivery.createdAt) : nil,
            createdAt: delivery.createdAt, briefSentences: brief, firm: lead[.company], phrases: phrases)
        briefing.standing = standing
        briefing.alarmCause = alarmCause(of: delivery, subject)
        if delivery.kind.wantsNotice { briefing.mention = rulebook.person(delivery.person)?.teamsID }
        return briefing
    }

    /// A link to another case for `person`, who may choose; it works from `now` for the configured time.
    public func link(to id: CaseID, for person: PersonID, at now: Timestamp) -> String? {
        guard rulebook.person(person)?.isManager == true else { return nil }
        let link = Link(caseID: id, person: person, purpose: .decide, expires: now + rulebook.choice.linkLifetime)
        return "\(rulebook.site.url)/l/\(keys.token(for: link))"
    }

    /// What a program is told by `delivery`; nil when its entry is no event, or is gone.
    public func notice(of delivery: Delivery, in file: CaseFile) -> Briefing? {
        guard let sequence = delivery.sequence,
            let notice = EventNotice(sequence: sequence, in: file, by: rulebook)
        else { return nil }
        var briefing = briefing(of: delivery, about: notice.subject)
        briefing.event = notice
        return briefing
    }

    /// The link that `delivery` carries; it works from the message's creation for the configured time.
    public func link(of delivery: Delivery) -> String? {
        let purpose: LinkPurpose
        switch delivery.kind {
        case .decide, .remind, .warn, .escalate, .settled, .reopened, .update: purpose = .decide
        case .assigned: purpose = .follow
        case .freshLink, .inquiry: purpose = rulebook.person(delivery.person)?.isManager == true ? .decide : .follow
        case .withdrawn, .alarm, .digest, .event, .test: return nil
        }
        let link = Link(
            caseID: delivery.caseID, person: delivery.person, purpose: purpose,
            expires: delivery.createdAt + rulebook.choice.linkLifetime, entrance: delivery.entrance)
        return "\(rulebook.site.url)/l/\(keys.token(for: link))"
    }

    /// The link to `person`'s own page; it works from `now` for `lifetime`, the configured one unless told.
    public func ownPage(of person: PersonID, at now: Timestamp, for lifetime: Duration? = nil) -> String {
        let expires = now + (lifetime ?? rulebook.choice.linkLifetime)
        return "\(rulebook.site.url)/p/\(keys.token(for: .own(person, expires: expires)))"
    }

    private func headline(
        _ delivery: Delivery, _ title: String, _ subject: LeadCase, _ standing: Standing?, _ phrases: Phrases
    ) -> String {
        let headlines = phrases.headlines
        switch delivery.kind {
        case .decide: return headlines.decide(title)
        case .remind: return headlines.remind(title)
        case .warn: return headlines.warn(title, phrases.words(subject.ownerBy - delivery.createdAt))
        case .escalate: return headlines.escalate(title)
        case .assigned: return headlines.assigned(title)
        case .withdrawn: return headlines.withdrawn(title)
        case .settled:
            if case .closed = subject.state { return headlines.rejected(title) }
            let owner = subject.assignment.map { rulebook.name($0.rep) } ?? headlines.somebody()
            return headlines.settled(title, owner)
        case .reopened: return headlines.reopened(title)
        case .update: return standing?.headline(title, in: phrases) ?? title
        case .inquiry: return headlines.inquiry(title)
        case .freshLink: return headlines.freshLink(title)
        case .alarm:
            return alarmCause(of: delivery, subject).map { headlines.alarm($0, title) } ?? headlines.alarm(title)
        case .digest, .event, .test: return title
        }
    }

    private func facts(of lead: Lead, forOwner: Bool, _ phrases: Phrases) -> [Fact] {
        let labels = phrases.facts
        let unknown = labels.unknown()
        func fact(_ label: Phrase, _ text: String?, isBrief: Bool = false) -> Fact {
            Fact(label(), text, isBrief: isBrief, unknown: unknown)
        }
        let who = [lead.personName, lead[.title]].compactMap(\.self).joined(separator: ", ")
        var facts = [fact(labels.who, who.nonEmpty)]
        if forOwner { facts += [fact(labels.email, lead[.email]), fact(labels.phone, lead[.phone])] }
        return facts + [
            fact(labels.subject, lead.subject), fact(labels.firm, lead[.company], isBrief: true),
            fact(labels.industry, lead[.industry]), fact(labels.source, lead[.source]),
            fact(labels.place, lead.place, isBrief: true), fact(labels.urgency, lead[.urgency]),
            fact(labels.value, lead.money.map { phrases.words($0) } ?? lead[.value]),
        ]
    }

    private func suggestions(
        _ delivery: Delivery, _ subject: LeadCase, _ link: String?, _ phrases: Phrases
    ) -> [Suggestion] {
        let asks = delivery.kind == .update || MessageKind.asking.contains(delivery.kind)
        guard asks, let link, let ranker else { return [] }
        switch subject.state {
        case .assigned, .working, .closed: return []
        case .waiting, .claimed: break
        }
        let first = ranker(subject.lead, delivery.person, Self.proposed, phrases).entries
        return first.filter { $0.exclusion == nil }.map { rep in
            let reason = ([rep.summary] + rep.warnings).compactMap(\.nonEmpty).joined(separator: "; ")
            return Suggestion(name: rulebook.name(rep.person), reason: reason, link: "\(link)?rep=\(rep.person)")
        }
    }

    private func linkLabel(_ kind: MessageKind, _ labels: LabelPhrases) -> String {
        switch kind {
        case .decide, .remind, .warn, .escalate, .reopened: labels.choose()
        case .settled, .update, .assigned, .inquiry, .freshLink, .withdrawn, .alarm, .digest, .event, .test:
            labels.open()
        }
    }
}

extension MessageKind {
    /// Whether the reader is to look up: what merely says how a matter ended can wait.
    fileprivate var wantsNotice: Bool {
        switch self {
        case .decide, .remind, .warn, .escalate, .assigned, .withdrawn, .reopened, .inquiry, .freshLink, .alarm,
            .digest,
            .test:
            true
        case .settled, .update, .event: false
        }
    }
}
