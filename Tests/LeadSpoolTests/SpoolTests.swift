import Foundation
import Glibc
import LeadCore
import Testing

@testable import LeadSpool

@Suite("The spool's files", .timeLimit(.minutes(1)))
struct SpoolTests {
    let test: TestSpool

    init() throws { test = try TestSpool() }

    // MARK: Coming in

    @Test("files that are there at the start are given, and removed only when they are retired")
    func present() async throws {
        try test.write("a.json", lead(1))
        try test.write("b.ndjson", lead(2) + "\n" + lead(3))
        let files = try await test.next()
        #expect(Set(files.map(\.name)) == ["a.json", "b.ndjson"])
        #expect(Set(files.flatMap(\.records).map(\.key.text)) == ["id:test:1", "id:test:2", "id:test:3"])
        #expect(try test.names(in: test.incoming).count == 2)
        await test.spool.retire(files)
        #expect(try test.names(in: test.incoming).isEmpty)
        #expect(await test.spool.notices().isEmpty)
    }

    @Test("a file that is moved in or written and closed is given at once")
    func arriving() async throws {
        let first = test.waiting()
        await test.sleep(for: .seconds(30))
        try test.moveIn("a.json", lead(1), age: .zero)
        let moved = try await first.value
        #expect(moved.map(\.name) == ["a.json"])
        let second = test.waiting()
        try test.write("b.json", lead(2), age: .zero)
        #expect(try await second.value.map(\.name) == ["b.json"])
    }

    @Test("a batch has no more files than were asked for, and a file that was given isn't given again")
    func batches() async throws {
        for number in 0..<10 { try test.write("\(number).json", lead(number)) }
        var names: [String] = []
        while names.count < 10 {
            let files = try await test.next(limit: 3)
            #expect(files.count <= 3)
            names += files.map(\.name)
        }
        #expect(Set(names).count == 10)
        let rest = test.waiting()
        await test.sleep(for: .seconds(30))
        test.time.advance(by: .seconds(30))
        await test.sleep(for: .seconds(30))
        rest.cancel()
        await #expect(throws: CancellationError.self) { try await rest.value }
    }

    @Test("what a producer hides isn't touched, a directory is told once and left alone")
    func hidden() async throws {
        for name in [".a.json", "b.json.tmp", "c.json.part"] { try test.write(name, lead(1)) }
        try FileManager.default.createDirectory(
            atPath: test.incoming + "/d.json", withIntermediateDirectories: false)
        try test.write("e.json", lead(2))
        let files = try await test.takeIn()
        #expect(files.map(\.name) == ["e.json"])
        let told = "is a directory and is left alone; only files in incoming/ itself are taken"
        #expect(await test.spool.notices() == [.trouble(name: "d.json", reason: told)])
        let rest = test.waiting()
        await test.sleep(for: .seconds(30))
        test.time.advance(by: .seconds(30))
        await test.sleep(for: .seconds(30))
        rest.cancel()
        #expect(await test.spool.notices().isEmpty)
        #expect(try test.names(in: test.incoming) == [".a.json", "b.json.tmp", "c.json.part", "d.json"])
    }

    @Test("thousands of files that arrive while others are read are given exactly once each")
    func flood() async throws {
        let count = 2000
        let producer = Task { [test] in
            for number in 0..<count {
                try test.write(".\(number).tmp", lead(number))
                #expect(rename("\(test.incoming)/.\(number).tmp", "\(test.incoming)/\(number).json") == 0)
            }
        }
        var given: [String: Int] = [:]
        while given.count < count {
            for file in try await test.takeIn() {
                #expect(file.records.count == 1)
                given[file.name, default: 0] += 1
            }
        }
        try await producer.value
        #expect(given.values.allSatisfy { $0 == 1 })
        #expect(try test.names(in: test.incoming).isEmpty)
    }

    // MARK: Hints that fail

    @Test("a file of which the kernel tells nothing is found by the sweep")
    func sweep() async throws {
        try test.write("../x", lead(1))
        let next = test.waiting()
        await test.sleep(for: .seconds(30))
        #expect(link("\(test.path)/x", "\(test.incoming)/a.json") == 0)
        test.time.advance(by: .seconds(30))
        #expect(try await next.value.map(\.name) == ["a.json"])
    }

    @Test("when hints are lost, everything is read through and an operator is told")
    func overflow() async throws {
        try test.write("../x", lead(1))
        let next = test.waiting()
        await test.sleep(for: .seconds(30))
        #expect(link("\(test.path)/x", "\(test.incoming)/a.json") == 0)
        try #require(test.spool.arrivals).lose("the kernel dropped events")
        #expect(try await next.value.map(\.name) == ["a.json"])
        #expect(await test.spool.notices() == [.rescanned(reason: "the kernel dropped events")])
    }

