// The calendar files in which people keep their absences, while the daemon runs: read at start, at reload and when one
// changes, never by the hour. A file that can't be used leaves its last good absences in force and is told in the log.

import Foundation
import LeadConfiguration
import LeadCore
import LeadEngine
import LeadSpool
import Logging
import ServiceLifecycle
import Synchronization

/// Keeps the absences of calendar files up to date.
final class AbsenceFiles: Service {
    /// One file and what was last made of it.
    private struct Entry {
        let file: AbsenceFile
        var absences: [Absence] = []
        /// What is wrong with it, as the log has told.
        var flaw: CalendarSourceFlaw?
        /// When a file that was faulty is read again, since it may not have been finished.
        var nextTry: Timestamp?
    }

    private struct State {
        var entries: [Entry] = []
        var watch: FileWatch?
        /// When recurrences are to be worked out for more of the future.
        var renewal: Timestamp?
    }

    private let presence: PresenceBook
    private let clock: any TimeSource
    private let log: Logger
    private let bell = Bell()
    private let state = Mutex(State())

    /// How long a faulty file is left alone before it is told: a writer may open and close it in turns.
    private static let settle: Duration = .seconds(2)
    private static let renewalInterval: Duration = .seconds(30 * 86_400)

    init(presence: PresenceBook, clock: any TimeSource, log: Logger) {
        self.presence = presence
        self.clock = clock
        self.log = log
    }

    /// Reads the files of a configuration, which replace the former one's. A file that was known and is faulty keeps
    /// what it said; one that is gone says nothing any more.
    func adopt(_ files: [AbsenceFile]) {
        let former = state.withLock { state in
            let former = state
            let now = clock.now()
            // Before the files are read, so that no change comes unseen in between.
            state.watch = files.isEmpty ? nil : FileWatch(files.map(\.path), bell: bell)
            state.renewal = files.isEmpty ? nil : now + Self.renewalInterval
            state.entries = files.map { file in
                var entry = Entry(file: file)
                do throws(CalendarSourceFlaw) {
                    entry.absences = try file.absences(around: now)
                } catch {
                    let known = former.entries.first { $0.file.person == file.person && $0.file.path == file.path }
                    if let known, FileManager.default.fileExists(atPath: file.path) {
                        entry.absences = known.absences.map { $0.with(substitute: file.substitute) }
                    }
                    tell(error, &entry)
                }
                return entry
            }
            presence.read(fromFiles: state.entries.flatMap(\.absences))
            return former
        }
        former.watch?.stop()
        bell.ring()
    }

    /// Follows the files until the daemon stops.
    func run() async {
        await cancelWhenGracefulShutdown { [self] in
            while !Task.isCancelled {
                let wake = step()
                await clock.wait(until: wake, or: bell)
            }
        }
        state.withLock { $0.watch }?.stop()
    }

    /// Reads what has changed or is due; answers when to look again without a change.
    private func step() -> Timestamp? {
        state.withLock { state in
            let now = clock.now()
            let news = state.watch?.take() ?? FileWatch.News()
            for flaw in news.flaws {
                log.warning(
                    "changes of calendar files are not noticed; reload once their folder is there",
                    metadata: ["reason": "\(flaw)"])
            }
            let isRenewal = state.renewal.map { $0 <= now } ?? false
            if isRenewal { state.renewal = now + Self.renewalInterval }
            var fresh: [Entry] = []
            for index in state.entries.indices {
                let isNew = isRenewal || news.changed.contains(state.entries[index].file.path)
                let isDue = state.entries[index].nextTry.map { $0 <= now } ?? false
                guard isNew || isDue else { continue }
                if read(&state.entries[index], now, mayBeUnfinished: isNew) { fresh.append(state.entries[index]) }
            }
            if !fresh.isEmpty { presence.read(fromFiles: state.entries.flatMap(\.absences)) }
            // What the log tells is in force.
            for entry in fresh {
                log.notice(
                    "absences read from a calendar file",
                    metadata: facts(entry.file).merging(["absences": "\(entry.absences.count)"]) { $1 })
            }
            return (state.entries.compactMap(\.nextTry) + [state.renewal].compactMap(\.self)).min()
        }
    }

    /// Answers whether it is to be told that the file was read: it says something else, or was faulty.
    private func read(_ entry: inout Entry, _ now: Timestamp, mayBeUnfinished: Bool) -> Bool {
        do throws(CalendarSourceFlaw) {
            let absences = try entry.file.absences(around: now)
            let isFresh = absences != entry.absences || entry.flaw != nil
            entry = Entry(file: entry.file, absences: absences)
            return isFresh
        } catch {
            entry.nextTry = mayBeUnfinished ? now + Self.settle : nil
            if !mayBeUnfinished { tell(error, &entry) }
            return false
        }
    }

    private func tell(_ flaw: CalendarSourceFlaw, _ entry: inout Entry) {
        guard entry.flaw != flaw else { return }
        entry.flaw = flaw
        let kept = entry.absences.isEmpty ? "none" : "the last good ones"
        log.warning(
            "a calendar file of absences can't be used",
            metadata: facts(entry.file).merging(
                ["reason": "\(flaw); \(flaw.remedy)", "kept": "\(kept)"]) { $1 })
    }

    private func facts(_ file: AbsenceFile) -> Logger.Metadata {
        ["person": "\(file.person)", "file": "\(file.path)"]
    }
}

extension Absence {
    fileprivate func with(substitute: PersonID?) -> Absence {
        Absence(person: person, from: from, until: until, substitute: substitute)
    }
}
