// Several messages to one person as one: each lead is a line with its link, the most urgent first. All words of a digest
// stand here.

/// The words of digests.
public enum DigestWords {
    /// "7 leads for you".
    static func headline(_ count: Int) -> String { "\(count) leads for you" }

    /// Why they come together.
    static let reason =
        "They came within a short time, or while you had quiet hours, and are brought to you in one message."

    /// What came of a message that went along: "in a digest of 7: ok".
    public static func detail(_ count: Int, _ detail: String) -> String { "in a digest of \(count): \(detail)" }

    /// Why a message waits.
    public static let waits = "waits to go along with others in one message"
    /// Why a message waits.
    public static let quiet = "waits for the end of quiet hours"

    /// What a line asks of its reader, before the lead's title.
    static func mark(_ kind: MessageKind) -> String? {
        switch kind {
        case .decide: nil
        case .remind: "Reminder"
        case .warn: "Last call"
        case .escalate: "You are next"
        case .assigned: "Yours"
        case .settled: "Settled"
        case .reopened: "Open again"
        case .inquiry: "Asked again"
        case .withdrawn, .update, .freshLink, .alarm, .digest, .event, .test: nil
        }
    }
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
}

extension BriefingWriter {
    /// What `deliveries`, all to one person over one channel, say in one message; the first gives it its id. Of several
    /// about one lead the last counts.
    public func digest(of deliveries: [(delivery: Delivery, subject: LeadCase)]) -> Briefing? {
        guard let first = deliveries.first?.delivery else { return nil }
        var newest: [CaseID: (delivery: Delivery, subject: LeadCase)] = [:]
        var all: [CaseID: [DeliveryID]] = [:]
        for one in deliveries {
            all[one.subject.id, default: []].append(one.delivery.id)
            let known = newest[one.subject.id]?.delivery.sequence ?? -1
            if one.delivery.sequence ?? 0 >= known { newest[one.subject.id] = one }
        }
        let lines = Self.inOrder(Array(newest.values)).compactMap { line($0, standingFor: all[$0.subject.id] ?? []) }
        let id = DeliveryID("\(first.id).digest")
        let sentences = [DigestWords.reason]
        var briefing = Briefing(
            kind: .digest, reader: rulebook.name(first.person), caseID: first.caseID, deliveryID: id, threadID: id.text,
            startsThread: true, site: rulebook.site.name, headline: DigestWords.headline(lines.count),
            subject: DigestWords.headline(lines.count), facts: [], description: nil, sentences: sentences,
            suggestions: lines.map { Suggestion(name: $0.title, reason: $0.detail, link: $0.link) }, link: nil,
            linkLabel: "", recordURL: nil, ownPage: nil, createdAt: first.createdAt)
        briefing.digest = lines
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
        _ message: (delivery: Delivery, subject: LeadCase), standingFor deliveries: [DeliveryID]
    ) -> DigestLine? {
        let (delivery, subject) = message
        guard let link = link(of: delivery) else { return nil }
        let lead = subject.lead
        let mark = DigestWords.mark(delivery.kind).map { "\($0): " } ?? ""
        let title = [lead.subject ?? "a lead", (lead[.company] ?? lead.personName).map { "for \($0)" }]
            .compactMap(\.self).joined(separator: " ")
        let brief = lead[.company].map { "a lead for \($0)" } ?? "a lead"
        let detail = [
            due(subject, delivery.person), lead.money?.words ?? lead[.value], delivery.remark,
        ].compactMap(\.self).joined(separator: "; ")
        return DigestLine(
            caseID: subject.id, deliveries: deliveries, title: mark + title, briefTitle: mark + brief, detail: detail,
            briefDetail: due(subject, delivery.person) ?? "", link: link)
    }

    /// "choose by Mon 23 Nov 10:40 (America/Chicago)", or who has it.
    private func due(_ subject: LeadCase, _ reader: PersonID) -> String? {
        switch subject.state {
        case .waiting, .claimed: "choose by \(time(subject.ownerBy, for: reader))"
        case .assigned, .working, .closed: outcome(of: subject, for: reader).first
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
            link: link, linkLabel: linkLabel, recordURL: nil, ownPage: nil, createdAt: createdAt)
        briefing.digest = lines
        return briefing
    }
}