    @Test("an overflow event and a removed directory are understood")
    func events() throws {
        let arrivals = Arrivals(bell: Bell())
        let listener = Listener(events: -1, stop: -1, arrivals: arrivals)
        func event(_ mask: Int, _ name: String) -> [UInt8] {
            let padded = name.isEmpty ? [] : Array(name.utf8) + [UInt8](repeating: 0, count: 16 - name.utf8.count)
            var header = inotify_event()
            header.mask = UInt32(mask)
            header.len = UInt32(padded.count)
            return withUnsafeBytes(of: header) { Array($0) } + padded
        }
        func take(_ bytes: [UInt8]) -> String? { bytes.withUnsafeBytes { listener.take($0) } }
        let written = Int(IN_CLOSE_WRITE)
        #expect(take(event(written, "a.json") + event(written, ".b.tmp") + event(written, "c.json")) == nil)
        var pile = arrivals.take()
        #expect(pile.names.map(\.shown) == ["a.json", "c.json"] && pile.loss == nil)
        #expect(take(event(Int(IN_Q_OVERFLOW), "") + event(written, "d.json")) == nil)
        pile = arrivals.take()
        #expect(pile.names.map(\.shown) == ["d.json"] && pile.loss == "the kernel dropped events")
        #expect(take(event(Int(IN_IGNORED), "")) != nil)
    }

