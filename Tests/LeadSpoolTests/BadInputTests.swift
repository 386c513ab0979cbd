// What may happen to a spool from outside: more files than anyone expected, and files, folders and disks that change or fail
// while a large file is read.

import Foundation
import Glibc
import LeadCore
import Testing

@testable import LeadSpool

@Suite("A spool and what befalls it", .timeLimit(.minutes(20)))
struct BadInputTests {
    let test: TestSpool

    init() throws { test = try TestSpool() }

    private func rows(_ numbers: Range<Int>, bad: Set<Int> = []) -> String {
        "id,name,email\n"
            + numbers.map { bad.contains($0) ? "\($0),only\n" : "\($0),Ada,ada\($0)@acme.example\n" }.joined()
    }

    @Test("files without number are taken steadily, oldest first, and new ones are not starved")
    func flood() async throws {
        // Several times as many as are dealt with at once.
        let count = ProcessInfo.processInfo.environment["LEADBELL_FLOOD"].flatMap { Int($0) } ?? 100_000
        for number in (0..<count).shuffled() {
            try test.write("\(number).json", lead(number), age: .milliseconds(10 * (count - number)) + .seconds(100))
        }
        var taken = 0
        var sawNew: Int?
        while taken < count + 1 {
            let files = try await test.next(limit: 128)
            for file in files {
                let name = String(file.name.dropLast(5))
                if name == "new" {
                    sawNew = taken
                } else {
                    // Oldest first, but for those that there was no room for at once.
                    #expect(Int(name) ?? -1 >= taken - 1, "\(name) after \(taken)")
                }
                taken += 1
            }
            await test.spool.retire(files)
            if taken <= 128 { try test.moveIn("new.json", lead(-1), age: .zero) }
        }
        // Behind the files that were taken up before it, and before the others.
        #expect(try #require(sawNew) <= Backlog.most + 128)
        #expect(try test.names(in: test.incoming).isEmpty)
    }

    @Test(
        "a folder that is replaced by a link is noticed: what is behind it is taken, and nothing is removed by mistake")
    func replacedByLink() async throws {
        try test.write("a.json", lead(1))
        let given = try await test.next()
        let elsewhere = test.path + "/elsewhere"
        #expect(mkdir(elsewhere, 0o700) == 0)
        #expect(rename(test.incoming, test.path + "/former") == 0)
        #expect(symlink(elsewhere, test.incoming) == 0)
        try test.write("a.json", lead(2))
        await test.spool.retire(given)
        #expect(try test.names(in: elsewhere) == ["a.json"])
        // The kernel tells that the folder has been moved.
        let files = try await test.next()
        #expect(files.flatMap(\.records).map(\.key.text) == ["id:test:2"])
        await test.spool.retire(files)
        #expect(try test.names(in: elsewhere).isEmpty)
    }

    @Test("a large file that vanishes between two portions is nobody's trouble")
    func vanished() async throws {
        try test.write("a.csv", rows(0..<6000, bad: [5]))
        let first = try await test.next()
        await test.spool.retire(first)
        #expect(unlink(test.incoming + "/a.csv") == 0)
        try test.write("b.json", lead(7))
        #expect(try await test.takeIn().map(\.name) == ["b.json"])
        let notices = await test.spool.notices()
        #expect(notices.allSatisfy { if case .trouble = $0 { false } else { true } })
        #expect(!test.spool.check().detail.contains("a.csv"))
        // Another of its name begins anew.
        try test.write("a.csv", rows(9000..<9002))
        #expect(try await test.takeIn().flatMap(\.records).map(\.key.text) == ["id::9000", "id::9001"])
        #expect(try test.names(in: test.failed).isEmpty)
    }

