import Foundation
import Glibc
import LeadCore
import Synchronization
import Testing

@testable import LeadSpool

@Suite("Putting files into the spool", .timeLimit(.minutes(1)))
struct SpoolDirectoryTests {
    let test: TestSpool

    init() throws { test = try TestSpool() }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        #expect(stat(path, &status) == 0)
        return status.st_mode & 0o7777
    }

    @Test("the directories are made for the daemon and its group, whatever the process's mask")
    func modes() {
        #expect(mode(test.path) == 0o750)
        #expect(mode(test.incoming) == 0o770)
        #expect(mode(test.failed) == 0o750)
    }

    @Test("a submitted file is there whole, private, and is given at once")
    func submitted() async throws {
        let next = test.waiting()
        await test.sleep(for: .seconds(30))
        #expect(try test.spool.submit(name: "lead.json", bytes: Array(lead(1).utf8)) == "lead.json")
        #expect(mode(test.incoming + "/lead.json") == 0o600)
        #expect(try test.names(in: test.incoming) == ["lead.json"])
        #expect(try await next.value.first?.records.first?.key.text == "id:test:1")
    }

    @Test("a name that is taken is left alone and another one chosen, from however many sides at once")
    func taken() async throws {
        let place = SpoolDirectory(test.path)
        let names = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<20 {
                group.addTask { try place.submit(name: "lead.json", bytes: Array(lead(number).utf8)) }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(names.count == 20 && names.contains("lead.json"))
        #expect(Set(try test.names(in: test.incoming)) == names)
        let contents = try names.map { try test.text(test.incoming + "/" + $0) }
        #expect(Set(contents) == Set((0..<20).map { lead($0) }))
    }

    @Test(
        "a name that the spool would not read is refused",
        arguments: [
            "", "lead", "lead.xlsx", ".lead.json", "../lead.json", "a/b.json", "a\nb.json", "lead.json.tmp", "%41.json",
            String(repeating: "x", count: 250) + ".json",
        ])
    func badNames(name: String) throws {
        let failure = #expect(throws: SpoolFailure.self) { try test.spool.submit(name: name, bytes: []) }
        #expect(failure?.code == .badName)
        #expect(try test.names(in: test.incoming).isEmpty)
    }

    @Test("a spool that isn't there is told in words")
    func absent() throws {
        let failure = #expect(throws: SpoolFailure.self) {
            try SpoolDirectory("/nonexistent/spool").submit(name: "a.json", bytes: [])
        }
        #expect(failure?.code == .unavailable)
        #expect(failure?.description.contains("No such file or directory") == true)
        #expect(throws: SpoolFailure.self) {
            try Spool(settings: SpoolSettings(directory: "/nonexistent/spool"), clock: ManualTime())
        }
    }

    @Test(
        "what root submits belongs to the daemon",
        .enabled(if: Nobody.canBeGiven, "giving a file away takes root"))
    func owner() throws {
        #expect(chown(test.incoming, 12_345, 23_456) == 0)
        _ = try test.spool.submit(name: "a.json", bytes: Array(lead(1).utf8))
        var status = stat()
        #expect(stat(test.incoming + "/a.json", &status) == 0)
        #expect(status.st_uid == 12_345 && status.st_gid == 23_456)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test("what has its name is submitted, though the daemon can't be told of it")
    func unannounced() async throws {
        let place = SpoolDirectory(test.path)
        let incoming = test.incoming
        let count = 100
        // Somebody puts a link in the place of each file as soon as it is there, and links aren't opened.
        let raced = Mutex(0)
        let isOver = Mutex(false)
        let rival = Thread {
            for number in 0..<count {
                let name = "\(incoming)/lead-\(number).json"
                guard symlink("/nonexistent", "\(incoming)/.aside") == 0 else { return }
                while access(name, F_OK) != 0 {
                    if isOver.withLock({ $0 }) { return }
                    sched_yield()
                }
                guard rename("\(incoming)/.aside", name) == 0 else { return }
                raced.withLock { $0 += 1 }
            }
        }
        rival.start()
        defer { isOver.withLock { $0 = true } }
        for number in 0..<count {
            let name = "lead-\(number).json"
            #expect(try place.submit(name: name, bytes: Array(lead(number).utf8)) == name)
        }
        while !rival.isFinished { sched_yield() }
        #expect(raced.withLock { $0 } == count)
    }

    @Test("a disk that is full leaves nothing half-written", .enabled(if: Mounts.arePermitted, "mounting takes root"))
    func full() async throws {
        try await Mounts.withMemory("64k") { point in
            #expect(mkdir(point + "/incoming", 0o700) == 0)
            let failure = #expect(throws: SpoolFailure.self) {
                try SpoolDirectory(point).submit(name: "a.json", bytes: [UInt8](repeating: 0x20, count: 100_000))
            }
            #expect(failure?.description.contains("No space left on device") == true)
            let left = try test.names(in: point + "/incoming")
            #expect(left.isEmpty)
        }
    }
}
