// Files of rows that are read in portions: nothing of them is lost or removed early, whatever happens in between.

import Foundation
import Glibc
import LeadCore
import Synchronization
import Testing

@testable import LeadSpool

@Suite("Large files of rows", .timeLimit(.minutes(2)))
struct RowFileTests {
    let test: TestSpool

    init() throws { test = try TestSpool() }

    private func rows(_ count: Int, bad: Set<Int> = []) -> String {
        var text = "id,name,email\n"
        for number in 0..<count {
            text += bad.contains(number) ? "\(number),only\n" : "\(number),Ada \(number),ada\(number)@acme.example\n"
        }
        return text
    }

    /// Takes the file in to its end and gives the keys of its leads.
    private func takeAll(of spool: TestSpool) async throws -> [String] {
        var keys: [String] = []
        while true {
            let files = try await spool.takeIn()
            keys += files.flatMap(\.records).map(\.key.text)
            if files.contains(where: { $0.extent != .part }) { return keys }
        }
    }

    @Test("each row is given once, in order, and the file goes only with its last portion")
    func portions() async throws {
        try test.write("a.csv", rows(4500))
        var keys: [String] = []
        var extents: [IntakeFile.Extent] = []
        while extents.last != .end {
            #expect(try test.names(in: test.incoming) == ["a.csv"])
            let files = try await test.next()
            #expect(files.count == 1)
            keys += files.flatMap(\.records).map(\.key.text)
            extents += files.map(\.extent)
            await test.spool.retire(files)
        }
        #expect(keys == (0..<4500).map { "id::\($0)" })
        #expect(extents == Array(repeating: .part, count: 8) + [.end])
        #expect(try test.names(in: test.incoming).isEmpty)
        #expect(try test.names(in: test.failed).isEmpty)
    }

    @Test("a row that is longer than what is read at a time is read whole, and so is the row of names")
    func longRows() async throws {
        let count = 600
        func row(_ start: String, _ text: String) -> String {
            start + String(repeating: ",\(text)", count: count) + "\n"
        }
        let names = (0..<count).map { ",more_\($0)_" + String(repeating: "y", count: 300) }.joined()
        let lines = "\"" + String(repeating: "All of it in one.\n", count: 900) + "\""
        let long = String(repeating: "x", count: 1000)
        let bad = row("4,\"Di\" x,z", long)
        try test.write(
            "a.csv",
            "id,name,description\(names)\n" + row("1,Ada,\(lines)", "") + row("2,Bob,z", long)
                + row("3,Cy,z", "\"\n\(long)\"") + bad + row("5,Ed,z", ""))
        #expect(try await takeAll(of: test) == ["id::1", "id::2", "id::3", "id::5"])
        // The bad one is kept as one line.
        #expect(try test.reason(of: "a.csv").records.count == 1)
        #expect(try test.text(test.failed + "/a.csv") == "id,name,description\(names)\n" + bad)
    }

