// The wall clock's alarm: it wakes at the deadline, at a ring, and at once for what is past.

import LeadCore
import Testing

@testable import LeadEngine

@Suite("The system's time", .timeLimit(.minutes(1)))
struct SystemTimeTests {
    @Test("a deadline wakes, not early")
    func deadline() async throws {
        let clock = try SystemTime()
        let deadline = clock.now() + .milliseconds(80)
        await clock.wait(until: deadline, or: Bell())
        #expect(clock.now() >= deadline)
    }

    @Test("a past deadline does not wait at all")
    func past() async throws {
        let clock = try SystemTime()
        await clock.wait(until: clock.now() - .seconds(1), or: Bell())
    }

    @Test("a ring wakes long before the deadline, and a ring before the wait counts")
    func ring() async throws {
        let clock = try SystemTime()
        let bell = Bell()
        async let waited: Void = clock.wait(until: clock.now() + .seconds(3600), or: bell)
        bell.ring()
        await waited
        bell.ring()
        await clock.wait(until: nil, or: bell)
    }

    @Test("many waits each wake at their own time")
    func many() async throws {
        let clock = try SystemTime()
        let start = clock.now()
        await withTaskGroup(of: Void.self) { group in
            for number in 1...50 {
                group.addTask { await clock.wait(until: start + .milliseconds(Int64(number * 3)), or: Bell()) }
            }
            await group.waitForAll()
        }
        #expect(clock.now() >= start + .milliseconds(150))
    }

    @Test("a cancelled wait ends")
    func cancelled() async throws {
        let clock = try SystemTime()
        let task = Task { await clock.wait(until: nil, or: Bell()) }
        task.cancel()
        await task.value
    }
}
