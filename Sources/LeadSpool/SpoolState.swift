// What the spool keeps in mind between its steps: the directories it holds open, the watch, the backlog, when the next
// scan is due, and what an operator should be told. Pure but for the descriptors it holds.

import Glibc
import LeadCore

/// The directories as they were opened.
struct Dock: Sendable {
    let incoming: Directory
    let failed: Directory

    init(_ place: SpoolDirectory) throws(SystemFailure) {
        incoming = try Directory(at: place.incomingPath)
        failed = try Directory(at: place.failedPath)
    }

    /// True while the paths still lead to the open directories.
    func isCurrent(_ place: SpoolDirectory) -> Bool {
        Self.isSame(incoming, place.incomingPath) && Self.isSame(failed, place.failedPath)
    }

    private static func isSame(_ directory: Directory, _ path: String) -> Bool {
        var open = stat()
        var present = stat()
        return fstat(directory.descriptor, &open) == 0 && stat(path, &present) == 0
            && open.st_dev == present.st_dev && open.st_ino == present.st_ino
    }
}

extension SpoolDirectory {
    /// Why files can't be taken now; nil when they can.
    func flaw() -> String? {
        for path in [incomingPath, failedPath] {
            if access(path, R_OK | W_OK | X_OK) != 0 {
                let reason = String(cString: strerror(errno))
                return "\(path) can't be read and written: \(reason); check its owner and mode"
            }
        }
        var space = statvfs()
        if statvfs(failedPath, &space) == 0, space.f_bavail == 0, space.f_blocks > 0 {
            return "no space is left for \(failedPath)"
        }
        return nil
    }
}

/// What a scan came upon. Files are taken oldest first, whatever the order in which the directory names them; what there
/// is no room for is left to a later scan.
struct ScanResult {
    var directories: Set<FileName> = []
    var failure: SystemFailure?
    private(set) var wasCut = false
    private var files: [(modified: Int64, name: FileName)] = []
    private let room: Int

    init(room: Int) { self.room = room }

    /// A file that nobody deals with yet.
    mutating func found(_ name: FileName, modified: Int64) {
        files.append((modified, name))
        // Not each time, because sorting takes its time.
        if files.count >= 2 * room + 1024 { keepOldest() }
    }

    /// The oldest files, as many as there is room for.
    mutating func oldest() -> [FileName] {
        keepOldest()
        return files.map(\.name)
    }

    private mutating func keepOldest() {
        files.sort { $0.modified < $1.modified }
        guard files.count > room else { return }
        files.removeLast(files.count - room)
        wasCut = true
    }
}

/// A file of rows that is being read in portions.
struct RowFile: Sendable {
    let stamp: FileStamp
    /// Where the next portion begins.
    var reader: CSVReader
    /// Where the one after it does; nil while none has been given.
    var next: CSVReader?
    /// How many leads of it are durable.
    var taken = 0

    /// How much of it has been read, in percent.
    var percent: Int { stamp.size > 0 ? reader.done * 100 / Int(stamp.size) : 100 }
}

/// The spool's memory.
struct SpoolState {
    var dock: Dock
    var watch: Watch?
    var arrivals: Arrivals?
    var backlog = Backlog()
    /// Files that are being read in portions.
    var rows: [FileName: RowFile] = [:]
    var isStopped = false
    /// True when there are notices that nobody has been woken for.
    var hasNews = false
    /// True when a scan left names out for want of room.
    private(set) var scanWasCut = false
    /// Why nothing is watched; nil while the watch goes on.
    private(set) var watchFlaw: String?

    private var notices: [IntakeNotice] = []
    private var abandoned: [(FileName, FileStamp)] = []
    private var ignored: Set<FileName> = []
    private var mustScan = true
    private var lastScan: Timestamp?
    private var watchFailures = 0
    private var nextWatch: Timestamp?

    private static let mostNotices = 1000

    init(dock: Dock) { self.dock = dock }

    // MARK: Watching

    func watchIsDue(_ now: Timestamp) -> Bool { watch == nil && (nextWatch.map { $0 <= now } ?? true) }

    /// The watch has begun; gives the former one, to be stopped.
    mutating func watched(_ dock: Dock, _ watch: Watch, _ arrivals: Arrivals) -> Watch? {
        let former = self.watch
        self.dock = dock
        // A spool that was stopped meanwhile doesn't begin anew.
        self.watch = isStopped ? nil : watch
        self.arrivals = arrivals
        if watchFlaw != nil { note(.rescanned(reason: "incoming/ is watched again")) }
        watchFlaw = nil
        watchFailures = 0
        nextWatch = nil
        mustScan = true
        return former
    }

