// The lanes as plain state: order, concurrency, what a full one means for others, and who is woken when.

import LeadCore
import LeadTestKit
import Testing

@testable import LeadEngine

@Suite("Lanes")
struct LanesTests {
    private let now = Sample.start

    private func work(_ number: Int, lane: LaneID = "mail", _ kind: MessageKind = .decide) -> Dispatcher.Work {
        let delivery = Delivery(
            caseID: CaseID("case\(number)"), sequence: 1, person: "dana", channel: lane.channel, lane: lane,
            kind: kind, createdAt: Sample.start)
        let lease = Lease(owner: "me", until: Sample.start + .seconds(300))
        return Dispatcher.Work(leased: LeasedDelivery(delivery: delivery, attempt: 1, lease: lease), subject: nil)
    }

    private func add(_ numbers: Range<Int>, to state: inout DispatchState, _ policy: LanePolicy)
        -> Int
    {
        numbers.reduce(0) { $0 + state.add(work($1), policy: policy) }
    }

    /// The number of the case that a worker of the lane is to send next.
    private func sends(_ state: inout DispatchState, at now: Timestamp = Sample.start) -> Int? {
        guard case .send(let work) = state.next("mail", at: now) else { return nil }
        return Int(work.leased.delivery.caseID.text.dropFirst(4))
    }

    @Test("a lane hires as many workers as it may, and gives its work out in order")
    func order() {
        var state = DispatchState()
        let policy = LanePolicy(concurrency: 2)
        #expect((0..<5).map { state.add(work($0), policy: policy) } == [1, 1, 0, 0, 0])
        var order: [Int] = []
        for _ in 0..<5 {
            if let number = sends(&state) { order.append(number) }
            _ = state.lanes.finish("mail", .sent(detail: "ok"), at: now, jitter: 0)
        }
        #expect(order == [0, 1, 2, 3, 4])
        #expect(!state.lanes.isIdle)
        #expect(sends(&state) == nil)
        #expect(sends(&state) == nil)
        #expect(state.lanes.isIdle)
        #expect(state.add(work(6), policy: policy) == 1, "a lane that has rested hires anew")
    }

    @Test("order holds over a long queue that is worked off while it grows")
    func longQueue() {
        var state = DispatchState()
        var added = 0
        var taken: [Int] = []
        for round in 0..<3000 {
            _ = add(added..<added + round % 3, to: &state, LanePolicy(concurrency: 1))
            added += round % 3
            if let next = sends(&state) {
                taken.append(next)
                _ = state.lanes.finish("mail", .sent(detail: "ok"), at: now, jitter: 0)
            }
        }
        #expect(taken == Array(0..<taken.count))
        #expect(state.lanes.count("mail") == added - taken.count)
    }

    @Test("a full lane is full alone, and only a moving one makes intake wait")
    func crowd() {
        var lanes = Lanes()
        let policy = LanePolicy(concurrency: 1)
        for number in 0..<Lanes.crowd { _ = lanes.add(work(number, lane: "slow"), policy: policy) }
        _ = lanes.add(work(1, lane: "fast"), policy: policy)
        #expect(lanes.quota(at: now).others == ["slow": .urgent(Lanes.urgentMark, changes: Lanes.refillMark)])
        #expect(!lanes.isCrowded(since: now), "it stands still: waiting for it would be in vain")
        _ = lanes.finish("slow", nil, at: now + .seconds(1), jitter: 0)
        #expect(lanes.isCrowded(since: now))
        #expect(!lanes.isCrowded(since: now + .seconds(2)))
        lanes.sleep("slow", until: now + .seconds(2))
        #expect(!lanes.isCrowded(since: now), "it goes no faster for being waited for")
    }

    @Test("what is born for a full lane waits in the store, unless it is urgent or for another lane")
    func births() {
        let lease = Lease(owner: "me", until: now + .seconds(300))
        let birth = BirthLease(lease, full: ["mail"])
        #expect(birth.lease(of: work(1).leased.delivery) == nil)
        #expect(birth.lease(of: work(1, .settled).leased.delivery) == lease)
        #expect(birth.lease(of: work(1, lane: "teams/dana").leased.delivery) == lease)
        #expect(BirthLease(lease, full: []).lease(of: work(1).leased.delivery) == lease)
    }

    @Test("stopping sends workers home and gives back what has not begun")
    func stop() {
        var state = DispatchState()
        _ = add(0..<3, to: &state, LanePolicy(concurrency: 1))
        #expect(sends(&state) == 0)
        #expect(state.drain().map(\.delivery.caseID) == ["case1", "case2"])
        #expect(!state.lanes.isIdle, "one is still under way")
        state.isStopping = true
        #expect(sends(&state) == nil)
        #expect(state.lanes.isIdle)
    }

