// Finds what can be taken up and takes it: the statements behind `DeliveryWriter.take`. All searches walk an index that
// holds only what is unsent, lane by lane, so a long past costs nothing, and what is urgent is found without the backlog
// that it goes before.

import GRDB
import LeadCore

/// The statements that find what can be taken up, and take it.
struct Takers {
    /// A row that may be tried.
    struct Candidate {
        let number: Int64
        let due: Int64
        let delivery: Delivery
        let attempts: Int
        let isOvertaken: Bool
        let digest: DigestID?

        var rank: Int { delivery.kind.isUrgent ? 0 : 1 }
    }

    let lease: Query
    let cancel: Query
    private let db: Database
    private let waiting: Query
    private let expiredUrgent: Query
    private let expired: Query

    init(_ db: Database) throws {
        self.db = db
        lease = try Query(
            db,
            """
            UPDATE deliveries SET state = 'sending', attempts = attempts + 1, next_attempt = NULL, lease_owner = ?,
                lease_until = ?, changed_at = ?
            WHERE number = ?
            """)
        cancel = try Query(
            db,
            """
            UPDATE deliveries SET state = 'cancelled', next_attempt = NULL, lease_owner = NULL, lease_until = NULL,
                changed_at = ?, detail = ?
            WHERE number = ?
            """)
        waiting = try Query(db, Self.waitingSQL)
        expiredUrgent = try Query(db, Self.expiredUrgentSQL)
        expired = try Query(db, Self.expiredSQL)
    }

    private static let columns = "number, \(Rows.delivery), attempts, \(Overtaking.condition), digest"
    static let waitingSQL = """
        SELECT next_attempt, \(columns) FROM deliveries INDEXED BY deliveries_due
        WHERE state IN ('pending', 'deferred') AND lane = ? AND \(Rank.sql) = ? AND next_attempt <= ?
        ORDER BY next_attempt, number LIMIT ?
        """
    /// Few leases run out, so these are found among the others.
    static let expiredUrgentSQL = """
        SELECT lease_until, \(columns) FROM deliveries INDEXED BY deliveries_leased
        WHERE state = 'sending' AND lane = ? AND lease_until <= ? AND \(Rank.sql) < \(Rank.other.rawValue)
        ORDER BY lease_until, number LIMIT ?
        """
    static let expiredSQL = """
        SELECT lease_until, \(columns) FROM deliveries INDEXED BY deliveries_leased
        WHERE state = 'sending' AND lane = ? AND lease_until <= ? ORDER BY lease_until, number LIMIT ?
        """

    static let waitingTogetherSQL = """
        SELECT next_attempt, \(columns) FROM deliveries INDEXED BY deliveries_due
        WHERE state IN ('pending', 'deferred') AND lane = ? AND \(Rank.sql) IN (\(Rank.list)) AND next_attempt <= ?
            AND digest = ?
        """
    static let expiredTogetherSQL = """
        SELECT lease_until, \(columns) FROM deliveries INDEXED BY deliveries_leased
        WHERE state = 'sending' AND lane = ? AND lease_until <= ? AND digest = ?
        """

    /// The lane's rows of `ranks` that may be tried at `now`: what is urgent, and then the oldest. Of changes that wait no
    /// more than `changes`; those whose lease has run out are in hand already, or were.
    func candidates(lane: String, now: Int64, limit: Int, changes: Int, ranks: [Rank]) throws -> [Candidate] {
        var found: [Candidate] = []
        for rank in ranks {
            let most = rank == .change ? min(limit, changes) : limit
            guard most > 0 else { continue }
            try waiting.each(lane, rank.rawValue, now, most) { row in found.append(try Self.candidate(row)) }
        }
        for search in ranks.contains(.other) ? [expiredUrgent, expired] : [expiredUrgent] {
            try search.each(lane, now, limit) { row in found.append(try Self.candidate(row)) }
        }
        // What is urgent may be among the oldest too.
        var seen: Set<Int64> = []
        return Array(Self.inOrder(found).filter { seen.insert($0.number).inserted }.prefix(limit))
    }

    /// The lane's rows of `digests` that may be tried at `now`.
    func candidates(lane: String, now: Int64, digests: Set<DigestID>) throws -> [Candidate] {
        var found: [Candidate] = []
        for digest in digests {
            for sql in [Self.waitingTogetherSQL, Self.expiredTogetherSQL] {
                try Query(db, sql).each(lane, now, digest.text) { row in found.append(try Self.candidate(row)) }
            }
        }
        return Self.inOrder(found)
    }

    private static func candidate(_ row: Row) throws -> Candidate {
        Candidate(
            number: try row.integer(1), due: try row.integer(0), delivery: try Rows.delivery(row, from: 2),
            attempts: Int(try row.integer(10)), isOvertaken: try row.integer(11) == 1,
            digest: try row.optionalText(12).map(DigestID.init(_:)))
    }

    private static func inOrder(_ candidates: [Candidate]) -> [Candidate] {
        candidates.sorted { ($0.rank, $0.due, $0.number) < ($1.rank, $1.due, $1.number) }
    }
}

/// What goes before what in a lane, as `deliveries_due` has it: a long backlog of one rank costs the others nothing.
enum Rank: Int, CaseIterable {
    /// Changes to messages, of which a channel may take few.
    case change
    /// What goes before all others.
    case urgent
    case other

    static let sql = "CASE kind WHEN 'update' THEN 0 WHEN 'settled' THEN 1 ELSE 2 END"
    /// All of them, so that an index in whose middle they stand is searched for each.
    static let list = allCases.map { "\($0.rawValue)" }.joined(separator: ", ")

    /// Those of which `room` lets in something that waits.
    static func all(in room: LaneQuota.Room) -> [Rank] {
        switch room {
        case .any(_, let changes): changes > 0 ? [.change, .urgent, .other] : [.urgent, .other]
        case .urgent(_, let changes): changes > 0 ? [.change, .urgent] : [.urgent]
        case .none: []
        }
    }
}
