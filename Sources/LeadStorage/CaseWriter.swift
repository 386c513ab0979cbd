// Writes transitions: the case's row by compare-and-set on its version, then history, cancellations and new messages.
// All of it runs on the writing connection within a transaction that `WriteQueue` has opened. A transition that loses
// the race writes nothing; a fault undoes all of it.

import GRDB
import LeadCore

/// A transition with its texts, made before the queue so that the connection does nothing but write.
struct PreparedTransition: Sendable {
    let transition: Transition
    let title: String
    /// Only for a case that is being opened.
    let lead: String?
    /// The lead with what enrichers said late; nil when they said nothing.
    let enlarged: String?
    let entries: [(actor: String, event: String)]
    /// Under which keys the case can be found as one of the same person; of the lead, and of each inquiry that joins.
    let likenesses: [Int64]
    /// Inquiries that join the case: their keys, their ids, and what they say.
    let inquiries: [(key: String, id: String, lead: String)]
    /// Inquiries that leave it.
    let separated: [String]

    /// Encodes what `transition` will write; fails when it isn't one story.
    init(_ transition: Transition, findsAlike: Bool) throws(StoreFailure) {
        let result = transition.result
        let first = transition.expected + 1
        guard first <= result.version, transition.entries.map(\.sequence) == Array(first...result.version),
            transition.deliveries.allSatisfy({ $0.caseID == result.id })
        else { throw .contradiction(result.id) }
        self.transition = transition
        title = result.lead.caseTitle
        lead = transition.expected == 0 ? Stored.text(result.lead) : nil
        var likenesses = findsAlike && lead != nil ? Likeness(result.lead).keys : []
        var inquiries: [(key: String, id: String, lead: String)] = []
        var separated: [String] = []
        var isEnlarged = false
        for entry in transition.entries {
            switch entry.event {
            case .inquired(let inquiry):
                inquiries.append((inquiry.key.text, inquiry.key.caseID.text, Stored.text(inquiry.lead)))
                if findsAlike { likenesses += Likeness(inquiry.lead).keys }
            case .separated(let key): separated.append(key.text)
            case .enriched(_, let additions, _): isEnlarged = isEnlarged || !additions.isEmpty
            default: continue
            }
        }
        enlarged = isEnlarged ? Stored.text(result.lead) : nil
        // Even while nobody is looked for: the index is not filled again with cases that it has.
        if isEnlarged { likenesses += Likeness(result.lead).keys }
        self.likenesses = likenesses
        self.inquiries = inquiries
        self.separated = separated
        entries = transition.entries.map { entry in
            (actor: Stored.text(entry.actor), event: Stored.text(entry.event))
        }
    }
}

/// The statements of the write path on one connection.
struct CaseWriter {
    private let open: Query
    private let move: Query
    private let enter: Query
    private let cancel: Query
    private let send: Query
    private let resemble: Query
    private let db: Database

    init(_ db: Database) throws {
        self.db = db
        resemble = try Query(db, LikenessSQL.add)
        open = try Query(db, Self.openSQL)
        move = try Query(db, Self.moveSQL)
        enter = try Query(db, Self.enterSQL)
        cancel = try Query(db, Self.cancelSQL)
        send = try Query(db, Self.sendSQL)
    }

    /// Writes `prepared` whole, or nothing of it when the case has moved on or exists already.
    func apply(_ prepared: PreparedTransition, birth: BirthLease?) throws -> ApplyResult {
        let transition = prepared.transition
        // A copy of the record may have come in by other rules meanwhile, and have its case or be an inquiry already.
        for inquiry in prepared.inquiries {
            let isRecorded = try Query(db, LikenessSQL.isRecorded).first(inquiry.key) { _ in true } ?? false
            guard !isRecorded else { return .duplicate }
        }
        guard let number = try write(prepared) else { return transition.expected == 0 ? .duplicate : .stale }
        let id = transition.result.id.text
        for (entry, texts) in zip(transition.entries, prepared.entries) {
            try enter.run(
                number, entry.sequence, id, entry.at.milliseconds, texts.actor, texts.event, entry.entrance?.text)
        }
        let now = transition.entries.last?.at.milliseconds ?? 0
        for kind in transition.cancels { try cancel.run(now, Stored.overtaken, number, kind.rawValue) }
        for delivery in transition.deliveries { try insert(delivery, number, birth?.lease(of: delivery)) }
        for key in prepared.likenesses { try resemble.run(key, number) }
        for inquiry in prepared.inquiries {
            try Query(db, LikenessSQL.join).run(inquiry.key, inquiry.id, number, inquiry.lead, now)
        }
        for key in prepared.separated { try Query(db, LikenessSQL.separate).run(key) }
        if let lead = prepared.enlarged {
            try Query(db, Self.retitleSQL).run(prepared.title, number)
            try Query(db, LikenessSQL.enlarge).run(number, lead)
        }
        return .applied
    }

