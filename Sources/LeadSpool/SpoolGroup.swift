// Several spools as one source of leads: one for each way in that has a directory of its own. They share a bell, so that one
// task waits for all of them, and take turns, so that a flood in one holds up no other.

import LeadCore
import Synchronization

/// The spools of all sources.
public final class SpoolGroup: LeadSource {
    private let spools: [Spool]
    private let bell: Bell
    private let clock: any TimeSource
    private let turn = Mutex(0)

    /// Spools with these settings; the first is the one that has no source's name.
    public init(_ settings: [SpoolSettings], clock: any TimeSource) throws(SpoolFailure) {
        let bell = Bell()
        var spools: [Spool] = []
        let root = settings.first.map { $0.directory + "/" } ?? ""
        for settings in settings {
            do throws(SystemFailure) {
                if settings.directory.hasPrefix(root) { try SpoolDirectory.makeParent(of: settings.directory) }
            } catch {
                throw SpoolFailure(
                    .unavailable, "the spool \(settings.directory) can't be used: \(error); check its owner and mode")
            }
            spools.append(try Spool(settings: settings, clock: clock, bell: bell))
        }
        self.spools = spools
        self.bell = bell
        self.clock = clock
    }

    /// Begins the watches, which the first look would: a file that comes before that look is taken as it is then, and needn't
    /// be left alone for a while.
    public func beginWatch() { for spool in spools { spool.beginWatch() } }

    /// Ends the watches; `next` gives nil from now on.
    public func stop() { for spool in spools { spool.stop() } }

    /// Whether files can be taken from each spool now.
    public func checks() -> [HealthCheck] { spools.map { $0.check() } }

    /// The spool of the source called `name`.
    public func spool(of name: String) -> Spool? { spools.first { $0.source == name } }

    public func next(limit: Int) async -> [IntakeFile]? {
        while !Task.isCancelled {
            let now = clock.now()
            let first = turn.withLock { turn in
                turn = (turn + 1) % max(1, spools.count)
                return turn
            }
            var wake: Timestamp?
            for index in spools.indices {
                switch spools[(first + index) % spools.count].poll(limit: limit, now: now) {
                case .stopped: return nil
                case .files(let files): return files
                case .quiet(let until): wake = [wake, until].compactMap(\.self).min()
                }
            }
            if let wake, wake <= now { continue }
            await clock.wait(until: wake, or: bell)
        }
        return nil
    }

    public func retire(_ files: [IntakeFile]) async {
        for (spool, own) in own(files) { await spool.retire(own) }
    }

    public func release(_ files: [IntakeFile]) async {
        for (spool, own) in own(files) { await spool.release(own) }
    }

    public func notices() async -> [IntakeNotice] {
        var notices: [IntakeNotice] = []
        for spool in spools {
            let own = await spool.notices()
            notices += spool.source.isEmpty ? own : own.map { $0.within(spool.source) }
        }
        return notices
    }

    private func own(_ files: [IntakeFile]) -> [(Spool, [IntakeFile])] {
        if spools.count == 1 { return [(spools[0], files)] }
        return spools.compactMap { spool in
            let own = files.filter { $0.origin == spool.source }
            return own.isEmpty ? nil : (spool, own)
        }
    }
}

extension IntakeNotice {
    /// The same with the source's name before the file's.
    fileprivate func within(_ source: String) -> IntakeNotice {
        switch self {
        case .quarantined(let name, let fault, let records):
            .quarantined(name: "\(source)/\(name)", fault: fault, records: records)
        case .trouble(let name, let reason): .trouble(name: "\(source)/\(name)", reason: reason)
        case .progress(let name, let records, let percent):
            .progress(name: "\(source)/\(name)", records: records, percent: percent)
        case .rescanned(let reason): .rescanned(reason: "\(source): \(reason)")
        }
    }
}
