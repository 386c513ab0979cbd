// The spool: files in incoming/ become batches of records, and go when the records are durable. It is woken by the
// kernel's hints and reads the directory through at the start, when hints were lost, and now and then. Faults of files
// are values in what it gives; faults of the disk are notices, and are tried again. Used by the intake loop.

import LeadCore
import Synchronization

/// The source of leads that watches a directory.
///
/// A final class rather than an actor, so that one batch is removed while the next is read.
public final class Spool: LeadSource {
    let settings: SpoolSettings
    let clock: any TimeSource
    private let place: SpoolDirectory
    private let bell: Bell
    let rules: ReadingRules
    private let quarantine = Quarantine()
    let state: Mutex<SpoolState>

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

    /// Begins the watch, which the first look would.
    func beginWatch() { keepWatch(clock.now()) }

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
            if let loss = pile.loss { state.lost(loss) }
            if let end = pile.end { state.unwatched(end, now: now) }
            return state.takeScan(now: now, clockStep: clockStep, every: settings.sweep)
        }
        if scan == .due { self.scan(now) }
        // Behind what was there before them.
        state.withLock { state in for name in pile.names { state.backlog.arrived(name) } }
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
