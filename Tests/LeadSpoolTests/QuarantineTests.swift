import Foundation
import Glibc
import LeadCore
import Testing

@testable import LeadSpool

@Suite("What failed", .timeLimit(.minutes(1)))
struct QuarantineTests {
    let test: TestSpool

    init() throws { test = try TestSpool(maximumFileBytes: 1000) }

    @Test("a bad file is kept as it is, beside a reason that says what, where and how to mend it")
    func badFile() async throws {
        let text = "{\"name\": \"Ada\",\n \"value\": x}\n"
        try test.write("a.json", text)
        try await test.takeIn()
        #expect(try test.names(in: test.incoming).isEmpty)
        #expect(try test.text(test.failed + "/a.json") == text)
        let reason = try test.reason(of: "a.json")
        #expect(reason.what == "not valid JSON: unexpected character")
        #expect(reason.where == .init(file: "a.json", line: 2, column: 11))
        #expect(reason.remedy == "Mend the text there, or have the producer write JSON.")
        #expect(reason.at == "2096-10-02T07:06:40Z")
        #expect(reason.kept == "a.json")
        #expect(reason.records.count == 1)
        let fault = IntakeFault(what: reason.what, line: 2, column: 11, remedy: reason.remedy)
        #expect(await test.spool.notices() == [.quarantined(name: "a.json", fault: fault, records: 1)])
    }

    @Test("of a file with good and bad records, the bad ones alone are kept")
    func badRecords() async throws {
        try test.write("a.ndjson", [lead(1), "{", "", lead(2), "  [1]", lead(3)].joined(separator: "\n"))
        let files = try await test.takeIn()
        #expect(files.first?.records.count == 3)
        #expect(try test.names(in: test.incoming).isEmpty)
        #expect(try test.text(test.failed + "/a.ndjson") == "{\n[1]\n")
        let reason = try test.reason(of: "a.ndjson")
        #expect(reason.what == "2 records are bad; the first: not valid JSON: the text ends too early")
        #expect(reason.records.map(\.where) == [.init(line: 2, column: 2), .init(line: 5, column: 3)])
    }

    @Test("the bad records of a file that was replaced meanwhile aren't kept twice")
    func replaced() async throws {
        try test.write("a.ndjson", lead(1) + "\n{")
        let files = try await test.next()
        try test.moveIn("a.ndjson", lead(1) + "\n{}")
        await test.spool.retire(files)
        #expect(try test.names(in: test.failed).isEmpty)
        try await test.takeIn()
        #expect(try test.text(test.failed + "/a.ndjson") == "{}\n")
    }

