// Where reading waits for the disk: threads of its own, as many as there are connections that read, so that it holds up no
// task. GRDB's own asynchronous reading goes through two threads one after the other.

import Dispatch
import Synchronization

/// Does readings side by side.
final class ReadQueues: Sendable {
    private let queues: [DispatchQueue]
    /// How many readings each queue has.
    private let loads: Mutex<[Int]>
    private let mayWait: @Sendable () -> Bool

    /// Reads up to `count` at the same time. Serial queues, since those have threads of their own: the pool's would be
    /// watched by a monitor that wakes an idle daemon. Where `mayWait` says that the calling thread may wait for the disk, it
    /// reads itself.
    init(count: Int, mayWait: @escaping @Sendable () -> Bool = { false }) {
        self.mayWait = mayWait
        queues = (0..<count).map { DispatchQueue(label: "leadbell.read.\($0)") }
        loads = Mutex(Array(repeating: 0, count: count))
    }

    /// What `body` returns, which may block.
    func perform<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        if mayWait() { return body() }
        let index = loads.withLock { loads in
            let index = loads.indices.min { loads[$0] < loads[$1] } ?? 0
            loads[index] += 1
            return index
        }
        return await withCheckedContinuation { continuation in
            queues[index].async { [self] in
                let value = body()
                loads.withLock { $0[index] -= 1 }
                continuation.resume(returning: value)
            }
        }
    }
}
