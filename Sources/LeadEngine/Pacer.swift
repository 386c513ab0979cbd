// Keeps the turns of a busy loop a little apart, so that each does more at once. Used where a turn ends in a sync to disk.

import Dispatch

/// Lets a turn begin at once after a rest, and otherwise not before an interval since the last one has passed.
struct Pacer {
    /// A few milliseconds: a task that is cancelled meanwhile waits them out.
    var interval: Duration
    private var last: ContinuousClock.Instant?

    /// `Task.sleep` would wait in libdispatch's pool of threads, and so set off the monitor of that pool, which from then
    /// on wakes an idle daemon every second. Serial queues have threads of their own.
    private static let queue = DispatchQueue(label: "leadbell.pacer")

    init(interval: Duration) { self.interval = interval }

    /// Waits until the next turn may begin.
    mutating func pause() async {
        let now = ContinuousClock.now
        if let last, now < last + interval {
            let rest = (last + interval - now) / .nanoseconds(1)
            await withCheckedContinuation { continuation in
                Self.queue.asyncAfter(deadline: .now() + .nanoseconds(Int(rest))) { continuation.resume() }
            }
        }
        last = ContinuousClock.now
    }
}
