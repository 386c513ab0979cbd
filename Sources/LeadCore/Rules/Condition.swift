// When a route applies: conditions on the lead's fields. A field that isn't known passes no test but the one that asks for
// just that; `not` of a whole condition holds wherever the condition doesn't.

import Foundation

/// What a lead must be like.
public indirect enum Condition: Sendable, Equatable {
    /// A field passes a test.
    case field(FieldName, FieldTest)
    /// All of these hold; true when there are none.
    case all([Condition])
    /// At least one of these holds.
    case any([Condition])
    /// This doesn't hold.
    case not(Condition)

    /// Whether `lead` meets the condition.
    public func holds(for lead: Lead) -> Bool {
        switch self {
        case .field(let field, let test): test.passes(field, of: lead)
        case .all(let conditions): conditions.allSatisfy { $0.holds(for: lead) }
        case .any(let conditions): conditions.contains { $0.holds(for: lead) }
        case .not(let condition): !condition.holds(for: lead)
        }
    }

    /// "project type is fine-art", with the lead's own text: why a condition that holds does so.
    public func reason(for lead: Lead, in phrases: Phrases = .english) -> String {
        switch self {
        case .field(let field, let test): return test.reason(field, of: lead, phrases)
        case .all(let conditions): return Self.all(conditions.map { $0.reason(for: lead, in: phrases) }, phrases)
        case .any(let conditions):
            return conditions.first { $0.holds(for: lead) }?.reason(for: lead, in: phrases) ?? ""
        case .not(let condition): return phrases.reasons.isNotSo(condition.words(in: phrases))
        }
    }

    /// The condition itself: "project type is fine-art or restoration".
    public var words: String { words(in: .english) }

    private func words(in phrases: Phrases) -> String {
        switch self {
        case .field(let field, let test): phrases.reasons.is(phrases.fields.name(field), test.bounds(phrases))
        case .all(let conditions): Self.all(conditions.map { $0.words(in: phrases) }, phrases)
        case .any(let conditions): phrases.any(of: conditions.map { $0.words(in: phrases) })
        case .not(let condition): phrases.reasons.isNotSo(condition.words(in: phrases))
        }
    }

    private static func all(_ parts: [String], _ phrases: Phrases) -> String {
        parts.dropFirst().reduce(parts.first ?? "") { phrases.units.both($0, $1) }
    }
}

/// A test of one field.
public enum FieldTest: Sendable, Equatable {
    /// The field has one of these texts, compared without regard to case.
    case isOneOf([String])
    /// The field is known and has none of these texts.
    case isNoneOf([String])
    /// The field looks like one of these, where `*` stands for any text: `606*`, `*museum*`.
    case isLike([String])
    /// The field is a number from `atLeast` to less than `below`. A `currency` must be the lead's, if it is asked for; it
    /// counts for the lead's value alone.
    case isNumber(atLeast: Decimal?, below: Decimal?, currency: String?)
    /// The field is known, or unknown.
    case isKnown(Bool)

    func passes(_ field: FieldName, of lead: Lead) -> Bool {
        guard let text = lead[field] else { return self == .isKnown(false) }
        switch self {
        case .isOneOf(let texts): return texts.contains { $0.caseInsensitiveEquals(text) }
        case .isNoneOf(let texts): return !texts.contains { $0.caseInsensitiveEquals(text) }
        case .isLike(let patterns): return patterns.contains { Self.matches(Array(text.lowercased()), $0) }
        case .isKnown(let wanted): return wanted
        case .isNumber(let least, let limit, let currency):
            guard let money = field == .value ? lead.money : Money(amount: text, currency: nil) else { return false }
            return least.map { $0 <= money.amount } ?? true
                && limit.map { money.amount < $0 } ?? true
                && currency.map { $0 == money.currency } ?? true
        }
    }

    func reason(_ field: FieldName, of lead: Lead, _ phrases: Phrases) -> String {
        let label = phrases.fields.name(field)
        guard let text = lead[field] else { return phrases.reasons.is(label, phrases.reasons.unknown()) }
        switch self {
        case .isOneOf, .isLike, .isKnown: return phrases.reasons.is(label, text)
        case .isNoneOf: return phrases.reasons.bounded(label, text, bounds(phrases))
        case .isNumber:
            let amount = field == .value ? lead.money.map { phrases.words($0) } ?? text : text
            return phrases.reasons.bounded(label, amount, bounds(phrases))
        }
    }