    @Test("a name that is taken gets a number, and nothing that was kept is lost")
    func collisions() async throws {
        for content in ["{1", "{2", "{3"] {
            try test.write("a.json", content)
            try await test.takeIn()
        }
        #expect(
            try test.names(in: test.failed) == [
                "a.json", "a.json.1", "a.json.1.reason.json", "a.json.2", "a.json.2.reason.json", "a.json.reason.json",
            ])
        #expect(try test.text(test.failed + "/a.json.2") == "{3")
    }

    @Test("a bad file with a reason's name doesn't take a reason's place")
    func reasonsName() async throws {
        for name in ["a.json.reason.json", "a.json"] {
            try test.write(name, "{ \(name)")
            try await test.takeIn()
        }
        #expect(try test.text(test.failed + "/a.json.reason.json.file") == "{ a.json.reason.json")
        #expect(try test.text(test.failed + "/a.json") == "{ a.json")
        #expect(try test.reason(of: "a.json").where.file == "a.json")
    }

    @Test("a reason that a crash left alone is written anew")
    func orphan() async throws {
        #expect(FileManager.default.createFile(atPath: test.failed + "/a.json.reason.json", contents: Data("{".utf8)))
        try test.write("a.json", "{")
        try await test.takeIn()
        #expect(try test.names(in: test.failed) == ["a.json", "a.json.reason.json"])
        #expect(try test.reason(of: "a.json").what.hasPrefix("not valid JSON"))
    }

    @Test("odd names lead nowhere else, and good content counts whatever the name")
    func oddNames() async throws {
        let odd: [[UInt8]] = [
            Array("a\nb.json".utf8), [0xFF, 0xFE] + Array(".json".utf8), Array("a..%2F..%2Fx.json".utf8),
            Array("\u{1B}[2J.json".utf8), Array("-rf *.json".utf8), Array("$(id).json".utf8),
        ]
        for name in odd { try test.write(name, Array("{".utf8)) }
        let long = String(repeating: "\n", count: 250) + ".json"
        try test.write(long, "{")
        try test.write(Array("\u{7}.json".utf8), Array(lead(1).utf8))
        var given = 0
        while given < 8 { given += try await test.takeIn().count }
        #expect(try test.names(in: test.incoming).isEmpty)
        let kept = try test.names(in: test.failed)
        #expect(kept.count == 14)
        for name in [
            "a%0Ab.json", "%FF%FE.json", "a..%252F..%252Fx.json", "%1B[2J.json", "-rf *.json", "$(id).json",
        ] {
            #expect(kept.contains(name))
        }
        for case .quarantined(let name, _, _) in await test.spool.notices() {
            #expect(name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
        }
    }

    @Test("another extension is kept with the ones that are read")
    func otherExtension() async throws {
        try test.write("a.xlsx", "PK")
        try await test.takeIn()
        #expect(try test.text(test.failed + "/a.xlsx") == "PK")
        #expect(try test.reason(of: "a.xlsx").remedy.contains(".json, .ndjson, .jsonl"))
    }

    @Test("links, pipes and sockets are moved, never followed, opened or waited for")
    func notFiles() async throws {
        try test.write("../secret", lead(1))
        #expect(symlink("\(test.path)/secret", "\(test.incoming)/link.json") == 0)
        #expect(symlink("nowhere", "\(test.incoming)/dangling.json") == 0)
        #expect(mkfifo("\(test.incoming)/pipe.json", 0o600) == 0)
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // A short path, because an address has room for no longer one.
        let short = "/tmp/s\(getpid())-\(UInt32.random(in: 0 ... .max))"
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: short.utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(bound == 0)
        #expect(rename(short, "\(test.incoming)/socket.json") == 0)
        var kinds = ["link.json": "a symbolic link", "dangling.json": "a symbolic link"]
        kinds["pipe.json"] = "a pipe"
        kinds["socket.json"] = "a socket"
        if mknod("\(test.incoming)/device.json", S_IFCHR | 0o600, 0x103) == 0 { kinds["device.json"] = "a device" }
        var given = 0
        // They are as old as the test, the clock is far ahead.
        while given < kinds.count { given += try await test.takeIn().count }
        #expect(try test.names(in: test.incoming).isEmpty)
        for (name, kind) in kinds { #expect(try test.reason(of: name).what == "\(kind), not a file") }
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: test.failed + "/link.json")
                == "\(test.path)/secret")
        #expect(try test.text(test.path + "/secret") == lead(1))
    }

    @Test("a file that is too large is moved unread, were it ten gigabytes")
    func tooLarge() async throws {
        try test.write("a.json", "{")
        #expect(truncate(test.incoming + "/a.json", 10_000_000_000) == 0)
        try test.write("b.json", #"{"name":"\#(String(repeating: "x", count: 989))"}"#)
        try test.write("c.json", #"{"name":"\#(String(repeating: "x", count: 990))"}"#)
        var files: [IntakeFile] = []
        while files.count < 3 { files += try await test.takeIn() }
        #expect(files.flatMap(\.records).count == 1)
        #expect(files.flatMap(\.rejected).allSatisfy { $0.bytes.isEmpty })
        #expect(try test.names(in: test.failed).count == 4)
        #expect(try test.reason(of: "c.json").what == "the file has 1001 bytes, more than the 1000 that are read")
        #expect(try test.reason(of: "a.json").what.contains("10000000000"))
    }

    @Test("a file that has more than its size says is left to settle")
    func growsWhileRead() throws {
        let directory = try Directory(at: "/proc/self")
        let look = FileLook.at(
            try #require(FileName("status".utf8)), in: directory, most: 1000, isUnsettled: { _ in false })
        guard case .unsettled = look else {
            Issue.record("\(look)")
            return
        }
    }

    // MARK: Disks that fail

    @Test(
        "on a full disk nothing is lost, an operator is told, and it is tried again at growing intervals",
        .enabled(if: Mounts.arePermitted, "mounting a small file system takes root"))
    func fullDisk() async throws {
        try await Mounts.withMemory("1m", onFullDisk)
    }

    private func onFullDisk(_ point: String) async throws {
        let test = try TestSpool(base: point)
        try test.write("a.json", "{")
        try test.write("b.ndjson", lead(1) + "\n{")
        #expect(FileManager.default.createFile(atPath: test.path + "/ballast", contents: nil))
        let ballast = try #require(FileHandle(forWritingAtPath: test.path + "/ballast"))
        #expect(throws: (any Error).self) {
            while true { try ballast.write(contentsOf: Data(count: 4096)) }
        }
        try await test.takeIn()
        #expect(try test.names(in: test.incoming) == ["a.json", "b.ndjson"])
        #expect(try test.names(in: test.failed).isEmpty)
        let notices = await test.spool.notices()
        #expect(notices.count == 2)
        for case .trouble(_, let reason) in notices { #expect(reason.hasSuffix("No space left on device")) }
        #expect(!test.spool.check().isWell)
        for seconds in [1, 2, 4] {
            let next = test.waiting()
            await test.sleep(for: .seconds(seconds))
            test.time.advance(by: .seconds(seconds))
            let files = try await next.value
            #expect(files.count == 2)
            await test.spool.retire(files)
            #expect(try test.names(in: test.failed).isEmpty)
        }
        // Room for the reason, but not for the records: a reason alone would mislead.
        #expect(rename(test.incoming + "/a.json", test.path + "/aside") == 0)
        try ballast.truncate(atOffset: try ballast.offset() - 4096)
        test.time.advance(by: .seconds(60))
        let partial = try await test.takeIn()
        #expect(partial.map(\.name) == ["b.ndjson"])
        #expect(try test.names(in: test.failed).isEmpty)
        #expect(rename(test.path + "/aside", test.incoming + "/a.json") == 0)
        try ballast.truncate(atOffset: 0)
        test.time.advance(by: .seconds(60))
        while try !test.names(in: test.incoming).isEmpty { try await test.takeIn() }
        #expect(
            try test.names(in: test.failed) == ["a.json", "a.json.reason.json", "b.ndjson", "b.ndjson.reason.json"])
    }

    @Test(
        "a file that can't be removed is told and comes again, and its bad records are kept once",
        .enabled(if: Mounts.arePermitted, "mounting takes root"))
    func unremovable() async throws {
        try test.write("a.ndjson", lead(1) + "\n{")
        let path = test.incoming + "/a.ndjson"
        #expect(Mounts.bind(path, at: path) == 0)
        try await test.takeIn()
        let busy = "could not remove it: Device or resource busy"
        #expect(await test.spool.notices() == [.trouble(name: "a.ndjson", reason: busy)])
        test.time.advance(by: .seconds(1))
        try await test.takeIn()
        #expect(try test.names(in: test.failed) == ["a.ndjson", "a.ndjson.reason.json"])
        #expect(umount(path) == 0)
        test.time.advance(by: .seconds(2))
        try await test.takeIn()
        #expect(try test.names(in: test.incoming).isEmpty)
        #expect(try test.names(in: test.failed) == ["a.ndjson", "a.ndjson.reason.json"])
    }

    @Test(
        "a file that the disk can't read is told once and tried again until it can",
        .enabled(if: Mounts.arePermitted, "mounting takes root"))
    func unreadable() async throws {
        try test.write("a.json", lead(1))
        let path = test.incoming + "/a.json"
        // Reading a process's memory at nothing's address is an I/O error.
        #expect(Mounts.bind("/proc/self/mem", at: path) == 0)
        let next = test.waiting()
        for seconds in [1, 2, 4, 8] {
            await test.sleep(for: .seconds(seconds))
            test.time.advance(by: .seconds(seconds))
        }
        for _ in 0..<10 { _ = await test.time.advanceToDeadline() }
        #expect(umount(path) == 0)
        test.time.advance(by: .seconds(30))
        #expect(try await next.value.first?.records.count == 1)
        let told = "could not read it: Input/output error"
        #expect(await test.spool.notices() == [.trouble(name: "a.json", reason: told)])
    }

    @Test(
        "a file that may not be read is told, tried for a minute and moved aside",
        .enabled(if: geteuid() != 0 || Nobody.canBeGiven, "the root of a name space of its own may read everything"))
    func forbidden() async throws {
        try test.write("a.json", lead(1))
        #expect(chmod(test.incoming + "/a.json", 0) == 0)
        for path in [test.path, test.incoming, test.incoming + "/a.json"] { Nobody.takes(path) }
        let began = test.time.now()
        var files: [IntakeFile] = []
        while files.isEmpty {
            switch Nobody.acts({ test.spool.poll(limit: 100, now: test.time.now()) }) {
            case .files(let found): files = found
            case .quiet(let until): test.time.advance(by: try #require(until) - test.time.now())
            case .stopped: throw CancellationError()
            }
        }
        #expect((.seconds(30)...(.seconds(90))).contains(test.time.now() - began))
        let told = "could not open it: Permission denied"
        #expect(await test.spool.notices() == [.trouble(name: "a.json", reason: told)])
        await test.spool.retire(files)
        #expect(try test.reason(of: "a.json").what == told)
    }
}
