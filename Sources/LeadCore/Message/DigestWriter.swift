// Several messages to one person as one: each lead is a line with its link, the most urgent first.

/// What outcomes and waiting messages say of digests, to whoever runs the program.
public enum DigestWords {
    /// What came of a message that went along: "in a digest of 7: ok".
    public static func detail(_ count: Int, _ detail: String) -> String { "in a digest of \(count): \(detail)" }

    /// Why a message waits.
    public static let waits = "waits to go along with others in one message"
    /// Why a message waits.
    public static let quiet = "waits for the end of quiet hours"
}

/// One lead of a digest.
public struct DigestLine: Sendable, Equatable {
    /// The lead's case.
    public let caseID: CaseID
    /// The messages that it stands for, of which it tells the newest.
    public let deliveries: [DeliveryID]
    /// "Reminder: fine-art for Acme Arts".
    public let title: String
    /// The same without anything of the person.
    public let briefTitle: String
    /// Until when to choose, and what the lead is worth.
    public let detail: String
    /// The same without anything that somebody wrote.
    public let briefDetail: String
    /// Opens the lead.
    public let link: String

    /// The same with nothing but what a brief message shows.
    var bare: DigestLine {
        DigestLine(
            caseID: caseID, deliveries: deliveries, title: briefTitle, briefTitle: briefTitle, detail: briefDetail,
            briefDetail: briefDetail, link: link)
    }
}

extension BriefingWriter {
    /// What `deliveries`, all to one person over one channel, say in one message; the first gives it its id. Of several
    /// about one lead the last counts. A mail names the reader's chat channels in `stopped`, and those that have failed. Nil
    /// where none of them has a lead to open, as a line has.
    public func digest(
        of deliveries: [(delivery: Delivery, subject: LeadCase)], stopped: Set<ChannelID> = []
    ) -> Briefing? {
        guard let first = deliveries.first?.delivery else { return nil }
        var newest: [CaseID: (delivery: Delivery, subject: LeadCase)] = [:]
        var all: [CaseID: [DeliveryID]] = [:]
        for one in deliveries {
            all[one.subject.id, default: []].append(one.delivery.id)
            let known = newest[one.subject.id]?.delivery.sequence ?? -1
            if one.delivery.sequence ?? 0 >= known { newest[one.subject.id] = one }
        }
        let phrases = rulebook.phrases(for: first.person, on: first.channel)
        let lines = Self.inOrder(Array(newest.values)).compactMap {
            line($0, standingFor: all[$0.subject.id] ?? [], phrases)
        }
        guard !lines.isEmpty else { return nil }
        let failures = Set(newest.values.flatMap(\.subject.failures))
        let silence = silence(first, failures: failures, stopped, phrases)
        let id = DeliveryID("\(first.id).digest")
        let headline = phrases.digests.headline(lines.count)
        var briefing = Briefing(
            kind: .digest, reader: rulebook.name(first.person), caseID: first.caseID, deliveryID: id, threadID: id.text,
            startsThread: true, site: rulebook.site.name, headline: headline, subject: headline, facts: [],
            description: nil, sentences: [phrases.digests.reason(), silence].compactMap(\.self),
            suggestions: lines.map { Suggestion(name: $0.title, reason: $0.detail, link: $0.link) }, link: nil,
            linkLabel: "", recordURL: nil, ownPage: nil, createdAt: first.createdAt, phrases: phrases)
        briefing.digest = lines
        briefing.mention = rulebook.person(first.person)?.teamsID
        return briefing
    }

    /// By the time until somebody has to have chosen, then the more valuable first, then the older.
    static func inOrder(_ messages: [(delivery: Delivery, subject: LeadCase)]) -> [(
        delivery: Delivery, subject: LeadCase
    )] {
        let keyed = messages.map { one in
            (
                due: one.subject.nextDeadline == nil ? nil : one.subject.ownerBy,
                value: one.subject.lead.money?.amount ?? 0,
                at: one.subject.openedAt, one: one
            )
        }
        return keyed.sorted { left, right in
            if left.due != right.due {
                // What has an owner already can wait.
                guard let first = left.due, let second = right.due else { return left.due != nil }
                return first < second
            }
            if left.value != right.value { return left.value > right.value }
            return (left.at, left.one.subject.id) < (right.at, right.one.subject.id)
        }.map(\.one)
    }

    private func line(
        _ message: (delivery: Delivery, subject: LeadCase), standingFor deliveries: [DeliveryID], _ phrases: Phrases
    ) -> DigestLine? {
        let (delivery, subject) = message
        guard let link = link(of: delivery) else { return nil }
        let lead = subject.lead
        let (texts, headlines) = (phrases.digests, phrases.headlines)
        let due = due(subject, delivery.person, phrases)
        let detail = [due, lead.money.map { phrases.words($0) } ?? lead[.value], delivery.remark]
            .compactMap { $0?.nonEmpty }.joined(separator: "; ")
        let title = headlines.title(subject: lead.subject, firm: lead[.company] ?? lead.personName)
        let brief = headlines.title(subject: nil, firm: lead[.company])
        return DigestLine(
            caseID: subject.id, deliveries: deliveries, title: texts.line(delivery.kind, title),
            briefTitle: texts.line(delivery.kind, brief), detail: detail, briefDetail: due ?? "", link: link)
    }

    /// "choose by Mon 23 Nov 10:40 (America/Chicago)", or who has it.
    private func due(_ subject: LeadCase, _ reader: PersonID, _ phrases: Phrases) -> String? {
        switch subject.state {
        case .waiting, .claimed: phrases.digests.due(time(subject.ownerBy, for: reader, in: phrases))
        case .assigned, .working, .closed:
            // More may follow in the same line.
            outcome(of: subject, for: reader, in: phrases).first?.unstopped
        }
    }
}

extension Briefing {
    /// A digest with firms and links, and nothing of the people who asked.
    func brief(_ lines: [DigestLine]) -> Briefing {
        var briefing = Briefing(
            kind: kind, reader: reader, caseID: caseID, deliveryID: deliveryID, threadID: threadID,
            startsThread: startsThread, site: site, headline: headline, subject: subject, facts: [], description: nil,
            sentences: sentences,
            suggestions: lines.map { Suggestion(name: $0.briefTitle, reason: $0.briefDetail, link: $0.link) },
            link: link, linkLabel: linkLabel, recordURL: nil, ownPage: nil, createdAt: createdAt,
            phrases: phrases)
        briefing.digest = lines.map(\.bare)
        briefing.mention = mention
        return briefing
    }
}
