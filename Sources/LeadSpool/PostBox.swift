// Posts on their way to one incoming/. What comes while files are being written is the next file, so that posts share syncs;
// a few files are written side by side, because a disk's journal takes several syncs in the time of one. Writing waits for
// the disk, so it has threads of its own and holds up no task. A file that can't be written fails the posts in it, and no
// others. Used by the inbox.

import Dispatch
import LeadCore
import Synchronization

/// Writes posts into one incoming/.
final class PostBox: Sendable {
    /// What a file holds.
    enum Kind: Sendable {
        case lines, form
    }

    private struct Entry: Sendable {
        let bytes: [UInt8]
        let records: Int
        let kind: Kind
        let done: CheckedContinuation<SpoolFailure?, Never>
    }

    private struct State {
        /// In the order in which they came.
        var waiting: [Entry] = []
        var writers = 0
        var number = 0
    }

    private struct Batch {
        let name: String
        let entries: ArraySlice<Entry>
    }

    private let place: SpoolDirectory
    private let most: Int
    private let clock: any TimeSource
    private let state = Mutex(State())
    private static let queue = DispatchQueue(label: "leadbell.posts", attributes: .concurrent)

    /// So many posts may wait; more are turned away, which bounds memory when the disk is slow.
    private static let mostWaiting = 10_000
    /// So many files are written at once.
    private static let mostWriters = 3
    /// A file has no more leads than the spool reads at once.
    private static let mostRecords = 1000

    init(_ place: SpoolDirectory, most: Int, clock: any TimeSource) {
        self.place = place
        self.most = most
        self.clock = clock
    }

    /// Returns when `bytes`, which hold so many records, are durable.
    func put(_ bytes: [UInt8], records: Int, _ kind: Kind) async throws(SpoolFailure) {
        let failure = await withCheckedContinuation { done in
            let admission = state.withLock { state -> Admission in
                guard state.waiting.count < Self.mostWaiting else { return .refused }
                state.waiting.append(Entry(bytes: bytes, records: records, kind: kind, done: done))
                guard state.writers < Self.mostWriters else { return .waits }
                state.writers += 1
                return .needsWriter
            }
            switch admission {
            case .refused:
                done.resume(
                    returning: SpoolFailure(.unavailable, "leads are posted faster than they can be written"))
            case .waits: break
            case .needsWriter: Self.queue.async { self.write() }
            }
        }
        if let failure { throw failure }
    }

    private enum Admission {
        case refused, waits, needsWriter
    }

    /// Writes until nothing waits.
    private func write() {
        while let batch = nextBatch() {
            let failure = write(batch)
            for entry in batch.entries { entry.done.resume(returning: failure) }
        }
    }

    private func write(_ batch: Batch) -> SpoolFailure? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(batch.entries.reduce(0) { $0 + $1.bytes.count + 1 })
        for entry in batch.entries {
            bytes += entry.bytes
            bytes.append(0x0A)
        }
        do throws(SpoolFailure) {
            _ = try place.submit(name: batch.name, bytes: bytes)
            return nil
        } catch {
            return error
        }
    }

    /// What waits the longest, and as many of its kind after it as one file may hold; nil when nothing waits, and the writer
    /// is to end.
    private func nextBatch() -> Batch? {
        state.withLock { state in
            guard let kind = state.waiting.first?.kind else {
                state.writers -= 1
                return nil
            }
            var bytes = 0
            var records = 0
            let end = state.waiting.firstIndex { entry in
                bytes += entry.bytes.count + 1
                records += entry.records
                return entry.kind != kind || records > entry.records && (bytes > most || records > Self.mostRecords)
            }
            let entries = state.waiting[..<(end ?? state.waiting.endIndex)]
            state.waiting.removeFirst(entries.count)
            state.number += 1
            let name = "post-\(clock.now().milliseconds)-\(state.number)\(kind == .form ? ".form" : ".ndjson")"
            return Batch(name: name, entries: entries)
        }
    }
}

extension PostBox {
    /// Removes what a run that died was writing: nobody had been told that it is taken. A draft that has its name already
    /// is the second name of the same file.
    static func clear(_ incoming: Directory) throws(SystemFailure) {
        var stale: [FileName] = []
        try incoming.names { name, isDirectory in
            if !isDirectory, isDraft(name.shown) { stale.append(name) }
            return .goOn
        }
        for name in stale { try incoming.remove(name) }
    }

    /// True for `.post-MILLISECONDS-NUMBER.ndjson.tmp` and the like, which no producer has reason to write.
    static func isDraft(_ name: String) -> Bool {
        guard name.hasPrefix(".post-"), let dot = name.dropFirst().firstIndex(of: ".") else { return false }
        let numbers = name[..<dot].dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        let end = name[dot...]
        return (2...3).contains(numbers.count) && numbers.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isNumber) }
            && (end == ".ndjson.tmp" || end == ".form.tmp")
    }
}
