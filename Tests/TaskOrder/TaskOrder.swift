// Prints in which order the program's executor runs what is ready, on one thread, for a test that a process of its own is
// needed for: an executor that is installed stays. Its only thread is kept busy until all tasks are there, so the order
// depends on no time.
//
// usage: TaskOrder COUNT     COUNT ordinary tasks are added, then as many for which somebody waits; prints o0 … and u0 …

import CExecutor
import Dispatch
import Foundation
import Synchronization

@main
enum TaskOrder {
    private static let order = Mutex<[String]>([])
    private static let (begun, held, ended) = (
        DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)
    )

    static func main() {
        guard let count = CommandLine.arguments.dropFirst().first.flatMap(Int.init), cexecutor_install(1) == 0 else {
            exit(EXIT_FAILURE)
        }
        Task.detached { occupy() }
        begun.wait()
        for number in 0..<count { Task.detached(priority: .medium) { note("o\(number)") } }
        for number in 0..<count { Task.detached(priority: .userInitiated) { note("u\(number)") } }
        held.signal()
        for _ in 0..<(2 * count) { ended.wait() }
        print(order.withLock { $0 }.joined(separator: " "))
    }

    private static func occupy() {
        begun.signal()
        held.wait()
    }

    private static func note(_ name: String) {
        order.withLock { $0.append(name) }
        ended.signal()
    }
}
