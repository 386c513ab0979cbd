// Reads cases, histories and lists on a reading connection, each call from one snapshot. The history is the truth: a
// case is replayed from it, and a stored version that differs from the replayed one is damage.

import GRDB
import LeadCore

/// The statements of the reading side on one connection.
struct CaseReader {
    let db: Database
    private let path: String

    init(_ db: Database, path: String) {
        self.db = db
        self.path = path
    }

    /// The case as its history makes it; nil when there is none.
    func load(_ id: CaseID) throws -> LeadCase? { try replay(id)?.subject }

    /// The case with history and messages; nil when there is none.
    func file(_ id: CaseID) throws -> CaseFile? {
        guard let (number, subject, history) = try replay(id) else { return nil }
        var copies: [DeliveryID: [PostedCopy]] = [:]
        try Query(db, CopySQL.ofCase).each(number) { row in
            copies[DeliveryID(try row.text(0)), default: []].append(PostedCopy(text: try row.text(1)))
        }
        var deliveries: [DeliveryRecord] = []
        try Query(db, Self.deliveriesSQL).each(number) { row in
            deliveries.append(try Rows.record(row, copies: copies))
        }
        return CaseFile(
            subject: subject, history: history, deliveries: deliveries, visits: try visits(of: number))
    }

    private func visits(of number: Int64) throws -> [Visit] {
        var visits: [Visit] = []
        try Query(db, VisitSQL.ofCase).each(number) { row in
            guard let entrance = Entrance(text: try row.text(1)) else { throw Damage(column: 1) }
            visits.append(
                Visit(
                    person: PersonID(try row.text(0)), entrance: entrance,
                    at: Timestamp(milliseconds: try row.integer(2))))
        }
        return visits
    }

    /// The messages to `person` over `channel` about a case, oldest first, without their copies.
    func letters(about id: CaseID, to person: PersonID, by channel: ChannelID) throws -> [DeliveryRecord] {
        var letters: [DeliveryRecord] = []
        try Query(db, Self.lettersSQL).each(id.text, person.text, channel.text) { row in
            letters.append(try Rows.record(row))
        }
        return letters
    }

    private func replay(_ id: CaseID) throws -> (number: Int64, subject: LeadCase, history: [HistoryEntry])? {
        let found = try Query(db, Self.caseSQL).first(id.text) { row in
            (
                number: try row.integer(0), key: IntakeKey(text: try row.text(1)), version: Int(try row.integer(2)),
                lead: try row.text(3)
            )
        }
        guard let found else { return nil }
        do {
            let lead = try Stored.lead(found.lead)
            var history: [HistoryEntry] = []
            try Query(db, Self.historySQL).each(found.number) { row in history.append(try Rows.entry(row)) }
            guard let subject = LeadCase(key: found.key, lead: lead, history: history), subject.id == id,
                subject.version == found.version
            else { throw StoreFailure.damaged(id, in: path) }
            return (found.number, subject, history)
        } catch is Damage {
            throw StoreFailure.damaged(id, in: path)
        } catch is DecodingError {
            throw StoreFailure.damaged(id, in: path)
        }
    }

    // MARK: Lists

    /// Ids that begin with `prefix`, in order.
    func ids(withPrefix prefix: String, limit: Int) throws -> [CaseID] {
        var ids: [CaseID] = []
        // Ids are ASCII, so the highest scalar is beyond all of them.
        try Query(db, Self.prefixSQL).each(prefix, prefix + "\u{10FFFF}", limit) { row in
            ids.append(CaseID(try row.text(0)))
        }
        return ids
    }

    /// The newest cases in one of `states`, newest first.
    func list(states: Set<LeadCase.StateName>, limit: Int) throws -> [CaseSummary] {
        var cases: [(number: Int64, summary: CaseSummary)] = []
        let newest = try Query(db, Self.newestSQL)
        for state in states {
            try newest.each(state.rawValue, limit) { row in
                cases.append((number: try row.integer(6), summary: try Rows.summary(row)))
            }
        }
        return cases.sorted { $0.number > $1.number }.prefix(limit).map(\.summary)
    }

