// What one rep has been given, in the order of time, and three windows that slide over it. Each grant enters and leaves a
// window once, so that keeping the sums costs a constant share of each event, however long the windows are.

/// One rep's page of the `WorkloadBook`.
struct RepLedger: Sendable {
    /// One lead that was given to the rep.
    struct Grant: Sendable {
        var serial: Int
        var at: Int64
        var cents: Int64
        var isHigh: Bool
        /// In millionths of a lead.
        var weight: Int64
    }

    /// The sums over the grants after a boundary, and how many grants before it have been taken out.
    private struct Window {
        let length: Int64
        var boundary = Int64.min
        var passed = 0
        var count = 0
        var cents: Int64 = 0
        var highCount = 0

        init(_ length: Duration) { self.length = length.milliseconds }

        mutating func add(_ grant: Grant, sign: Int) {
            guard grant.at > boundary else { return }
            count += sign
            cents += Int64(sign) * grant.cents
            if grant.isHigh { highCount += sign }
        }

        mutating func slide(to now: Int64, over grants: [Grant], without forgotten: Set<Int>) {
            let edge = max(boundary, now - length)
            while passed < grants.count, grants[passed].at <= edge {
                if !forgotten.contains(grants[passed].serial) { add(grants[passed], sign: -1) }
                passed += 1
            }
            boundary = edge
        }
    }

    private var openCount = 0
    private var openWeight: Int64 = 0
    private var grants: [Grant] = []
    private var isInOrder = true
    /// Serials of grants that no longer count and are still among `grants`.
    private var forgotten: Set<Int> = []
    private var day = Window(.seconds(86_400))
    private var week = Window(.seconds(7 * 86_400))
    private var fairness: Window

    init(window: Duration) { fairness = Window(window) }

    mutating func open(_ grant: Grant) {
        openCount += 1
        openWeight += grant.weight
        guard grant.at > oldestBoundary else { return }
        if let last = grants.last, last.at > grant.at { isInOrder = false }
        grants.append(grant)
        add(grant, sign: 1)
    }

    mutating func close(_ grant: Grant) {
        openCount -= 1
        openWeight -= grant.weight
    }

    /// The grant never was.
    mutating func forget(_ grant: Grant) {
        guard grant.at > oldestBoundary else { return }
        add(grant, sign: -1)
        forgotten.insert(grant.serial)
    }

    mutating func workload(at now: Int64) -> Workload {
        putInOrder()
        day.slide(to: now, over: grants, without: forgotten)
        week.slide(to: now, over: grants, without: forgotten)
        fairness.slide(to: now, over: grants, without: forgotten)
        discardPassed()
        discardForgottenEnd()
        return Workload(
            openCount: openCount, openWeight: Double(openWeight) / 1e6, assignedLastDay: day.count,
            assignedLastWeek: week.count, windowCount: fairness.count, windowValue: Double(fairness.cents) / 100,
            highValueCount: fairness.highCount,
            lastAssignedAt: grants.count > passedByAll ? grants.last.map { Timestamp(milliseconds: $0.at) } : nil)
    }

    private var oldestBoundary: Int64 { min(day.boundary, week.boundary, fairness.boundary) }
    private var passedByAll: Int { min(day.passed, week.passed, fairness.passed) }

    private mutating func add(_ grant: Grant, sign: Int) {
        day.add(grant, sign: sign)
        week.add(grant, sign: sign)
        fairness.add(grant, sign: sign)
    }

    /// What came late is counted already; only its place must be found. Rare, for events come in order.
    private mutating func putInOrder() {
        guard !isInOrder else { return }
        grants.sort { ($0.at, $0.serial) < ($1.at, $1.serial) }
        isInOrder = true
        for window in [\RepLedger.day, \.week, \.fairness] {
            let boundary = self[keyPath: window].boundary
            self[keyPath: window].passed = grants.firstIndex { $0.at > boundary } ?? grants.count
        }
    }

    private mutating func discardPassed() {
        let count = passedByAll
        guard count > 32, count * 2 > grants.count else { return }
        for grant in grants[..<count] { forgotten.remove(grant.serial) }
        grants.removeFirst(count)
        day.passed -= count
        week.passed -= count
        fairness.passed -= count
    }

    /// So that the last grant is one that counts.
    private mutating func discardForgottenEnd() {
        while let last = grants.last, forgotten.remove(last.serial) != nil { grants.removeLast() }
        day.passed = min(day.passed, grants.count)
        week.passed = min(week.passed, grants.count)
        fairness.passed = min(fairness.passed, grants.count)
    }
}
