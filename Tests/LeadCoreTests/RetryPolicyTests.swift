// When a message is tried again, and when it is given up.

import LeadCore
import LeadTestKit
import Testing

@Suite("RetryPolicy")
struct RetryPolicyTests {
    private let policy = RetryPolicy()
    private let start = Sample.start
    private let later = DeliveryOutcome.deferred(reason: "busy", retryAfter: nil)

    private func delay(
        _ outcome: DeliveryOutcome, attempt: Int, jitter: Double, policy: RetryPolicy = RetryPolicy()
    ) -> Duration? {
        let verdict = policy.verdict(on: outcome, attempt: attempt, createdAt: start, now: start, jitter: jitter)
        guard case .tryAgain(let at, _) = verdict else { return nil }
        return at - start
    }

    @Test("delays double from the first to the longest, spread over their upper half")
    func exponential() {
        let ceilings: [Int64] = [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]
        for (index, seconds) in ceilings.enumerated() {
            let ceiling = Duration.seconds(seconds)
            #expect(delay(later, attempt: index + 1, jitter: 0) == ceiling / 2)
            #expect(delay(later, attempt: index + 1, jitter: 1) == ceiling)
            var random = SeededGenerator(seed: UInt64(index))
            for _ in 0..<200 {
                let jitter = Double.random(in: 0..<1, using: &random)
                let delay = delay(later, attempt: index + 1, jitter: jitter)
                #expect(delay.map { $0 >= ceiling / 2 && $0 <= ceiling } == true)
            }
        }
    }

    @Test("odd attempts and jitter stay within the bounds", arguments: [Int.min, -1, 0, 1, 31, 32, 64, 65, Int.max])
    func odd(attempt: Int) {
        for jitter in [-1, 0, 0.5, 2, .infinity, -.infinity] {
            let delay = delay(later, attempt: attempt, jitter: jitter)
            #expect(delay.map { $0 >= .milliseconds(2500) && $0 <= .seconds(900) } == true)
        }
    }

    @Test("a long first delay doesn't overflow into none")
    func longFirst() {
        let century = Duration.seconds(3_155_760_000)
        let policy = RetryPolicy(first: century, longest: .seconds(900), horizon: .seconds(86_400))
        for attempt in 1...40 { #expect(delay(later, attempt: attempt, jitter: 0, policy: policy) == .seconds(450)) }
    }

    @Test("the next attempt is never earlier than the peer asked, nor than the back-off")
    func retryAfter() {
        let asked = DeliveryOutcome.deferred(reason: "429", retryAfter: .seconds(120))
        #expect(delay(asked, attempt: 1, jitter: 0) == .seconds(120))
        #expect(delay(asked, attempt: 12, jitter: 0) == .seconds(450))
        let past = DeliveryOutcome.deferred(reason: "429", retryAfter: .seconds(-120))
        #expect(delay(past, attempt: 1, jitter: 0) == .milliseconds(2500))
    }

    @Test("a peer that asks for ages is asked again after an hour")
    func absurdRetryAfter() {
        for asked in [Duration.seconds(86_401), .seconds(Int64.max), .seconds(Int64.max / 1000)] {
            let outcome = DeliveryOutcome.deferred(reason: "429", retryAfter: asked)
            #expect(delay(outcome, attempt: 1, jitter: 0) == .seconds(3600))
        }
    }

    @Test("beyond the horizon it is given up, with the count, the time and the reason")
    func horizon() {
        func verdict(after seconds: Int64, attempt: Int) -> DeliveryVerdict {
            policy.verdict(on: later, attempt: attempt, createdAt: start, now: start + .seconds(seconds), jitter: 0)
        }
        #expect(verdict(after: 86_400 - 450, attempt: 99) == .tryAgain(at: start + .seconds(86_400), reason: "busy"))
        #expect(
            verdict(after: 86_400 - 449, attempt: 99)
                == .failed(reason: "given up after 99 attempts in 23 h 52 min: busy"))
        #expect(verdict(after: 86_399, attempt: 1) == .failed(reason: "given up after 1 attempt in 23 h 59 min: busy"))
    }

    @Test("given up in the dark it stays unknown, and a stopped destination holds the message")
    func ends() {
        func verdict(_ outcome: DeliveryOutcome) -> DeliveryVerdict {
            policy.verdict(
                on: outcome, attempt: 9, createdAt: start, now: start + .seconds(86_399), jitter: 0)
        }
        guard case .unknown(let reason) = verdict(.unknown(reason: "lost")) else {
            Issue.record("it is not unknown")
            return
        }
        #expect(
            reason
                == "given up after 9 attempts in 23 h 59 min: outcome unknown, the peer may have it: lost")
        #expect(verdict(.stopped(reason: "HTTP 410")) == .held(reason: "HTTP 410"))
        let down = DeliveryOutcome.unavailable(reason: "down", retryAfter: nil)
        #expect(verdict(down) == .failed(reason: "given up after 9 attempts in 23 h 59 min: down"))
    }

    @Test("success and failure are final, and an unknown outcome is tried again and says so")
    func outcomes() {
        func verdict(_ outcome: DeliveryOutcome) -> DeliveryVerdict {
            policy.verdict(on: outcome, attempt: 1, createdAt: start, now: start, jitter: 0)
        }
        #expect(verdict(.sent(detail: "202")) == .sent(detail: "202"))
        #expect(verdict(.failed(reason: "404")) == .failed(reason: "404"))
        #expect(
            verdict(.unknown(reason: "lost"))
                == .tryAgain(at: start + .milliseconds(2500), reason: "outcome unknown, the peer may have it: lost"))
    }
}
