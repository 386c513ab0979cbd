// Posts become files: what waits together is written together, and memory is bounded while the disk is slow.

import Foundation
import LeadCore
import Testing

@testable import LeadSpool

@Suite("Posts become files", .timeLimit(.minutes(1)))
struct PostBoxTests {
    let test: TestSpool

    init() throws { test = try TestSpool() }

    @Test("a byte order mark that begins a post doesn't spoil the file in which posts are joined")
    func marks() async throws {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let inbox = SpoolInbox([SpoolSettings(directory: test.path)], clock: test.time)
        let outcomes = await withTaskGroup(of: PostOutcome.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let line = Array(#"{"name":"Ada \#(number)","email":"ada\#(number)@example.com"}"#.utf8)
                    return await inbox.take(
                        LeadPost(source: "", format: .lines, body: mark + line, request: number % 2 == 0 ? nil : "r"))
                }
                group.addTask {
                    let body = Array("name=Eve+\(number)&email=eve\(number)%40example.com".utf8)
                    return await inbox.take(LeadPost(source: "", format: .form, body: mark + body))
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        var promised: Set<IntakeKey> = []
        for case .taken(let keys) in outcomes { promised.formUnion(keys) }
        #expect(promised.count == 40)
        let names = try FileManager.default.contentsOfDirectory(atPath: test.incoming)
        let contents = try names.map { name in
            RecordFormat.read(
                name: name, bytes: Array(try Data(contentsOf: URL(filePath: test.incoming).appending(path: name))))
        }
        let faults = contents.flatMap { $0.rejected.map(\.fault) }
        #expect(faults.isEmpty)
        #expect(Set(contents.flatMap(\.records).map(\.key)) == promised)
        #expect(names.allSatisfy { PostBox.isDraft(".\($0).tmp") }, "a start knows what was being written")
    }

    @Test("while many posts wait to be durable, the inbox says so, and not before nor for long after")
    func pressure() async throws {
        let inbox = SpoolInbox([SpoolSettings(directory: test.path)], clock: test.time)
        #expect(!inbox.isPressed)
        let wasPressed = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let line = Array(#"{"name":"Ada \#(number)"}"#.utf8)
                    let outcome = await inbox.take(LeadPost(source: "", format: .json, body: line))
                    guard case .taken = outcome else { return false }
                    return inbox.isPressed
                }
            }
            return await group.reduce(false) { $0 || $1 }
        }
        #expect(wasPressed)
        // It ends by itself: the time limit is what this waits for otherwise.
        while inbox.isPressed { await Task.yield() }
    }
}

@Suite("Pressure of posts", .timeLimit(.minutes(1)))
struct PostPressureTests {
    @Test(
        "a few posts are none; many are, beyond the moment in which they are written, until none has come for a while")
    func passes() async {
        let pressure = PostPressure()
        for posts in 0...7 { pressure.note(posts) }
        #expect(!pressure.isHigh)
        let began = ContinuousClock.now
        pressure.note(8)
        pressure.note(1)
        while pressure.isHigh { await Task.yield() }
        #expect(.now - began >= .milliseconds(100))
    }
}

@Suite("The queue of posts")
struct PostQueueTests {
    private func post(_ count: Int, records: Int = 1) -> PostQueue.Post {
        PostQueue.Post(bytes: [UInt8](repeating: 0x20, count: count), records: records) { _ in }
    }

    @Test("no more bytes wait than may, and what is taken makes room")
    func bytes() {
        var queue = PostQueue(mostOfFile: 100, mostWaiting: 250)
        #expect(queue.add(post(300)) == .needsWriter, "what is alone may be of any size")
        #expect(queue.add(post(1)) == .refused)
        #expect(queue.next()?.count == 1)
        #expect(queue.add(post(90)) == .waits && queue.add(post(90)) == .waits)
        #expect(queue.add(post(90)) == .refused)
        #expect(queue.add(post(70)) == .waits)
        #expect(queue.next()?.map(\.bytes.count) == [90])
        #expect(queue.add(post(90)) == .waits)
        for count in [90, 70, 90] { #expect(queue.next()?.map(\.bytes.count) == [count]) }
    }

    @Test("a file takes what waits, up to its bytes and its records, in order")
    func files() {
        var queue = PostQueue(mostOfFile: 100)
        for count in [10, 20, 30, 90, 1] { _ = queue.add(post(count)) }
        #expect(queue.next()?.map(\.bytes.count) == [10, 20, 30])
        #expect(queue.next()?.map(\.bytes.count) == [90, 1])
        for records in [600, 400, 1, 2000] { _ = queue.add(post(5, records: records)) }
        #expect(queue.next()?.map(\.records) == [600, 400])
        #expect(queue.next()?.map(\.records) == [1])
        #expect(queue.next()?.map(\.records) == [2000])
    }

    @Test("a writer that finds nothing ends, and the next post needs one again")
    func writers() {
        var queue = PostQueue(mostOfFile: 100)
        let admissions = (0..<4).map { _ in queue.add(post(60)) }
        #expect(admissions == [.needsWriter, .waits, .waits, .waits])
        for _ in 0..<4 { #expect(queue.next()?.count == 1) }
        #expect(queue.next() == nil)
        #expect(queue.add(post(1)) == .needsWriter && queue.add(post(1)) == .waits)
    }
}