    /// The watch has ended or could not begin; it is tried again, at once for the first time.
    mutating func unwatched(_ reason: String, now: Timestamp) {
        watch = nil
        arrivals = nil
        if watchFlaw == nil {
            trouble("incoming", reason)
        }
        watchFlaw = reason
        nextWatch = watchFailures == 0 ? now : now + Backlog.pause(after: watchFailures)
        watchFailures += 1
    }

    // MARK: Scanning

    /// Events were lost.
    mutating func lost(_ reason: String) {
        mustScan = true
        note(.rescanned(reason: reason))
    }

    /// Says whether to scan now, and takes it as done.
    mutating func takeScan(now: Timestamp, clockStep: Backlog.ClockStep, every sweep: Duration) -> Scan {
        let isDue = lastScan.map { now >= $0 + sweep } ?? true
        guard mustScan || isDue || canGoOnScanning || clockStep == .back else { return .notYet }
        mustScan = false
        lastScan = now
        return .due
    }

    /// Whether the directory is to be read through.
    enum Scan {
        case due, notYet
    }

    private var canGoOnScanning: Bool { scanWasCut && backlog.isIdle && backlog.hasRoom }

    mutating func scanned(_ result: ScanResult) {
        scanWasCut = result.wasCut
        for name in result.directories { ignore(name) }
        if !result.wasCut, result.failure == nil { ignored = result.directories }
        if let failure = result.failure { trouble("incoming", "\(failure)") }
    }

    /// A directory in incoming/; told once.
    mutating func ignore(_ name: FileName) {
        guard ignored.count < Self.mostNotices, ignored.insert(name).inserted else { return }
        trouble(name.shown, "is a directory and is left alone; only files in incoming/ itself are taken")
    }

    /// When there is something to do though nothing happens.
    mutating func nextWake(now: Timestamp, every sweep: Duration) -> Timestamp? {
        if mustScan || canGoOnScanning { return now }
        let scan = lastScan.map { $0 + sweep }
        return [scan, backlog.nextDue(), watch == nil ? nextWatch : nil].compactMap(\.self).min()
    }

    // MARK: Large files

    /// The file of rows `name` has vanished or is another one now: what was collected of its bad rows is of no use.
    mutating func abandon(_ name: FileName) {
        guard let former = rows.removeValue(forKey: name) else { return }
        abandoned.append((name, former.stamp))
        // Whoever is woken for notices removes it.
        hasNews = true
    }

    /// The files of rows that nobody reads any more, since this was last asked.
    mutating func takeAbandoned() -> [(FileName, FileStamp)] {
        defer { abandoned = [] }
        return abandoned
    }

    /// How often a large file's progress is told, in leads.
    private static let stride = 50_000

    /// The portion of `name` that was given is durable, with so many leads.
    mutating func advance(_ name: FileName, by records: Int) {
        guard var file = rows[name], let next = file.next else { return }
        let before = file.taken
        file.reader = next
        file.next = nil
        file.taken += records
        rows[name] = file
        if before / Self.stride != file.taken / Self.stride {
            note(.progress(name: name.shown, records: file.taken, percent: file.percent))
        }
    }

    /// The last portion of `name` is durable, with so many leads.
    mutating func ended(_ name: FileName, with records: Int) {
        guard let file = rows[name] else { return }
        note(.progress(name: name.shown, records: file.taken + records, percent: 100))
    }

    /// What is told of files that are being read in portions; nil when none is.
    var progress: String? {
        guard !rows.isEmpty else { return nil }
        return rows.map { "reading \($0.key.shown): \($0.value.taken) leads, \($0.value.percent) %" }.sorted()
            .joined(separator: "; ")
    }

    // MARK: Telling

    mutating func trouble(_ name: String, _ reason: String) { note(.trouble(name: name, reason: reason)) }

    mutating func note(_ notice: IntakeNotice) {
        hasNews = true
        if notices.count < Self.mostNotices { notices.append(notice) }
    }

    mutating func takeNotices() -> [IntakeNotice] {
        hasNews = false
        defer { notices = [] }
        return notices
    }
}
