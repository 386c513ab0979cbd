// Opens the database: who may, how durable, how much memory. Fails with a sentence before anything in a file that is
// not ours has been changed. Used by `SQLiteCaseStore` alone.

import CSQLite
import GRDB
import LeadCore

/// How a database is opened.
public enum Access: Sendable {
    /// To read and write, as the only process that does: the daemon, or a command while no daemon runs.
    case exclusive
    /// To read beside a running daemon.
    case reader
}

/// An open database and the lock that goes with it.
struct Connection: Sendable {
    let pool: DatabasePool
    let lock: StoreLock?

    /// So many read at the same time.
    static let readers = 2

    /// Whether SQLite counts its memory, which nobody asks it for; it does where something else has opened a database before.
    private static let countsMemory = csqlite_count_no_memory() != 0

    /// Opens the database, creating or migrating it when `access` is exclusive.
    init(_ file: StoreFile, access: Access) throws(StoreFailure) {
        _ = Self.countsMemory
        switch access {
        case .reader:
            try file.requireExistence()
            lock = nil
        case .exclusive:
            try file.create()
            lock = try StoreLock(for: file.path)
        }
        do {
            pool = try DatabasePool(path: file.path, configuration: Self.configuration(file.path, access))
            if access == .exclusive {
                // GRDB sets NORMAL when it turns the log on: a commit would survive the program but not the power.
                try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
                try Schema.migrator.migrate(pool)
            }
        } catch {
            throw StoreFailure(error, path: file.path)
        }
    }

    private static func configuration(_ path: String, _ access: Access) -> Configuration {
        var configuration = Configuration()
        configuration.label = "leadbell.store"
        configuration.readonly = access == .reader
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = readers
        configuration.prepareDatabase { db in
            // GRDB's readers have a configuration of their own that is read-only; the first connection never is, unless
            // the whole store only reads.
            let isFirst = db.configuration.readonly == (access == .reader)
            if isFirst { try Schema.check(db, at: path, access: access) }
            try db.execute(sql: isFirst && access == .exclusive ? writing : reading)
        }
        return configuration
    }

    /// Sizes are small because a lead is: the working set is a few pages a table, and the page cache of the kernel is
    /// behind it. Pages are checked as they are read, since damage that is noticed late spreads.
    private static let common = """
        PRAGMA cell_size_check = ON;
        PRAGMA trusted_schema = OFF;
        PRAGMA mmap_size = 0;
        PRAGMA temp_store = MEMORY;
        """
    private static let reading = common + "PRAGMA cache_size = -512;"
    private static let writing =
        common + """
            PRAGMA cache_size = -2048;
            PRAGMA journal_size_limit = 8388608;
            """
}