    @Test(
        "a lane over its rate sends its workers home, sleeps until its time, and wakes as many as it may have"
    )
    func rate() {
        var state = DispatchState()
        let policy = LanePolicy(concurrency: 2, limits: [RateLimit(2, per: .seconds(1))])
        #expect(add(0..<6, to: &state, policy) == 2)
        #expect(sends(&state) == 0)
        #expect(sends(&state) == 1)
        for _ in 0..<2 { _ = state.lanes.finish("mail", .sent(detail: "ok"), at: now, jitter: 0) }
        #expect(sends(&state) == nil)
        #expect(sends(&state) == nil)
        #expect(state.lanes.isIdle)
        #expect(state.lanes.wake == now + .seconds(1))
        #expect(state.wakesEarlier)
        state.plannedWake = now + .seconds(1)
        #expect(!state.wakesEarlier)
        #expect(state.add(work(7), policy: policy) == 0, "nobody is hired to find the door closed")
        #expect(state.lanes.wakeUp(at: now + .milliseconds(999)).isEmpty)
        #expect(state.lanes.wakeUp(at: now + .seconds(1)).map(\.hired) == [2])
        #expect(sends(&state, at: now + .seconds(1)) == 2)
        #expect(state.lanes.wake == nil)
    }

    @Test("what would wait long goes back to the store, with the instant at which its lane may go on")
    func longPause() {
        var state = DispatchState()
        _ = add(0..<4, to: &state, LanePolicy(concurrency: 1))
        #expect(sends(&state) == 0)
        let busy = DeliveryOutcome.unavailable(reason: "429", retryAfter: .seconds(600))
        _ = state.lanes.finish("mail", busy, at: now, jitter: 0)
        #expect(sends(&state) == nil)
        let back = state.toRecord.returned
        #expect(back[now + .seconds(600)]?.map(\.delivery.caseID) == ["case1", "case2", "case3"])
        #expect(back.count == 1)
        #expect(state.lanes.wake == nil)
        #expect(state.holding.keys.count == 1, "what is under way is still held")
    }

    @Test("what has waited so long that its lease may end first goes back to the store at once")
    func oldLease() {
        var state = DispatchState()
        _ = add(0..<2, to: &state, LanePolicy(concurrency: 1))
        let late = now + .seconds(300) - Dispatcher.margin
        #expect(sends(&state, at: late) == nil)
        #expect(state.toRecord.returned.mapValues(\.count) == [late: 2])
        #expect(state.holding.isEmpty)
    }

    /// The next `count` messages find a peer that can't be reached.
    private func fail(_ count: Int, _ state: inout DispatchState) {
        let down = DeliveryOutcome.unavailable(reason: "refused", retryAfter: nil)
        for _ in 0..<count {
            #expect(sends(&state) != nil)
            _ = state.lanes.finish("mail", down, at: now, jitter: 1)
        }
    }

