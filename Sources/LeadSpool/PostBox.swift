// Posts on their way to one incoming/. What comes while a file is being written is the next file, so that posts share syncs;
// one file at a time, since two at once would each be smaller, and a disk makes a file and syncs it in much the same time
// whatever is in it. Writing waits for the disk, so it has a thread of its own and holds up no task. A file that can't be
// written fails the posts in it, and no others. Used by the inbox.

import Dispatch
import Glibc
import LeadCore
import Synchronization

/// Writes posts of one kind into one incoming/.
final class PostBox: Sendable {
    private struct State {
        var queue: PostQueue
        var number = 0
    }

    private struct Batch {
        let name: String
        let posts: [PostQueue.Post]
    }

    private let place: SpoolDirectory
    private let ending: String
    private let clock: any TimeSource
    private let pressure: PostPressure
    private let state: Mutex<State>
    private static let queue = DispatchQueue(label: "leadbell.posts", attributes: .concurrent)

    /// A box whose files end in `.ending` and have at most `most` bytes, and say to `pressure` how many posts they hold.
    init(_ place: SpoolDirectory, ending: String, most: Int, clock: any TimeSource, pressure: PostPressure) {
        self.place = place
        self.ending = ending
        self.clock = clock
        self.pressure = pressure
        state = Mutex(State(queue: PostQueue(mostOfFile: most)))
    }

    /// Returns when `bytes`, which hold so many records, are durable.
    func put(_ bytes: [UInt8], records: Int) async throws(SpoolFailure) {
        let failure = await withCheckedContinuation { done in
            let post = PostQueue.Post(bytes: bytes, records: records) { done.resume(returning: $0) }
            switch state.withLock({ $0.queue.add(post) }) {
            case .refused:
                post.done(SpoolFailure(.unavailable, "leads are posted faster than they can be written"))
            case .waits: break
            case .needsWriter: Self.queue.async { self.write() }
            }
        }
        if let failure { throw failure }
    }

    /// Writes until nothing waits; meanwhile the thread may interrupt others of the process, since somebody waits for each
    /// post. Nothing depends on that, and a sandbox may refuse it.
    private func write() {
        let policy = sched_getscheduler(0)
        var parameters = sched_param(sched_priority: 0)
        _ = sched_setscheduler(0, SCHED_OTHER, &parameters)
        defer { _ = sched_setscheduler(0, policy, &parameters) }
        while let batch = nextBatch() {
            pressure.note(batch.posts.count)
            let failure = write(batch)
            for post in batch.posts { post.done(failure) }
        }
    }

    private func write(_ batch: Batch) -> SpoolFailure? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(batch.posts.reduce(0) { $0 + $1.bytes.count + 1 })
        for post in batch.posts {
            bytes += post.bytes
            bytes.append(0x0A)
        }
        do throws(SpoolFailure) {
            _ = try place.submit(name: batch.name, bytes: bytes)
            return nil
        } catch {
            return error
        }
    }

    /// The next file; nil when the writer is to end.
    private func nextBatch() -> Batch? {
        state.withLock { state in
            guard let posts = state.queue.next() else { return nil }
            state.number += 1
            return Batch(name: "post-\(clock.now().milliseconds)-\(state.number).\(ending)", posts: posts)
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
            && [".ndjson.tmp", ".form.tmp", ".entry.tmp"].contains(end)
    }
}
