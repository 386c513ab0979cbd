// The database as files: its folder, its modes, and the lock that keeps a second daemon away. SQLite gives the -wal and
// -shm files the mode of the database, so it is enough that the database itself is created private.

import Foundation
import LeadCore
import Synchronization

/// The database's place on disk.
struct StoreFile {
    /// The path with links resolved, so that one database has one lock however it is called.
    let path: String

    init(path: String) {
        self.path = Self.resolved(path)
    }

    /// Creates the folder (0700) and an empty database (0600) where there are none; what is there keeps its modes.
    func create() throws(StoreFailure) {
        let folder = (path as NSString).deletingLastPathComponent
        if !folder.isEmpty { try Self.createFolder(folder) }
        let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if file >= 0 {
            close(file)
        } else if errno != EEXIST {
            throw .system("the creation", path, errno)
        }
    }

    /// Fails when there is no database to read.
    func requireExistence() throws(StoreFailure) {
        guard access(path, F_OK) == 0 else { throw .missing(path) }
    }

    private static func createFolder(_ folder: String) throws(StoreFailure) {
        guard access(folder, F_OK) != 0 else { return }
        let parent = (folder as NSString).deletingLastPathComponent
        if !parent.isEmpty, parent != folder { try createFolder(parent) }
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw .system("the creation", folder, errno) }
    }

    private static func resolved(_ path: String) -> String {
        if let whole = realPath(path) { return whole }
        let folder = (path as NSString).deletingLastPathComponent
        guard let known = realPath(folder.isEmpty ? "." : folder) else { return path }
        return (known as NSString).appendingPathComponent((path as NSString).lastPathComponent)
    }

    private static func realPath(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }
}

/// The right to be the one process that works on a database. The kernel ends it with the process, however that dies.
final class StoreLock: Sendable {
    private let file: Mutex<Int32?>

    /// Takes the lock beside the database at `path`; fails at once when another process has it.
    init(for path: String) throws(StoreFailure) {
        let name = path + ".lock"
        let file = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw .system("the locking", name, errno) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let holder = Self.holder(in: file)
            close(file)
            throw code == EWOULDBLOCK ? .held(path, by: holder) : .system("the locking", name, code)
        }
        self.file = Mutex(file)
        // The number only serves the other's sentence, so a full disk is no reason to refuse the lock.
        let number = Array("\(getpid())\n".utf8)
        if ftruncate(file, 0) == 0 { pwrite(file, number, number.count, 0) }
    }

    deinit { release() }

    /// Gives the lock up; the file stays, since two processes could else hold locks on two files of one name.
    func release() {
        file.withLock { file in
            guard let open = file else { return }
            // A child that is just being started may still have the file open; unlocking counts for it too.
            flock(open, LOCK_UN)
            close(open)
            file = nil
        }
    }

    private static func holder(in file: Int32) -> String? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(file, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        let digits = bytes.prefix(count).prefix { (48...57).contains($0) }
        return digits.isEmpty ? nil : String(decoding: digits, as: UTF8.self)
    }
}
