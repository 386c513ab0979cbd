// Where the program begins: tasks get their threads, then the command is run.

import CExecutor
import Dispatch
import Foundation

@main
enum Program {
    static func main() {
        cexecutor_batch()
        // Before the first task, and so not in an asynchronous main. libdispatch's own pool, which serves if no thread can
        // be had, would wake an idle daemon every second. More threads than processors only get in each other's way.
        _ = cexecutor_install(Int32(max(2, ProcessInfo.processInfo.activeProcessorCount)))
        Task {
            await LeadbellCommand.main()
            exit(EXIT_SUCCESS)
        }
        dispatchMain()
    }
}
