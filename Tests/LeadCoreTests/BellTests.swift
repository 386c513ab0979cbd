// The bell that wakes the loops: no ring is lost, none is counted twice, and a cancelled wait ends.

import LeadCore
import Synchronization
import Testing

@Suite("Bell")
struct BellTests {
    /// Lets other tasks run; what has not happened after this is not about to happen by itself.
    private func settle() async { for _ in 0..<200 { await Task.yield() } }

    @Test("a ring before the wait lets it return at once")
    func before() async {
        let bell = Bell()
        bell.ring()
        await bell.wait()
    }

    @Test("two rings are one: the second wait needs another")
    func twice() async {
        let bell = Bell()
        bell.ring()
        bell.ring()
        await bell.wait()
        let isOver = Current(false)
        let waiter = Task {
            await bell.wait()
            isOver.replace(with: true)
        }
        await settle()
        #expect(!isOver.now)
        bell.ring()
        await waiter.value
        #expect(isOver.now)
    }

    @Test("a ring wakes all who wait")
    func everyone() async {
        let bell = Bell()
        let waiting = Current(0)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { await bell.wait() } }
            group.addTask {
                // Rings until the last has gone, because a waiter may come after a ring.
                while waiting.now == 0 {
                    bell.ring()
                    await Task.yield()
                }
            }
            for _ in 0..<20 { await group.next() }
            waiting.replace(with: 1)
        }
    }

    @Test("cancellation ends the wait, before and after it began, and leaves the bell as it was")
    func cancelled() async {
        let bell = Bell()
        let early = Task { await bell.wait() }
        early.cancel()
        await early.value
        let late = Task { await bell.wait() }
        await settle()
        late.cancel()
        await late.value
        let next = Task { await bell.wait() }
        await settle()
        bell.ring()
        await next.value
    }

    @Test("rings and cancelled waits at random lose nobody")
    func storm() async {
        let bell = Bell()
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<300 {
                group.addTask {
                    let waiter = Task { await bell.wait() }
                    if index % 2 == 0 { await Task.yield() }
                    if index % 3 == 0 { bell.ring() }
                    waiter.cancel()
                    await waiter.value
                }
            }
        }
    }

    @Test("a current value is the last one put")
    func current() {
        let value = Current(1)
        value.replace(with: 2)
        #expect(value.now == 2)
    }
}
