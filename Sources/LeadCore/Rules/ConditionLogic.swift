// What follows from a condition whatever the lead: which routes can never take one. Only what is certain is told; a
// condition of which nothing can be said implies nothing.

import Foundation

extension Condition {
    /// Whether every lead that meets this condition surely meets `other`.
    public func implies(_ other: Condition) -> Bool {
        if self == other { return true }
        switch (self, other) {
        case (_, .all(let parts)): return parts.allSatisfy { implies($0) }
        case (.any(let parts), _): return !parts.isEmpty && parts.allSatisfy { $0.implies(other) }
        case (_, .any(let parts)) where parts.contains { implies($0) }: return true
        case (.all(let parts), _): return parts.contains { $0.implies(other) }
        case (.field(let field, let test), .field(let otherField, let otherTest)):
            return field == otherField && test.implies(otherTest)
        default: return false
        }
    }

    /// Whether surely no lead meets the condition.
    public var isImpossible: Bool {
        switch self {
        case .field(_, let test): return test.isImpossible
        case .any(let parts): return parts.allSatisfy(\.isImpossible)
        case .not: return false
        case .all(let parts):
            if parts.contains(where: \.isImpossible) { return true }
            return parts.indices.contains { index in
                parts[(index + 1)...].contains { parts[index].excludes($0) }
            }
        }
    }

    private func excludes(_ other: Condition) -> Bool {
        switch (self, other) {
        case (.any(let parts), _): return parts.allSatisfy { $0.excludes(other) }
        case (_, .any(let parts)): return parts.allSatisfy { excludes($0) }
        case (.all(let parts), _): return parts.contains { $0.excludes(other) }
        case (_, .all(let parts)): return parts.contains { excludes($0) }
        case (.not(let condition), _): return other.implies(condition)
        case (_, .not(let condition)): return implies(condition)
        case (.field(let field, let test), .field(let otherField, let otherTest)):
            return field == otherField && (test.excludes(otherTest) || otherTest.excludes(test))
        }
    }
}

extension FieldTest {
    fileprivate func implies(_ other: FieldTest) -> Bool {
        switch (self, other) {
        case (.isKnown(let known), .isKnown(let wanted)): return known == wanted
        case (_, .isKnown(let wanted)): return wanted
        case (.isOneOf(let texts), .isOneOf(let others)): return texts.allSatisfy { Self.contains(others, $0) }
        case (.isOneOf(let texts), .isNoneOf(let others)): return !texts.contains { Self.contains(others, $0) }
        case (.isOneOf(let texts), .isLike): return texts.allSatisfy { other.takes($0) }
        case (.isNoneOf(let texts), .isNoneOf(let others)): return others.allSatisfy { Self.contains(texts, $0) }
        case (.isLike(let patterns), .isLike(let others)): return patterns.allSatisfy { Self.contains(others, $0) }
        case (.isNumber(let least, let limit, let currency), .isNumber(let bound, let end, let wanted)):
            let isAbove = bound.map { bound in least.map { $0 >= bound } ?? false } ?? true
            let isBelow = end.map { end in limit.map { $0 <= end } ?? false } ?? true
            return isAbove && isBelow && (wanted == nil || wanted == currency)
        default: return false
        }
    }

    /// Whether no text passes both.
    fileprivate func excludes(_ other: FieldTest) -> Bool {
        switch (self, other) {
        case (.isKnown(false), .isKnown(let wanted)): return wanted
        case (.isKnown(false), _): return true
        case (.isOneOf(let texts), .isOneOf(let others)): return !texts.contains { Self.contains(others, $0) }
        case (.isOneOf(let texts), .isNoneOf(let others)): return texts.allSatisfy { Self.contains(others, $0) }
        case (.isOneOf(let texts), .isLike): return !texts.contains { other.takes($0) }
        case (.isNumber(let least, let limit, let currency), .isNumber(let bound, let end, let wanted)):
            if let currency, let wanted, currency != wanted { return true }
            if let limit, let bound, bound >= limit { return true }
            if let end, let least, least >= end { return true }
            return false
        default: return false
        }
    }

    fileprivate var isImpossible: Bool {
        switch self {
        case .isOneOf(let texts): texts.isEmpty
        case .isNumber(let least?, let limit?, _): least >= limit
        default: false
        }
    }

    private func takes(_ text: String) -> Bool { passes(.description, of: Lead(given: [.description: text])) }

    private static func contains(_ texts: [String], _ text: String) -> Bool {
        texts.contains { $0.caseInsensitiveEquals(text) }
    }
}
