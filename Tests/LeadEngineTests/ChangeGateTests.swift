// Changes to messages, which all lanes of a channel share one limit for: they wait for it alone, and what is new goes on.

import LeadCore
import LeadTestKit
import Testing

@testable import LeadEngine

@Suite("The gate of changes")
struct ChangeGateTests {
    private let now = Sample.start
    private let dana: LaneID = "bot/dana"
    private let lee: LaneID = "bot/lee"
    private let policy = LanePolicy(concurrency: 1, changeLimits: [RateLimit(2, per: .seconds(60))])

    private func work(_ name: String, _ lane: LaneID, _ kind: MessageKind) -> Dispatcher.Work {
        let delivery = Delivery(
            caseID: CaseID(name), sequence: 1, person: "dana", channel: "bot", lane: lane, kind: kind,
            createdAt: Sample.start)
        let lease = Lease(owner: "me", until: Sample.start + .seconds(3600))
        return Dispatcher.Work(leased: LeasedDelivery(delivery: delivery, attempt: 1, lease: lease), subject: nil)
    }

    private func add(_ changes: [String], _ others: [String] = [], to lane: LaneID, of state: inout DispatchState) {
        for name in changes { _ = state.add(work(name, lane, .update), policy: policy) }
        for name in others { _ = state.add(work(name, lane, .decide), policy: policy) }
    }

    /// What a worker of `lane` sends next, which ends so.
    private func send(
        _ lane: LaneID, _ state: inout DispatchState, at now: Timestamp,
        _ outcome: DeliveryOutcome? = .sent(detail: "ok"), _ end: ChangeEnd? = nil
    ) -> String? {
        guard case .send(let work) = state.next(lane, at: now) else { return nil }
        let delivery = work.leased.delivery
        let end = end ?? (outcome == nil ? .unasked : .decided)
        _ = state.lanes.finish(lane, outcome, change: delivery.kind == .update ? end : nil, at: now, jitter: 0)
        return delivery.caseID.text
    }

    @Test("all lanes share the limit, beyond it what is new goes before changes, and these go when it opens")
    func shared() {
        var state = DispatchState()
        add(["a", "b"], ["new"], to: dana, of: &state)
        add(["c", "d"], to: lee, of: &state)
        #expect(send(dana, &state, at: now) == "a")
        #expect(send(lee, &state, at: now) == "c")
        #expect(send(dana, &state, at: now) == "new", "it doesn't wait behind a change")
        #expect(send(dana, &state, at: now) == nil)
        #expect(send(lee, &state, at: now) == nil)
        #expect(state.lanes.isIdle)
        #expect(state.lanes.wake == now + .seconds(60))
        #expect(state.lanes.statuses(at: now).map(\.opensAt) == [now + .seconds(60), now + .seconds(60)])
        let opening = now + .seconds(60)
        #expect(Set(state.lanes.wakeUp(at: opening).map(\.lane)) == [dana, lee])
        #expect(send(dana, &state, at: opening) == "b")
        #expect(send(lee, &state, at: opening) == "d")
    }

