// The lanes as plain state: order, concurrency, and what a full one means for others.

import LeadCore
import LeadTestKit
import Testing

@testable import LeadEngine

@Suite("Lanes")
struct LanesTests {
    private func work(_ number: Int, lane: LaneID = "mail") -> Dispatcher.Work {
        let delivery = Delivery(
            caseID: CaseID("case\(number)"), sequence: 1, person: "dana", channel: "mail", lane: lane, kind: .decide,
            createdAt: Sample.start)
        let lease = Lease(owner: "me", until: Sample.start + .seconds(300))
        return Dispatcher.Work(leased: LeasedDelivery(delivery: delivery, attempt: 1, lease: lease), subject: nil)
    }

    @Test("a lane hires as many workers as it may, and gives its work out in order")
    func order() {
        var lanes = Lanes()
        let hired = (0..<5).map { lanes.add(work($0), concurrency: 2) }
        #expect(hired == [1, 1, 0, 0, 0])
        let order = (0..<5).compactMap { _ in lanes.next("mail", isStopping: false)?.leased.delivery.caseID.text }
        #expect(order == ["case0", "case1", "case2", "case3", "case4"])
        #expect(!lanes.isIdle)
        #expect(lanes.next("mail", isStopping: false) == nil)
        #expect(lanes.next("mail", isStopping: false) == nil)
        #expect(lanes.isIdle)
        #expect(lanes.add(work(6), concurrency: 2) == 1, "a lane that has rested hires anew")
    }

    @Test("order holds over a long queue that is worked off while it grows")
    func longQueue() {
        var lanes = Lanes()
        var added = 0
        var taken: [Int] = []
        for round in 0..<3000 {
            for _ in 0..<(round % 3) {
                _ = lanes.add(work(added), concurrency: 1)
                added += 1
            }
            if let next = lanes.next("mail", isStopping: false) {
                taken.append(Int(next.leased.delivery.caseID.text.dropFirst(4)) ?? -1)
            }
        }
        #expect(taken == Array(0..<taken.count))
        #expect(lanes.count("mail") == added - taken.count)
    }

    @Test("a full lane is full alone, and only a moving one makes intake wait")
    func crowd() {
        var lanes = Lanes()
        for number in 0..<Lanes.crowd { _ = lanes.add(work(number, lane: "slow"), concurrency: 1) }
        _ = lanes.add(work(1, lane: "fast"), concurrency: 1)
        #expect(lanes.full == ["slow"])
        #expect(!lanes.isCrowded(since: Sample.start), "it stands still: waiting for it would be in vain")
        lanes.finish("slow", at: Sample.start + .seconds(1))
        #expect(lanes.isCrowded(since: Sample.start))
        #expect(!lanes.isCrowded(since: Sample.start + .seconds(2)))
    }

    @Test("stopping sends workers home and gives back what has not begun")
    func stop() {
        var lanes = Lanes()
        for number in 0..<3 { _ = lanes.add(work(number), concurrency: 1) }
        #expect(lanes.next("mail", isStopping: false) != nil)
        #expect(lanes.drain().map(\.leased.delivery.caseID) == ["case1", "case2"])
        #expect(!lanes.isIdle, "one is still under way")
        #expect(lanes.next("mail", isStopping: true) == nil)
        #expect(lanes.isIdle)
    }
}
