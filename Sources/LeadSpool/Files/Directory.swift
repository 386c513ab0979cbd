// A directory that is held open: everything in it is reached by name relative to it, so that nobody can swap a path
// underneath. Links are never followed.

import Glibc
import LeadCore

/// What tells one state of one file from another.
struct FileStamp: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64
    let size: Int64
    /// When the content last changed, in nanoseconds since the epoch.
    let modified: Int64
    /// The type bits of the mode.
    let type: mode_t
    let owner: uid_t

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
        type = status.st_mode & S_IFMT
        owner = status.st_uid
    }

    /// As the port carries it.
    var text: String { "\(device):\(inode):\(size):\(modified)" }

    /// When the content last changed.
    var modifiedAt: Timestamp { Timestamp(milliseconds: modified / 1_000_000) }
}

/// A directory that is held open.
final class Directory: Sendable {
    let descriptor: Int32

    /// Opens the directory at `path`, a link to one included: the administrator may have put it elsewhere.
    init(at path: String) throws(SystemFailure) {
        descriptor = try system("open \(path)") { Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    }

    deinit { close(descriptor) }

    /// Whether a file of `owner` is the daemon's: its own, root's, or of whoever has the directory, to whom root gives what
    /// it writes.
    func isOurs(_ owner: uid_t) throws(SystemFailure) -> Bool {
        if owner == geteuid() || owner == 0 { return true }
        var status = stat()
        try system("examine the directory") { fstat(descriptor, &status) }
        return owner == status.st_uid
    }

    /// The state of what `name` stands for, a link itself rather than what it leads to; nil when nothing is there.
    func stamp(of name: FileName) throws(SystemFailure) -> FileStamp? {
        var status = stat()
        do throws(SystemFailure) {
            try system("examine it") { name.withPointer { fstatat(descriptor, $0, &status, AT_SYMLINK_NOFOLLOW) } }
        } catch {
            if error.isMissing { return nil }
            throw error
        }
        return FileStamp(status)
    }

    /// When the content of `name` last changed, in nanoseconds; before all others when that can't be told.
    func modified(_ name: FileName) -> Int64 {
        var status = stat()
        guard name.withPointer({ fstatat(descriptor, $0, &status, AT_SYMLINK_NOFOLLOW) }) == 0 else { return .min }
        return FileStamp(status).modified
    }

    /// Removes `name`.
    func remove(_ name: FileName) throws(SystemFailure) {
        try system("remove it") { name.withPointer { unlinkat(descriptor, $0, 0) } }
    }

    /// Gives `name` the place of `other` in `target`, replacing what is there.
    func move(_ name: FileName, to other: FileName, in target: Directory) throws(SystemFailure) {
        try system("move it") {
            name.withPointer { from in
                other.withPointer { renameat(descriptor, from, target.descriptor, $0) }
            }
        }
    }

    /// Makes a second name for `name`; fails when `other` is there already.
    func link(_ name: FileName, as other: FileName) throws(SystemFailure) {
        try system("name it") {
            name.withPointer { from in
                other.withPointer { linkat(descriptor, from, descriptor, $0, 0) }
            }
        }
    }

    /// Makes what was done to names durable.
    func sync() throws(SystemFailure) {
        try system("sync the directory") { fsync(descriptor) }
    }

    /// Calls `body` with each name but those of the directory itself, and whether it is known to be a directory's,
    /// until it says to stop.
    func names(_ body: (FileName, _ isDirectory: Bool) -> Walk) throws(SystemFailure) {
        // A descriptor of its own, because a walk moves the position that duplicates share.
        let own = try system("read the directory") { openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard let stream = fdopendir(own) else {
            let code = errno
            close(own)
            throw SystemFailure(action: "read the directory", code: code)
        }
        defer { closedir(stream) }
        let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 0
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                let code = errno
                if code != 0 { throw SystemFailure(action: "read the directory", code: code) }
                return
            }
            let start = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
            guard let name = FileName(start) else { continue }
            if body(name, entry.pointee.d_type == UInt8(DT_DIR)) == .stop { return }
        }
    }

    /// Whether a walk over names goes on.
    enum Walk {
        case goOn, stop
    }

    /// Creates `name`, which must not be there, or empties it with `replacing`; readable by its owner alone.
    func create(_ name: FileName, replacing: Bool) throws(SystemFailure) -> OpenFile {
        let flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | (replacing ? O_TRUNC : O_EXCL)
        return OpenFile(
            descriptor: try system("create it") { name.withPointer { openat(descriptor, $0, flags, 0o600) } })
    }

    /// Opens `name`, which is there, for writing.
    func reopen(_ name: FileName) throws(SystemFailure) -> OpenFile {
        let flags = O_WRONLY | O_NOFOLLOW | O_CLOEXEC
        return OpenFile(descriptor: try system("open it") { name.withPointer { openat(descriptor, $0, flags) } })
    }

    /// Opens `name` for reading, without following it and without waiting for anyone.
    func open(_ name: FileName) throws(SystemFailure) -> OpenFile {
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        return OpenFile(descriptor: try system("open it") { name.withPointer { openat(descriptor, $0, flags) } })
    }
}

/// A file that is held open.
struct OpenFile: ~Copyable, Sendable {
    let descriptor: Int32

    deinit { close(descriptor) }

    /// The file's state.
    func stamp() throws(SystemFailure) -> FileStamp { FileStamp(try status()) }

    /// The file's state with owner and mode.
    func status() throws(SystemFailure) -> stat {
        var status = stat()
        try system("examine it") { fstat(descriptor, &status) }
        return status
    }

    /// The bytes up to the end, at most `most`.
    func read(most: Int) throws(SystemFailure) -> [UInt8] {
        var failure: SystemFailure?
        let bytes = [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
            do throws(SystemFailure) {
                while count < most {
                    let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                    let size = try system("read it") { Glibc.read(descriptor, rest.baseAddress, rest.count) }
                    if size == 0 { return }
                    count += size
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Up to `most` bytes from `offset` on, fewer at the end of the file alone.
    func read(at offset: Int, most: Int) throws(SystemFailure) -> [UInt8] {
        var failure: SystemFailure?
        let bytes = [UInt8](unsafeUninitializedCapacity: max(most, 0)) { buffer, count in
            do throws(SystemFailure) {
                while count < most {
                    let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                    let size = try system("read it") {
                        pread(descriptor, rest.baseAddress, rest.count, off_t(offset + count))
                    }
                    if size == 0 { return }
                    count += size
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Writes all of `bytes` from `offset` on; what the file had beyond them is gone.
    func write(_ bytes: [UInt8], at offset: Int) throws(SystemFailure) {
        var written = 0
        while written < bytes.count {
            written += try system("write it") {
                bytes[written...].withUnsafeBytes {
                    pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset + written))
                }
            }
        }
        try system("cut it") { ftruncate(descriptor, off_t(offset + bytes.count)) }
    }

    /// Writes all of `bytes`.
    func write(_ bytes: [UInt8]) throws(SystemFailure) {
        var written = 0
        while written < bytes.count {
            written += try system("write it") {
                bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            }
        }
    }

    /// Makes what was written durable.
    func sync() throws(SystemFailure) {
        try system("sync it") { fsync(descriptor) }
    }
}
