// The spool as a place: its two directories, and the careful way to put a file there, which is what a producer should
// do as well. Nothing here watches or reads.

import Glibc

/// The directory that holds `incoming/` and `failed/`.
public struct SpoolDirectory: Sendable {
    /// Where it is.
    public let path: String

    /// The spool at `path`, which need not exist yet.
    public init(_ path: String) { self.path = path }

    var incomingPath: String { path + "/incoming" }
    var failedPath: String { path + "/failed" }

    /// Makes the directories that are missing.
    func prepare() throws(SystemFailure) {
        // A group of producers may write into incoming/; what failed is for the daemon and whoever looks after it.
        try Self.make(path, mode: 0o750)
        try Self.make(incomingPath, mode: 0o770)
        try Self.make(failedPath, mode: 0o750)
    }

    /// Makes the folders above `path` that are missing; for one within another spool alone, since a spool whose disk isn't
    /// mounted must be told and not made.
    static func makeParent(of path: String) throws(SystemFailure) {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
        let parent = String(path[..<slash])
        guard access(parent, F_OK) != 0, errno == ENOENT else { return }
        try makeParent(of: parent)
        try make(parent, mode: 0o750)
    }

    private static func make(_ path: String, mode: mode_t) throws(SystemFailure) {
        if mkdir(path, mode) == 0 {
            // The process's mask may have taken away what the group needs.
            try system("set the mode of \(path)") { chmod(path, mode) }
        } else if errno != EEXIST {
            throw SystemFailure(action: "make \(path)", code: errno)
        }
    }

    /// Puts a file of `bytes` into `incoming/`, durably and whole, and gives the name that it has there: `name`, or
    /// one made from it when that is taken.
    ///
    /// The file is written under a hidden name, synced, and only then given its own; what is there is never replaced.
    public func submit(name: String, bytes: [UInt8]) throws(SpoolFailure) -> String {
        try submit(name: name) { file throws(SystemFailure) in try file.write(bytes) }
    }

    /// The same with what `file` holds, whatever its size.
    public func submit(name: String, file: LooseFile) throws(SpoolFailure) -> String {
        try submit(name: name) { copy throws(SystemFailure) in try file.copy(into: copy) }
    }

    private typealias Writing = (borrowing OpenFile) throws(SystemFailure) -> Void

    private func submit(name: String, writing: Writing) throws(SpoolFailure) -> String {
        guard RecordFormat.named(name.utf8) != nil, name.utf8.count <= 200, let plain = FileName(name.utf8),
            !plain.isUnfinished, plain.shown == name
        else {
            throw SpoolFailure(
                .badName,
                "a lead file's name has no '/', no '%' and no control characters, doesn't begin with a dot and ends in "
                    + RecordFormat.acceptedExtensions)
        }
        do throws(SystemFailure) {
            let incoming = try Directory(at: incomingPath)
            for number in 0..<10_000 {
                let candidate = Self.variant(of: name, number)
                if try Self.put(writing, as: candidate, into: incoming) == .done { return candidate }
            }
        } catch {
            throw SpoolFailure(.unavailable, "\(incomingPath): \(error); check the directory's owner, mode and space")
        }
        throw SpoolFailure(.badName, "too many files are called like \(name); choose another name")
    }

    private static func variant(of name: String, _ number: Int) -> String {
        guard number > 0 else { return name }
        let dot = name.lastIndex(of: ".") ?? name.endIndex
        return "\(name[..<dot])-\(number)\(name[dot...])"
    }

    private enum Put {
        case done, taken
    }

    private static func put(
        _ writing: Writing, as name: String, into incoming: Directory
    ) throws(SystemFailure) -> Put {
        guard let final = FileName(name.utf8), let hidden = FileName(".\(name).tmp".utf8) else { return .taken }
        if try incoming.stamp(of: final) != nil { return .taken }
        let file: OpenFile
        do throws(SystemFailure) {
            file = try incoming.create(hidden, replacing: false)
        } catch {
            if error.code == EEXIST { return .taken }
            throw error
        }
        do throws(SystemFailure) {
            try letDaemonRead(file, incoming)
            try writing(file)
            try file.sync()
            // Unlike a renaming, a second name never replaces what another producer has put there meanwhile.
            try incoming.link(hidden, as: final)
        } catch {
            try incoming.remove(hidden)
            if error.code == EEXIST { return .taken }
            throw error
        }
        try incoming.remove(hidden)
        try incoming.sync()
        incoming.announce(final)
        return .done
    }

    /// Gives the file to the owner of the directory, or to its group, so that a daemon under its own account can read
    /// what root or a member of the group submits.
    private static func letDaemonRead(_ file: borrowing OpenFile, _ incoming: Directory) throws(SystemFailure) {
        var directory = stat()
        try system("examine the directory") { fstat(incoming.descriptor, &directory) }
        let user = geteuid()
        if user == directory.st_uid { return }
        if user == 0 {
            try system("give the file to the daemon") {
                fchown(file.descriptor, directory.st_uid, directory.st_gid)
            }
        } else {
            try system("give the file to the daemon's group") {
                fchown(file.descriptor, user, directory.st_gid)
            }
            try system("let the daemon's group read the file") { fchmod(file.descriptor, 0o640) }
        }
    }
}

extension Directory {
    /// Opens `name` for writing and closes it unchanged: those who watch the directory aren't told of second names, but of
    /// that. A hint alone: the file is durable, and one that can't be announced is gone already, or the next sweep finds
    /// it.
    fileprivate func announce(_ name: FileName) {
        let file = name.withPointer { openat(descriptor, $0, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) }
        if file >= 0 { close(file) }
    }
}
