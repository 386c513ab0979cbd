// Turns, breakers and the way through to something outside, with the time in the test's hand.

import LeadCore
import LeadTestKit
import Testing

@testable import LeadEnrichment

@Suite("Asking outside")
struct AskingTests {
    private let start = Sample.start

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
        let turnstile = Turnstile(Turnstile.Limits(concurrency: 9, rate: RateLimit(text: "60/m")), clock: clock)
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

    // MARK: What operators hear

    @Test("a refusal is told once, even of one that had been left alone; an answer ends either complaint")
    func complaints() {
        let complaints = Complaints(of: "crm")
        #expect(complaints.reason == nil && complaints.answered() == nil)
        #expect(complaints.failed("failed", leftAlone: false, refused: false) == nil && complaints.reason == nil)
        #expect(
            complaints.failed("failed", leftAlone: true, refused: false)
                == .leftAlone(enricher: "crm", reason: "failed"))
        #expect(complaints.failed("failed", leftAlone: true, refused: false) == nil)
        let refused = OutsideNews.refused(enricher: "crm", reason: "401")
        #expect(complaints.failed("401", leftAlone: false, refused: true) == refused)
        #expect(complaints.failed("401", leftAlone: true, refused: true) == nil && complaints.reason == "401")
        #expect(complaints.failed("failed", leftAlone: true, refused: false) == nil && complaints.reason == "401")
        #expect(complaints.answered() == .answersAgain(enricher: "crm") && complaints.reason == nil)
        #expect(complaints.failed("401", leftAlone: true, refused: true) == refused)
    }
}
