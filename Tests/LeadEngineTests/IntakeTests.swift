// The intake loop's pace: while posts wait to be durable it leaves the machine to them.

import LeadCore
import LeadTestKit
import Logging
import Synchronization
import Testing

@testable import LeadEngine

@Suite("Intake", .timeLimit(.minutes(1)))
struct IntakeTests {
    /// Has something each time it is asked, so many times, and keeps when and for how much it was.
    private final class EagerSource: LeadSource {
        private let asked = Mutex<[(limit: Int, at: ContinuousClock.Instant)]>([])
        private let most: Int

        init(most: Int) { self.most = most }

        var calls: [(limit: Int, at: ContinuousClock.Instant)] { asked.withLock(\.self) }

        func next(limit: Int) async -> [IntakeFile]? {
            asked.withLock {
                $0.append((limit, .now))
                return $0.count > most ? nil : []
            }
        }
        func retire(_ files: [IntakeFile]) async {}
        func release(_ files: [IntakeFile]) async {}
        func notices() async -> [IntakeNotice] { [] }
    }

    private func calls(_ count: Int, pressed: Bool) async throws -> [(limit: Int, at: ContinuousClock.Instant)] {
        let store = MemoryCaseStore()
        let source = EagerSource(most: count)
        let engine = Engine(
            Engine.Parts(
                store: store, source: source, clock: ManualClock(), instance: "me",
                log: Logger(label: "intake") { _ in SwiftLogNoOpLogHandler() }, isPressed: { pressed },
                enrich: { EnrichedLead($0) }),
            rulebook: Current(Sample.rulebook()), keys: Sample.keys, channels: [])
        let running = Task { try await engine.run() }
        while source.calls.count <= count { await Task.yield() }
        running.cancel()
        try await running.value
        return source.calls
    }

    @Test("while posts wait, few files are taken at a time and seldom, yet some; otherwise many, and soon")
    func pressed() async throws {
        let pressed = try await calls(4, pressed: true)
        let free = try await calls(4, pressed: false)
        #expect(Set(pressed.map(\.limit)) == [16] && Set(free.map(\.limit)) == [128])
        // Two pauses of 50 ms at least lie between the second batch and the fourth.
        #expect(pressed[4].at - pressed[1].at > .milliseconds(100))
        #expect(free[4].at - free[1].at < pressed[4].at - pressed[1].at)
    }

    /// Has one file of so many leads.
    private final class OneFile: LeadSource {
        private let rest: Mutex<[IntakeFile]>

        init(leads: Int) {
            let records = (0..<leads).map { IntakeRecord(key: IntakeKey(text: "\($0)"), lead: Sample.lead($0)) }
            rest = Mutex([IntakeFile(name: "leads.ndjson", identity: "1", records: records, rejected: [])])
        }

        func next(limit: Int) async -> [IntakeFile]? { rest.withLock { $0.popLast().map { [$0] } } }
        func retire(_ files: [IntakeFile]) async {}
        func release(_ files: [IntakeFile]) async {}
        func notices() async -> [IntakeNotice] { [] }
    }

    private func enrichments(_ count: Int, pressed: Bool) async throws -> [ContinuousClock.Instant] {
        let times = Mutex<[ContinuousClock.Instant]>([])
        let engine = Engine(
            Engine.Parts(
                store: MemoryCaseStore(), source: OneFile(leads: count), clock: ManualClock(), instance: "me",
                log: Logger(label: "intake") { _ in SwiftLogNoOpLogHandler() }, isPressed: { pressed },
                enrich: { lead in
                    times.withLock { $0.append(.now) }
                    return EnrichedLead(lead)
                }),
            rulebook: Current(Sample.rulebook()), keys: Sample.keys, channels: [])
        let running = Task { try await engine.run() }
        while times.withLock(\.count) < count { await Task.yield() }
        running.cancel()
        try await running.value
        return times.withLock(\.self)
    }

    @Test("while posts wait, a file in hand is taken in bit by bit; otherwise at once")
    func pressedFile() async throws {
        let pressed = try await enrichments(100, pressed: true)
        let free = try await enrichments(100, pressed: false)
        // A pause of 50 ms lies between each two of seven commits.
        #expect(pressed[99] - pressed[0] > .milliseconds(300))
        #expect(free[99] - free[0] < pressed[99] - pressed[0])
    }

    @Test("who is asked again about a lead is asked by what the lead is by then, and about a closed one not at all")
    func newest() async throws {
        let store = MemoryCaseStore()
        let opening = Sample.opening()
        #expect(await store.apply([opening], lease: nil) == [.applied])
        let newest = Mutex<SecondAsking.Newest?>(nil)
        let engine = Engine(
            Engine.Parts(
                store: store, source: EagerSource(most: 0), clock: ManualClock(), instance: "me",
                log: Logger(label: "intake") { _ in SwiftLogNoOpLogHandler() },
                secondAsking: { _ in
                    SecondAsking(reach: .seconds(3600)) { lead, _, latest in
                        newest.withLock { $0 = latest }
                        return nil
                    }
                },
                enrich: { EnrichedLead($0) }),
            rulebook: Current(Sample.rulebook()), keys: Sample.keys, channels: [])
        engine.reload(rulebook: Sample.rulebook(), keys: Sample.keys, channels: [])
        while newest.withLock({ $0 == nil }) { await Task.yield() }
        let latest = try #require(newest.withLock { $0 })
        let findings = LateFindings(
            enricher: "crm", values: [LateValue("territory", Lead.Value("Spring", Provenance(origin: "crm")))],
            precedence: Precedence())
        let enriched = try opening.result.decide(.enrich(findings), now: Sample.start, rulebook: Sample.rulebook())
        #expect(await store.apply([enriched], lease: nil) == [.applied])
        #expect(await latest()?["territory"] == "Spring")
        store.setOutage(StoreFailure(.unavailable, "the disk is full"))
        #expect(await latest() == opening.result.lead, "as far as is known")
        store.setOutage(nil)
        let closed = try enriched.result.decide(
            .reject(reason: .spam, by: "dana", note: nil), now: Sample.start, rulebook: Sample.rulebook())
        #expect(await store.apply([closed], lease: nil) == [.applied])
        #expect(await latest() == nil)
    }
}
