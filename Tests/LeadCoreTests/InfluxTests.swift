// Who is told at once and what is gathered, against a model that sees everything at once: how many went singly in any
// window, and how long each waited.

import LeadTestKit
import Testing

@testable import LeadCore

@Suite("An influx of leads")
struct InfluxTests {
    private let start = Sample.start
    private let policy = DigestPolicy(leads: 3, window: .seconds(120))

    private func at(_ seconds: Int64) -> Timestamp { start + .seconds(seconds) }

    private func admit(
        _ influx: inout Influx, _ seconds: Int64, _ kind: MessageKind = .decide, nextStep: Int64? = nil, most: Int = 25
    ) -> Influx.Admission {
        influx.admit(kind, nextStep: nextStep.map(at), at: at(seconds), by: policy, most: most)
    }

    @Test("the first leads go one by one, the rest waits for the end of the first one's window and goes together")
    func storm() {
        var influx = Influx()
        for second in 0..<3 as Range<Int64> { #expect(admit(&influx, second) == .now) }
        for second in 3..<60 as Range<Int64> {
            #expect(admit(&influx, second) == .hold(until: at(120), part: (Int(second) - 3) / 25))
        }
        influx.note(57, at: at(120), policy)
        #expect(admit(&influx, 121) == .hold(until: at(240), part: 0), "leads that came in a digest count as leads")
        influx.note(1, at: at(240), policy)
        for _ in 0..<2 { #expect(admit(&influx, 240) == .now) }
        #expect(admit(&influx, 240) == .hold(until: at(360), part: 0))
    }

    @Test("a rep's new lead waits for no digest, however many came before it")
    func handover() {
        var influx = Influx()
        for second in 0..<9 as Range<Int64> { #expect(admit(&influx, second, .assigned) == .now) }
        #expect(admit(&influx, 9, .decide) != .now, "they count all the same")
    }

    @Test("a few leads far apart never wait")
    func calm() {
        var influx = Influx()
        for turn in 0..<50 as Range<Int64> { #expect(admit(&influx, turn * 41) == .now) }
        #expect(influx.isOver(at: at(50 * 41 + 200), policy))
    }

    @Test(
        "escalations, last calls and outcomes are never held",
        arguments: [MessageKind.escalate, .warn, .settled, .reopened])
    func urgent(kind: MessageKind) {
        var influx = Influx()
        for _ in 0..<20 { #expect(admit(&influx, 0, kind) == .now) }
        #expect((admit(&influx, 0) != .now) == kind.bringsLead, "what brings a lead counts as one")
    }

    @Test("nothing waits longer than a quarter of the time until its case's next step")
    func impatient() {
        var influx = Influx()
        for _ in 0..<3 { _ = admit(&influx, 0) }
        #expect(admit(&influx, 0) == .hold(until: at(120), part: 0))
        #expect(admit(&influx, 0, nextStep: 40) == .hold(until: at(10), part: 0), "a gathering that ends sooner")
        #expect(admit(&influx, 1) == .hold(until: at(10), part: 0), "which others join")
        #expect(admit(&influx, 2, nextStep: 2) == .now, "no time is left to wait")
    }

    @Test("reminders of several leads travel together, also when there are few")
    func reminders() {
        var influx = Influx()
        #expect(admit(&influx, 0, .remind) == .hold(until: at(30), part: 0))
        #expect(admit(&influx, 20, .remind) == .hold(until: at(30), part: 0))
        #expect(admit(&influx, 25, .decide) == .now, "a lead that comes meanwhile need not wait for them")
        #expect(admit(&influx, 26, .escalate) == .now)
        influx.note(3, at: at(30), policy)
        #expect(admit(&influx, 31, .remind) == .hold(until: at(120 + 30), part: 0))
    }

    @Test("a clock that is set back forgets what began in the future")
    func clockSetBack() {
        var influx = Influx()
        for _ in 0..<5 { _ = admit(&influx, 10_000) }
        #expect(admit(&influx, 0) == .now)
    }

    @Test(
        "over random lives no window sees more singles than the policy has, and nobody waits too long",
        arguments: 0..<60)
    func model(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let policy = DigestPolicy(
            leads: Int.random(in: 1...6, using: &random), window: .seconds(Int64.random(in: 10...200, using: &random)))
        var influx = Influx()
        var now = start
        var singles: [Timestamp] = []
        var held: [Timestamp: Int] = [:]
        for _ in 0..<600 {
            let arrival = now + .milliseconds(Int64.random(in: 0...15_000, using: &random))
            for (until, count) in held.filter({ $0.key <= arrival }).sorted(by: { $0.key < $1.key }) {
                influx.note(count, at: until, policy)
                held[until] = nil
            }
            now = arrival
            let kind: MessageKind = [.decide, .inquiry, .remind].randomElement(using: &random) ?? .decide
            let step = Bool.random(using: &random) ? now + .seconds(Int64.random(in: 0...900, using: &random)) : nil
            switch influx.admit(kind, nextStep: step, at: now, by: policy, most: 25) {
            case .now:
                // What can't wait goes whatever there is; the rest is bounded.
                if step.map({ $0 - now >= .milliseconds(4) }) ?? true { singles.append(now) }
            case .hold(let until, _):
                #expect(until > now && until - now <= policy.window)
                if let step { #expect(until - now <= (step - now) / 4) }
                held[until, default: 0] += 1
            }
            #expect(singles.count { $0 + policy.window > now } <= policy.leads)
        }
    }
}
