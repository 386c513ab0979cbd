// How files become batches: each is looked at, is left alone while it may still be written, and is read whole, or in
// portions when its records are rows. What is no record is a value like any other; what the disk did is trouble and is
// tried again.

import LeadCore

extension Spool {
    /// How many bytes are read for one batch at most, the last file aside: about a thousand leads. A lead takes some ten
    /// times the room of its text, and what was read lies in the processor's caches while it is enriched and written.
    private static let batchBytes = 512 * 1024
    /// After so many vain attempts a file that may not be read is moved aside: about a minute.
    private static let patience = 6

    /// Reads what waits, until a batch is full.
    func read(limit: Int, now: Timestamp) -> [IntakeFile] {
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
        do throws(SystemFailure) {
            if format.isOwn, try !dock.incoming.isOurs(stamp.owner) {
                return give(name, stamp, .faulty([], .notOurs), judge)
            }
        } catch {
            return .trouble(error)
        }
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
}
