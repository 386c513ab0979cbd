// Whether it is worth asking somebody again, with the time in the test's hand.

import LeadTestKit
import Testing

@testable import LeadCore

@Suite("Circuit breakers")
struct CircuitBreakerTests {
    private let start = Sample.start

    @Test(
        "it opens after so many failures in a row, tries once after the pause, and doubles the pause while that fails")
    func breaker() {
        var breaker = CircuitBreaker(limit: 3, pause: .seconds(30))
        for _ in 0..<2 { #expect(breaker.failed(at: start) == nil) }
        breaker.succeeded()
        for _ in 0..<2 { #expect(breaker.failed(at: start) == nil) }
        #expect(breaker.refusal(at: start) == nil)
        #expect(breaker.failed(at: start) == start + .seconds(30))
        #expect(breaker.refusal(at: start) == .seconds(30))
        #expect(breaker.refusal(at: start + .seconds(29)) == .seconds(1))
        #expect(breaker.refusal(at: start + .seconds(30)) == nil)
        #expect(breaker.refusal(at: start + .seconds(30)) != nil, "one tries, others wait for what comes of it")
        #expect(breaker.failed(at: start + .seconds(31)) == start + .seconds(91))
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

    @Test("a pause is spread over its upper half, and what was under way when it began changes nothing")
    func spread() {
        for (jitter, seconds) in [(0.0, 15), (0.5, 22), (1.0, 30), (7.0, 30), (-1.0, 15)] {
            var breaker = CircuitBreaker(limit: 1, pause: .seconds(30), longest: .seconds(60))
            let until = breaker.failed(at: start, jitter: jitter)
            #expect(until.map { ($0 - start).milliseconds / 1000 } == Int64(seconds))
            #expect(breaker.failed(at: start, jitter: 0) == nil, "it had begun before")
            #expect(breaker.failures == 1)
            for opening in 2...9 {
                let now = start + .seconds(Int64(opening) * 1000)
                #expect(breaker.refusal(at: now) == nil)
                #expect(breaker.failed(at: now) == now + .seconds(60))
                #expect(breaker.failures == opening)
            }
            #expect(breaker.succeeded() && !breaker.succeeded() && breaker.failures == 0)
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
}
