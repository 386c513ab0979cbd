// The spool: files in incoming/ become batches of records, and go when the records are durable. It is woken by the
// kernel's hints and reads the directory through at the start, when hints were lost, and now and then. Faults of files
// are values in what it gives; faults of the disk are notices, and are tried again. Used by the intake loop.

import LeadCore
import Synchronization

/// The source of leads that watches a directory.
///
/// A final class rather than an actor, so that one batch is removed while the next is read.
public final class Spool: LeadSource {
    private let settings: SpoolSettings
    private let clock: any TimeSource
    private let place: SpoolDirectory
    private let bell = Bell()
    private let quarantine = Quarantine()
    private let state: Mutex<SpoolState>

    /// How many bytes are read for one batch at most, the last file aside; bounds memory.
    private static let batchBytes = 4 * 1_048_576
    /// After so many vain attempts a file that may not be read is moved aside: about a minute.
    private static let patience = 6

    /// A spool in the directory that `settings` names; makes it and what belongs into it.
    public init(settings: SpoolSettings, clock: any TimeSource) throws(SpoolFailure) {
        self.settings = settings
        self.clock = clock
        place = SpoolDirectory(settings.directory)
        do throws(SystemFailure) {
            try place.prepare()
            let dock = try Dock(place)
            state = Mutex(SpoolState(dock: dock))
        } catch {
            throw SpoolFailure(
                .unavailable, "the spool \(settings.directory) can't be used: \(error); check its owner and mode")
        }
    }

    deinit { stop() }

    /// Ends the watch; `next` gives nil from now on.
    public func stop() {
        let watch = state.withLock { state in
            state.isStopped = true
            defer { state.watch = nil }
            return state.watch
        }
        watch?.stop()
        bell.ring()
    }

    /// Puts a file into the spool as a producer should; see `SpoolDirectory`.
    public func submit(name: String, bytes: [UInt8]) throws(SpoolFailure) -> String {
        try place.submit(name: name, bytes: bytes)
    }

    /// Whether files can be taken from the spool now, by a look at its directories.
    public func check() -> HealthCheck {
        let flaw = place.flaw() ?? state.withLock { $0.watchFlaw }
        return HealthCheck(name: "spool", isWell: flaw == nil, detail: flaw ?? "watching \(place.incomingPath)")
    }

    // MARK: LeadSource

    /// Waits until files are there and gives up to `limit` of them, read; an empty batch says that there are notices
    /// and nothing else, so that a fault is told although no file comes.
    public func next(limit: Int) async -> [IntakeFile]? {
        while !Task.isCancelled {
            let now = clock.now()
            guard !state.withLock({ $0.isStopped }) else { return nil }
            attend(now)
            let files = read(limit: limit, now: now)
            if !files.isEmpty || state.withLock({ $0.hasNews }) {
                state.withLock { $0.hasNews = false }
                return files
            }
            let wake = state.withLock { $0.nextWake(now: now, every: settings.sweep) }
            if let wake, wake <= now { continue }
            await clock.wait(until: wake, or: bell)
        }
        return nil
    }

    public func retire(_ files: [IntakeFile]) async {
        let dock = state.withLock { $0.dock }
        let now = clock.now()
        // The good ones first: what is to be kept with a reason waits for the disk.
        for file in files where file.rejected.isEmpty {
            guard let name = FileName(shown: file.name) else { continue }
            settle(name, file, remove(file, name, dock), now)
        }
        for file in files where !file.rejected.isEmpty {
            guard let name = FileName(shown: file.name) else { continue }
            let outcome = await quarantine.keep(file, name, from: dock.incoming, in: dock.failed, now: now)
            settle(name, file, outcome, now)
        }
    }

    public func release(_ files: [IntakeFile]) async {
        let now = clock.now()
        state.withLock { state in
            for name in files.compactMap({ FileName(shown: $0.name) }) { state.backlog.pause(name, now: now) }
        }
        bell.ring()
    }

    public func notices() async -> [IntakeNotice] { state.withLock { $0.takeNotices() } }

    /// What the present watch adds to.
    var arrivals: Arrivals? { state.withLock { $0.arrivals } }

    // MARK: What comes

    /// Takes up what the kernel told, and scans when it is time.
    private func attend(_ now: Timestamp) {
        keepWatch(now)
        let (arrivals, clockStep) = state.withLock { ($0.arrivals, $0.backlog.wake(now: now)) }
        let pile = arrivals?.take() ?? Arrivals.Pile()
        let scan = state.withLock { state in
            for name in pile.names { state.backlog.arrived(name) }
            if let loss = pile.loss { state.lost(loss) }
            if let end = pile.end { state.unwatched(end, now: now) }
            return state.takeScan(now: now, clockStep: clockStep, every: settings.sweep)
        }
        if scan == .due { self.scan(now) }
    }

    /// Sees to it that the directories are those at their paths, and that they are watched.
    private func keepWatch(_ now: Timestamp) {
        let (former, isDue) = state.withLock { ($0.dock, $0.watchIsDue(now)) }
        guard isDue else { return }
        do throws(SystemFailure) {
            var dock = former
            if !former.isCurrent(place) {
                try place.prepare()
                dock = try Dock(place)
            }
            let arrivals = Arrivals(bell: bell)
            // Before the scan that follows, so that nothing comes unseen in between.
            let watch = try Watch(path: place.incomingPath, arrivals: arrivals)
            let former = state.withLock { $0.watched(dock, watch, arrivals) }
            former?.stop()
        } catch {
            state.withLock { $0.unwatched("\(error)", now: now) }
        }
    }

