// The clock that all stories go by must itself be right: it wakes for the time and for the bell, and tells who waits.

import LeadCore
import LeadTestKit
import Testing

@Suite("The manual clock", .timeLimit(.minutes(1)))
struct ManualClockTests {
    private let clock = ManualClock()
    private let bell = Bell()

    @Test("returns at once for a time that has come")
    func returnsForThePast() async {
        await clock.wait(until: Sample.start, or: bell)
        #expect(clock.parkings == 0)
    }

    @Test("wakes when it is advanced to the deadline and not before")
    func wakesAtTheDeadline() async {
        let woken = Task {
            await clock.wait(until: Sample.start + .seconds(10), or: bell)
            return clock.now()
        }
        await clock.parked()
        #expect(clock.earliestDeadline == Sample.start + .seconds(10))
        clock.advance(by: .seconds(9))
        #expect(clock.earliestDeadline == Sample.start + .seconds(10))
        clock.advance(by: .seconds(1))
        #expect(clock.earliestDeadline == nil)
        #expect(await woken.value == Sample.start + .seconds(10))
    }

    @Test("wakes for the bell, also for one that rang before")
    func wakesForTheBell() async {
        let woken = Task { await clock.wait(until: nil, or: bell) }
        await clock.parked()
        bell.ring()
        await woken.value
        bell.ring()
        await clock.wait(until: nil, or: bell)
    }

    @Test("wakes everyone when it is set, and those who are cancelled")
    func wakesWhenSet() async {
        let set = Task { await clock.wait(until: Sample.start + .seconds(10), or: Bell()) }
        await clock.parked()
        clock.set(to: Sample.start - .seconds(3600))
        await set.value
        let cancelled = Task { await clock.wait(until: nil, or: bell) }
        await clock.parked()
        cancelled.cancel()
        await cancelled.value
        #expect(clock.now() == Sample.start - .seconds(3600))
    }

    @Test("tells when a loop has come round after a bell")
    func tellsParkings() async {
        let loop = Task {
            var rounds = 0
            while !Task.isCancelled {
                await clock.wait(until: nil, or: bell)
                rounds += 1
            }
            return rounds
        }
        await clock.parked()
        for _ in 0..<100 {
            let mark = clock.parkings
            bell.ring()
            await clock.parked(after: mark)
        }
        loop.cancel()
        #expect(await loop.value == 101)
    }
}
