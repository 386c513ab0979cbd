// Every fault of the database as one plain sentence with its remedy. SQLite's own words stay out of it as far as they
// could carry a statement's arguments, which are leads' data; its result code stands at the end for whoever searches.

import Foundation
import GRDB
import LeadCore

extension StoreFailure {
    /// What `error`, thrown while working on the database at `path`, means for the operator.
    init(_ error: any Error, path: String) {
        switch error {
        case let failure as StoreFailure: self = failure
        case let error as DatabaseError: self.init(error, path: path)
        case is Damage: self = .damaged(path, "it holds a value that the program can't have written")
        default: self = .damaged(path, "it holds something that can't be read back")
        }
    }

    private init(_ error: DatabaseError, path: String) {
        let code = error.extendedResultCode.rawValue
        switch error.resultCode {
        case .SQLITE_FULL:
            self.init(.unavailable, "the disk with \(path) is full; free some space, nothing else is needed")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(
                .unavailable,
                "\(path) can't be written; make it and its folder writable for the daemon's user (SQLite \(code))")
        case .SQLITE_CANTOPEN:
            self.init(
                .unavailable,
                "\(path) can't be opened; check that this user may use it and its folder (SQLite \(code))")
        case .SQLITE_IOERR:
            self.init(
                .unavailable,
                "the disk with \(path) reports an I/O error; check it and the system log (SQLite \(code))")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.locked, "another program holds \(path) locked; end it, then try again")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT:
            self = .damaged(path, "its content is not a sound database (SQLite \(code))")
        case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG:
            self.init(.damaged, "what was to be written contradicts what \(path) holds (SQLite \(code))")
        case .SQLITE_ERROR, .SQLITE_SCHEMA:
            self = .damaged(path, "its tables are not as this program made them (SQLite \(code))")
        default:
            self.init(.unavailable, "SQLite refused the work on \(path) (SQLite \(code)); see the system log")
        }
    }

    static func damaged(_ path: String, _ what: String) -> StoreFailure {
        StoreFailure(.damaged, "\(path) is damaged: \(what); stop the daemon and restore the latest backup")
    }

    static func damaged(_ id: CaseID, in path: String) -> StoreFailure {
        .damaged(path, "the history of case \(id) can't be replayed")
    }

    static func foreign(_ path: String) -> StoreFailure {
        StoreFailure(.damaged, "\(path) is a database of another program; set store.sqlite to a path of its own")
    }

    static func superseded(_ path: String) -> StoreFailure {
        StoreFailure(
            .tooNew, "\(path) was written by a newer leadbell; install that version or restore an older backup")
    }

    static func outdated(_ path: String) -> StoreFailure {
        StoreFailure(.unavailable, "\(path) is of an older version; start the daemon once, which brings it up to date")
    }

    static func missing(_ path: String) -> StoreFailure {
        StoreFailure(.unavailable, "there is no database at \(path) yet; start the daemon, which creates it")
    }

    static func held(_ path: String, by process: String?) -> StoreFailure {
        let who = process.map { " (process \($0))" } ?? ""
        return StoreFailure(
            .locked, "another leadbell\(who) is running on \(path); stop it or use the daemon's own page instead")
    }

    static func closed(_ path: String) -> StoreFailure {
        StoreFailure(.unavailable, "\(path) has been closed; start the daemon again")
    }

    static func readingOnly(_ path: String) -> StoreFailure {
        StoreFailure(.unavailable, "\(path) was opened for reading only; leave changes to the daemon")
    }

    static func contradiction(_ id: CaseID) -> StoreFailure {
        StoreFailure(.damaged, "the transition of case \(id) contradicts itself; report this as a bug")
    }

    /// A system call on the file at `path` that failed.
    static func system(_ call: String, _ path: String, _ code: Int32) -> StoreFailure {
        let reason = String(cString: strerror(code))
        return StoreFailure(.unavailable, "\(call) of \(path) failed: \(reason); check the path and its permissions")
    }
}
