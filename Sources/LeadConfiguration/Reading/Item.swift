// One value of the file and the ways to read it. Each way notes what is wrong and answers nil; the sections then go on
// with a stand-in that nobody will see, because a file with an error gives no configuration.

import Foundation
import LeadCore
import Yams

/// One value with its place and the name by which problems call it.
struct Item {
    let node: Node
    let name: String
    let document: Document
    let findings: Findings

    init(_ node: Node, name: String, document: Document, findings: Findings) {
        self.node = node
        self.name = name
        self.document = document
        self.findings = findings
    }

    var position: Position { Position(node.mark) }

    /// Notes that the value is wrong: "'after' " and the rest of the sentence.
    func error(_ predicate: String, _ suggestion: String? = nil) {
        findings.error(position, "\(name) \(predicate)", suggestion)
    }

    /// Notes that the value is doubtful.
    func warn(_ predicate: String, _ suggestion: String? = nil) {
        findings.warn(position, "\(name) \(predicate)", suggestion)
    }

    // MARK: Shapes

    /// A mapping, which problems then call `noun`.
    func mapping(_ noun: String) -> MappingReader? {
        guard case .mapping(let mapping) = node else {
            wrong("must be a mapping of keys to values")
            return nil
        }
        return MappingReader(mapping, noun: noun, position: position, document: document, findings: findings)
    }

    /// A list; its items go by `entry` in problems.
    func list(of entry: String) -> [Item]? {
        guard case .sequence(let sequence) = node else {
            wrong("must be a list")
            return nil
        }
        return sequence.map { Item($0, name: entry, document: document, findings: findings) }
    }

    /// The text, if it is one; nothing is noted.
    var word: String? {
        if case .scalar(let scalar) = node { scalar.string.trimmed } else { nil }
    }

    /// True for a list without entries.
    var isEmptyList: Bool {
        if case .sequence(let sequence) = node { sequence.isEmpty } else { false }
    }

    /// A list, or a single value in its stead.
    func listOrSingle() -> [Item] {
        switch node {
        case .sequence(let sequence):
            return sequence.map { Item($0, name: "an entry of \(name)", document: document, findings: findings) }
        case .scalar, .mapping, .alias:
            return [self]
        }
    }

    // MARK: Scalars

    /// A text that isn't empty; `type` is what problems ask for.
    func text(_ type: String = "a text") -> String? {
        guard case .scalar(let scalar) = node, !isNull else {
            wrong("must be \(type)")
            return nil
        }
        let text = scalar.string.trimmed
        guard !text.isEmpty else {
            error("is empty", "write \(type) or remove the key")
            return nil
        }
        return text
    }

    /// A list of texts, or a single text in its stead.
    func texts() -> [(text: String, item: Item)] {
        listOrSingle().compactMap { item in item.text().map { ($0, item) } }
    }

    /// A name that the file itself introduces or refers to.
    func identifier() -> String? {
        guard let text = text("a name") else { return nil }
        guard Self.isIdentifier(text) else {
            error("is not a usable name", Self.identifierRule)
            return nil
        }
        return text
    }

    static let identifierRule = "use lower-case letters, digits, '-' and '_', at most 64"

    static func isIdentifier(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
    }

    /// `true` or `false`.
    func flag() -> Bool? {
        guard let text = text("true or false") else { return nil }
        switch text {
        case "true": return true
        case "false": return false
        default:
            let meant = ["yes", "on", "True", "TRUE"].contains(text) ? "write true" : nil
            let meantNot = ["no", "off", "False", "FALSE"].contains(text) ? "write false" : nil
            error("must be true or false", meant ?? meantNot)
            return nil
        }
    }

    /// A whole number within `range`.
    func integer(_ range: ClosedRange<Int>) -> Int? {
        guard let text = text("a whole number") else { return nil }
        guard let number = Int(text) else {
            error("must be a whole number")
            return nil
        }
        guard range.contains(number) else {
            error("must be \(Self.words(of: range))")
            return nil
        }
        return number
    }

    /// A decimal number: `50000`, `2.5`.
    func number() -> Decimal? {
        guard let text = text("a number") else { return nil }
        guard let number = Money(amount: text, currency: nil)?.amount else {
            error("must be a number", "write it as 50000 or 2.5")
            return nil
        }
        return number
    }

    private static func words(of range: ClosedRange<Int>) -> String {
        range.upperBound == .max ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    }

    /// A duration with its unit; more than nothing unless `mayBeZero`.
    func duration(mayBeZero: Bool = false) -> Duration? {
        guard let text = text("a duration") else { return nil }
        guard let duration = Duration(text: text) else {
            if let number = Int(text) {
                error("has no unit", "write \(number)s, \(number)m or \(number)h")
            } else {
                error("is not a duration", "write numbers with units, as in 250ms, 45s, 15m, 1h30m or 7d")
            }
            return nil
        }
        guard mayBeZero || duration > .zero else {
            error("must be more than nothing", "write a duration such as 15m")
            return nil
        }
        return duration
    }

    /// Rates, all of which are to be kept; none for `none`.
    func rate() -> [RateLimit]? {
        let texts = texts()
        if texts.isEmpty, isEmptyList { error("is empty", "write none, or a rate such as 1/s") }
        guard !texts.isEmpty else { return nil }
        if texts.count == 1, texts[0].text == "none" { return [] }
        let limits = texts.compactMap { text, item -> RateLimit? in
            let limit = RateLimit(text: text)
            if limit == nil {
                item.error("is not a rate", "write it as 1/s, 60/30s or 1000/h, several as a list, or none")
            }
            return limit
        }
        return limits.count == texts.count ? limits : nil
    }

    /// A number of bytes with its unit, within `range`.
    func size(_ range: ClosedRange<Int>) -> Int? {
        guard let text = text("a size") else { return nil }
        guard let unit = Self.units.first(where: { text.hasSuffix($0.name) }),
            let number = Int(text.dropLast(unit.name.count)), number >= 0
        else {
            if let number = Int(text) {
                error("has no unit", "write \(Self.sizeWords(max(1024, number)))")
            } else {
                error("is not a size", "write a whole number with a unit, as in 512KiB or 1MiB")
            }
            return nil
        }
        let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: unit.bytes)
        guard !isTooLarge, range.contains(bytes) else {
            error("must be \(Self.sizeWords(range.lowerBound)) to \(Self.sizeWords(range.upperBound))")
            return nil
        }
        return bytes
    }

    private static let units = [
        (name: "KiB", bytes: 1024), (name: "MiB", bytes: 1_048_576), (name: "GiB", bytes: 1_073_741_824),
    ]

    private static func sizeWords(_ bytes: Int) -> String {
        let unit = units.last { bytes >= $0.bytes } ?? units[0]
        return "\(bytes / unit.bytes)\(unit.name)"
    }

    /// One of `names`; `what` is what they name: "person".
    func reference(to names: [String], what: String) -> String? {
        guard let text = text("a \(what)'s name") else { return nil }
        guard names.contains(text) else {
            findings.error(
                position, "there is no \(what) " + (Wording.quoted(text) ?? "of that name"),
                Wording.suggestion(for: text, among: names))
            return nil
        }
        return text
    }

    // MARK: Wrong shapes

    private var isNull: Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    private func wrong(_ demand: String) {
        guard !isNull else {
            error("has no value", "give it one or remove the key")
            return
        }
        switch node {
        case .mapping: error("\(demand), not a mapping")
        case .sequence: error("\(demand), not a list")
        case .scalar, .alias: error(demand)
        }
    }
}