    /// Writes the case's row and says which it is; nil when there is one already or the version is another.
    private func write(_ prepared: PreparedTransition) throws -> Int64? {
        let result = prepared.transition.result
        let id = result.id.text
        let state = result.stateName.rawValue
        let rep = result.assignment?.rep.text
        let deadline = result.nextDeadline?.milliseconds
        let given = prepared.transition.entries.last { $0.event.assignment != nil || $0.event.isUndoing }
        let givenTo = given?.event.assignment?.rep.text
        let givenAt = given?.event.assignment == nil ? nil : given?.at.milliseconds
        let isGiven = given == nil ? 0 : 1
        guard let lead = prepared.lead else {
            return try move.number(
                result.version, state, rep, deadline, isGiven, givenTo, isGiven, givenAt, id,
                prepared.transition.expected)
        }
        let isNew =
            try open.run(
                id, result.key.text, result.version, state, prepared.title, rep, result.openedAt.milliseconds, deadline,
                givenTo, givenAt, result.opening.turn?.text, lead) == 1
        return isNew ? db.lastInsertedRowID : nil
    }

    /// One id is one message: a person who is listed twice is told once.
    private func insert(_ delivery: Delivery, _ number: Int64, _ lease: Lease?) throws {
        let created = delivery.createdAt.milliseconds
        if delivery.kind == .event { return try insertEvent(delivery, number) }
        try send.run(
            number, delivery.id.text, delivery.caseID.text, delivery.person.text, delivery.channel.text,
            delivery.lane.text, delivery.kind.rawValue, created, delivery.remark,
            (lease == nil ? DeliveryState.pending : .sending).rawValue, lease == nil ? 0 : 1,
            lease == nil ? created : nil, lease?.owner.text, lease?.until.milliseconds, created)
    }
}

extension CaseWriter {
    /// Events of a case reach a channel one after the other, so one is born pending and without a lease, due at once or,
    /// while another is unsent, in a time that its end brings forward.
    private func insertEvent(_ delivery: Delivery, _ number: Int64) throws {
        let created = delivery.createdAt.milliseconds
        let isFirst = try Query(db, EventOrder.waitingSQL).first(number, delivery.channel.text) { _ in true } == nil
        try send.run(
            number, delivery.id.text, delivery.caseID.text, delivery.person.text, delivery.channel.text,
            delivery.lane.text, delivery.kind.rawValue, created, delivery.remark, DeliveryState.pending.rawValue, 0,
            isFirst ? created : EventOrder.never, nil as String?, nil as Int64?, created)
    }
}

/// The order of a case's events on one channel.
enum EventOrder {
    /// When an event is due that waits for the one before: 31 December 9999.
    static let never: Int64 = 253_402_214_400_000

    static let waitingSQL = """
        SELECT 1 FROM deliveries WHERE case_number = ? AND channel = ? AND kind = 'event'
            AND state IN ('pending', 'sending', 'deferred', 'held') LIMIT 1
        """
    /// Lets the next one go.
    static let nextSQL = """
        UPDATE deliveries SET next_attempt = ?1 WHERE number = (
            SELECT min(number) FROM deliveries
            WHERE case_number = (SELECT number FROM cases WHERE id = ?2) AND channel = ?3 AND kind = 'event'
                AND state IN ('pending', 'sending', 'deferred', 'held'))
            AND state = 'pending' AND next_attempt = \(never)
        """
}

extension CaseWriter {
    // MARK: Statements

    static let openSQL = """
        INSERT INTO cases (id, intake_key, version, state, title, rep, opened_at, next_deadline, given_to, given_at, turn,
            lead)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12
        WHERE NOT EXISTS (SELECT 1 FROM inquiries WHERE intake_key = ?2) ON CONFLICT DO NOTHING
        """
    static let moveSQL = """
        UPDATE cases SET version = ?, state = ?, rep = ?, next_deadline = ?, given_to = iif(?, ?, given_to),
            given_at = iif(?, ?, given_at)
        WHERE id = ? AND version = ? RETURNING number
        """
    static let retitleSQL = "UPDATE cases SET title = ? WHERE number = ?"
    static let enterSQL = """
        INSERT INTO history (case_number, sequence, case_id, at, actor, event, entrance) VALUES (?, ?, ?, ?, ?, ?, ?)
        """
    static let cancelSQL = """
        UPDATE deliveries SET state = 'cancelled', next_attempt = NULL, changed_at = ?, detail = ?
        WHERE case_number = ? AND kind = ? AND state IN ('pending', 'deferred', 'held')
        """
    static let sendSQL = """
        INSERT INTO deliveries (case_number, id, case_id, person, channel, lane, kind, created_at, remark, state,
            attempts, next_attempt, lease_owner, lease_until, changed_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """
}

extension Lead {
    /// "fine-art for Acme Arts", as messages call the lead.
    var caseTitle: String {
        let asked = subject ?? "a lead"
        guard let asker = self[.company] ?? personName else { return asked }
        return "\(asked) for \(asker)"
    }
}
