// Turns that come back with time, held against a model that counts in fractions.

import LeadTestKit
import Testing

@testable import LeadCore

@Suite("Token buckets")
struct TokenBucketTests {
    private let start = Sample.start

    private func limit(_ text: String) throws -> RateLimit { try #require(RateLimit(text: text)) }

    @Test("a second's turns are there at once; then they come back evenly")
    func even() throws {
        var bucket = TokenBucket(try limit("10/s"))
        for _ in 0..<10 { #expect(bucket.take(at: start) == nil) }
        #expect(bucket.take(at: start) == start + .milliseconds(100))
        #expect(bucket.take(at: start + .milliseconds(99)) == start + .milliseconds(100))
        #expect(bucket.take(at: start + .milliseconds(100)) == nil)
        #expect(bucket.take(at: start + .milliseconds(100)) == start + .milliseconds(200))
        for _ in 0..<10 { #expect(bucket.take(at: start + .seconds(3600)) == nil) }
        #expect(bucket.take(at: start + .seconds(3600)) != nil)
    }

    @Test("more than it holds is taken when it is full and paid for afterwards; what is put back is there again")
    func debts() throws {
        var bucket = TokenBucket(try limit("10/s"), burst: 20)
        #expect(bucket.take(at: start) == nil)
        #expect(bucket.take(50, at: start) == start + .milliseconds(100))
        #expect(bucket.take(50, at: start + .milliseconds(100)) == nil)
        #expect(bucket.take(at: start + .milliseconds(100)) == start + .milliseconds(3200))
        bucket.putBack(50)
        #expect(bucket.take(20, at: start + .milliseconds(100)) == nil)
        #expect(bucket.take(at: start + .milliseconds(100)) != nil)
        bucket.putBack(1_000_000)
        #expect(bucket.take(20, at: start + .milliseconds(100)) == nil)
        #expect(bucket.take(at: start + .milliseconds(100)) != nil)
    }

    @Test("a clock that is set back neither gives turns away nor keeps them for as long as the jump")
    func setBack() throws {
        var bucket = TokenBucket(try limit("1/s"))
        #expect(bucket.take(at: start) == nil)
        let past = start - .seconds(86_400)
        #expect(bucket.take(at: past) == past + .seconds(1))
        #expect(bucket.take(at: past + .seconds(1)) == nil)
        #expect(bucket.take(at: past + .seconds(1_000_000_000)) == nil)
    }

    @Test(
        "it does as the model does, which counts in fractions, and is never wrong by more than a millisecond",
        arguments: ["3/s", "7/m", "1/h", "1000/s", "100000/s", "100000/7d"])
    func model(text: String) throws {
        let limit = try limit(text)
        var generator = SeededGenerator(seed: 3)
        for burst in [1, 2, 5, 100] {
            var bucket = TokenBucket(limit, burst: burst)
            let perMillisecond = Double(limit.count) / Double(limit.period.milliseconds)
            var level = Double(burst)
            var now = start
            for step in 0..<2000 {
                let passed = Int64.random(in: 0...400, using: &generator)
                now = now + .milliseconds(passed)
                level = min(Double(burst), level + Double(passed) * perMillisecond)
                let count = Int.random(in: 1...3, using: &generator)
                let missing = Double(min(count, burst)) - level
                guard let opening = bucket.take(count, at: now) else {
                    #expect(missing <= 0.01, "step \(step)")
                    level -= Double(count)
                    continue
                }
                #expect(missing > -0.01, "step \(step)")
                let wait = Double((opening - now).milliseconds)
                #expect(abs(wait - missing / perMillisecond) <= 1 + missing / perMillisecond * 0.01, "step \(step)")
            }
        }
    }
}