    @Test("what is settled goes while changes wait, whichever came first")
    func settled() {
        var state = DispatchState()
        add(["a", "b", "c"], to: dana, of: &state)
        _ = state.add(work("done", dana, .settled), policy: policy)
        for name in ["done", "a", "b", nil] { #expect(send(dana, &state, at: now) == name) }
        _ = state.add(work("gone", dana, .settled), policy: policy)
        for name in ["gone", nil] { #expect(send(dana, &state, at: now) == name) }
    }

    @Test("of changes no more are taken from the store than may go; what is new is, however many changes are in hand")
    func quota() {
        var state = DispatchState()
        let room = { (state: inout DispatchState, now: Timestamp) in state.lanes.quota(at: now).room(of: dana) }
        add(["a"], to: dana, of: &state)
        #expect(room(&state, now) == .any(512, changes: 1))
        let before = state.lanes.fill(of: dana)
        #expect(send(dana, &state, at: now) == "a")
        #expect(state.lanes.fill(of: dana).hasRoom(since: before), "the store is asked for the next ones")
        #expect(room(&state, now) == .any(512, changes: 1))
        #expect(state.lanes.restEnds(after: now) == nil)
        add((1...600).map { "c\($0)" }, to: dana, of: &state)
        #expect(room(&state, now) == .any(512, changes: 0))
        #expect(send(dana, &state, at: now) == "c1")
        #expect(state.lanes.restEnds(after: now) == now + .seconds(60), "then changes are taken again")
        add([], (1...512).map { "n\($0)" }, to: dana, of: &state)
        #expect(room(&state, now) == .urgent(64, changes: 0))
        #expect(!state.lanes.isCrowded(since: now), "leads needn't wait for changes")
        #expect(state.lanes.quota(at: now + .seconds(60)).room(of: lee) == .any(512))
    }

    @Test("a lane that sleeps for changes wakes for what is new")
    func woken() {
        var state = DispatchState()
        add(["a", "b", "c"], to: dana, of: &state)
        for name in ["a", "b", nil] { #expect(send(dana, &state, at: now) == name) }
        #expect(state.lanes.isIdle)
        #expect(state.add(work("new", dana, .decide), policy: policy) == 1)
        #expect(send(dana, &state, at: now) == "new")
        #expect(send(dana, &state, at: now) == nil)
        #expect(state.lanes.wake == now + .seconds(60), "the change waits on")
    }

    @Test("a change for which nobody was asked counts for nothing")
    func unasked() {
        var state = DispatchState()
        add(["a", "b", "c", "d"], to: dana, of: &state)
        #expect(send(dana, &state, at: now, nil) == "a")
        for name in ["b", "c", nil] { #expect(send(dana, &state, at: now) == name) }
    }

    @Test("a message's further copies count, each for one")
    func copies() {
        var state = DispatchState()
        add(["a", "b"], to: dana, of: &state)
        guard case .send = state.next(dana, at: now) else { return #expect(Bool(false), "it goes") }
        state.lanes.noteChange(by: "bot", at: now)
        _ = state.lanes.finish(dana, .sent(detail: "ok"), change: .decided, at: now, jitter: 0)
        #expect(send(dana, &state, at: now) == nil)
    }

    @Test(
        "a peer that wants no changes for a time gets messages meanwhile, and nobody's changes; resuming tries at once")
    func paused() {
        var state = DispatchState()
        add(["a", "b"], ["new", "newer"], to: dana, of: &state)
        add(["c"], to: lee, of: &state)
        let busy = DeliveryOutcome.unavailable(reason: "429", retryAfter: .seconds(30))
        #expect(send(dana, &state, at: now, busy) == "a")
        #expect(send(lee, &state, at: now) == nil)
        for name in ["new", "newer", nil] { #expect(send(dana, &state, at: now) == name) }
        #expect(state.lanes.wake == now + .seconds(30))
        let rested = now + .seconds(30)
        #expect(state.lanes.statuses(at: now).map(\.changesOpenAt) == [rested, rested])
        #expect(state.lanes.statuses(at: rested).map(\.changesOpenAt) == [nil, nil])
        _ = state.lanes.resume(nil, at: now)
        #expect(send(dana, &state, at: now) == "b")
    }

    @Test("what waits longer than a minute for its channel goes back to the store, what is new stays")
    func long() {
        var state = DispatchState()
        add(["a", "b"], to: dana, of: &state)
        let busy = DeliveryOutcome.unavailable(reason: "429", retryAfter: .seconds(600))
        #expect(send(dana, &state, at: now, busy) == "a")
        #expect(send(dana, &state, at: now) == nil)
        #expect(state.toRecord.returned.mapValues { $0.map(\.delivery.caseID.text) } == [now + .seconds(600): ["b"]])
        #expect(state.add(work("new", dana, .decide), policy: policy) == 1)
        #expect(send(dana, &state, at: now) == "new")
    }

    @Test("changes that sleep while the rest is made longer go back to the store when they are looked at")
    func longer() {
        var state = DispatchState()
        add(["a", "b"], to: dana, of: &state)
        add(["c"], to: lee, of: &state)
        let busy = DeliveryOutcome.unavailable(reason: "429", retryAfter: .seconds(30))
        #expect(send(dana, &state, at: now, busy) == "a")
        #expect(send(lee, &state, at: now) == nil)
        #expect(state.lanes.wake == now + .seconds(30))
        // A change that had begun before ends later.
        _ = state.lanes.finish(
            dana, .unavailable(reason: "429", retryAfter: .seconds(600)), change: .decided, at: now, jitter: 0)
        #expect(state.lanes.wakeUp(at: now + .seconds(30)).filter { $0.hired > 0 }.map(\.lane) == [lee])
        #expect(send(lee, &state, at: now + .seconds(30)) == nil)
        #expect(state.toRecord.returned.keys.sorted() == [now + .seconds(600)])
    }

    @Test("what follows a change and isn't one rests the lane; the change counts all the same")
    func beside() {
        var state = DispatchState()
        add(["a"], ["new"], to: dana, of: &state)
        add(["c", "d"], to: lee, of: &state)
        let busy = DeliveryOutcome.unavailable(reason: "429", retryAfter: .seconds(30))
        #expect(send(dana, &state, at: now, busy, .beside) == "a")
        #expect(send(dana, &state, at: now) == nil, "what is new waits")
        #expect(send(lee, &state, at: now) == "c", "others' changes don't")
        #expect(send(lee, &state, at: now) == nil, "two in a minute")
    }

    @Test("a change by which an unwell lane is tried says of it what every message does")
    func probe() {
        var state = DispatchState()
        add([], (1...5).map { "new\($0)" }, to: dana, of: &state)
        for number in 1...5 {
            let down = DeliveryOutcome.unavailable(reason: "refused", retryAfter: nil)
            #expect(send(dana, &state, at: now, down) == "new\(number)")
        }
        add(["a", "b"], to: dana, of: &state)
        let later = now + .seconds(30)
        let busy = DeliveryOutcome.unavailable(reason: "503", retryAfter: .seconds(1))
        #expect(send(dana, &state, at: later, busy) == "a")
        #expect(state.lanes.isTroubled(dana))
    }

    @Test("changes that find the peer out of reach count as every message does")
    func down() {
        var state = DispatchState()
        add([], (1...6).map { "new\($0)" }, to: dana, of: &state)
        add(["a"], to: dana, of: &state)
        let down = DeliveryOutcome.unavailable(reason: "refused", retryAfter: nil)
        for name in ["a", "new1", "new2", "new3", "new4", nil] { #expect(send(dana, &state, at: now, down) == name) }
    }
}
