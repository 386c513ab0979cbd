// How much memory the process has. Other tests that run at the same time count as well, so this is for runs of one at a time.

import Foundation
import Glibc

enum Memory {
    /// By how much any bad input may make the process grow.
    static let mostForBadInput = 64 << 20

    /// How many bytes are resident.
    static func resident() throws -> Int { try bytes("VmRSS:") }

    /// By how many bytes the process is larger, at the peak of `body`, than before it.
    static func growth(_ body: () async throws -> Void) async throws -> Int {
        let before = try begin()
        try await body()
        return try bytes("VmHWM:") - before
    }

    /// Forgets the peak, and gives back what is free, which would hide growth.
    private static func begin() throws -> Int {
        _ = trim?(0)
        let file = try FileHandle(forWritingTo: URL(filePath: "/proc/self/clear_refs"))
        try file.write(contentsOf: Data("5".utf8))
        try file.close()
        return try resident()
    }

    /// `malloc_trim(3)`, which Swift's module of the C library leaves out.
    private static let trim: (@convention(c) (Int) -> CInt)? = dlsym(nil, "malloc_trim").map {
        unsafeBitCast($0, to: (@convention(c) (Int) -> CInt).self)
    }

    private static func bytes(_ name: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
        guard let words = line?.split(whereSeparator: \.isWhitespace), words.count > 1, let kilobytes = Int(words[1])
        else {
            throw CocoaError(.fileReadCorruptFile)
        }
        return kilobytes * 1024
    }
}
