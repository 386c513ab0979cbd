// A real spool in a directory of its own, with the hands of a producer and the eyes of an operator.

import Foundation
import Glibc
import LeadCore
import Testing

@testable import LeadSpool

final class TestSpool: Sendable {
    let path: String
    let time = ManualTime()
    let spool: Spool

    /// A spool below `base`, which is the system's temporary directory unless told.
    init(
        base: String = NSTemporaryDirectory(), maximumFileBytes: Int = 1_048_576, maximumRecords: Int = 10_000
    ) throws {
        path = base + "/spool-\(UUID().uuidString)"
        spool = try Spool(
            settings: SpoolSettings(
                directory: path, maximumFileBytes: maximumFileBytes, maximumRecords: maximumRecords),
            clock: time)
    }

    deinit {
        spool.stop()
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            Issue.record("the test's spool can't be removed: \(error)")
        }
    }

    var incoming: String { path + "/incoming" }
    var failed: String { path + "/failed" }

    /// Writes a file in place, last changed `age` before the clock's time (long ago unless told).
    func write(_ name: String, _ content: String, age: Duration? = nil) throws {
        try write(Array(name.utf8), Array(content.utf8), age: age)
    }

    func write(_ name: [UInt8], _ content: [UInt8], age: Duration? = nil) throws {
        try Self.write(content, at: Array("\(incoming)/".utf8) + name, age.map { time.now() - $0 })
    }

    /// Writes a file elsewhere and moves it in.
    func moveIn(_ name: String, _ content: String, age: Duration? = nil) throws {
        let aside = Array("\(path)/aside".utf8)
        try Self.write(Array(content.utf8), at: aside, age.map { time.now() - $0 })
        #expect(rename("\(path)/aside", "\(incoming)/\(name)") == 0)
    }

    private static func write(_ content: [UInt8], at path: [UInt8], _ modified: Timestamp?) throws {
        let path = path.map { CChar(bitPattern: $0) } + [0]
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        try #require(descriptor >= 0)
        #expect(Glibc.write(descriptor, content, content.count) == content.count)
        if let modified {
            let spec = timespec(
                tv_sec: Int(modified.milliseconds / 1000), tv_nsec: Int(modified.milliseconds % 1000) * 1_000_000)
            #expect(futimens(descriptor, [spec, spec]) == 0)
        }
        close(descriptor)
    }

    /// The next batch that has files.
    func next(limit: Int = 100) async throws -> [IntakeFile] {
        while let files = await spool.next(limit: limit) {
            if !files.isEmpty { return files }
        }
        throw CancellationError()
    }

    /// Waits in a task of its own for the next batch that has files.
    func waiting(limit: Int = 100) -> Task<[IntakeFile], any Error> { Task { try await self.next(limit: limit) } }

    /// Takes the next batch and says that its leads are durable.
    @discardableResult
    func takeIn() async throws -> [IntakeFile] {
        let files = try await next()
        await spool.retire(files)
        return files
    }

    /// Returns when the spool has nothing to do before `duration` from the clock's time.
    func sleep(for duration: Duration) async { await time.sleep(until: time.now() + duration) }

    func names(in directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
    }

    func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

    func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

    func reason(of name: String) throws -> Reason {
        try JSONDecoder().decode(
            Reason.self, from: Data(contentsOf: URL(filePath: "\(failed)/\(name).reason.json")))
    }
}

/// What stands in a reason file.
struct Reason: Decodable, Equatable {
    struct Where: Decodable, Equatable {
        var file: String?
        var line: Int?
        var column: Int?
    }
    struct Record: Decodable, Equatable {
        let what: String
        let `where`: Where
        let remedy: String
    }
    let what: String
    let `where`: Where
    let remedy: String
    let at: String
    let kept: String
    let records: [Record]
}

/// A lead that is nobody else's.
func lead(_ id: Int) -> String { #"{"id":"\#(id)","source":"test","name":"Ada King"}"# }

/// Numbers from a seed, so that a failure can be had again.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// Somebody who is not root.
enum Nobody {
    private static let id: uid_t = 65_534

    /// Gives `path` to them, where we are root.
    static func takes(_ path: String) {
        if geteuid() == 0 { #expect(chown(path, id, id) == 0) }
    }

    /// Runs `body` with what they may do to files, where we are root; the system knows that of each thread by itself.
    static func acts<Result>(_ body: () -> Result) -> Result {
        guard geteuid() == 0 else { return body() }
        _ = change?(id)
        defer { _ = change?(0) }
        return body()
    }

    /// `setfsuid(2)`, which Swift's module of the C library leaves out.
    private static let change: (@convention(c) (uid_t) -> CInt)? = dlsym(nil, "setfsuid").map {
        unsafeBitCast($0, to: (@convention(c) (uid_t) -> CInt).self)
    }

    /// True when a file can be given away here: root may, but not everywhere that calls itself so.
    static let canBeGiven: Bool = {
        let path = NSTemporaryDirectory() + "/gift-\(UUID().uuidString)"
        guard FileManager.default.createFile(atPath: path, contents: nil) else { return false }
        defer { unlink(path) }
        return chown(path, 12_345, 23_456) == 0
    }()
}

/// What tests that need a mount can have; zero is success, as the system has it.
enum Mounts {
    /// True when a file system can be mounted here.
    static let arePermitted: Bool = {
        let point = NSTemporaryDirectory() + "/mount-\(UUID().uuidString)"
        guard mkdir(point, 0o700) == 0 else { return false }
        defer { rmdir(point) }
        return memory("64k", at: point) == 0 && umount(point) == 0
    }()

    /// Mounts a file system of `size` in memory.
    static func memory(_ size: String, at point: String) -> Int32 {
        "size=\(size)".withCString { mount("tmpfs", point, "tmpfs", 0, $0) }
    }

    /// Runs `body` on a file system of `size` in memory, and takes it away again.
    static func withMemory(_ size: String, _ body: (_ point: String) async throws -> Void) async throws {
        let point = NSTemporaryDirectory() + "/full-\(UUID().uuidString)"
        #expect(mkdir(point, 0o700) == 0)
        #expect(memory(size, at: point) == 0)
        defer {
            #expect(umount(point) == 0)
            #expect(rmdir(point) == 0)
        }
        try await body(point)
    }

    /// Puts `path` in the place of `point`.
    static func bind(_ path: String, at point: String) -> Int32 { mount(path, point, nil, UInt(MS_BIND), nil) }
}
