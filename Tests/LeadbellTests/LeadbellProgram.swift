// The built program as its users run it: a command with its output and exit code, and a daemon that is waited for by the
// very notifications that systemd would get.

import Foundation
import LeadCore
import Synchronization

/// What a command printed and how it ended.
struct CommandResult {
    let status: Int32
    let output: String
    let errors: String
}

/// The program under test, which lies beside the test bundle.
enum LeadbellProgram {
    static let url: URL = {
        var folder = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        for candidate in [folder, root.appending(path: ".build/debug")] {
            folder = candidate
            if FileManager.default.isExecutableFile(atPath: folder.appending(path: "leadbell").path()) { break }
        }
        return folder.appending(path: "leadbell")
    }()

    /// Runs a command to its end.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], input: String? = nil
    ) async throws -> CommandResult {
        let process = process(arguments, environment)
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        let standardInput = Pipe()
        process.standardInput = standardInput
        try process.run()
        if let input { standardInput.fileHandleForWriting.write(Data(input.utf8)) }
        try standardInput.fileHandleForWriting.close()
        async let printed = text(output)
        async let complained = text(errors)
        let (first, second) = await (printed, complained)
        process.waitUntilExit()
        return CommandResult(status: process.terminationStatus, output: first, errors: second)
    }

    static func process(_ arguments: [String], _ environment: [String: String]) -> Process {
        let process = Process()
        process.executableURL = url
        process.arguments = arguments
        let inherited = ProcessInfo.processInfo.environment.filter { ["PATH", "HOME", "TMPDIR"].contains($0.key) }
        process.environment = inherited.merging(environment) { $1 }
        return process
    }

    /// All that comes through `pipe`, read on a thread of its own.
    static func text(_ pipe: Pipe) async -> String {
        await withCheckedContinuation { continuation in
            Thread {
                let data = pipe.fileHandleForReading.readDataToEndOfFile()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }.start()
        }
    }
}

/// What went wrong with a daemon under test.
struct DaemonFault: Error, CustomStringConvertible {
    let description: String
}

/// `leadbell serve` as a child process.
final class RunningDaemon: Sendable {
    private let process: Process
    private let notifications: NotifySocket
    private let errors = GrowingText()

    /// Starts it, by way of `wrapper` where there is one, and waits until it says that it is ready.
    init(
        config: String, environment: [String: String], folder: String, arguments: [String] = [], wrapper: [String] = []
    ) async throws {
        notifications = try NotifySocket(path: folder + "/notify.sock")
        process = LeadbellProgram.process(
            ["serve", "--config", config] + arguments,
            environment.merging(["NOTIFY_SOCKET": folder + "/notify.sock"]) { $1 })
        if let program = wrapper.first {
            process.arguments = wrapper.dropFirst() + [LeadbellProgram.url.path] + (process.arguments ?? [])
            process.executableURL = URL(filePath: program)
        }
        process.standardError = errors.pipe
        try process.run()
        errors.read()
        try await expect("READY=1")
    }

    /// Waits for a notification that contains `text`.
    func expect(_ text: String) async throws {
        while true {
            guard let message = await notifications.next() else {
                process.terminate()
                throw DaemonFault(description: "the daemon did not say \(text): \(await log())")
            }
            if message.contains(text) { return }
        }
    }

    /// Waits for a log line that contains `text`.
    func expectLog(_ text: String) async throws {
        guard await errors.grows(to: text) else {
            throw DaemonFault(description: "the log does not say \(text): \(await log())")
        }
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// The scheduling policy of each of its threads.
    func policies() throws -> [Int32] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.processIdentifier)/task")
            .compactMap(pid_t.init).map(sched_getscheduler)
    }

    /// Asks it to stop and waits; its exit code and its log.
    func stop() async -> (status: Int32, log: String) {
        signal(SIGTERM)
        let log = await log()
        process.waitUntilExit()
        return (process.terminationStatus, log)
    }

    private func log() async -> String { await errors.whole() }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
}

/// What comes through a pipe, as it comes.
final class GrowingText: Sendable {
    private struct State {
        var data = Data()
        var isWhole = false
    }

    let pipe = Pipe()
    private let state = Mutex(State())
    private let bell = Bell()

    /// Reads on a thread of its own until the other end is closed.
    func read() {
        Thread { [self] in
            while true {
                let chunk = pipe.fileHandleForReading.availableData
                state.withLock { state in
                    state.data += chunk
                    state.isWhole = chunk.isEmpty
                }
                bell.ring()
                if chunk.isEmpty { return }
            }
        }.start()
    }

    /// What has come so far.
    var text: String { state.withLock { String(decoding: $0.data, as: UTF8.self) } }

    /// Whether `text` comes before the end.
    func grows(to text: String) async -> Bool {
        while true {
            let (all, isWhole) = state.withLock { (String(decoding: $0.data, as: UTF8.self), $0.isWhole) }
            if all.contains(text) || isWhole { return all.contains(text) }
            await bell.wait()
        }
    }

    /// All of it, once it has ended.
    func whole() async -> String {
        while !state.withLock({ $0.isWhole }) { await bell.wait() }
        return state.withLock { String(decoding: $0.data, as: UTF8.self) }
    }
}

/// The receiving end of systemd's notifications.
final class NotifySocket: Sendable {
    private let descriptor: Int32

    init(path: String) throws {
        unlink(path)
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw DaemonFault(description: "the socket's path is too long")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0 else { throw DaemonFault(description: "no notification socket: \(errno)") }
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    /// The next notification; nil when none comes within half a minute.
    func next() async -> String? {
        let descriptor = descriptor
        return await withCheckedContinuation { continuation in
            Thread {
                var buffer = [UInt8](repeating: 0, count: 4096)
                let count = recv(descriptor, &buffer, buffer.count, 0)
                let text = count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
                continuation.resume(returning: text)
            }.start()
        }
    }

    deinit { close(descriptor) }
}
