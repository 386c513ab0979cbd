// What lies free on the heap goes back to the system, and how much it is, is read as the kernel writes it.

import Logging
import Testing

@testable import leadbell

@Suite("The heap's memory", .serialized)
struct HeapMemoryTests {
    private let log = Logger(label: "leadbell") { _ in SwiftLogNoOpLogHandler() }

    @Test("what is no file's is what is resident without what is shared")
    func reads() throws {
        #expect(HeapMemory.anonymous(statm: "1000 300 100 200 0 150 0\n", page: 4096) == 200 * 4096)
        for text in ["", "1 2", "1 2 x", "1 2 3"] { #expect(HeapMemory.anonymous(statm: text, page: 4096) == nil) }
        #expect(try #require(HeapMemory.anonymous()) > 1 << 20)
    }

    @Test("what a rush has left between things that stay goes back, and those are as they were")
    func gives() throws {
        var rush: [[UInt8]] = (0..<200_000).map { [UInt8](repeating: UInt8($0 % 251), count: 500) }
        let before = try #require(HeapMemory.anonymous())
        // Each thing that stays keeps its neighbours' page, and all of them the end of the heap.
        let kept = stride(from: 0, to: rush.count, by: 100).map { rush[$0] }
        rush = []
        HeapMemory(log: log).tidy()
        let after = try #require(HeapMemory.anonymous())
        #expect(after < before - 40 << 20)
        for (place, thing) in kept.enumerated() { #expect(thing.allSatisfy { $0 == UInt8(place * 100 % 251) }) }
    }
}
