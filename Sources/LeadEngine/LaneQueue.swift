// What waits for one destination, in order, and who works there.

import LeadCore

/// One lane's work.
struct LaneQueue {
    /// What goes before all others, in its order.
    private var urgent = Line()
    /// Changes to messages go next, where their channel lets them.
    private var changes = Line()
    private var waiting = Line()
    var workers = 0
    /// When the lane last finished something; a lane that stands still keeps nobody waiting for room.
    var moved: Timestamp?

    var lane = Lane()
    var policy: LanePolicy

    init(policy: LanePolicy) { self.policy = policy }

    var count: Int { urgent.count + changes.count + waiting.count }
    var urgentCount: Int { urgent.count }
    var changeCount: Int { changes.count }

    /// Whether a change to a message goes next.
    var isChangeFirst: Bool { urgent.count == 0 && changes.count > 0 }
    /// Whether nothing can go before the changes that wait.
    var hasChangesAlone: Bool { count == changes.count }

    /// Adds work; answers whether it is the first of its line.
    mutating func add(_ work: Dispatcher.Work) -> Bool {
        switch work.leased.delivery.kind {
        case .update: changes.add(work) == 1
        case let kind where kind.isUrgent: urgent.add(work) == 1
        default: waiting.add(work) == 1
        }
    }

    /// What goes next, changes left aside where something else waits and `withoutChanges` says so.
    func first(withoutChanges: Bool = false) -> Dispatcher.Work? {
        guard isUrgent(withoutChanges: withoutChanges) else { return waiting.first }
        return urgent.first ?? changes.first
    }

    /// Takes out what goes next.
    mutating func pop(withoutChanges: Bool = false) -> Dispatcher.Work? {
        guard isUrgent(withoutChanges: withoutChanges) else { return waiting.pop() }
        return urgent.pop() ?? changes.pop()
    }

    /// Whether what goes next may use what the rates keep.
    func isUrgent(withoutChanges: Bool = false) -> Bool {
        urgent.count > 0 || changes.count > 0 && !(withoutChanges && waiting.count > 0)
    }

    /// When what goes next may begin, as far as the lane's time decides; nil when nothing waits.
    mutating func opening(at now: Timestamp, withoutChanges: Bool = false) -> Timestamp? {
        guard count > 0, !(withoutChanges && hasChangesAlone) else { return nil }
        return lane.opening(at: now, by: policy, isUrgent: isUrgent(withoutChanges: withoutChanges))
    }

    /// How many workers to add, so that as many work as may and have something to do.
    mutating func hire() -> Int {
        let count = max(0, min(policy.concurrency - workers, count))
        workers += count
        return count
    }
}

/// Work in the order in which it came.
private struct Line {
    /// What is taken out is gone at once: whoever has it lets go of it, and nobody waits for that.
    private var works: [Dispatcher.Work?] = []
    private var head = 0

    var count: Int { works.count - head }
    var first: Dispatcher.Work? { head < works.count ? works[head] : nil }

    /// Answers how many there are now.
    mutating func add(_ work: Dispatcher.Work) -> Int {
        works.append(work)
        return count
    }

    mutating func pop() -> Dispatcher.Work? {
        guard head < works.count else { return nil }
        let work = works[head].take()
        head += 1
        // Moved together now and then, so that a long line costs constant time a delivery.
        if head == works.count || head > 512 {
            works.removeFirst(head)
            head = 0
        }
        return work
    }
}
