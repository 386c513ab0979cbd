// An event as the JSON that a webhook gets: `type`, `timestamp` and `data`, by Standard Webhooks. Its shape is promised by
// config/webhook.schema.json, to which the tests hold it. Pure; it can't fail. Used by EventChannel.

import LeadCore

/// How much of a lead a channel shows.
enum Detail: String, Sendable, CaseIterable {
    /// Everything that messages of this kind have.
    case full
    /// Firm, place and link, and nothing of the person.
    case brief
}

/// The body of one event.
enum EventBody {
    /// The most bytes of a body.
    static let mostBytes = 20_000
    private static let mostText = 4_000
    /// The most bytes for what the lead's fields are called.
    private static let mostNames = 8_000
    /// A longer address is of no use to anybody.
    private static let longestURL = 2_000

    /// The body for `notice`; the lead's longest texts are cut until it is small enough. Fields are left out whose names
    /// alone would fill it: those that come last, and those with the longest names.
    static func bytes(for notice: EventNotice, recordURL: String?, detail: Detail) -> [UInt8] {
        var limit = mostText
        var bytes = json(notice, recordURL, detail, limit).bytes
        while bytes.count >= mostBytes, limit > 1 {
            limit /= 2
            bytes = json(notice, recordURL, detail, limit).bytes
        }
        return bytes
    }

    private static func json(_ notice: EventNotice, _ recordURL: String?, _ detail: Detail, _ limit: Int) -> JSON {
        let subject = notice.subject
        var data: [(String, JSON)] = [
            ("lead", .text(subject.id.text)), ("sequence", .number(notice.entry.sequence)),
            ("state", .text(subject.stateName.rawValue)), ("opened_at", time(subject.openedAt)), ("by", by(notice)),
            ("rep", subject.assignment.map { person($0.rep, notice) } ?? .null),
            ("next_step_at", subject.nextDeadline.map(time) ?? .null),
        ]
        data += members(of: notice, detail, limit)
        data.append(("fields", fields(subject.lead, detail, limit)))
        let url = recordURL.flatMap { detail == .full && $0.utf8.count <= longestURL ? $0 : nil }
        data.append(("record_url", url.map { .text($0) } ?? .null))
        return [
            "type": .text("lead.\(notice.name.rawValue)"), "timestamp": time(notice.entry.at), "data": .members(data),
        ]
    }

    /// What this event has beside what all have.
    private static func members(of notice: EventNotice, _ detail: Detail, _ limit: Int) -> [(String, JSON)] {
        func words(_ text: String?) -> JSON {
            detail == .full ? text.map { .text(CleanText.cut($0, to: limit) { $0.utf8.count }) } ?? .null : .null
        }
        switch notice.entry.event {
        case .notified(_, let people), .reminded(_, let people), .warned(_, let people):
            return [("people", .list(people.map { person($0, notice) }))]
        case .unreached(let one), .outOfReach(let one): return [("people", .list([person(one, notice)]))]
        case .claimed(let claim): return [("until", time(claim.until))]
        case .passedOn(let other, _, let comment):
            return [("people", .list([person(other, notice)])), ("note", words(comment))]
        case .postponed(_, let milliseconds): return [("seconds", .number(Int(milliseconds / 1000)))]
        case .assigned(let assignment):
            return [("mode", .text(assignment.mode.rawValue)), ("note", words(assignment.note))]
        case .reassigned(let assignment, let former):
            return [("former_rep", person(former, notice)), ("note", words(assignment.note))]
        case .undone(let assignment, _): return [("former_rep", person(assignment.rep, notice))]
        case .rejected(let closing), .closed(let closing):
            return [("reason", .text(closing.reason.rawValue)), ("note", words(closing.note))]
        case .opened(let opening): return [("policy", .text(opening.policy))]
        case .started, .claimExpired, .released, .passedOver, .skipped, .replanned, .linkRenewed, .deliveryFailed,
            .inquired, .separated, .enriched, .enricherRefused, .channelImpaired:
            return []
        }
    }

    private static let briefFields: Set<FieldName> = [
        .company, .city, .state, .country, .stateCode, .countryCode,
    ]

    private static func fields(_ lead: Lead, _ detail: Detail, _ limit: Int) -> JSON {
        var left = mostNames
        var fields: [(String, JSON)] = []
        for (field, value) in lead.shown where detail == .full || briefFields.contains(field) {
            let size = JSON.members([(field.text, .text(""))]).bytes.count
            guard size <= left else { continue }
            left -= size
            fields.append((field.text, .text(CleanText.cut(value.text, to: limit) { $0.utf8.count })))
        }
        return .members(fields)
    }

    private static func by(_ notice: EventNotice) -> JSON {
        switch notice.entry.actor {
        case .person(let id): ["kind": "person", "id": .text(id.text), "name": .text(notice.names[id] ?? id.text)]
        case .step(let index): ["kind": "step", "step": .number(index + 1)]
        case .intake: ["kind": "intake"]
        case .daemon: ["kind": "daemon"]
        }
    }

    private static func person(_ id: PersonID, _ notice: EventNotice) -> JSON {
        ["id": .text(id.text), "name": .text(notice.names[id] ?? id.text)]
    }

    private static func time(_ instant: Timestamp) -> JSON { .text(CivilTime(instant).rfc3339) }
}