    /// "is fine-art or restoration", "is at least 50,000 and below 100,000".
    var words: String { "is \(bounds(.english))" }

    /// "fine-art or restoration", "at least 50,000 and below 100,000".
    fileprivate func bounds(_ phrases: Phrases) -> String {
        let reasons = phrases.reasons
        switch self {
        case .isOneOf(let texts): return phrases.any(of: texts)
        case .isNoneOf(let texts): return reasons.noneOf(phrases.any(of: texts))
        case .isLike(let patterns): return reasons.like(phrases.any(of: patterns))
        case .isKnown(let wanted): return wanted ? reasons.known() : reasons.unknown()
        case .isNumber(let least, let limit, let currency):
            let bounds = [
                least.map { reasons.atLeast(phrases.words($0)) }, limit.map { reasons.below(phrases.words($0)) },
            ]
            return phrases.all(of: bounds.compactMap(\.self)) + (currency.map { " \($0)" } ?? "")
        }
    }

    /// Whether `text`, in lower case, is like `pattern`. Each part between stars is taken where it first fits, so a pattern
    /// costs no more than its length times the text's.
    private static func matches(_ text: [Character], _ pattern: String) -> Bool {
        let parts = pattern.lowercased().split(separator: "*", omittingEmptySubsequences: false).map(Array.init)
        guard let first = parts.first, let last = parts.last, parts.count > 1 else { return text == parts.first }
        guard text.starts(with: first), text.count >= first.count + last.count,
            text.suffix(last.count).elementsEqual(last)
        else { return false }
        var rest = text[first.count..<text.count - last.count]
        for part in parts[1..<parts.count - 1] where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}

extension String {
    package func caseInsensitiveEquals(_ other: String) -> Bool {
        var others = other.utf8.makeIterator()
        for byte in utf8 {
            guard let opposite = others.next() else { return byte >= 0x80 && lowercased() == other.lowercased() }
            // Beyond ASCII the same text has several spellings.
            if byte >= 0x80 || opposite >= 0x80 { return lowercased() == other.lowercased() }
            if byte.lowerCase != opposite.lowerCase { return false }
        }
        return others.next().map { $0 >= 0x80 && lowercased() == other.lowercased() } ?? true
    }
}

extension UInt8 {
    /// An ASCII capital as its small letter.
    fileprivate var lowerCase: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}

/// Which managers and which policy a lead gets.
public struct Route: Sendable, Equatable {
    /// Whom a lead's first message asks.
    public enum Ask: String, Sendable, CaseIterable {
        /// The first of the managers.
        case first
        /// All of them, and the first to choose settles it.
        case all
        /// Whoever of them works and had their last turn longest ago; the others follow in the same order.
        case inTurn = "in_turn"
    }

    /// All must hold; empty for the last route, which takes every lead.
    public let conditions: [Condition]
    /// Who chooses, in the order in which they are asked; never empty.
    public let managers: [PersonID]
    /// The policy's name.
    public let policy: String
    /// Whom of the managers the policy's `manager` means.
    public let ask: Ask
    /// True when a manager whom the lead names as its owner is asked before the others.
    public let ownerFirst: Bool

    /// A route.
    public init(
        conditions: [Condition] = [], managers: [PersonID], policy: String, ask: Ask = .first,
        ownerFirst: Bool = false
    ) {
        self.conditions = conditions
        self.managers = managers
        self.policy = policy
        self.ask = ask
        self.ownerFirst = ownerFirst
    }

    /// Whether the route takes `lead`.
    public func takes(_ lead: Lead) -> Bool { Condition.all(conditions).holds(for: lead) }

    /// Why the route takes `lead`, in words.
    public func reason(for lead: Lead, in phrases: Phrases = .english) -> String {
        conditions.isEmpty ? phrases.reasons.otherwise() : Condition.all(conditions).reason(for: lead, in: phrases)
    }
}
