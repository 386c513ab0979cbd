// When a route applies: simple conditions on the lead's fields, all of which must hold.

/// One test of one field.
public struct Condition: Sendable, Equatable {
    /// The field tested.
    public let field: FieldName
    /// The texts of which the field must have one; compared without regard to case.
    public let accepted: [String]

    /// A condition that `field` has one of the `accepted` texts.
    public init(field: FieldName, accepted: [String]) {
        self.field = field
        self.accepted = accepted
    }

    /// Whether `lead` meets the condition; an unknown field meets none.
    public func holds(for lead: Lead) -> Bool {
        guard let text = lead[field] else { return false }
        return accepted.contains { $0.caseInsensitiveEquals(text) }
    }

    /// "project type is fine-art", with the lead's own text.
    public func reason(for lead: Lead) -> String { "\(field.label.lowercased()) is \(lead[field] ?? "unknown")" }
}

extension String {
    package func caseInsensitiveEquals(_ other: String) -> Bool {
        self == other || lowercased() == other.lowercased()
    }
}

/// Which managers and which policy a lead gets.
public struct Route: Sendable, Equatable {
    /// All must hold; empty for the last route, which takes every lead.
    public let conditions: [Condition]
    /// Who chooses, in the order in which they are asked; never empty.
    public let managers: [PersonID]
    /// The policy's name.
    public let policy: String

    /// A route.
    public init(conditions: [Condition] = [], managers: [PersonID], policy: String) {
        self.conditions = conditions
        self.managers = managers
        self.policy = policy
    }

    /// Whether the route takes `lead`.
    public func takes(_ lead: Lead) -> Bool { conditions.allSatisfy { $0.holds(for: lead) } }

    /// Why the route takes `lead`, in words.
    public func reason(for lead: Lead) -> String {
        conditions.isEmpty
            ? "no other route applies" : conditions.map { $0.reason(for: lead) }.joined(separator: " and ")
    }
}
