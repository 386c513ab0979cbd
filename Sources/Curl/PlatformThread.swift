// Threads of our own for libcurl's blocking calls, and the clock that its time limits are measured by.
// Starting a thread fails if the system has none left.

import CCurl
import Glibc

enum PlatformThread {
    /// Runs `body` on a new detached thread that receives no signals.
    static func start(named name: String, body: @escaping @Sendable () -> Void) throws(TransferFailure) {
        let context = Unmanaged.passRetained(Body(run: body))
        guard ccurl_start_thread(name, runBody, context.toOpaque()) == 0 else {
            context.release()
            throw TransferFailure(kind: .other, message: "The system has no thread left for transfers.")
        }
    }
}

private final class Body: Sendable {
    let run: @Sendable () -> Void

    init(run: @escaping @Sendable () -> Void) {
        self.run = run
    }
}

private func runBody(_ context: UnsafeMutableRawPointer?) {
    if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
}

enum MonotonicClock {
    /// Milliseconds since some moment in the past; never goes back.
    static func milliseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}
