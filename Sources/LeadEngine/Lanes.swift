// The lanes as plain state, without tasks or clocks: what waits, who works, what may start. The dispatcher does what this
// says, under its lock.

import LeadCore

/// Queues of work, one a destination, each with its own workers.
struct Lanes {
    private struct Queue {
        var waiting: [Dispatcher.Work] = []
        var head = 0
        var workers = 0
        /// When the lane last finished something; a lane that stands still keeps nobody waiting for room.
        var moved: Timestamp?

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
    /// From here on intake leaves leads in the spool for a moment, if the lane moves: cheaper than by way of the outbox.
    static let crowd = 1024
    /// A lane that holds fewer is filled from the store.
    static let refillMark = 512

    /// Puts work at the end of its lane; answers how many workers to add, given that `concurrency` may work at once.
    mutating func add(_ work: Dispatcher.Work, concurrency: Int) -> Int {
        let lane = work.leased.delivery.lane
        queues[lane, default: Queue()].waiting.append(work)
        guard queues[lane, default: Queue()].workers < max(1, concurrency) else { return 0 }
        queues[lane]?.workers += 1
        return 1
    }

    /// The next work for a worker of `lane`; nil sends the worker home.
    mutating func next(_ lane: LaneID, isStopping: Bool) -> Dispatcher.Work? {
        if !isStopping, let work = queues[lane]?.pop() { return work }
        queues[lane]?.workers -= 1
        if let queue = queues[lane], queue.workers == 0, queue.count == 0 { queues[lane] = nil }
        return nil
    }

    /// A worker of `lane` has finished something.
    mutating func finish(_ lane: LaneID, at now: Timestamp) { queues[lane]?.moved = now }

    /// Takes out everything that has not started.
    mutating func drain() -> [Dispatcher.Work] {
        var drained: [Dispatcher.Work] = []
        for lane in queues.keys {
            while let work = queues[lane]?.pop() { drained.append(work) }
            if queues[lane]?.workers == 0 { queues[lane] = nil }
        }
        return drained
    }

    /// How many wait in `lane`.
    func count(_ lane: LaneID) -> Int { queues[lane]?.count ?? 0 }

    /// Lanes that need nothing from the store yet.
    var full: Set<LaneID> { Set(queues.filter { $0.value.count >= Self.refillMark }.keys) }

    /// Whether a lane that has moved since `since` holds more than it should.
    func isCrowded(since: Timestamp) -> Bool {
        queues.values.contains { $0.count >= Self.crowd && ($0.moved.map { $0 >= since } ?? false) }
    }

    /// Whether nobody works.
    var isIdle: Bool { queues.values.allSatisfy { $0.workers == 0 } }
}
