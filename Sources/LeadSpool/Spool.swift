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
    private let bell: Bell
    private let rules: ReadingRules
    private let quarantine = Quarantine()
    private let state: Mutex<SpoolState>

    /// How many bytes are read for one batch at most, the last file aside: about a thousand leads. A lead takes some ten
    /// times the room of its text, and what was read lies in the processor's caches while it is enriched and written.
    private static let batchBytes = 512 * 1024
    /// After so many vain attempts a file that may not be read is moved aside: about a minute.
    private static let patience = 6

    /// The name of the source whose files come here; empty for the one that has none.
    public var source: String { settings.source ?? "" }

    /// A spool in the directory that `settings` names; makes it and what belongs into it. Rings `bell` when there is
    /// something to do.
    public init(settings: SpoolSettings, clock: any TimeSource, bell: Bell = Bell()) throws(SpoolFailure) {
        self.bell = bell
        rules = settings.rules
        self.settings = settings
        self.clock = clock
        place = SpoolDirectory(settings.directory)
        do throws(SystemFailure) {
            try place.prepare()
            let dock = try Dock(place)
            try Quarantine.clear(dock.failed)
            try PostBox.clear(dock.incoming)
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
        let (watchFlaw, progress) = state.withLock { ($0.watchFlaw, $0.progress) }
        let flaw = place.flaw() ?? watchFlaw
        let doing = "watching \(place.incomingPath)" + (progress.map { "; \($0)" } ?? "")
        let name = settings.source.map { "spool \($0)" } ?? "spool"
        return HealthCheck(name: name, isWell: flaw == nil, detail: flaw ?? doing)
    }

    // MARK: LeadSource

    /// Waits until files are there and gives up to `limit` of them, read; an empty batch says that there are notices
    /// and nothing else, so that a fault is told although no file comes.
    public func next(limit: Int) async -> [IntakeFile]? {
        while !Task.isCancelled {
            let now = clock.now()
            switch poll(limit: limit, now: now) {
            case .stopped: return nil
            case .files(let files): return files
            case .quiet(let wake):
                if let wake, wake <= now { continue }
                await clock.wait(until: wake, or: bell)
            }
        }
        return nil
    }

    /// What there is to do.
    enum Poll {
        case files([IntakeFile])
        /// Nothing before that instant, unless the bell rings.
        case quiet(until: Timestamp?)
        case stopped
    }

    /// Looks what has come, without waiting.
    func poll(limit: Int, now: Timestamp) -> Poll {
        guard !state.withLock({ $0.isStopped }) else { return .stopped }
        attend(now)
        let files = read(limit: limit, now: now)
        if !files.isEmpty || state.withLock({ $0.hasNews }) {
            state.withLock { $0.hasNews = false }
            return .files(files)
        }
        return .quiet(until: state.withLock { $0.nextWake(now: now, every: settings.sweep) })
    }

    public func retire(_ files: [IntakeFile]) async {
        let dock = state.withLock { $0.dock }
        let now = clock.now()
        // The good ones first: what is to be kept with a reason waits for the disk.
        for file in files where file.rejected.isEmpty && file.extent != .end {
            guard let name = FileName(shown: file.name) else { continue }
            settle(name, file, file.extent == .part ? .kept : remove(file, name, dock), now)
        }
        for file in files where !file.rejected.isEmpty || file.extent == .end {
            guard let name = FileName(shown: file.name) else { continue }
            let outcome: Quarantine.Outcome
            switch file.extent {
            case .whole: outcome = await quarantine.keep(file, name, from: dock.incoming, in: dock.failed, now: now)
            case .part: outcome = await quarantine.collect(file, name, in: dock.failed)
            case .end:
                let taken = state.withLock { $0.rows[name]?.taken ?? 0 } + file.records.count
                let kept = await quarantine.close(
                    file, name, taken: taken, from: dock.incoming, in: dock.failed, now: now)
                outcome = kept ?? remove(file, name, dock)
            }
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

    public func notices() async -> [IntakeNotice] {
        let (dock, abandoned) = state.withLock { ($0.dock, $0.takeAbandoned()) }
        for (name, stamp) in abandoned { await quarantine.abandon(name, identity: stamp.text, in: dock.failed) }
        return state.withLock { $0.takeNotices() }
    }

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
        var walk = ScanResult(room: state.withLock { $0.backlog.room })
        do throws(SystemFailure) {
            try dock.incoming.names { name, isDirectory in
                if name.isUnfinished { return .goOn }
                if isDirectory {
                    walk.directories.insert(name)
                } else if !state.withLock({ $0.backlog.knows(name) }) {
                    walk.found(name, modified: dock.incoming.modified(name))
                }
                return .goOn
            }
        } catch {
            walk.failure = error
        }
        let oldest = walk.oldest()
        state.withLock { state in
            for name in oldest { _ = state.backlog.found(name) }
            state.scanned(walk)
        }
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
        let format = RecordFormat.named(name.bytes)
        if format?.size == .rows { return examineRows(name, entry, dock, judge) }
        let look = FileLook.at(name, in: dock.incoming, most: settings.limit(format)) { stamp in
            !entry.isClosed && judge(stamp) != .settled
        }
        guard case .read(let bytes, let stamp) = look else { return finding(look, name, entry, judge) }
        guard let format else { return give(name, stamp, .faulty([], .foreignExtension), judge) }
        return give(name, stamp, format.read(bytes, rules), judge)
    }

    /// What a look gives to do that found nothing to read.
    private func finding(
        _ look: FileLook, _ name: FileName, _ entry: Backlog.Entry, _ judge: (FileStamp) -> Settling
    ) -> Finding {
        switch look {
        case .missing: return .missing
        case .directory: return .directory
        case .unsettled(let stamp): return rest(stamp, judge)
        case .unfit(let fault, let stamp):
            return give(name, stamp, .faulty([], fault), judge)
        case .read(_, let stamp): return rest(stamp, judge)
        case .unreadable(let failure, let stamp):
            // Any other fault is the disk's or the process's, and heals.
            guard let stamp, failure.isForbidden, entry.failures >= Self.patience else { return .trouble(failure) }
            let fault = IntakeFault(what: "\(failure)", remedy: "Let the daemon read the file, then put it back.")
            return give(name, stamp, .faulty([], fault), judge)
        }
    }

    /// The next portion of a file of rows. It begins only when the file has been left alone for long enough, whatever its
    /// writer said: a program that opens it for each row it adds leaves whole rows each time.
    private func examineRows(
        _ name: FileName, _ entry: Backlog.Entry, _ dock: Dock, _ judge: (FileStamp) -> Settling
    ) -> Finding {
        let known = state.withLock { $0.rows[name] }
        // Opened for each portion, so that any number of files may be under way.
        let opening = FileLook.open(name, in: dock.incoming, most: settings.limit(.csv)) { stamp in
            stamp != known?.stamp && judge(stamp) != .settled
        }
        let open: SharedFile
        var rows: RowFile
        switch opening {
        case .look(.unreadable(let failure, let stamp)):
            return finding(.unreadable(failure, stamp), name, entry, judge)
        case .look(let look):
            state.withLock { $0.abandon(name) }
            return finding(look, name, entry, judge)
        case .open(let file, let stamp):
            open = file
            if let known, known.stamp == stamp {
                rows = known
            } else {
                state.withLock { $0.abandon(name) }
                rows = RowFile(stamp: stamp, reader: CSVReader(size: Int(stamp.size)))
            }
        }
        var reader = rows.reader
        do throws(SystemFailure) {
            var content = try reader.portion(
                of: { offset, most throws(SystemFailure) in try open.file.read(at: offset, most: most) }, by: rules)
            let stamp = try open.file.stamp()
            guard stamp == rows.stamp else {
                state.withLock { $0.abandon(name) }
                return rest(stamp, judge)
            }
            let isFirst = rows.reader.done == 0
            if isFirst, reader.isAtEnd, content.records.isEmpty, content.rejected.isEmpty {
                content = .faulty([], .noRows)
            }
            let extent: IntakeFile.Extent = !reader.isAtEnd ? .part : isFirst ? .whole : .end
            rows.next = reader
            let ended = extent == .whole
            state.withLock { [rows] in $0.rows[name] = ended ? nil : rows }
            let given = IntakeFile(
                name: name.shown, identity: stamp.text, records: content.records, rejected: content.rejected,
                preamble: content.preamble, extent: extent, origin: source)
            return .give(given, bytes: reader.done - rows.reader.done)
        } catch {
            return .trouble(error)
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
            name: name.shown, identity: stamp.text, records: content.records, rejected: content.rejected,
            preamble: content.preamble, origin: source)
        return .give(file, bytes: Int(min(stamp.size, Int64(settings.maximumMailBytes))))
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
            case .kept where file.extent == .part:
                state.advance(name, by: file.records.count)
                state.backlog.changed(name)
                return true
            case .kept, .collected, .missing:
                if case .collected(let fault, let count) = outcome {
                    state.note(.quarantined(name: file.name, fault: fault, records: count))
                } else if case .kept = outcome, let fault = file.rejected.first?.fault {
                    state.note(.quarantined(name: file.name, fault: fault, records: file.rejected.count))
                }
                if file.extent != .whole {
                    if case .missing = outcome {} else { state.ended(name, with: file.records.count) }
                    state.rows[name] = nil
                }
                state.backlog.forget(name)
                return !state.backlog.isIdle || state.scanWasCut
            case .changed:
                state.rows[name] = nil
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