    /// Which of `keys` have a case.
    func known(_ keys: [IntakeKey]) throws -> Set<IntakeKey> {
        let cases = try Query(db, Self.knownSQL)
        let inquiries = try Query(db, LikenessSQL.isInquiry)
        return Set(
            try keys.filter { key in
                try cases.first(key.text) { _ in true } ?? inquiries.first(key.text) { _ in true } ?? false
            })
    }

    /// Leads that reps have now, and those that they were given after `since`.
    func given(since: Timestamp) throws -> [GivenLead] {
        var given: [GivenLead] = []
        for sql in [Self.givenSQL, Self.heldSQL] {
            try Query(db, sql).each(since.milliseconds) { row in
                let state = LeadCase.StateName(rawValue: try row.text(3))
                let lead = Stored.readableLead(try row.text(4))
                given.append(
                    GivenLead(
                        id: CaseID(try row.text(0)), rep: PersonID(try row.text(1)),
                        at: Timestamp(milliseconds: try row.integer(2)),
                        isOpen: state == .assigned || state == .working,
                        lead: lead, version: Int(try row.integer(5))))
            }
        }
        return given
    }

    // MARK: Time

    /// Who had the turns, longest ago first.
    func turns() throws -> [PersonID] {
        var turns: [(person: PersonID, number: Int64)] = []
        try Query(db, Self.turnsSQL).each { turns.append((PersonID(try $0.text(0)), try $0.integer(1))) }
        return turns.sorted { $0.number < $1.number }.map(\.person)
    }

    /// The earliest deadline of any case.
    func nextDeadline() throws -> Timestamp? {
        try Query(db, Self.nextDeadlineSQL).firstInteger().map(Timestamp.init(milliseconds:))
    }

    /// Cases whose deadline is at or before `now`, earliest first.
    func due(at now: Timestamp, limit: Int) throws -> [CaseID] {
        var ids: [CaseID] = []
        try Query(db, Self.dueSQL).each(now.milliseconds, limit) { ids.append(CaseID(try $0.text(0))) }
        return ids
    }

    /// When something unsent that `quota` lets in may next be tried.
    func nextDelivery(within quota: LaneQuota) throws -> Timestamp? {
        let lanes = try DueLanes(db)
        let next = try Query(db, Self.nextSQL)
        var all: [Int64] = []
        for lane in try lanes.waiting() {
            for rank in Rank.all(in: quota.room(of: LaneID(lane))) {
                if let earliest = try next.first(lane, rank.rawValue, body: { try $0.integer(0) }) {
                    all.append(earliest)
                }
            }
        }
        for (lane, earliest) in try lanes.leased() {
            if case .any = quota.room(of: LaneID(lane)) { all.append(earliest) }
        }
        return all.min().map(Timestamp.init(milliseconds:))
    }

    // MARK: The outbox

    /// The newest messages that have failed, are held or ended in the dark, newest first.
    func undelivered(limit: Int) throws -> [DeliveryRecord] {
        var records: [DeliveryRecord] = []
        try Query(db, Self.undeliveredSQL).each(limit) { row in records.append(try Rows.record(row)) }
        return records
    }

    /// How many messages of each lane are unsent, how many of them are changes, and how many messages are held.
    func queues() throws -> [LaneID: LaneQueue] {
        var queues: [LaneID: LaneQueue] = [:]
        for sql in [Self.waitingSQL, Self.sendingSQL] {
            try Query(db, sql).each { row in
                let lane = LaneID(try row.text(0))
                queues[lane, default: LaneQueue()].unsent += Int(try row.integer(1))
                queues[lane, default: LaneQueue()].changes += Int(try row.integer(2))
            }
        }
        try Query(db, Self.stoppedSQL).each { row in
            queues[LaneID(try row.text(0)), default: LaneQueue()].held += Int(try row.integer(1))
        }
        return queues
    }
}

extension CaseReader {
    // MARK: Statements
    //
    // Partial indexes are named, since a plan that misses one would only show as slowness once there is a past.

