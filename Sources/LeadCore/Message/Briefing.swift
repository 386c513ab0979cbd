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

    /// A fact; nil text is shown as unknown.
    public init(_ label: String, _ text: String?) {
        self.label = label
        self.text = text ?? "unknown"
        isKnown = text != nil
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
    /// The case and the reader: what a mail client threads by.
    public let threadID: String
    /// True for the message that begins the reader's thread.
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
}

extension Briefing {
    /// The same with the lead's firm, place and links, and nothing of the person: no name, no words of theirs, and no
    /// sentence that might repeat some.
    public var brief: Briefing {
        guard kind != .test else { return self }
        if let digest { return brief(digest) }
        let kept: Set<String> = ["Firm", "Place"]
        let firm = facts.first { $0.label == "Firm" && $0.isKnown }?.text
        let title = firm.map { "a lead for \($0)" } ?? "a lead"
        // Deadlines and what speaks of channels are ours and name nobody but colleagues.
        let safe = sentences.filter { $0.hasPrefix("Choose by ") || $0.hasSuffix("so rely on this mail.") }
        let words =
            switch kind {
            case .decide: "New lead"
            case .remind: "Reminder, nobody has chosen yet"
            case .warn: "Last call"
            case .escalate: "Nobody has chosen yet, you are next"
            case .assigned: "Your lead"
            case .withdrawn: "No longer yours"
            case .settled: "Settled"
            case .reopened: "Open again"
            case .update: "Lead"
            case .inquiry: "Asked again"
            case .freshLink: "Your fresh link"
            case .alarm: "A message was not delivered"
            case .digest, .event, .test: "Lead"
            }
        var brief = Briefing(
            kind: kind, reader: reader, caseID: caseID, deliveryID: deliveryID, threadID: threadID,
            startsThread: startsThread, site: site, headline: standing?.headline(title) ?? "\(words): \(title)",
            subject: "Lead: \(title)", facts: facts.filter { kept.contains($0.label) }, description: nil,
            sentences: (standing?.sentence.map { [$0] } ?? []) + safe, suggestions: [],
            link: link, linkLabel: linkLabel, recordURL: nil, ownPage: nil, createdAt: createdAt)
        brief.offer = offer?.bare
        brief.standing = standing
        return brief
    }

    /// A message that tries a channel out, and says so.
    public static func test(for person: Person, on channel: ChannelID, site: Site, at now: Timestamp)
        -> Briefing
    {
        let id = "test.\(now.milliseconds).test.\(person.id).\(channel)"
        return Briefing(
            kind: .test, reader: person.name, caseID: "test", deliveryID: DeliveryID(id), threadID: id,
            startsThread: true, site: site.name, headline: "This is a test of the channel \(channel)",
            subject: "Test of the channel \(channel)",
            facts: [Fact("For", person.name), Fact("Channel", channel.text)], description: nil,
            sentences: [
                "Somebody has run leadbell test-channel. There is no lead, and nothing to do.",
                "If you read this, messages about leads reach you here.",
            ],
            suggestions: [], link: nil, linkLabel: "", recordURL: nil, ownPage: nil, createdAt: now)
    }
}

