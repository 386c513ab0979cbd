// A lane's rules: rates, pauses, the breaker and the stop, by example and over random lives.

import LeadTestKit
import Testing

@testable import LeadCore

@Suite("Lane")
struct LaneTests {
    private let start = Sample.start
    private let open = LanePolicy(concurrency: 4)
    private let down = DeliveryOutcome.unavailable(reason: "HTTP 503", retryAfter: nil)
    private let taken = DeliveryOutcome.sent(detail: "ok")

    private func end(
        _ lane: inout Lane, _ outcome: DeliveryOutcome, at now: Timestamp, jitter: Double = 1
    ) -> Lane.Change {
        lane.end(outcome, at: now, jitter: jitter)
    }

    // MARK: Rates

    @Test(
        "rates are written as a number and a time",
        arguments: [
            ("1/s", RateLimit(1, per: .seconds(1))), ("4/1s", RateLimit(4, per: .seconds(1))),
            ("60/30s", RateLimit(60, per: .seconds(30))), ("100/h", RateLimit(100, per: .seconds(3600))),
            ("1800/d", RateLimit(1800, per: .seconds(86_400))),
            ("5/250ms", RateLimit(5, per: .milliseconds(250))),
        ])
    func rateTexts(text: String, limit: RateLimit) { #expect(RateLimit(text: text) == limit) }

    @Test(
        "everything else is none",
        arguments: [
            "", "1", "/s", "s", "0/s", "-1/s", "+1/s", "1/", "1/0s", "1.5/s", "1/s/s", "1/8d", "1 / s",
            "100001/s",
        ])
    func badRates(text: String) { #expect(RateLimit(text: text) == nil) }

    @Test("a burst of a limit's size goes at once, and the next when the first token comes back")
    func burst() {
        var lane = Lane()
        let policy = LanePolicy(concurrency: 100, limits: [RateLimit(4, per: .seconds(1))])
        for _ in 0..<4 { #expect(lane.begin(at: start, by: policy) == .go) }
        #expect(lane.begin(at: start + .milliseconds(300), by: policy) == .later(start + .seconds(1)))
        #expect(lane.begin(at: start + .seconds(1), by: policy) == .go)
    }

    @Test(
        "whatever the arrivals, no window sees more than a limit allows, and a lane that may send does",
        arguments: 0..<40)
    func windows(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let limits = [RateLimit(4, per: .seconds(1)), RateLimit(60, per: .seconds(30))]
        let policy = LanePolicy(concurrency: 1000, limits: limits)
        var lane = Lane()
        var now = start
        var sent: [Timestamp] = []
        var usual: [Timestamp] = []
        for _ in 0..<3000 {
            let isUrgent = Int.random(in: 0..<4, using: &random) == 0
            switch lane.begin(at: now, by: policy, isUrgent: isUrgent) {
            case .go:
                sent.append(now)
                if !isUrgent { usual.append(now) }
                _ = end(&lane, taken, at: now)
            case .later(let opening):
                #expect(opening > now)
                let isEarned = limits.contains { limit in
                    func count(_ sent: [Timestamp]) -> Int {
                        sent.count { $0 + limit.period > opening - .milliseconds(1) }
                    }
                    if count(sent) >= limit.count { return true }
                    return !isUrgent && limit.usual.map { count(usual) >= $0.count } ?? false
                }
                #expect(isEarned, "it waits no longer than it must")
                if Bool.random(using: &random) { now = opening }
            case .busy, .stopped: Issue.record("nothing is under way")
            }
            if Int.random(in: 0..<4, using: &random) == 0 {
                now = now + .milliseconds(Int64.random(in: 0...900, using: &random))
            }
        }
        for limit in limits {
            for (index, instant) in sent.enumerated() where index >= limit.count {
                #expect(instant - sent[index - limit.count] >= limit.period)
            }
        }
        #expect(sent.count > 500)
    }

    @Test(
        "a limit keeps a tenth for what is urgent, one at least, and none where one comes back within a second",
        arguments: [
            (RateLimit(4, per: .seconds(1)), 0), (RateLimit(1, per: .seconds(5)), 0),
            (RateLimit(3, per: .seconds(3)), 1),
            (RateLimit(60, per: .seconds(30)), 6), (RateLimit(100, per: .seconds(3600)), 10),
        ])
    func kept(limit: RateLimit, kept: Int) {
        var lane = Lane()
        let policy = LanePolicy(concurrency: 1000, limits: [limit])
        for _ in 0..<limit.count - kept { #expect(lane.begin(at: start, by: policy) == .go) }
        #expect(lane.begin(at: start, by: policy) == .later(start + limit.period))
        for _ in 0..<kept { #expect(lane.begin(at: start, by: policy, isUrgent: true) == .go) }
        #expect(lane.begin(at: start, by: policy, isUrgent: true) == .later(start + limit.period))
    }

    @Test("a clock that is set back holds no lane up for longer than its own pause")
    func clockSetBack() {
        let policy = LanePolicy(concurrency: 100, limits: [RateLimit(1, per: .seconds(1))])
        var lane = Lane()
        #expect(lane.begin(at: start, by: policy) == .go)
        #expect(end(&lane, .unavailable(reason: "429", retryAfter: .seconds(600)), at: start) == .none)
        #expect(lane.begin(at: start, by: policy) == .later(start + .seconds(600)))
        #expect(lane.begin(at: start - .seconds(86_400), by: policy) == .go)
    }

    @Test("however many tokens a long window has, asking it is cheap", .timeLimit(.minutes(1)))
    func longWindow() {
        let limit = RateLimit(100_000, per: .seconds(604_800))
        var window = SlidingWindow()
        for number in 0..<100_000 {
            let now = start + .milliseconds(Int64(number))
            #expect(window.opening(at: now, limit) == now)
            window.take(at: now)
        }
        let back = start + .seconds(604_800)
        // Walking through all of them each time would take minutes.
        for number in 0..<100_000 {
            let now = start + .seconds(100 + Int64(number % 2))
            if window.opening(at: now, limit) != back { Issue.record("at \(number)") }
        }
        // And while they come back one by one.
        for number in 0..<100_000 {
            let now = back + .milliseconds(Int64(number))
            if window.opening(at: now, limit) != now { Issue.record("at \(number)") }
            window.take(at: now)
        }
        #expect(window.left(of: limit) == 0)
        #expect(
            window.opening(at: back - .seconds(1), limit) == back - .seconds(1),
            "of a clock that was set back nothing is kept")
        #expect(window.left(of: limit) == 100_000)
    }

    // MARK: Concurrency and Retry-After

    @Test("no more are under way than may be")
    func concurrency() {
        var lane = Lane()
        for _ in 0..<4 { #expect(lane.begin(at: start, by: open) == .go) }
        #expect(lane.begin(at: start, by: open) == .busy)
        _ = end(&lane, taken, at: start)
        #expect(lane.begin(at: start, by: open) == .go)
    }

    @Test("a peer's Retry-After holds the whole lane, for an hour at most")
    func retryAfter() {
        for asked in [Duration.seconds(3601), .seconds(86_400), .seconds(Int64.max / 1000)] {
            var lane = Lane()
            _ = lane.begin(at: start, by: open)
            _ = end(&lane, .unavailable(reason: "429", retryAfter: asked), at: start)
            #expect(lane.begin(at: start, by: open) == .later(start + .seconds(3600)))
            #expect(lane.begin(at: start + .seconds(3600), by: open) == .go)
        }
        for asked in [Duration.seconds(-5), .zero] {
            var lane = Lane()
            _ = lane.begin(at: start, by: open)
            _ = end(&lane, .unavailable(reason: "429", retryAfter: asked), at: start)
            #expect(lane.begin(at: start, by: open) == .go)
        }
        var lane = Lane()
        for _ in 0..<2 { _ = lane.begin(at: start, by: open) }
        _ = end(&lane, .unavailable(reason: "429", retryAfter: .seconds(90)), at: start)
        _ = end(&lane, .unavailable(reason: "429", retryAfter: .seconds(5)), at: start)
        #expect(
            lane.begin(at: start, by: open) == .later(start + .seconds(90)), "the longer one stands")
        #expect(lane.begin(at: start + .seconds(90), by: open) == .go)
    }

    // MARK: The breaker

    /// Begins and ends `count` messages.
    private func run(_ count: Int, _ outcome: DeliveryOutcome, in lane: inout Lane, at now: Timestamp)
        -> Lane.Change
    {
        var change = Lane.Change.none
        for _ in 0..<count {
            #expect(lane.begin(at: now, by: open) == .go)
            change = end(&lane, outcome, at: now)
        }
        return change
    }

    @Test(
        "five failures in a row open the breaker; a success between them, or a refusal of one message, does not count"
    )
    func opens() {
        var lane = Lane()
        #expect(run(4, down, in: &lane, at: start) == .none)
        #expect(run(1, taken, in: &lane, at: start) == .none)
        #expect(run(4, down, in: &lane, at: start) == .none)
        #expect(run(1, .failed(reason: "HTTP 400"), in: &lane, at: start) == .none)
        #expect(run(4, .unknown(reason: "lost"), in: &lane, at: start) == .none)
        #expect(run(1, down, in: &lane, at: start) == .opened(until: start + .seconds(10)))
        #expect(lane.begin(at: start, by: open) == .later(start + .seconds(10)))
        #expect(lane.lastTrouble == Lane.Trouble(at: start, reason: "HTTP 503"))
    }

    @Test(
        "one message probes; each probe that fails doubles the pause up to five minutes, one that is answered ends it"
    )
    func probes() {
        var lane = Lane()
        var now = start
        guard case .opened(var until) = run(5, down, in: &lane, at: now) else {
            Issue.record("it did not open")
            return
        }
        for seconds in [20, 40, 80, 160, 300, 300, 300] as [Int64] {
            now = until
            #expect(lane.begin(at: now, by: open) == .go)
            #expect(lane.begin(at: now, by: open) == .busy, "one probe at a time")
            let change = end(&lane, down, at: now)
            #expect(change == .opened(until: now + .seconds(seconds)))
            until = now + .seconds(seconds)
        }
        #expect(lane.begin(at: until, by: open) == .go)
        #expect(end(&lane, .failed(reason: "HTTP 400"), at: until) == .closed, "the peer is there")
        #expect(lane.begin(at: until, by: open) == .go)
        #expect(lane.begin(at: until, by: open) == .go)
        _ = end(&lane, down, at: until)
        #expect(lane.breaker == .closed(failures: 1), "it begins to count anew")
    }

    @Test("a probe that comes to nothing before the peer was asked leaves the next one to probe")
    func forgone() {
        var lane = Lane()
        _ = run(5, down, in: &lane, at: start)
        let later = start + .seconds(10)
        #expect(lane.begin(at: later, by: open) == .go)
        lane.forgo(at: later)
        #expect(lane.begin(at: later, by: open) == .go)
        #expect(lane.begin(at: later, by: open) == .busy)
    }

    // MARK: The stop

    @Test("a fault of the configuration stops the lane, once, until it is resumed")
    func stops() {
        var lane = Lane()
        for _ in 0..<3 { #expect(lane.begin(at: start, by: open) == .go) }
        #expect(end(&lane, .stopped(reason: "HTTP 410"), at: start) == .stopped)
        #expect(end(&lane, .stopped(reason: "HTTP 410 again"), at: start) == .none)
        #expect(lane.begin(at: start + .seconds(1_000_000), by: open) == .stopped(reason: "HTTP 410"))
        #expect(end(&lane, taken, at: start) == .none)
        #expect(lane.stop != nil, "what had begun before says nothing of the configuration")
        lane.resume(at: start)
        #expect(lane.begin(at: start, by: open) == .go)
    }

    @Test(
        "over random lives a lane never wedges: once the peer is well, everything goes",
        arguments: 0..<60)
    func randomLives(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let policy = LanePolicy(
            concurrency: Int.random(in: 1...4, using: &random),
            limits: Bool.random(using: &random) ? [RateLimit(3, per: .seconds(1))] : [])
        var lane = Lane()
        var now = start
        var underWay = 0
        for _ in 0..<400 {
            switch Int.random(in: 0..<5, using: &random) {
            case 0: now = now + .milliseconds(Int64.random(in: 0...20_000, using: &random))
            case 1 where underWay > 0:
                underWay -= 1
                let outcomes = [
                    taken, down, .unavailable(reason: "429", retryAfter: .seconds(30)),
                    .deferred(reason: "450", retryAfter: nil),
                    .failed(reason: "400"), .unknown(reason: "lost"), .stopped(reason: "404"),
                ]
                if Int.random(in: 0..<20, using: &random) == 0 {
                    lane.forgo(at: now)
                } else {
                    _ = lane.end(
                        outcomes[Int.random(in: 0..<7, using: &random)], at: now,
                        jitter: Double.random(in: 0..<1, using: &random))
                }
            case 2: now = now - .milliseconds(Int64.random(in: 0...5000, using: &random))
            case 3 where lane.stop != nil && Bool.random(using: &random): lane.resume(at: now)
            default: if lane.begin(at: now, by: policy) == .go { underWay += 1 }
            }
            #expect(lane.underWay == underWay)
            #expect(underWay <= policy.concurrency)
        }
        for _ in 0..<underWay { _ = lane.end(taken, at: now, jitter: 0) }
        lane.resume(at: start)
        for _ in 0..<50 {
            let opening = lane.opening(at: now, by: policy)
            #expect(opening - now <= .seconds(1))
            now = opening
            #expect(lane.begin(at: now, by: policy) == .go)
            _ = lane.end(taken, at: now, jitter: 0)
        }
    }
}
