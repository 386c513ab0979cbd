// Whether someone is there: by their own working hours and absences, at one instant.

/// Whether a person works at an instant.
public enum Duty: Sendable, Equatable {
    /// They work, until then; nil when they have no hours of their own and so always do.
    case on(until: Timestamp?)
    /// They are out of hours, and work again then.
    case off(next: Timestamp)
    /// They are absent until then; who stands in for them, if anybody.
    case away(until: Timestamp, substitute: PersonID?)

    /// True when they work.
    public var isOn: Bool { if case .on = self { true } else { false } }
}