/// Writes briefings: the rulebook's names and zones and the keys that sign links.
public struct BriefingWriter: Sendable {
    /// The first `limit` reps for a lead as they are now, in words for the reader.
    public typealias Ranker = @Sendable (_ lead: Lead, _ reader: PersonID, _ limit: Int) -> Ranking

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
    /// have failed for this case: whoever waits for chat is told not to.
    public func briefing(
        of delivery: Delivery, about subject: LeadCase, stopped: Set<ChannelID> = []
    ) -> Briefing {
        let lead = subject.lead
        let title = [lead.subject ?? "a lead", (lead[.company] ?? lead.personName).map { "for \($0)" }]
            .compactMap(\.self).joined(separator: " ")
        let link = link(of: delivery)
        return Briefing(
            kind: delivery.kind, reader: rulebook.name(delivery.person), caseID: subject.id,
            deliveryID: delivery.id, threadID: thread(of: delivery),
            startsThread: startsThread(delivery), site: rulebook.site.name,
            headline: headline(delivery, title, subject), subject: "Lead: \(title)",
            facts: facts(of: lead, forOwner: delivery.kind == .assigned),
            description: lead[.description],
            sentences: sentences(delivery, subject) + silence(delivery, subject, stopped),
            suggestions: suggestions(delivery, subject, link), link: link,
            linkLabel: linkLabel(delivery.kind), recordURL: rulebook.recordURL(of: lead),
            ownPage: delivery.kind == .freshLink ? ownPage(of: delivery.person, at: delivery.createdAt) : nil,
            createdAt: delivery.createdAt)
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
            expires: delivery.createdAt + rulebook.choice.linkLifetime)
        return "\(rulebook.site.url)/l/\(keys.token(for: link))"
    }

    /// The link to `person`'s own page; it works from `now` for `lifetime`, the configured one unless told.
    public func ownPage(of person: PersonID, at now: Timestamp, for lifetime: Duration? = nil) -> String {
        let expires = now + (lifetime ?? rulebook.choice.linkLifetime)
        return "\(rulebook.site.url)/p/\(keys.token(for: .own(person, expires: expires)))"
    }

    /// A handover begins a thread of its own, because a rep may be given the same lead twice, and a mail's id is used
    /// once.
    private func thread(of delivery: Delivery) -> String {
        delivery.kind == .assigned ? delivery.id.text : "\(delivery.caseID).\(delivery.person)"
    }

    /// A choice that is passed on may come to somebody a second time, so its mail has an id of its own.
    private func startsThread(_ delivery: Delivery) -> Bool {
        switch delivery.kind {
        case .decide: delivery.remark == nil
        default: [.escalate, .assigned].contains(delivery.kind)
        }
    }

    private func headline(_ delivery: Delivery, _ title: String, _ subject: LeadCase) -> String {
        switch delivery.kind {
        case .decide: return "New lead: \(title)"
        case .remind: return "Reminder, nobody has chosen yet: \(title)"
        case .warn: return "Last call, \((subject.ownerBy - delivery.createdAt).words) left: \(title)"
        case .escalate: return "Nobody has chosen yet, you are next: \(title)"
        case .assigned: return "Your lead: \(title)"
        case .withdrawn: return "No longer yours: \(title)"
        case .settled:
            if case .closed = subject.state { return "Rejected: \(title)" }
            let owner = subject.assignment.map { rulebook.name($0.rep) } ?? "a rep"
            return "Settled, \(owner) has it: \(title)"
        case .reopened: return "Open again, the choice was taken back: \(title)"
        case .update: return standing(of: subject, for: delivery.person).headline(title)
        case .inquiry: return "Asked again: \(title)"
        case .freshLink: return "Your fresh link: \(title)"
        case .alarm: return "A message was not delivered: \(title)"
        case .digest, .event: return title
        case .test: return "This is a test: \(title)"
        }
    }

    private func facts(of lead: Lead, forOwner: Bool) -> [Fact] {
        let who = [lead.personName, lead[.title]].compactMap(\.self).joined(separator: ", ")
        var facts = [Fact("Who", who.nonEmpty)]
        if forOwner { facts += [Fact("E-mail", lead[.email]), Fact("Phone", lead[.phone])] }
        return facts + [
            Fact("For what", lead.subject), Fact("Firm", lead[.company]), Fact("Industry", lead[.industry]),
            Fact("Source", lead[.source]), Fact("Place", lead.place), Fact("Urgency", lead[.urgency]),
            Fact("Value", lead.money?.words ?? lead[.value]),
        ]
    }

    private func sentences(_ delivery: Delivery, _ subject: LeadCase) -> [String] {
        var sentences = passedOver(delivery, subject)
        switch delivery.kind {
        case .decide:
            sentences.append(delivery.remark ?? "You choose because \(subject.opening.reason).")
        case .remind:
            sentences.append("You were asked because \(subject.opening.reason).")
        case .warn:
            let able = subject.told.map(rulebook.name).joined(separator: ", ")
            sentences.append("Nobody has chosen since \(time(subject.openedAt, for: delivery.person)).")
            sentences.append("Who can still choose: \(able).")
        case .escalate:
            let asked = subject.told.filter { $0 != delivery.person }.map(rulebook.name)
            let names = asked.joined(separator: ", ").nonEmpty ?? "Nobody"
            let since = time(subject.openedAt, for: delivery.person)
            let verb = asked.count > 1 ? "have" : "has"
            sentences.append("\(names) \(verb) not chosen since \(since), so you are asked too.")
        case .assigned, .settled, .withdrawn:
            sentences.append(contentsOf: outcome(of: subject, for: delivery.person))
            if sentences.isEmpty { sentences.append("The choice was taken back, and nobody has the lead now.") }
        case .reopened: sentences.append("The choice was taken back, so the lead waits for one again.")
        case .update: sentences += standing(of: subject, for: delivery.person).sentences
        case .inquiry:
            sentences.append("The same person or firm has asked again, and the inquiry joined this lead.")
            if let remark = delivery.remark { sentences.append(remark) }
            sentences.append(contentsOf: outcome(of: subject, for: delivery.person))
        case .freshLink: sentences.append("You asked for a fresh link; earlier ones of this lead may no longer work.")
        case .alarm: sentences.append(delivery.remark ?? "A message could not be delivered.")
        case .digest, .event: break
        case .test: sentences.append("This is a test.")
        }
        if let deadline = deadline(of: subject, for: delivery.person) { sentences.append(deadline) }
        if !subject.lead.isReachable { sentences.append("The lead gives neither e-mail nor phone.") }
        return sentences
    }

    /// "teams takes no messages for you at the moment, so rely on this mail."
    private func silence(_ delivery: Delivery, _ subject: LeadCase, _ stopped: Set<ChannelID>)
        -> [String]
    {
        guard !stopped.isEmpty || !subject.failures.isEmpty,
            rulebook.channels[delivery.channel]?.isMail == true
        else {
            return []
        }
        // Messages are called CASE.SEQUENCE.KIND.PERSON.CHANNEL.
        let failed = subject.failures.map { $0.text.split(separator: ".") }.filter { $0.count == 5 }
        let silent = (rulebook.person(delivery.person)?.reach ?? []).map(\.channel).filter { channel in
            guard rulebook.channels[channel]?.isMail == false else { return false }
            return stopped.contains(channel)
                || failed.contains { $0[3] == delivery.person.text && $0[4] == channel.text }
        }
        guard !silent.isEmpty else { return [] }
        let names = silent.map(\.text).joined(separator: " and ")
        let verb = silent.count > 1 ? "take" : "takes"
        return ["\(names) \(verb) no messages for you at the moment, so rely on this mail."]
    }

    private func suggestions(_ delivery: Delivery, _ subject: LeadCase, _ link: String?) -> [Suggestion] {
        let asks = delivery.kind == .update || MessageKind.asking.contains(delivery.kind)
        guard asks, let link, let ranker else { return [] }
        switch subject.state {
        case .assigned, .working, .closed: return []
        case .waiting, .claimed: break
        }
        let first = ranker(subject.lead, delivery.person, Self.proposed).entries
        return first.filter { $0.exclusion == nil }.map { rep in
            let reason = ([rep.summary] + rep.warnings).compactMap(\.nonEmpty).joined(separator: "; ")
            return Suggestion(name: rulebook.name(rep.person), reason: reason, link: "\(link)?rep=\(rep.person)")
        }
    }

    /// "Dana Whitfield is away until Mon 30 Nov 09:00 (America/Chicago); you are next."
    private func passedOver(_ delivery: Delivery, _ subject: LeadCase) -> [String] {
        guard [.decide, .escalate, .assigned].contains(delivery.kind) else { return [] }
        return subject.passedOver.filter { $0.to == delivery.person }.map { who in
            let why = who.isAway ? "away" : "off duty"
            let until = time(who.until, for: delivery.person)
            return "\(rulebook.name(who.person)) is \(why) until \(until); you are next."
        }
    }

    /// "Choose by Mon 23 Nov 10:40 (America/Chicago); after that Jane Ortiz gets the lead."; nil once settled.
    ///
    /// A deadline in working time explains itself: "…: 1 h of working time, closed Fri 20 Nov 17:30 – Mon 23 Nov 09:00".
    public func deadline(of subject: LeadCase, for reader: PersonID) -> String? {
        switch subject.state {
        case .assigned, .working, .closed: return nil
        case .waiting, .claimed:
            let due = time(subject.ownerBy, for: reader)
            let owner = subject.fallsToBest ? "whoever fits best" : subject.fallback.map(rulebook.name)
            let then = owner.map { "; after that \($0) gets the lead" } ?? ""
            let more = subject.postponedBy.map { ", with the time for which \(rulebook.name($0)) asked" } ?? ""
            return "Choose by \(due)\(explanation(of: subject, for: reader))\(more)\(then)."
        }
    }

    /// Nothing when the plan counts around the clock from the beginning.
    private func explanation(of subject: LeadCase, for reader: PersonID) -> String {
        let zone = rulebook.person(reader)?.timeZone ?? .gmt
        let start = subject.opening.begins ?? subject.openedAt
        let counted = subject.opening.begins.map {
            " from \(CivilTime($0, in: zone).words), when somebody works again"
        }
        let planned = subject.ownerBy - subject.delay
        guard let closures = subject.opening.closures else {
            return counted.map { ": \((planned - start).words)\($0)" } ?? ""
        }
        let closed = closures.reduce(Duration.zero) { $0 + ($1.until - $1.from) }
        let shown = closures.prefix(3).map { closure in
            let until = CivilTime(closure.until, in: zone).words
            // Of a closure in which the lead came in only the end matters.
            let from = CivilTime(closure.from, in: zone).words
            let span = closure.from == start ? "until \(until)" : "\(from) – \(until)"
            return closure.holidays.isEmpty ? span : "\(span) (\(closure.holidays.joined(separator: ", ")))"
        }
        let more = closures.count > shown.count ? " and \(closures.count - shown.count) times more" : ""
        let list = shown.isEmpty ? "" : ", closed \(shown.joined(separator: ", "))\(more)"
        return ": \((planned - start - closed).words) of working time\(counted ?? "")\(list)"
    }

    /// Who has the lead or who rejected it, since when and by whom; empty while undecided.
    public func outcome(of subject: LeadCase, for reader: PersonID) -> [String] {
        if case .closed(let closing) = subject.state {
            let verb = closing.reason == .done ? "closed" : "rejected"
            let base = "\(rulebook.name(closing.by)) \(verb) it at \(time(closing.at, for: reader))"
            return ["\(base): \(closing.reason.words)."] + (closing.note.map { ["Note: \($0)"] } ?? [])
        }
        guard let assignment = subject.assignment else { return [] }
        let rep = assignment.rep == reader ? "You have" : "\(rulebook.name(assignment.rep)) has"
        let giver =
            switch assignment.by {
            case .person(let id): id == reader ? "chosen by you" : "chosen by \(rulebook.name(id))"
            case .step where assignment.mode == .unreached: "because nobody who was asked could be reached"
            case .step: "because nobody chose in time"
            case .intake, .daemon: "by rule"
            }
        let sentence = "\(rep) the lead since \(time(assignment.at, for: reader)), \(giver)."
        return [sentence] + (assignment.note.map { ["Note: \($0)"] } ?? [])
    }

    /// An instant in the reader's zone: `Mon 23 Nov 10:40 (America/Chicago)`.
    public func time(_ instant: Timestamp, for reader: PersonID) -> String {
        let zone = rulebook.person(reader)?.timeZone ?? .gmt
        let name = zone.identifier == "GMT" ? "UTC" : zone.identifier
        return "\(CivilTime(instant, in: zone).words) (\(name))"
    }

    private func linkLabel(_ kind: MessageKind) -> String {
        switch kind {
        case .decide, .remind, .warn, .escalate, .reopened: "Choose who takes it"
        case .settled, .update, .assigned, .inquiry, .freshLink, .withdrawn, .alarm, .digest, .event, .test:
            "Open the lead"
        }
    }
}