    private func scan(_ now: Timestamp) {
        let dock = state.withLock { $0.dock }
        // A directory that was moved away sends no events, and neither does one that another was mounted over.
        if !dock.isCurrent(place) {
            state.withLock { $0.unwatched("the spool's directories are not where they were", now: now) }
            return keepWatch(now)
        }
        var walk = ScanResult()
        do throws(SystemFailure) {
            try dock.incoming.names { name, isDirectory in
                if name.isUnfinished { return .goOn }
                if isDirectory {
                    walk.directories.insert(name)
                    return .goOn
                }
                guard state.withLock({ $0.backlog.found(name) }) == .added else { return walk.cut() }
                return .goOn
            }
        } catch {
            walk.failure = error
        }
        state.withLock { $0.scanned(walk) }
    }

    // MARK: Reading

    private func read(limit: Int, now: Timestamp) -> [IntakeFile] {
        var files: [IntakeFile] = []
        var bytes = 0
        let dock = state.withLock { $0.dock }
        while files.count < limit, bytes < Self.batchBytes, let (name, entry) = state.withLock({ $0.backlog.take() }) {
            let finding = examine(name, entry, dock, now)
            state.withLock { state in
                switch finding {
                case .give(let file, let size):
                    files.append(file)
                    bytes += size
                    state.backlog.give(name)
                case .rest(let until, let sighting): state.backlog.rest(name, until: until, seen: sighting)
                case .missing: state.backlog.forget(name)
                case .directory:
                    state.backlog.forget(name)
                    state.ignore(name)
                case .trouble(let failure):
                    if entry.failures == 0 { state.trouble(name.shown, "\(failure)") }
                    state.backlog.pause(name, now: now)
                }
            }
        }
        return files
    }

    private enum Finding {
        case give(IntakeFile, bytes: Int)
        case rest(until: Timestamp, Sighting)
        case missing, directory
        case trouble(SystemFailure)
    }

    private func examine(_ name: FileName, _ entry: Backlog.Entry, _ dock: Dock, _ now: Timestamp) -> Finding {
        let judge: (FileStamp) -> Settling = { [settings] stamp in
            Settling.judge(stamp, former: entry.seen, now: now, settle: settings.settle)
        }
        let look = FileLook.at(name, in: dock.incoming, most: settings.maximumFileBytes) { stamp in
            !entry.isClosed && judge(stamp) != .settled
        }
        switch look {
        case .missing: return .missing
        case .directory: return .directory
        case .unsettled(let stamp): return rest(stamp, judge)
        case .unfit(let fault, let stamp):
            return give(name, stamp, .faulty([], fault), judge)
        case .read(let bytes, let stamp):
            guard let format = RecordFormat.named(name.bytes) else {
                return give(name, stamp, .faulty([], .foreignExtension), judge)
            }
            return give(name, stamp, format.read(bytes, settings.maximumRecords), judge)
        case .unreadable(let failure, let stamp):
            // Any other fault is the disk's or the process's, and heals.
            guard let stamp, failure.isForbidden, entry.failures >= Self.patience else { return .trouble(failure) }
            let fault = IntakeFault(what: "\(failure)", remedy: "Let the daemon read the file, then put it back.")
            return give(name, stamp, .faulty([], fault), judge)
        }
    }

    /// Gives what was read, unless it is faulty and may not be finished: a writer may open and close a file in turns.
    private func give(
        _ name: FileName, _ stamp: FileStamp, _ content: FileContent, _ judge: (FileStamp) -> Settling
    ) -> Finding {
        if !content.rejected.isEmpty, case .waiting(let until, let sighting) = judge(stamp) {
            return .rest(until: until, sighting)
        }
        let file = IntakeFile(
            name: name.shown, identity: stamp.text, records: content.records, rejected: content.rejected)
        return .give(file, bytes: Int(min(stamp.size, Int64(settings.maximumFileBytes))))
    }

    private func rest(_ stamp: FileStamp, _ judge: (FileStamp) -> Settling) -> Finding {
        // Settled by now only if it changed while it was read: the change is this instant's.
        guard case .waiting(let until, let sighting) = judge(stamp) else {
            let now = clock.now()
            return .rest(until: now + settings.settle, Sighting(stamp: stamp, at: now))
        }
        return .rest(until: until, sighting)
    }

    // MARK: Removing

    /// Removes a file whose leads are all durable.
    ///
    /// The directory isn't synced: a file that a power failure brings back is read once more, and its keys are known.
    /// Between the comparison and the removal lies an instant in which a producer could replace the file; one that
    /// replaces files at all may do so just before they are read, and loses leads that way.
    private func remove(_ file: IntakeFile, _ name: FileName, _ dock: Dock) -> Quarantine.Outcome {
        do throws(SystemFailure) {
            guard let stamp = try dock.incoming.stamp(of: name) else { return .missing }
            guard stamp.text == file.identity else { return .changed }
            try dock.incoming.remove(name)
            return .kept
        } catch {
            return .failed(error)
        }
    }

    private func settle(_ name: FileName, _ file: IntakeFile, _ outcome: Quarantine.Outcome, _ now: Timestamp) {
        let mustWake = state.withLock { state in
            switch outcome {
            case .kept, .missing:
                if case .kept = outcome, let fault = file.rejected.first?.fault {
                    state.note(.quarantined(name: file.name, fault: fault, records: file.rejected.count))
                }
                state.backlog.forget(name)
                return !state.backlog.isIdle || state.scanWasCut
            case .changed:
                state.backlog.changed(name)
                return true
            case .failed(let failure):
                state.trouble(file.name, "\(failure)")
                state.backlog.pause(name, now: now)
                return true
            }
        }
        // `next` may be asleep, and doesn't know of the new rest or of the name that is to be read again.
        if mustWake { bell.ring() }
    }
}
