// What a rep has on their desk and was given lately, as one value. `WorkloadBook` keeps it current; the ranking reads it.

/// A rep's load at one instant.
public struct Workload: Sendable, Equatable {
    /// Leads that the rep has now.
    public var openCount: Int
    /// What these leads weigh, by the configured measure; the number of leads when each weighs 1.
    public var openWeight: Double
    /// Leads given within the last 24 hours.
    public var assignedLastDay: Int
    /// Leads given within the last seven days.
    public var assignedLastWeek: Int
    /// Leads given within the window of fairness.
    public var windowCount: Int
    /// The sum of their values, whatever their currencies.
    public var windowValue: Double
    /// Those of them that are worth much.
    public var highValueCount: Int
    /// When the rep was last given a lead; nil when not within the window of fairness, nor within seven days.
    public var lastAssignedAt: Timestamp?

    /// A load; none unless told.
    public init(
        openCount: Int = 0, openWeight: Double = 0, assignedLastDay: Int = 0, assignedLastWeek: Int = 0,
        windowCount: Int = 0, windowValue: Double = 0, highValueCount: Int = 0, lastAssignedAt: Timestamp? = nil
    ) {
        self.openCount = openCount
        self.openWeight = openWeight
        self.assignedLastDay = assignedLastDay
        self.assignedLastWeek = assignedLastWeek
        self.windowCount = windowCount
        self.windowValue = windowValue
        self.highValueCount = highValueCount
        self.lastAssignedAt = lastAssignedAt
    }
}
