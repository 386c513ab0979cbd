// Notices when a rush is over: nothing has been decided for a while. What a rush has left can be put away then, without being
// in anybody's way. Costs an idle daemon one waking after each spell of work and none else.

import LeadCore
import Synchronization

/// Has something done whenever the engine has come to rest.
final class Lull: Sendable {
    private let clock: any TimeSource
    private let action: @Sendable () -> Void
    private let bell = Bell()
    /// When something was decided last; nil while the engine rests.
    private let last = Mutex<Timestamp?>(nil)

    /// So long nothing is decided before the engine counts as at rest.
    static let length: Duration = .seconds(5)

    /// `action` is done at each rest.
    init(clock: any TimeSource, action: @escaping @Sendable () -> Void) {
        self.clock = clock
        self.action = action
    }

    /// Something was decided.
    func noteWork() {
        let now = clock.now()
        let isFirst = last.withLock { last in
            defer { last = now }
            return last == nil
        }
        if isFirst { bell.ring() }
    }

    /// Runs until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            let wake = step()
            await clock.wait(until: wake, or: bell)
        }
    }

    /// Does what is to be done if it is time; tells when to look again, nil when not before there is work.
    func step() -> Timestamp? {
        let now = clock.now()
        let (isOver, wake) = last.withLock { last -> (Bool, Timestamp?) in
            guard let known = last else { return (false, nil) }
            // A clock that was set back would have put the end of the rush far off.
            let instant = min(known, now)
            last = instant
            let wake = instant + Self.length
            guard wake <= now else { return (false, wake) }
            last = nil
            return (true, nil)
        }
        if isOver { action() }
        return wake
    }
}
