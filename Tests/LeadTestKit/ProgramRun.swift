// A run of one of the system's programs, for tests that look at what make, systemd or mount do.

import Foundation

/// What a program answered.
public struct ProgramRun {
    /// Its exit code.
    public let status: Int32
    /// What it wrote, errors too.
    public let output: String

    /// Runs `program`, a path or a name in PATH, with `arguments` in `directory`, and waits for its end.
    public init(_ program: String, _ arguments: [String], in directory: String? = nil) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        if let directory { process.currentDirectoryURL = URL(filePath: directory) }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let written = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        status = process.terminationStatus
        output = String(decoding: written, as: UTF8.self)
    }

    /// True when `program` can be run here and ends well: whether a test has what it needs.
    public static func succeeds(_ program: String, _ arguments: [String]) -> Bool {
        do {
            return try ProgramRun(program, arguments).status == 0
        } catch {
            return false
        }
    }
}
