// Whether posts come in faster than they can be written one by one. Each file of posts holds what waited while the one before
// was written, so a file of many says so; and since a moment after it is written nobody waits, it is remembered for a while.

import Synchronization

/// What the files of posts say of how many wait.
final class PostPressure: Sendable {
    private let crowded = Mutex<ContinuousClock.Instant?>(nil)

    /// More than a few programs post at a time that wait for each answer; fewer share the machine with what else there is.
    private static let many = 8
    /// Some files' time under load. This is about the machine's time, not the calendar's.
    private static let memory: Duration = .milliseconds(100)

    /// So many posts are being written as one file.
    func note(_ posts: Int) {
        guard posts >= Self.many else { return }
        crowded.withLock { $0 = .now }
    }

    /// True from a file of many posts on, until there has been no further one for a tenth of a second.
    var isHigh: Bool { crowded.withLock { $0.map { .now < $0 + Self.memory } ?? false } }
}