    static let caseSQL = "SELECT number, intake_key, version, lead FROM cases WHERE id = ?"
    static let historySQL = "SELECT \(Rows.entry) FROM history WHERE case_number = ? ORDER BY sequence"
    static let deliveriesSQL = "SELECT \(Rows.record) FROM deliveries WHERE case_number = ? ORDER BY number"
    static let lettersSQL = """
        SELECT \(Rows.record) FROM deliveries
        WHERE case_number = (SELECT number FROM cases WHERE id = ?) AND person = ? AND channel = ? ORDER BY number
        """
    static let prefixSQL = "SELECT id FROM cases WHERE id >= ? AND id < ? ORDER BY id LIMIT ?"
    static let newestSQL = """
        SELECT \(Rows.summary), number FROM cases INDEXED BY cases_by_state WHERE state = ? ORDER BY number DESC LIMIT ?
        """
    static let knownSQL = "SELECT 1 FROM cases WHERE intake_key = ?"
    private static let givenColumns = "SELECT id, given_to, given_at, state, lead, version FROM cases"
    static let givenSQL = "\(givenColumns) INDEXED BY cases_given WHERE given_at > ?"
    static let heldSQL = """
        \(givenColumns) INDEXED BY cases_load WHERE state IN ('assigned', 'working') AND given_at <= ?
        """
    static let turnsSQL = """
        SELECT turn, max(number) FROM cases INDEXED BY cases_turns WHERE turn IS NOT NULL GROUP BY turn
        """
    static let undeliveredSQL = """
        SELECT \(Rows.record) FROM deliveries INDEXED BY deliveries_undelivered
        WHERE \(DeliveryWriter.undelivered) ORDER BY number DESC LIMIT ?
        """
    private static let changes = "count(*) FILTER (WHERE \(Rank.sql) = \(Rank.change.rawValue))"
    static let waitingSQL = """
        SELECT lane, count(*), \(changes) FROM deliveries INDEXED BY deliveries_due
        WHERE state IN ('pending', 'deferred') GROUP BY lane
        """
    static let sendingSQL = """
        SELECT lane, count(*), \(changes) FROM deliveries INDEXED BY deliveries_leased
        WHERE state = 'sending' GROUP BY lane
        """
    static let stoppedSQL = """
        SELECT lane, count(*) FROM deliveries INDEXED BY deliveries_undelivered
        WHERE \(DeliveryWriter.undelivered) AND state = 'held' GROUP BY lane
        """
    static let nextSQL = """
        SELECT next_attempt FROM deliveries INDEXED BY deliveries_due
        WHERE state IN ('pending', 'deferred') AND lane = ? AND \(Rank.sql) = ? ORDER BY next_attempt LIMIT 1
        """
    static let nextDeadlineSQL = """
        SELECT next_deadline FROM cases INDEXED BY cases_due WHERE next_deadline IS NOT NULL
        ORDER BY next_deadline LIMIT 1
        """
    static let dueSQL = """
        SELECT id FROM cases INDEXED BY cases_due WHERE next_deadline <= ? ORDER BY next_deadline, number LIMIT ?
        """
}

/// The lanes that have something unsent: one step in an index a lane, however many messages wait there.
struct DueLanes {
    private let due: Query
    private let leases: Query

    init(_ db: Database) throws {
        due = try Query(db, Self.dueSQL)
        leases = try Query(db, Self.leasedSQL)
    }

    static let dueSQL = """
        SELECT lane FROM deliveries INDEXED BY deliveries_due
        WHERE state IN ('pending', 'deferred') AND lane > ? ORDER BY lane LIMIT 1
        """
    static let leasedSQL = """
        SELECT lane, lease_until FROM deliveries INDEXED BY deliveries_leased
        WHERE state = 'sending' AND lane > ? ORDER BY lane, lease_until LIMIT 1
        """

    /// Where something waits.
    func waiting() throws -> [String] { try walk(due) { _ in }.map(\.lane) }

    /// Where something is leased, with the earliest end of a lease.
    func leased() throws -> [(lane: String, earliest: Int64)] { try walk(leases) { try $0.integer(1) } }

    private func walk<Value>(_ query: Query, _ read: (Row) throws -> Value) throws -> [(lane: String, earliest: Value)]
    {
        var lanes: [(lane: String, earliest: Value)] = []
        var last = ""
        while let lane = try query.first(last, body: { (lane: try $0.text(0), earliest: try read($0)) }) {
            // In a damaged index the next one may be an earlier one, for ever.
            guard last.utf8.lexicographicallyPrecedes(lane.lane.utf8) else { throw Damage(column: 0) }
            lanes.append(lane)
            last = lane.lane
        }
        return lanes
    }
}
