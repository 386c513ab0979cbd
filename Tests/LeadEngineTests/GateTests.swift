// What the gate lets through to the lanes, what it holds, and what becomes one message.

import LeadTestKit
import Testing

@testable import LeadCore
@testable import LeadEngine

@Suite("The gate")
struct GateTests {
    private let now = Sample.start
    private let policy = LanePolicy(concurrency: 1)
    private let rulebook = Sample.rulebook(digest: .on(DigestPolicy(leads: 2, window: .seconds(60))))

    private func work(
        _ number: Int, kind: MessageKind = .decide, attempt: Int = 1, digest: DigestID? = nil
    ) -> Dispatcher.Work {
        let subject = Sample.opening(Sample.lead(number), rulebook: rulebook).result
        let delivery = Delivery(
            caseID: subject.id, sequence: 2, person: "dana", channel: "mail", lane: "mail", kind: kind, createdAt: now)
        let lease = Lease(owner: "me", until: now + .seconds(300))
        return Dispatcher.Work(
            leased: LeasedDelivery(delivery: delivery, attempt: attempt, lease: lease, digest: digest), subject: subject
        )
    }

    private func id(_ number: Int) -> DeliveryID { work(number).leased.delivery.id }

    @Test("lets everything through, untouched, where no rule holds anything back")
    func off() {
        var state = DispatchState()
        let works = (0..<50).map { work($0) }
        let admitted = state.admit(works, by: Sample.rulebook(), at: now)
        #expect(admitted.map(\.leased) == works.map(\.leased))
        #expect(state.toRecord.held.isEmpty && state.unrecorded == 0)
    }

    @Test("sends the rest of a storm to the store, each for itself, under one name")
    func storm() {
        var state = DispatchState()
        let admitted = state.admit((0..<7).map { work($0) }, by: rulebook, at: now)
        #expect(admitted.count == 2)
        #expect(state.toRecord.held.count == 5 && Set(state.toRecord.held.map(\.digest)).count == 1)
        #expect(state.toRecord.held.allSatisfy { $0.until == now + .seconds(60) && $0.digest != nil })
        #expect(state.unrecorded == 5)
        #expect(state.takeUnrecorded().held.count == 5 && state.unrecorded == 0)
    }

    @Test("makes one of what comes back under one name; what comes again was counted already")
    func joined() {
        var state = DispatchState()
        let works = (0..<5).map { work($0, digest: "a") } + [work(5, attempt: 2), work(6, digest: "b")]
        let admitted = state.admit(works, by: rulebook, at: now)
        #expect(admitted.map(\.all.count) == [5, 1, 1])
        for one in admitted { _ = state.add(one, policy: policy) }
        guard case .send(let first) = state.next("mail", at: now) else {
            Issue.record("nothing to send")
            return
        }
        #expect(first.all.map(\.delivery.id) == (0..<5).map(id))
        #expect(state.holding.count == 7)
    }

    @Test("what is settled meanwhile goes out of a digest; when all is, nothing is sent")
    func settled() {
        var state = DispatchState()
        let works = (0..<3).map { work($0, digest: "a") }
        for one in state.admit(works, by: rulebook, at: now) { _ = state.add(one, policy: policy) }
        func settle(_ number: Int) throws {
            let subject = Sample.opening(Sample.lead(number), rulebook: rulebook).result
            let choice = try subject.decide(.assign(rep: "jane", by: "dana", note: nil), now: now, rulebook: rulebook)
            state.cancelled[subject.id, default: Cancellation()].take(choice, at: now)
        }
        #expect(throws: Never.self) { try settle(0) }
        guard case .send(let rest) = state.next("mail", at: now) else {
            Issue.record("nothing to send")
            return
        }
        #expect(rest.all.map(\.delivery.id) == [id(1), id(2)])
        #expect(state.toRecord.settlements.map(\.leased.delivery.id) == [id(0)])

        var other = DispatchState()
        other.cancelled = state.cancelled
        for one in other.admit([work(0, digest: "a")], by: rulebook, at: now) { _ = other.add(one, policy: policy) }
        if case .send = other.next("mail", at: now) { Issue.record("it asks after the choice") }
        #expect(other.toRecord.settlements.count == 1)
    }

    @Test("a digest that waits too long for its lane goes back whole")
    func givenBack() {
        var state = DispatchState()
        for one in state.admit((0..<3).map { work($0, digest: "a") }, by: rulebook, at: now) {
            _ = state.add(one, policy: policy)
        }
        if case .send = state.next("mail", at: now + .seconds(200)) { Issue.record("its lease is nearly over") }
        #expect(state.toRecord.returned.values.joined().map(\.delivery.id) == (0..<3).map(id))
        #expect(state.toRecord.returned.values.joined().allSatisfy { $0.digest == "a" })
        #expect(state.holding.isEmpty)
    }
}
