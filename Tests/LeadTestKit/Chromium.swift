// A person in a real browser: a story of `Tests/Browser`, told by a Python program that drives Debian's `chromium`.
// `LEADBELL_SCREENSHOTS=FOLDER` keeps pictures of what was seen.

import Foundation

/// The browser and the program that drives it; tests are skipped where they aren't installed.
public enum Chromium {
    private static let python = "/usr/bin/python3"

    /// Whether stories can be told here.
    public static var isInstalled: Bool {
        let chromium = ProcessInfo.processInfo.environment["LEADBELL_CHROMIUM"] ?? "/usr/bin/chromium"
        return [python, chromium].allSatisfy(FileManager.default.isExecutableFile)
    }

    /// Tells a story from `program` about `arguments`, the page's address first; its exit status and what it wrote. What it
    /// needs for a time is in a folder under `temporary`, or the system's own.
    public static func tell(
        _ story: String, _ arguments: [String], in program: String = "stories.py", temporary: String? = nil
    ) async throws -> (status: Int32, words: String) {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = [folder.appending(path: "Browser/\(program)").path(), story] + arguments
        var environment = ProcessInfo.processInfo.environment.merging(["PYTHONDONTWRITEBYTECODE": "1"]) { $1 }
        if let temporary { environment["TMPDIR"] = temporary }
        process.environment = environment
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        let (ends, ended) = AsyncStream.makeStream(of: Void.self)
        process.terminationHandler = { _ in ended.finish() }
        try process.run()
        for await _ in ends {}
        // A story writes less than a pipe holds, so nothing needs to be read before its end.
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}
