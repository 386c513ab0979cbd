// What a lead says itself of the case that it belongs to: whoever types in a call has looked who has asked before, and
// decides it for the program. Pure; intake acts on it.

/// What a lead says of the case that it belongs to.
public enum Belonging: Sendable, Equatable {
    /// It is a new one, whoever it resembles.
    case new
    /// It is a further word on that case.
    case joins(CaseID)
}

extension Lead {
    /// Takes out of the lead what it says of the case that it belongs to; nil when it says nothing.
    ///
    /// The field `joins` has a case's id, or `none`.
    public mutating func takeBelonging() -> Belonging? {
        guard let value = values[.joins] else { return nil }
        remove(.joins)
        guard value.provenance == .given else { return nil }
        return value.text == Self.joinsNone ? .new : .joins(CaseID(value.text))
    }

    /// What stands in `joins` of a lead that belongs to no earlier case.
    public static let joinsNone = "none"
}