    @Test("while one message probes the others wait, and all go on when the peer answers")
    func probing() {
        var state = DispatchState()
        let policy = LanePolicy(concurrency: 3)
        _ = add(0..<20, to: &state, policy)
        fail(5, &state)
        for _ in 0..<3 { #expect(sends(&state) == nil) }
        let wake = now + .seconds(10)
        #expect(state.lanes.wake == wake)
        #expect(state.lanes.wakeUp(at: wake).map(\.hired) == [3])
        #expect(sends(&state, at: wake) == 5)
        #expect(sends(&state, at: wake) == nil)
        #expect(sends(&state, at: wake) == nil)
        let (change, hired) = state.lanes.finish("mail", .sent(detail: "ok"), at: wake, jitter: 1)
        #expect(change == .closed)
        #expect(hired.map(\.hired) == [2], "those that went home come back")
    }

    @Test("a lane that rests takes nothing from the store, then one message finds out, and then all may come")
    func quota() {
        var state = DispatchState()
        _ = add(0..<5, to: &state, LanePolicy(concurrency: 5))
        let down = DeliveryOutcome.unavailable(reason: "refused", retryAfter: .seconds(600))
        // All have begun before the first one's end tells of the rest.
        for number in 0..<5 { #expect(sends(&state) == number) }
        for _ in 0..<5 { _ = state.lanes.finish("mail", down, at: now, jitter: 1) }
        let rested = now + .seconds(600)
        #expect(state.lanes.quota(at: now).room(of: "mail") == .none)
        #expect(state.lanes.restEnds(after: now) == rested)
        #expect(state.lanes.quota(at: now).room(of: "teams/dana") == .any(Lanes.refillMark))
        #expect(state.lanes.restEnds(after: rested) == nil)
    }

    @Test("a breaker that is open lets one message be taken up when its pause is over, and none while that one probes")
    func probeQuota() {
        var state = DispatchState()
        let policy = LanePolicy(concurrency: 3)
        _ = add(0..<5, to: &state, policy)
        fail(5, &state)
        let wake = now + .seconds(10)
        #expect(state.lanes.quota(at: wake).room(of: "mail") == .any(1, changes: Lanes.refillMark))
        _ = state.add(work(5), policy: policy)
        #expect(state.lanes.quota(at: wake).room(of: "mail") == .none, "it is in hand")
        #expect(sends(&state, at: wake) == 5)
        #expect(state.lanes.quota(at: wake).room(of: "mail") == .none, "it is under way")
        _ = state.lanes.finish("mail", .sent(detail: "ok"), at: wake, jitter: 1)
        #expect(state.lanes.quota(at: wake).room(of: "mail") == .any(Lanes.refillMark))
    }

    @Test("a rate of few in an hour lets no more be taken up than it lets go")
    func slowRate() {
        var state = DispatchState()
        let policy = LanePolicy(concurrency: 1, limits: [RateLimit(100, per: .seconds(3600))])
        _ = add(0..<1, to: &state, policy)
        #expect(sends(&state) == 0)
        _ = state.lanes.finish("mail", .sent(detail: "ok"), at: now, jitter: 1)
        #expect(
            state.lanes.quota(at: now).room(of: "mail") == .any(89, changes: Lanes.refillMark),
            "ten are kept for what is urgent")
    }

    @Test("after a resume one message finds out whether the peer is well, and the others wait for it")
    func resumed() {
        var state = DispatchState()
        let policy = LanePolicy(concurrency: 3)
        _ = add(0..<4, to: &state, policy)
        #expect(sends(&state) == 0)
        _ = state.lanes.finish("mail", .stopped(reason: "HTTP 410"), at: now, jitter: 0)
        #expect(state.lanes.resume(["mail"], at: now).stopped == ["mail"])
        #expect(sends(&state) == 1)
        #expect(sends(&state) == nil)
        #expect(sends(&state) == nil)
        let (change, hired) = state.lanes.finish("mail", .sent(detail: "ok"), at: now, jitter: 0)
        #expect(change == .closed && hired.map(\.hired) == [2])
        #expect(sends(&state) == 2 && sends(&state) == 3)
    }

    @Test(
        "what is urgent goes before a backlog and wakes a lane that waits for its rate, by a token that was kept for it"
    )
    func urgent() {
        var state = DispatchState()
        let policy = LanePolicy(concurrency: 1, limits: [RateLimit(3, per: .seconds(3))])
        _ = add(0..<6, to: &state, policy)
        for number in 0..<2 {
            #expect(sends(&state) == number)
            _ = state.lanes.finish("mail", .sent(detail: "ok"), at: now, jitter: 1)
        }
        #expect(sends(&state) == nil, "one of three in three seconds is kept")
        #expect(state.lanes.wake == now + .seconds(3))
        #expect(state.add(work(8, .settled), policy: policy) == 1)
        #expect(state.add(work(9, .update), policy: policy) == 0, "one works at a time")
        #expect(sends(&state, at: now + .milliseconds(1)) == 8)
        _ = state.lanes.finish("mail", .sent(detail: "ok"), at: now, jitter: 1)
        #expect(sends(&state, at: now + .milliseconds(1)) == nil)
        // Two come back; of the one that isn't kept the urgent one has need first.
        #expect(state.lanes.wakeUp(at: now + .seconds(3)).map(\.hired) == [1])
        for number in [9, 2] {
            #expect(sends(&state, at: now + .seconds(3)) == number)
            _ = state.lanes.finish("mail", .sent(detail: "ok"), at: now + .seconds(3), jitter: 1)
        }
    }

    @Test("a fault of the channel stops all of its lanes, also those that begin later, and is told once")
    func stoppedChannel() {
        var state = DispatchState()
        let policy = LanePolicy(concurrency: 1, limits: [RateLimit(1, per: .seconds(30))])
        var count = 0
        for lane in ["bot/dana", "bot/lee", "bots/lee"] as [LaneID] {
            for _ in 1...2 {
                count += 1
                _ = state.add(work(count, lane: lane), policy: policy)
            }
            guard case .send = state.next(lane, at: now) else {
                Issue.record("\(lane) sends nothing")
                return
            }
        }
        let fault = DeliveryOutcome.stopped(reason: "Slack refused: invalid_auth", scope: .channel)
        let first = state.lanes.finish("bot/dana", fault, at: now, jitter: 0)
        #expect(first.change == .stopped)
        #expect(state.lanes.down == ["bot/dana", "bot/lee"])
        #expect(state.lanes.finish("bot/lee", fault, at: now, jitter: 0).change == .none, "nobody is told again")
        #expect(state.add(work(7, lane: "bot/max"), policy: policy) == 1)
        for lane in ["bot/dana", "bot/lee", "bot/max"] as [LaneID] {
            guard case .hold = state.next(lane, at: now) else {
                Issue.record("\(lane) tries")
                return
            }
        }
        _ = state.lanes.finish("bots/lee", .sent(detail: "ok"), at: now, jitter: 0)
        #expect(state.lanes.resume(["bots"], at: now).stopped.isEmpty)
        #expect(state.lanes.resume(["bot"], at: now).stopped == ["bot/dana", "bot/lee", "bot/max"])
        #expect(state.lanes.down.isEmpty)
        _ = state.add(work(8, lane: "bot/kim"), policy: policy)
        guard case .send = state.next("bot/kim", at: now) else {
            Issue.record("a new lane is stopped still")
            return
        }
        // One person's address stops that one's lane alone.
        _ = state.lanes.finish("bot/kim", .stopped(reason: "user_not_found"), at: now, jitter: 0)
        #expect(state.lanes.down == ["bot/kim"])
    }

    @Test("a lane is out once its breaker is open, until a message that waits there may find out")
    func out() {
        var state = DispatchState()
        let policy = LanePolicy(concurrency: 1)
        _ = add(0..<7, to: &state, policy)
        var at = now
        func fail() -> Lane.Change {
            _ = sends(&state, at: at)
            return state.lanes.finish("mail", .unavailable(reason: "503", retryAfter: nil), at: at, jitter: 1).change
        }
        for _ in 1...4 { #expect(fail() == .none) }
        #expect(!state.lanes.isOut("mail", at: at))
        #expect(fail() == .opened(until: at + .seconds(10)))
        #expect(state.lanes.isOut("mail", at: at))
        at = at + .seconds(10)
        #expect(!state.lanes.isOut("mail", at: at), "the next message is about to find out")
        _ = sends(&state, at: at)
        #expect(!state.lanes.isOut("mail", at: at), "it is finding out")
        #expect(state.lanes.down == ["mail"])
        _ = state.lanes.finish("mail", .unavailable(reason: "503", retryAfter: nil), at: at, jitter: 1)
        #expect(state.lanes.isOut("mail", at: at))
        at = at + .seconds(20)
        _ = sends(&state, at: at)
        _ = state.lanes.finish("mail", .sent(detail: "ok"), at: at, jitter: 1)
        #expect(!state.lanes.isOut("mail", at: at) && state.lanes.down.isEmpty)
    }

    @Test("lanes of people who have left are forgotten once they are empty and nobody works there")
    func departed() {
        var state = DispatchState()
        let policy = LanePolicy(concurrency: 1)
        _ = state.add(work(1, lane: "teams/dana"), policy: policy)
        _ = state.add(work(2, lane: "teams/lee"), policy: policy)
        _ = add(3..<5, to: &state, policy)
        state.lanes.adopt({ _ in policy }, where: { $0 == "mail" })
        #expect(state.lanes.statuses(at: now).count == 3, "what waits there has to end first")
        for lane in ["teams/dana", "teams/lee"] as [LaneID] {
            guard case .send = state.next(lane, at: now) else {
                Issue.record("\(lane) had nothing to send")
                continue
            }
            _ = state.lanes.finish(lane, .failed(reason: "gone"), at: now, jitter: 0)
            guard case .goHome = state.next(lane, at: now) else {
                Issue.record("\(lane) had more to send")
                continue
            }
        }
        state.lanes.adopt({ _ in policy }, where: { $0 == "mail" })
        #expect(state.lanes.statuses(at: now).map(\.id) == ["mail"])
    }

    @Test("a stopped lane tries nothing, holds everything, and begins anew when it is resumed")
    func stopped() {
        var state = DispatchState()
        let policy = LanePolicy(concurrency: 1)
        _ = add(0..<3, to: &state, policy)
        #expect(sends(&state) == 0)
        let (change, _) = state.lanes.finish("mail", .stopped(reason: "HTTP 410"), at: now, jitter: 0)
        #expect(change == .stopped)
        for number in 1...2 {
            guard case .hold(let work, let reason) = state.next("mail", at: now) else {
                Issue.record("\(number) was not held")
                continue
            }
            #expect(work.leased.delivery.caseID == CaseID("case\(number)"))
            #expect(reason == "HTTP 410")
        }
        #expect(sends(&state) == nil)
        #expect(state.lanes.resume(["teams"], at: now).stopped.isEmpty)
        #expect(state.lanes.resume(nil, at: now).stopped == ["mail"])
        #expect(state.add(work(7), policy: policy) == 1)
        #expect(sends(&state) == 7)
    }
}