    @Test("names that nobody takes are dropped for a scan")
    func unread() throws {
        let arrivals = Arrivals(bell: Bell())
        let names = try (0..<1000).map { try #require(FileName("\($0)".utf8)) }
        for _ in 0..<70 { arrivals.add(names) }
        let pile = arrivals.take()
        #expect(pile.names.count == 65_000 && pile.loss != nil)
    }

    @Test("a directory that is removed is told, made again and watched again")
    func removedDirectory() async throws {
        let told = Task { [test] in await test.spool.next(limit: 1) }
        await test.sleep(for: .seconds(30))
        #expect(rmdir(test.incoming) == 0)
        test.time.advance(by: .seconds(30))
        // A batch without files says that there are notices.
        #expect(await told.value?.isEmpty == true)
        let end = "the spool's directories are not where they were"
        let again = IntakeNotice.rescanned(reason: "incoming/ is watched again")
        #expect(await test.spool.notices() == [.trouble(name: "incoming", reason: end), again])
        let next = test.waiting()
        await test.sleep(for: .seconds(30))
        try test.moveIn("a.json", lead(1), age: .zero)
        #expect(try await next.value.map(\.name) == ["a.json"])
        #expect(test.spool.check().isWell)
    }

    @Test("a spool that can't be had back is an alarm, and is tried again at growing intervals")
    func lostSpool() async throws {
        let next = test.waiting()
        await test.sleep(for: .seconds(30))
        let aside = test.path + "-aside"
        #expect(rename(test.path, aside) == 0)
        #expect(FileManager.default.createFile(atPath: test.path, contents: nil))
        test.time.advance(by: .seconds(30))
        await test.sleep(for: .seconds(1))
        #expect(!test.spool.check().isWell)
        test.time.advance(by: .seconds(1))
        await test.sleep(for: .seconds(2))
        #expect(unlink(test.path) == 0)
        #expect(rename(aside, test.path) == 0)
        try test.write("a.json", lead(1))
        test.time.advance(by: .seconds(2))
        #expect(try await next.value.map(\.name) == ["a.json"])
        #expect(test.spool.check().isWell)
    }

    // MARK: Files that are being written

    @Test("a file found by a scan is read only when it was left alone for long enough")
    func youngFile() async throws {
        try test.write("old.json", lead(1), age: .seconds(2))
        try test.write("young.json", lead(2), age: .milliseconds(500))
        #expect(try await test.takeIn().map(\.name) == ["old.json"])
        let next = test.waiting()
        await test.sleep(for: .milliseconds(1500))
        test.time.advance(by: .milliseconds(1500))
        #expect(try await next.value.map(\.name) == ["young.json"])
    }

    @Test("a file that grows while it is left to settle is left for longer")
    func growingFile() async throws {
        try test.write("a.json", #"{"name":"#, age: .zero)
        let next = test.waiting()
        await test.sleep(for: .seconds(2))
        test.time.advance(by: .seconds(1))
        try test.write("a.json", #"{"name":"Ada"#, age: .zero)
        await test.sleep(for: .seconds(2))
        try test.write("a.json", #"{"name":"Ada"}"#, age: .zero)
        #expect(try await next.value.first?.records.first?.lead[.name] == "Ada")
        #expect(try test.names(in: test.failed).isEmpty)
    }

    @Test(
        "a bad file that arrives is looked at again before it is moved aside",
        arguments: ["a.json", "a.csv", "a.jsonl"])
    func badArrival(name: String) async throws {
        let next = test.waiting()
        await test.sleep(for: .seconds(30))
        try test.moveIn(name, lead(1) + "\n{", age: .zero)
        await test.sleep(for: .seconds(2))
        #expect(try test.names(in: test.incoming) == [name])
        test.time.advance(by: .seconds(2))
        let files = try await next.value
        #expect(files.map(\.rejected.count) == [1])
        await test.spool.retire(files)
        #expect(try test.names(in: test.failed) == [name, name + ".reason.json"])
    }

    @Test("a file whose time of change lies ahead doesn't wait for that time")
    func futureFile() async throws {
        try test.write("a.json", lead(1), age: .seconds(-3600))
        let next = test.waiting()
        await test.sleep(for: .seconds(2))
        test.time.advance(by: .seconds(2))
        #expect(try await next.value.map(\.name) == ["a.json"])
    }

    @Test("a clock that is set back by a year delays nothing")
    func clockBack() async throws {
        try test.write("a.json", lead(1), age: .milliseconds(500))
        let next = test.waiting()
        await test.sleep(for: .milliseconds(1500))
        test.time.advance(by: .seconds(-31_557_600))
        await test.sleep(for: .seconds(2))
        test.time.advance(by: .seconds(2))
        #expect(try await next.value.map(\.name) == ["a.json"])
    }

    // MARK: Given back

    @Test("a released file comes again after a pause that doubles")
    func released() async throws {
        try test.write("a.json", lead(1))
        var files = try await test.next()
        for seconds in [1, 2, 4] {
            let next = test.waiting()
            await test.spool.release(files)
            await test.sleep(for: .seconds(seconds))
            test.time.advance(by: .seconds(seconds))
            files = try await next.value
            #expect(files.map(\.name) == ["a.json"])
        }
        await test.spool.retire(files)
        #expect(try test.names(in: test.incoming).isEmpty)
    }

    @Test("a file that was replaced meanwhile isn't removed, and comes again")
    func replaced() async throws {
        try test.write("a.json", lead(1))
        let files = try await test.next()
        try test.moveIn("a.json", lead(2))
        await test.spool.retire(files)
        #expect(try test.text(test.incoming + "/a.json") == lead(2))
        let again = try await test.takeIn()
        #expect(again.first?.records.first?.key.text == "id:test:2")
        #expect(try test.names(in: test.incoming).isEmpty)
    }

    @Test("lines that were appended meanwhile are read, and the file goes")
    func appended() async throws {
        try test.write("a.ndjson", lead(1) + "\n")
        let files = try await test.next()
        try test.write("a.ndjson", lead(1) + "\n" + lead(2) + "\n")
        await test.spool.retire(files)
        #expect(try await test.takeIn().first?.records.count == 2)
        #expect(try test.names(in: test.incoming).isEmpty)
    }

    @Test("a file that vanishes is nobody's trouble")
    func vanished() async throws {
        try test.write("a.json", lead(1))
        let files = try await test.next()
        #expect(unlink(test.incoming + "/a.json") == 0)
        await test.spool.retire(files)
        #expect(await test.spool.notices().isEmpty)
    }

    // MARK: The end

    @Test("a cancelled task ends the wait")
    func cancelled() async throws {
        let task = Task { [test] in await test.spool.next(limit: 1) }
        await test.sleep(for: .seconds(30))
        task.cancel()
        #expect(await task.value == nil)
    }

    @Test("a stopped spool gives nothing more")
    func stopped() async throws {
        let task = Task { [test] in await test.spool.next(limit: 1) }
        await test.sleep(for: .seconds(30))
        test.spool.stop()
        #expect(await task.value == nil)
        #expect(await test.spool.next(limit: 1) == nil)
    }

    @Test("a spool that is stopped or let go leaves no thread and no open file")
    func nothingLeft() async {
        // In a process of its own, where nobody else opens files.
        await #expect(processExitsWith: .success) {
            func count(_ directory: String) throws -> Int {
                try FileManager.default.contentsOfDirectory(atPath: directory).count
            }
            func use(stopping: Bool) async throws {
                let test = try TestSpool()
                try test.write("a.json", lead(1))
                try await test.takeIn()
                if stopping { test.spool.stop() }
            }
            try await use(stopping: true)
            let files = try count("/proc/self/fd")
            for round in 0..<20 { try await use(stopping: round % 2 == 0) }
            let filesAfterwards = try count("/proc/self/fd")
            precondition(filesAfterwards == files, "open files")
            let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").filter {
                let name = FileManager.default.contents(atPath: "/proc/self/task/\($0)/comm")
                return name?.starts(with: Data("leadbell-watch".utf8)) ?? false
            }
            // A thread that has closed its files may still be on its way out.
            precondition(threads.count <= 1, "threads")
        }
    }
}
