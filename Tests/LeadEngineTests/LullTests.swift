// When a rush counts as over: once for each, a while after its last decision, and never in the middle of it.

import LeadCore
import LeadTestKit
import Synchronization
import Testing

@testable import LeadEngine

@Suite("The lull after a rush")
struct LullTests {
    private let clock = ManualClock()
    private let rests = Counter()
    private var lull: Lull { Lull(clock: clock, action: rests.add) }

    private final class Counter: Sendable {
        private let value = Mutex(0)
        var count: Int { value.withLock { $0 } }
        @Sendable func add() { value.withLock { $0 += 1 } }
    }

    @Test("nothing is awaited before there is work")
    func idle() {
        let lull = lull
        #expect(lull.step() == nil)
        clock.advance(by: .seconds(3600))
        #expect(lull.step() == nil)
        #expect(rests.count == 0)
    }

    @Test("a rush is over when nothing was decided for a while, and that is noticed once")
    func over() {
        let lull = lull
        lull.noteWork()
        #expect(lull.step() == clock.now() + Lull.length)
        clock.advance(by: Lull.length - .milliseconds(1))
        lull.noteWork()
        let end = clock.now() + Lull.length
        clock.advance(by: Lull.length - .milliseconds(1))
        #expect(lull.step() == end)
        #expect(rests.count == 0)
        clock.advance(by: .milliseconds(1))
        #expect(lull.step() == nil)
        #expect(rests.count == 1)
        clock.advance(by: .seconds(3600))
        #expect(lull.step() == nil)
        #expect(rests.count == 1)
        lull.noteWork()
        clock.advance(by: Lull.length)
        #expect(lull.step() == nil)
        #expect(rests.count == 2)
    }

    @Test("a clock that is set back puts the end off by no more than the while")
    func setBack() {
        let lull = lull
        lull.noteWork()
        clock.advance(by: .seconds(-86_400))
        #expect(lull.step() == clock.now() + Lull.length)
        clock.advance(by: Lull.length)
        #expect(lull.step() == nil)
        #expect(rests.count == 1)
    }

    @Test("the loop wakes for the first work, and then by the clock alone")
    func loop() async {
        let (rested, rest) = AsyncStream.makeStream(of: Void.self)
        let lull = Lull(clock: clock) { rest.yield() }
        let running = Task { await lull.run() }
        await clock.parked()
        let mark = clock.parkings
        lull.noteWork()
        await clock.parked(after: mark)
        clock.advance(by: Lull.length)
        var rests = rested.makeAsyncIterator()
        await rests.next()
        running.cancel()
        await running.value
    }
}
