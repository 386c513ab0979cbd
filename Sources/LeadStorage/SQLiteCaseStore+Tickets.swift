// Which tickets of web forms have been used, in a table of their own: each is kept until it has expired.

import GRDB
import LeadCore

extension SQLiteCaseStore: TicketStore {
    public func use(
        ticket: String, for post: String, until: Timestamp, at now: Timestamp
    ) async throws(StoreFailure) -> String {
        try await writeOne { db in
            try Query(db, TicketSQL.forget).run(now.milliseconds, TicketSQL.forgottenAtOnce)
            try Query(db, TicketSQL.use).run(ticket, post, until.milliseconds)
            return try Query(db, TicketSQL.find).first(ticket) { row in try row.text(0) } ?? post
        }
    }

    public func release(ticket: String) async throws(StoreFailure) {
        _ = try await writeOne { db in try Query(db, TicketSQL.release).run(ticket) }
    }
}

enum TicketSQL {
    static let table = """
        CREATE TABLE used_tickets (
            ticket TEXT PRIMARY KEY,
            post TEXT NOT NULL,
            until INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX used_tickets_over ON used_tickets (until);
        """
    static let use = "INSERT INTO used_tickets (ticket, post, until) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
    static let find = "SELECT post FROM used_tickets WHERE ticket = ?"
    static let release = "DELETE FROM used_tickets WHERE ticket = ?"
    /// More than one goes for each that comes, so that what has expired gets less.
    static let forgottenAtOnce = 8
    static let forget = """
        DELETE FROM used_tickets WHERE ticket IN (
            SELECT ticket FROM used_tickets INDEXED BY used_tickets_over WHERE until <= ? ORDER BY until LIMIT ?)
        """
}
