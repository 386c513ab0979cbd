// Keeps the turns of a busy loop a little apart, so that each does more at once. Used where a turn ends in a sync to disk.

/// Lets a turn begin at once after a rest, and otherwise not before an interval since the last one has passed.
struct Pacer {
    let interval: Duration
    private var last: ContinuousClock.Instant?

    init(interval: Duration) { self.interval = interval }

    /// Waits until the next turn may begin; returns at once when the task is cancelled.
    mutating func pause() async {
        let now = ContinuousClock.now
        if let last, now < last + interval {
            do {
                try await Task.sleep(until: last + interval, clock: .continuous)
            } catch {
                // Cancelled: what is in hand is still done, without delay.
            }
        }
        last = ContinuousClock.now
    }
}