    @Test("what was collected of a large file that vanishes or is replaced goes with it, though nothing else comes")
    func abandoned() async throws {
        let drafts = { try FileManager.default.contentsOfDirectory(atPath: test.failed) }
        for isReplaced in [false, true] {
            try test.write("a.csv", rows(0..<6000, bad: [5]))
            await test.spool.retire(try await test.next())
            #expect(try drafts().count == 1)
            #expect(unlink(test.incoming + "/a.csv") == 0)
            if isReplaced { try test.write("a.csv", rows(0..<6000)) }
            // The intake is woken though there may be no file, and asks for notices after each batch.
            let files = try #require(await test.spool.next(limit: 100))
            #expect(files.isEmpty == !isReplaced)
            _ = await test.spool.notices()
            #expect(try drafts().isEmpty)
        }
    }

    @Test("any number of large files may be under way, and none is held open between two portions")
    func descriptors() async throws {
        for number in 0..<20 { try test.write("\(number).csv", rows(number * 5000..<number * 5000 + 3000)) }
        var taken: Set<String> = []
        while taken.count < 20 {
            let files = try await test.next(limit: 3)
            taken.formUnion(files.map(\.name))
            await test.spool.retire(files)
        }
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { name in
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + name)
        }
        #expect(open.allSatisfy { !$0.hasPrefix(test.incoming + "/") })
    }

    @Test(
        "when the disk is full, a large file's bad rows wait, nothing is lost, and it goes on when there is room",
        .enabled(if: Mounts.arePermitted, "mounting a small file system takes root"))
    func fullDisk() async throws {
        try await Mounts.withMemory("2m", onFullDisk)
    }

    private func onFullDisk(_ point: String) async throws {
        let test = try TestSpool(base: point)
        try test.write("a.csv", rows(0..<5000, bad: [1, 4999]))
        #expect(FileManager.default.createFile(atPath: test.path + "/ballast", contents: nil))
        let ballast = try #require(FileHandle(forWritingAtPath: test.path + "/ballast"))
        #expect(throws: (any Error).self) {
            while true { try ballast.write(contentsOf: Data(count: 4096)) }
        }
        var keys = try await test.takeIn().flatMap(\.records).map(\.key)
        #expect(!test.spool.check().isWell)
        #expect(await test.spool.notices().contains { if case .trouble("a.csv", _) = $0 { true } else { false } })
        try ballast.truncate(atOffset: 0)
        var isOver = false
        while !isOver {
            let next = test.waiting()
            _ = await test.time.advanceToDeadline()
            let files = try await next.value
            keys += files.flatMap(\.records).map(\.key)
            isOver = files.contains { $0.extent == .end }
            await test.spool.retire(files)
            while !isOver {
                let files = try await test.takeIn()
                keys += files.flatMap(\.records).map(\.key)
                isOver = files.contains { $0.extent == .end }
            }
        }
        #expect(Set(keys).count == 4998)
        #expect(try test.names(in: test.incoming).isEmpty)
        #expect(try test.text(test.failed + "/a.csv") == "id,name,email\n1,only\n4999,only\n")
        #expect(try test.reason(of: "a.csv").records.count == 2)
    }

    @Test("a million rows' memory is a portion's: reading grows the process by no more than 15 MB")
    func memory() async throws {
        let count = ProcessInfo.processInfo.environment["LEADBELL_ROWS"].flatMap { Int($0) } ?? 60_000
        let path = test.incoming + "/a.csv"
        #expect(FileManager.default.createFile(atPath: path, contents: Data("id,name,email,description\n".utf8)))
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.seekToEnd()
        for start in stride(from: 0, to: count, by: 1000) {
            let lines = (start..<start + 1000).map {
                "\($0),Ada \($0),ada\($0)@acme.example,\"Three reliefs, for the hall\"\n"
            }
            try file.write(contentsOf: Data(lines.joined().utf8))
        }
        try file.close()
        test.time.advance(by: .seconds(60))
        try await test.takeIn()
        let before = try Memory.resident()
        var most = before
        var taken = 500
        while taken < count {
            taken += try await test.takeIn().flatMap(\.records).count
            most = max(most, try Memory.resident())
        }
        #expect(taken == count)
        #expect(most - before < 15_000_000, "grew by \(most - before) bytes")
    }
}
