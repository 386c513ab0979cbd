// The lanes as plain state, without tasks or clocks: what waits, what is under way, what may start. The dispatcher does
// what this says.

import LeadCore

/// Queues of work, one a destination, each with its own concurrency.
struct Lanes {
    private struct Queue {
        var waiting: [Dispatcher.Work] = []
        var head = 0
        var underWay = 0

        var count: Int { waiting.count - head }

        mutating func pop() -> Dispatcher.Work? {
            guard head < waiting.count else { return nil }
            defer {
                head += 1
                // Moved together now and then, so that a long queue costs constant time a delivery.
                if head == waiting.count || head > 512 {
                    waiting.removeFirst(head)
                    head = 0
                }
            }
            return waiting[head]
        }
    }

    private var queues: [LaneID: Queue] = [:]

    /// At most this many deliveries of a lane are born in hand; more stay in the store.
    static let laneLimit = 4096
    /// A lane that holds fewer is filled from the store.
    static let refillMark = 512

    /// Puts work at the end of its lane.
    mutating func add(_ work: Dispatcher.Work) {
        queues[work.leased.delivery.lane, default: Queue()].waiting.append(work)
    }

    /// The next work of `lane` that may start, if fewer than `concurrency` are under way.
    mutating func start(_ lane: LaneID, concurrency: Int) -> Dispatcher.Work? {
        guard queues[lane, default: Queue()].underWay < max(1, concurrency) else { return nil }
        guard let work = queues[lane]?.pop() else { return nil }
        queues[lane]?.underWay += 1
        return work
    }

    /// Work of `lane` has ended.
    mutating func finish(_ lane: LaneID) {
        queues[lane]?.underWay -= 1
        if let queue = queues[lane], queue.underWay == 0, queue.count == 0 { queues[lane] = nil }
    }

    /// Takes out everything that has not started.
    mutating func drain() -> [Dispatcher.Work] {
        var drained: [Dispatcher.Work] = []
        for lane in queues.keys {
            while let work = queues[lane]?.pop() { drained.append(work) }
            if queues[lane]?.underWay == 0 { queues[lane] = nil }
        }
        return drained
    }

    /// Lanes that need nothing from the store yet.
    var full: Set<LaneID> { Set(queues.filter { $0.value.count >= Self.refillMark }.keys) }

    /// Whether `lane` has just come down to where the store may fill it again.
    func wantsMore(_ lane: LaneID) -> Bool { queues[lane]?.count == Self.refillMark - 1 }

    /// Whether nothing is under way.
    var isIdle: Bool { queues.values.allSatisfy { $0.underWay == 0 } }
}
