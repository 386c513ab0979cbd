// Who waits for a question that waits for a lane. Asked for when a destination has turned out to be down, so it may cost a
// look at each message that waits there, and at nothing else.

import GRDB
import LeadCore

extension SQLiteCaseStore {
    public func unasked(waitingFor lane: LaneID) async throws(StoreFailure) -> [Addressee] {
        try await read { reader in try UnaskedSQL.addressees(waitingFor: lane, reader.db) }
    }
}

/// The statements; each goes through the index of what is unsent in its state.
enum UnaskedSQL {
    static let waiting = sql("deliveries_due", "IN ('pending', 'deferred')")
    static let sending = sql("deliveries_leased", "= 'sending'")

    static func addressees(waitingFor lane: LaneID, _ db: Database) throws -> [Addressee] {
        var found: Set<Addressee> = []
        for sql in [waiting, sending] {
            try Query(db, sql).each(lane.text) { row in
                found.insert(Addressee(caseID: CaseID(try row.text(0)), person: PersonID(try row.text(1))))
            }
        }
        return Array(found)
    }

    private static let asking = MessageKind.asking.map { "'\($0.rawValue)'" }.joined(separator: ", ")

    private static func sql(_ index: String, _ states: String) -> String {
        """
        SELECT asked.case_id, asked.person FROM deliveries AS asked INDEXED BY \(index)
        JOIN cases ON cases.number = asked.case_number AND cases.state = 'waiting'
        WHERE asked.state \(states) AND asked.lane = ? AND asked.kind IN (\(asking))
            AND NOT EXISTS (
                SELECT 1 FROM deliveries AS other
                WHERE other.case_number = asked.case_number AND other.person = asked.person
                    AND other.state = 'sent' AND other.kind IN (\(asking)))
        """
    }
}
