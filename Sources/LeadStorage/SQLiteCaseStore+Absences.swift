// Absences that were set while running: a small table, read whole and written in transactions of their own.

import GRDB
import LeadCore

extension SQLiteCaseStore: AbsenceStore {
    public func absences(endingAfter now: Timestamp) async throws(StoreFailure) -> [Absence] {
        try await read { reader in try reader.absences(endingAfter: now) }
    }

    public func record(_ absence: Absence, at now: Timestamp) async throws(StoreFailure) {
        try await writeOne { db in
            _ = try Query(db, Self.recordSQL).run(
                absence.person.text, absence.from.milliseconds, absence.until.milliseconds, absence.substitute?.text,
                now.milliseconds)
        }
    }

    public func endAbsences(of person: PersonID, at now: Timestamp) async throws(StoreFailure) -> Int {
        try await writeOne { db in
            let instant = now.milliseconds
            let ended = try Query(db, Self.endSQL).run(instant, person.text, instant, instant)
            let forgotten = try Query(db, Self.forgetSQL).run(person.text, now.milliseconds)
            return ended + forgotten
        }
    }

    private static let recordSQL =
        "INSERT INTO absences (person, begins, ends, substitute, recorded_at) VALUES (?, ?, ?, ?, ?)"
    private static let endSQL = "UPDATE absences SET ends = ? WHERE person = ? AND begins < ? AND ends > ?"
    private static let forgetSQL = "DELETE FROM absences WHERE person = ? AND begins >= ?"
}

extension CaseReader {
    /// Absences that end after `now`, in the order in which they were recorded.
    func absences(endingAfter now: Timestamp) throws -> [Absence] {
        var absences: [Absence] = []
        try Query(db, Self.absencesSQL).each(now.milliseconds) { row in
            absences.append(
                Absence(
                    person: PersonID(try row.text(0)), from: Timestamp(milliseconds: try row.integer(1)),
                    until: Timestamp(milliseconds: try row.integer(2)),
                    substitute: try row.optionalText(3).map { PersonID($0) }))
        }
        return absences
    }

    static let absencesSQL = "SELECT person, begins, ends, substitute FROM absences WHERE ends > ? ORDER BY number"
}
