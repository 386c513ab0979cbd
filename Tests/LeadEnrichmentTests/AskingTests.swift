// Turns, breakers and the way through to something outside, with the time in the test's hand.

import LeadCore
import LeadTestKit
import Testing

@testable import LeadEnrichment

@Suite("Asking outside")
struct AskingTests {
    private let start = Sample.start

    // MARK: Rates

    @Test("rates are read as they are written, and nothing else is")
    func rates() {
        #expect(Rate("10/s").map { [$0.count, Int($0.period.milliseconds)] } == [10, 1000])
        #expect(Rate(" 5000 / h ").map { [$0.count, Int($0.period.milliseconds)] } == [5000, 3_600_000])
        for text in ["", "10", "10/", "/s", "0/s", "-1/s", "10/x", "10/s/s", "1e3/s", "100001/s"] {
            #expect(Rate(text) == nil)
        }
    }

    @Test("a second's turns are there at once; then they come back evenly")
    func bucket() throws {
        var bucket = TokenBucket(try #require(Rate("10/s")))
        for _ in 0..<10 { #expect(bucket.take(at: start) == nil) }
        #expect(bucket.take(at: start) == start + .milliseconds(100))
        #expect(bucket.take(at: start + .milliseconds(99)) == start + .milliseconds(100))
        #expect(bucket.take(at: start + .milliseconds(100)) == nil)
        #expect(bucket.take(at: start + .milliseconds(100)) == start + .milliseconds(200))
        for _ in 0..<10 { #expect(bucket.take(at: start + .seconds(3600)) == nil) }
        #expect(bucket.take(at: start + .seconds(3600)) != nil)
    }

    @Test(
        "however the turns are asked for, no second has more than two seconds' worth",
        arguments: ["3/s", "7/m", "1/h", "1000/s"])
    func bucketProperty(text: String) throws {
        let rate = try #require(Rate(text))
        var bucket = TokenBucket(rate)
        var generator = SeededGenerator(seed: 3)
        var now = start
        var taken: [Timestamp] = []
        for _ in 0..<5000 {
            now = now + .milliseconds(Int64.random(in: 0...400, using: &generator))
            if bucket.take(at: now) == nil { taken.append(now) }
        }
        let perSecond = Double(rate.count) * 1000 / Double(rate.period.milliseconds)
        let seconds = Double((now - start).milliseconds) / 1000
        #expect(Double(taken.count) <= perSecond * seconds + max(1, perSecond) + 1)
    }

    @Test("a clock that is set back neither gives turns away nor keeps them for as long as the jump")
    func bucketSetBack() throws {
        var bucket = TokenBucket(try #require(Rate("1/s")))
        #expect(bucket.take(at: start) == nil)
        let past = start - .seconds(86_400)
        #expect(bucket.take(at: past) == past + .seconds(1))
        #expect(bucket.take(at: past + .seconds(1)) == nil)
    }

    // MARK: Breakers

    @Test(
        "it opens after so many failures in a row, tries once after the pause, and doubles the pause while that fails")
    func breaker() {
        var breaker = CircuitBreaker(limit: 3, pause: .seconds(30))
        for _ in 0..<2 { #expect(breaker.failed(at: start) == false) }
        breaker.succeeded()
        for _ in 0..<2 { #expect(breaker.failed(at: start) == false) }
        #expect(breaker.refusal(at: start) == nil)
        #expect(breaker.failed(at: start) == true)
        #expect(breaker.refusal(at: start) == .seconds(30))
        #expect(breaker.refusal(at: start + .seconds(29)) == .seconds(1))
        #expect(breaker.refusal(at: start + .seconds(30)) == nil)
        #expect(breaker.refusal(at: start + .seconds(30)) != nil, "one tries, others wait for what comes of it")
        #expect(breaker.failed(at: start + .seconds(31)) == true)
        #expect(breaker.refusal(at: start + .seconds(31)) == .seconds(60))
        #expect(breaker.refusal(at: start + .seconds(91)) == nil)
        breaker.succeeded()
        #expect(breaker.refusal(at: start + .seconds(92)) == nil)
    }

    @Test("it never rests longer than ten minutes, however long it fails")
    func longestPause() {
        var breaker = CircuitBreaker(limit: 1, pause: .seconds(30))
        var now = start
        for _ in 0..<20 {
            _ = breaker.failed(at: now)
            let rest = breaker.refusal(at: now) ?? .zero
            #expect(rest <= .seconds(600))
            now = now + rest
            #expect(breaker.refusal(at: now) == nil)
        }
    }

    @Test(
        "an attempt that was given up leaves the next one to try, and a clock that is set back doesn't prolong the rest"
    )
    func breakerEdges() {
        var breaker = CircuitBreaker(limit: 1, pause: .seconds(30))
        _ = breaker.failed(at: start)
        #expect(breaker.refusal(at: start + .seconds(30)) == nil)
        breaker.abandoned(at: start + .seconds(31))
        #expect(breaker.refusal(at: start + .seconds(31)) == nil)
        _ = breaker.failed(at: start + .seconds(31))
        #expect(breaker.refusal(at: start - .seconds(86_400)) == nil)
    }

    // MARK: The way through

    @Test("so many are inside at once, the others follow in their order")
    func turnstile() async throws {
        let clock = ManualClock(start)
        let turnstile = Turnstile(Turnstile.Limits(concurrency: 2), clock: clock)
        try await turnstile.enter()
        try await turnstile.enter()
        let order = Current<[Int]>([])
        let entered = Bell()
        var tasks: [Task<Void, any Error>] = []
        for number in 0..<3 {
            let mark = clock.parkings
            tasks.append(
                Task {
                    try await turnstile.enter()
                    order.replace(with: order.now + [number])
                    entered.ring()
                })
            await clock.parked(after: mark)
        }
        #expect(order.now.isEmpty)
        for number in 0..<3 {
            turnstile.leave(.worked)
            await entered.wait()
            #expect(order.now == Array(0...number))
        }
        for task in tasks { try await task.value }
    }

    @Test("who waits for a turn gets it when the rate allows")
    func turnstileRate() async throws {
        let clock = ManualClock(start)
        let turnstile = Turnstile(Turnstile.Limits(concurrency: 9, rate: Rate("60/m")), clock: clock)
        try await turnstile.enter()
        let second = Task { try await turnstile.enter() }
        await clock.parked()
        #expect(clock.earliestDeadline == start + .seconds(1))
        clock.advance(by: .seconds(1))
        try await second.value
    }

    @Test("once it is out of order, all who wait are told at once; so are those whom it asked to wait")
    func turnstileClosed() async throws {
        for ending in [Turnstile.Ending.failed, .busy(.seconds(7))] {
            let clock = ManualClock(start)
            let turnstile = Turnstile(Turnstile.Limits(concurrency: 1, failures: 1), clock: clock)
            try await turnstile.enter()
            var waiting: [Task<Void, any Error>] = []
            for _ in 0..<3 {
                let mark = clock.parkings
                waiting.append(Task { try await turnstile.enter() })
                await clock.parked(after: mark)
            }
            turnstile.leave(ending)
            for task in waiting { await #expect(throws: Turnstile.Refusal.self) { try await task.value } }
            await #expect(throws: Turnstile.Refusal.self) { try await turnstile.enter() }
            clock.advance(by: .seconds(31))
            try await turnstile.enter()
        }
    }

    @Test("a lead that is given up gives up its place")
    func turnstileCancelled() async throws {
        let clock = ManualClock(start)
        let turnstile = Turnstile(Turnstile.Limits(concurrency: 1), clock: clock)
        try await turnstile.enter()
        let first = Task { try await turnstile.enter() }
        await clock.parked()
        let mark = clock.parkings
        let second = Task { try await turnstile.enter() }
        await clock.parked(after: mark)
        first.cancel()
        await #expect(throws: Turnstile.Refusal.interrupted) { try await first.value }
        turnstile.leave(.worked)
        try await second.value
    }
}
