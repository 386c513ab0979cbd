// Where the program begins: tasks get their threads, then the command is run.

import CExecutor
import Dispatch
import Foundation

@main
enum Program {
    static func main() {
        // Before the first task, and so not in an asynchronous main. libdispatch's own pool, which serves if no thread can
        // be had, would wake an idle daemon every second. Two threads more than processors, for tasks that read a file or
        // the database.
        _ = cexecutor_install(Int32(ProcessInfo.processInfo.activeProcessorCount + 2))
        Task {
            await LeadbellCommand.main()
            exit(EXIT_SUCCESS)
        }
        dispatchMain()
    }
}
