// One run of a program on a thread of its own, since waiting for it blocks. Cancelling the task kills what runs.

import CSpawn
import Foundation
import Synchronization

/// A program with its arguments and its surroundings.
struct CommandRun: Sendable {
    let arguments: [String]
    let environment: [String]
    let timeout: Duration
    let mostOutput: Int

    enum End: Equatable, Sendable {
        case exited(Int32)
        case signalled(Int32)
        case timedOut
        case wroteTooMuch
        case cancelled
        /// The system's error, in words.
        case notStarted(String)
    }

    struct Result: Equatable, Sendable {
        let end: End
        let output: [UInt8]
    }

    /// Runs it with `input` on its standard input.
    func run(_ input: [UInt8]) async -> Result {
        guard let canceller = Canceller() else { return Result(end: .notStarted("no descriptor is left"), output: []) }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let thread = Thread { continuation.resume(returning: runNow(input, canceller)) }
                thread.name = "command"
                thread.stackSize = 256 << 10
                thread.start()
            }
        } onCancel: {
            canceller.cancel()
        }
    }

    private func runNow(_ input: [UInt8], _ canceller: Canceller) -> Result {
        var result = cspawn_result()
        let limit = Int32(clamping: timeout / .milliseconds(1) < 1 ? 1 : Int(timeout / .milliseconds(1)))
        Self.withTexts(arguments) { arguments in
            Self.withTexts(environment) { environment in
                input.withUnsafeBytes { bytes in
                    cspawn_run(
                        arguments, environment, bytes.baseAddress, bytes.count, mostOutput, limit,
                        canceller.descriptor, &result)
                }
            }
        }
        defer { cspawn_free(&result) }
        let output = result.output.map { Array(UnsafeBufferPointer(start: $0, count: result.length)) } ?? []
        return Result(end: Self.end(result), output: output)
    }

    private static func end(_ result: cspawn_result) -> End {
        switch result.end {
        case cspawn_exited: .exited(result.code)
        case cspawn_signalled: .signalled(result.code)
        case cspawn_timed_out: .timedOut
        case cspawn_wrote_too_much: .wroteTooMuch
        case cspawn_cancelled: .cancelled
        default: .notStarted(String(cString: strerror(result.code)))
        }
    }

    /// Calls `body` with `texts` as C has them, NULL at the end.
    private static func withTexts(
        _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Void
    ) {
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        let pointers: [UnsafePointer<CChar>?] = copies.map { UnsafePointer($0) } + [nil]
        pointers.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}

/// Ends a run from another thread.
private final class Canceller: Sendable {
    let descriptor: Int32

    init?() {
        descriptor = cspawn_canceller()
        if descriptor < 0 { return nil }
    }

    deinit { cspawn_close(descriptor) }

    func cancel() { cspawn_cancel(descriptor) }
}
