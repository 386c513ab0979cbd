// The wall clock and its alarm. One thread waits on one kernel timer for the earliest deadline of all loops, so an idle
// daemon isn't woken; the timer counts on the wall clock, so a clock that is set forward fires it at once, and one that
// is set at all wakes every loop to look again. Used by the program; stories use a manual clock.

import CTimer
import Foundation
import LeadCore
import Synchronization

/// The system's wall clock.
public final class SystemTime: TimeSource {
    private struct State {
        var next = 0
        var alarms: [Int: (deadline: Timestamp, bell: Bell)] = [:]
        var armed: Timestamp?
    }
    private let state = Mutex(State())
    private let timer: Int32

    /// Starts the alarm's thread, which lives as long as the program.
    public init() throws(SystemTimeFailure) {
        timer = ctimer_create()
        guard timer >= 0 else { throw SystemTimeFailure(errno: errno) }
        let thread = Thread { [self] in watch() }
        thread.name = "clock"
        thread.stackSize = 128 << 10
        thread.start()
    }

    /// The wall clock, in milliseconds.
    public func now() -> Timestamp { Self.now() }

    /// The wall clock, for those who only read it.
    public static func now() -> Timestamp {
        var instant = timespec()
        clock_gettime(CLOCK_REALTIME, &instant)
        return Timestamp(milliseconds: Int64(instant.tv_sec) * 1000 + Int64(instant.tv_nsec) / 1_000_000)
    }

    /// Waits for the clock or the bell.
    public func wait(until deadline: Timestamp?, or bell: Bell) async {
        guard let deadline else { return await bell.wait() }
        guard deadline > now() else { return }
        let ticket = state.withLock { state in
            state.next += 1
            state.alarms[state.next] = (deadline, bell)
            arm(&state)
            return state.next
        }
        await bell.wait()
        state.withLock { state in
            state.alarms.removeValue(forKey: ticket)
            arm(&state)
        }
    }

    private func arm(_ state: inout State) {
        let earliest = state.alarms.values.map(\.deadline).min()
        guard earliest != state.armed else { return }
        state.armed = earliest
        ctimer_set(timer, earliest?.milliseconds ?? -1)
    }

    private func watch() {
        while true {
            let wasSet = ctimer_wait(timer) != 0
            let reached = now()
            let bells = state.withLock { state -> [Bell] in
                let due = state.alarms.filter { wasSet || $0.value.deadline <= reached }
                for ticket in due.keys { state.alarms.removeValue(forKey: ticket) }
                state.armed = nil
                arm(&state)
                return due.values.map(\.bell)
            }
            for bell in bells { bell.ring() }
        }
    }
}

/// The kernel refused a timer.
public struct SystemTimeFailure: Error, CustomStringConvertible {
    let errno: Int32

    /// A plain sentence.
    public var description: String {
        "the system gave no timer (\(String(cString: strerror(errno)))); check the limit of open files"
    }
}