    @Test("the bad rows of all portions are kept with the row of names, and their lines told")
    func badRows() async throws {
        try test.write("a.csv", rows(6000, bad: [10, 2500, 5999]))
        #expect(try await takeAll(of: test).count == 5997)
        #expect(try test.text(test.failed + "/a.csv") == "id,name,email\n10,only\n2500,only\n5999,only\n")
        let reason = try test.reason(of: "a.csv")
        #expect(reason.what == "3 records are bad; the first: 2 values for 3 columns")
        #expect(reason.records.map(\.where.line) == [12, 2502, 6001])
        #expect(try test.names(in: test.failed) == ["a.csv", "a.csv.reason.json"])
        #expect(
            await test.spool.notices().contains {
                if case .quarantined("a.csv", _, 3) = $0 { true } else { false }
            })
        // Mended and put back, they are leads.
        try test.write("b.csv", "id,name,email\n10,Ada,a@acme.example\n")
        #expect(try await test.takeIn().flatMap(\.records).map(\.key.text) == ["id::10"])
    }

    @Test("a file of bad rows alone is kept as it is")
    func nothingGood() async throws {
        let text = rows(4000, bad: Set(0..<4000))
        try test.write("a.csv", text)
        #expect(try await takeAll(of: test).isEmpty)
        #expect(try test.text(test.failed + "/a.csv") == text)
        let reason = try test.reason(of: "a.csv")
        // Beyond a thousand they are no longer told apart.
        #expect(reason.records.count == 1001)
        #expect(reason.records.last?.what == "this and all further bad records")
        #expect(try test.names(in: test.failed) == ["a.csv", "a.csv.reason.json"])
    }

    @Test("a portion whose leads could not be stored is given again, and nothing after it before")
    func released() async throws {
        try test.write("a.csv", rows(4500))
        try await test.takeIn()
        let second = try await test.next()
        await test.spool.release(second)
        let next = test.waiting()
        _ = await test.time.advanceToDeadline()
        let again = try await next.value
        #expect(again.flatMap(\.records).map(\.key) == second.flatMap(\.records).map(\.key))
        await test.spool.retire(again)
        #expect(try await takeAll(of: test).last == "id::4499")
    }

    @Test("a run that dies in between leaves the file, and the next one reads it from the start")
    func death() async throws {
        try test.write("a.csv", rows(4500, bad: [3]))
        try await test.takeIn()
        #expect(try test.names(in: test.failed).count == 1)
        test.spool.stop()
        let next = try Spool(settings: SpoolSettings(directory: test.path), clock: test.time)
        defer { next.stop() }
        #expect(try test.names(in: test.failed).isEmpty)
        var keys: [String] = []
        while let files = await next.next(limit: 10) {
            keys += files.flatMap(\.records).map(\.key.text)
            await next.retire(files)
            if files.contains(where: { $0.extent == .end }) { break }
        }
        #expect(keys.count == 4499 && keys.first == "id::0")
        #expect(try test.text(test.failed + "/a.csv") == "id,name,email\n3,only\n")
    }

    @Test(
        "rows that are added to a file of which a portion is durable are taken, and all before them known by their keys"
    )
    func appended() async throws {
        try test.write("a.csv", rows(4500))
        let first = try await test.takeIn()
        #expect(first.map(\.extent) == [.part])
        // Another has been read when the rows come, and is made durable after them.
        let second = try await test.next()
        let file = try #require(FileHandle(forWritingAtPath: test.incoming + "/a.csv"))
        try file.seekToEnd()
        try file.write(contentsOf: Data("4500,Ada 4500,ada4500@acme.example\n".utf8))
        try file.close()
        await test.spool.retire(second)
        test.time.advance(by: .seconds(60))
        let keys = try await takeAll(of: test)
        #expect(keys == (0...4500).map { "id::\($0)" })
        #expect(Set(keys).isSuperset(of: (first + second).flatMap(\.records).map(\.key.text)))
        #expect(try test.names(in: test.incoming).isEmpty)
        #expect(try test.names(in: test.failed).isEmpty)
    }

    @Test("nothing is given of what is read while rows are added, and all of it when they are no longer")
    func growing() async throws {
        try test.write("a.csv", rows(1000))
        let ending = Ending()
        let writer = Task { [path = test.incoming + "/a.csv"] in
            let file = try #require(FileHandle(forWritingAtPath: path))
            try file.seekToEnd()
            var count = 1000
            while !ending.flag.load(ordering: .relaxed) {
                try file.write(contentsOf: Data("\(count),Ada \(count),ada\(count)@acme.example\n".utf8))
                count += 1
                await Task.yield()
            }
            try file.close()
            return count
        }
        let deadline = ContinuousClock.now + .seconds(30)
        // Each look finds a file that has been left alone for long enough, by a clock that is far ahead. One that falls between
        // two rows gives what it read.
        while case .files(let files) = test.spool.poll(limit: 1, now: test.time.now()), !files.isEmpty {
            await test.spool.retire(files)
            if ContinuousClock.now > deadline {
                Issue.record("what is read of a growing file is given")
                break
            }
        }
        ending.flag.store(true, ordering: .relaxed)
        let count = try await writer.value
        test.time.advance(by: .seconds(60))
        #expect(try await takeAll(of: test) == (0..<count).map { "id::\($0)" })
        #expect(try test.names(in: test.incoming).isEmpty)
    }

    @Test("a file that is another one by the next portion is read anew when it has settled")
    func changed() async throws {
        try test.write("a.csv", rows(4500))
        try await test.takeIn()
        try test.write("a.csv", rows(5000), age: .seconds(10))
        let keys = try await takeAll(of: test)
        #expect(keys.count == 5000 && keys.first == "id::0")
        #expect(try test.names(in: test.incoming).isEmpty)
    }

    @Test("a file of rows is left alone until it has been quiet, even when its writer has closed it")
    func settling() async throws {
        let next = test.waiting()
        await test.sleep(for: .seconds(30))
        try test.write("a.csv", rows(2), age: .zero)
        await test.sleep(for: .seconds(2))
        try test.write("a.csv", rows(3), age: .zero)
        await test.sleep(for: .seconds(2))
        test.time.advance(by: .seconds(2))
        #expect(try await next.value.flatMap(\.records).count == 3)
    }

    @Test("progress is told, in notices and in the check")
    func progress() async throws {
        try test.write("a.csv", rows(52_000))
        var isTold = false
        var notices: [IntakeNotice] = []
        while true {
            let files = try await test.takeIn()
            notices += await test.spool.notices()
            isTold = isTold || test.spool.check().detail.contains("reading a.csv: 2000 leads, 3 %")
            if files.contains(where: { $0.extent != .part }) { break }
        }
        notices += await test.spool.notices()
        #expect(isTold)
        #expect(!test.spool.check().detail.contains("a.csv"))
        let told = notices.compactMap { if case .progress("a.csv", let records, _) = $0 { records } else { nil } }
        #expect(told == [50_000, 52_000])
    }

    @Test("files beside a large one are not held up by it")
    func fairness() async throws {
        try test.write("a.csv", rows(20_000), age: .seconds(100))
        try await test.takeIn()
        for number in 0..<10 { try test.write("\(number).json", lead(number)) }
        var seen: Set<String> = []
        for _ in 0..<3 { seen.formUnion(try await test.takeIn().map(\.name)) }
        #expect(seen.count == 11)
    }

    @Test("one that is larger than files of rows may be is kept unread, however much of it is a hole")
    func sparse() async throws {
        try test.write("a.csv", "name\n")
        #expect(truncate(test.incoming + "/a.csv", 10_737_418_240) == 0)
        test.time.advance(by: .seconds(60))
        try await test.takeIn()
        #expect(try test.names(in: test.failed) == ["a.csv", "a.csv.reason.json"])
        #expect(try test.reason(of: "a.csv").what.hasPrefix("the file has 10737418240 bytes"))
    }

    @Test("a hole that is small enough to be read costs no memory to speak of and is no lead")
    func hole() async throws {
        try test.write("a.csv", "name\n")
        #expect(truncate(test.incoming + "/a.csv", 50_000_000) == 0)
        test.time.advance(by: .seconds(60))
        #expect(try await takeAll(of: test).isEmpty)
        #expect(try test.names(in: test.failed) == ["a.csv", "a.csv.reason.json"])
    }

    @Test("the oldest files come first, and what there is no room for is left to a later scan")
    func oldestFirst() throws {
        var walk = ScanResult(room: 10)
        let names = (0..<5000).compactMap { FileName("\($0).json".utf8) }
        for (number, name) in names.shuffled().enumerated() {
            let age = Int64(String(name.shown.dropLast(5))) ?? 0
            walk.found(name, modified: age)
            #expect(number < 5000)
        }
        #expect(walk.oldest().map(\.shown) == (0..<10).map { "\($0).json" })
        #expect(walk.wasCut)
    }

    @Test("files that are there are taken in the order in which they were written")
    func order() async throws {
        for number in (0..<50).shuffled() {
            try test.write("\(number).json", lead(number), age: .seconds(1000 - number))
        }
        #expect(try await test.takeIn().map(\.name) == (0..<50).map { "\($0).json" })
    }
}

/// Says to another task that it is time to end.
private final class Ending: Sendable {
    let flag = Atomic(false)
}
