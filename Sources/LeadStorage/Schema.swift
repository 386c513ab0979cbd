// The tables, as named migrations that only go forward, and the marks by which a file is known as ours. A column is a
// new migration, never an edited one. Read by `Database+Open` before anything in a file is changed.

import GRDB
import LeadCore

/// The database's tables and their history.
enum Schema {
    /// "lead" in ASCII, in the file's header; tells our databases from others.
    static let applicationID: Int64 = 0x6C65_6164

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1") { db in try db.execute(sql: first) }
        migrator.registerMigration("absences") { db in try db.execute(sql: absences) }
        migrator.registerMigration("given leads") { db in try db.execute(sql: given) }
        migrator.registerMigration("turns") { db in try db.execute(sql: turns) }
        migrator.registerMigration("answers") { db in try db.execute(sql: AnswerSQL.table) }
        migrator.registerMigration("likenesses") { db in try db.execute(sql: LikenessSQL.tables) }
        migrator.registerMigration("undelivered") { db in try db.execute(sql: undelivered) }
        migrator.registerMigration("digests") { db in try db.execute(sql: digests) }
        migrator.registerMigration("copies") { db in try db.execute(sql: CopySQL.table) }
        migrator.registerMigration("carriers") { db in try db.execute(sql: carriers) }
        migrator.registerMigration("late answers") { db in try db.execute(sql: LikenessSQL.enlarged) }
        migrator.registerMigration("used tickets") { db in try db.execute(sql: TicketSQL.table) }
        migrator.registerMigration("entrances") { db in try db.execute(sql: entrances) }
        migrator.registerMigration("urgent") { db in try db.execute(sql: urgent) }
        migrator.registerMigration("visits") { db in try db.execute(sql: VisitSQL.table) }
        migrator.registerMigration("undelivered, without a set") { db in try db.execute(sql: undeliveredWithoutSet) }
        migrator.registerMigration("ranks") { db in try db.execute(sql: ranks) }
        return migrator
    }

    /// Fails unless the file behind `db` is empty or a database of ours that this program can work with.
    static func check(_ db: Database, at path: String, access: Access) throws {
        let mark = try Query(db, "PRAGMA application_id").firstInteger() ?? 0
        // The migrator makes its own table before the first migration; a run that died in between left that alone.
        let others = "SELECT COUNT(*) FROM sqlite_schema WHERE tbl_name <> 'grdb_migrations'"
        let tables = try Query(db, others).firstInteger() ?? 0
        guard mark == applicationID || (mark == 0 && tables == 0) else { throw StoreFailure.foreign(path) }
        if try migrator.hasBeenSuperseded(db) { throw StoreFailure.superseded(path) }
        if access == .reader, try !migrator.hasCompletedMigrations(db) { throw StoreFailure.outdated(path) }
    }

    /// Who was given a lead last and when, which a case that is closed no longer says.
    private static let given = """
        ALTER TABLE cases ADD COLUMN given_to TEXT;
        ALTER TABLE cases ADD COLUMN given_at INTEGER;
        UPDATE cases SET (given_to, given_at) = (
            SELECT coalesce(event ->> '$.assigned.assignment.rep', event ->> '$.reassigned.assignment.rep'), at
            FROM history WHERE case_number = cases.number
                AND (event LIKE '{"assigned":%' OR event LIKE '{"reassigned":%')
            ORDER BY sequence DESC LIMIT 1);
        CREATE INDEX cases_given ON cases (given_at) WHERE given_at IS NOT NULL;
        """

    /// Whose turn a case was, where managers take turns.
    private static let turns = """
        ALTER TABLE cases ADD COLUMN turn TEXT;
        CREATE INDEX cases_turns ON cases (turn, number) WHERE turn IS NOT NULL;
        """

    /// What has not reached its person: a short list, unless much is wrong.
    private static let undelivered = """
        CREATE INDEX deliveries_undelivered ON deliveries (lane, number) WHERE state IN ('held', 'failed', 'unknown');
        """

    /// The same list. Of a longer `IN` SQLite makes a table of its own, twice whenever a message changes its state.
    private static let undeliveredWithoutSet = """
        DROP INDEX deliveries_undelivered;
        CREATE INDEX deliveries_undelivered ON deliveries (lane, number)
            WHERE state = 'held' OR state = 'failed' OR state = 'unknown';
        """

    /// With which others a message goes that has waited with them.
    private static let digests = "ALTER TABLE deliveries ADD COLUMN digest TEXT"

    /// In which message one went that has gone along with others.
    private static let carriers = "ALTER TABLE deliveries ADD COLUMN carrier TEXT"

    /// From which message somebody came.
    private static let entrances = "ALTER TABLE history ADD COLUMN entrance TEXT"

    /// What goes before others in its lane, of which a long backlog of questions holds little.
    private static let urgent = """
        CREATE INDEX deliveries_urgent ON deliveries (lane, next_attempt)
            WHERE state IN ('pending', 'deferred') AND kind IN ('settled', 'update');
        """

    /// What waits, by what goes before what in its lane: changes to messages, what else is urgent, and the rest.
    private static let ranks = """
        DROP INDEX deliveries_urgent;
        DROP INDEX deliveries_due;
        CREATE INDEX deliveries_due
            ON deliveries (lane, CASE kind WHEN 'update' THEN 0 WHEN 'settled' THEN 1 ELSE 2 END, next_attempt)
            WHERE state IN ('pending', 'deferred');
        """

    private static let absences = """
        CREATE TABLE absences (
            number INTEGER PRIMARY KEY,
            person TEXT NOT NULL,
            begins INTEGER NOT NULL,
            ends INTEGER NOT NULL,
            substitute TEXT,
            recorded_at INTEGER NOT NULL
        ) STRICT;
        """

    /// `next_deadline`, `state`, `rep` and `title` repeat what the history says, for the indexes and for lists.
    ///
    /// A case's `number` counts up, unlike its id, which is a hash: rows that are keyed by it land beside each other,
    /// so a batch of new cases writes few pages. Only the two lookups that need it are by hash or key. The indexes on
    /// deliveries hold only what is unsent, so their size follows the work and not the past.
    private static let first = """
        PRAGMA application_id = \(applicationID);

        CREATE TABLE cases (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            intake_key TEXT NOT NULL UNIQUE,
            version INTEGER NOT NULL,
            state TEXT NOT NULL,
            title TEXT NOT NULL,
            rep TEXT,
            opened_at INTEGER NOT NULL,
            next_deadline INTEGER,
            lead TEXT NOT NULL
        ) STRICT;
        CREATE INDEX cases_by_state ON cases (state);
        CREATE INDEX cases_due ON cases (next_deadline) WHERE next_deadline IS NOT NULL;
        CREATE INDEX cases_load ON cases (rep, state) WHERE state IN ('assigned', 'working');

        CREATE TABLE history (
            case_number INTEGER NOT NULL REFERENCES cases (number),
            sequence INTEGER NOT NULL,
            case_id TEXT NOT NULL,
            at INTEGER NOT NULL,
            actor TEXT NOT NULL,
            event TEXT NOT NULL,
            PRIMARY KEY (case_number, sequence)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE deliveries (
            number INTEGER PRIMARY KEY,
            case_number INTEGER NOT NULL REFERENCES cases (number),
            id TEXT NOT NULL,
            case_id TEXT NOT NULL,
            person TEXT NOT NULL,
            channel TEXT NOT NULL,
            lane TEXT NOT NULL,
            kind TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            remark TEXT,
            state TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            next_attempt INTEGER,
            lease_owner TEXT,
            lease_until INTEGER,
            changed_at INTEGER NOT NULL,
            detail TEXT,
            UNIQUE (case_number, id)
        ) STRICT;
        CREATE INDEX deliveries_due ON deliveries (lane, next_attempt) WHERE state IN ('pending', 'deferred');
        CREATE INDEX deliveries_leased ON deliveries (lane, lease_until) WHERE state = 'sending';
        """
}
