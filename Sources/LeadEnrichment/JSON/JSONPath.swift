// Where in an answer a value stands: `company.industry`, `records[0].Owner.Email`, `["odd name"].x`, and of a list of named
// things the one of that name: `field_data[name=email].values[0]`. A leading `$.` may stand before it, as other tools have it.

import LeadCore

/// A way into a JSON value.
struct JSONPath: Equatable, Sendable {
    enum Step: Equatable, Sendable {
        case member(String)
        /// From the end when below 0.
        case element(Int)
        /// The first of a list whose member has that text.
        case named(member: String, text: String)
    }

    let steps: [Step]

    /// Reads a path; nil when it isn't one.
    init?(_ text: String) {
        var steps: [Step] = []
        var rest = text[...]
        if rest.first == "$" {
            rest = rest.dropFirst()
            if rest.isEmpty { return nil }
        } else if rest.first != "[" {
            guard let name = Self.takeName(&rest) else { return nil }
            steps.append(.member(name))
        }
        while let first = rest.first {
            rest = rest.dropFirst()
            switch first {
            case ".":
                guard let name = Self.takeName(&rest) else { return nil }
                steps.append(.member(name))
            case "[":
                guard let step = Self.takeBracket(&rest) else { return nil }
                steps.append(step)
            default: return nil
            }
        }
        guard (1...32).contains(steps.count) else { return nil }
        self.steps = steps
    }

    private static func takeName(_ rest: inout Substring) -> String? {
        let name = rest.prefix { $0 != "." && $0 != "[" && $0 != "]" }
        rest = rest.dropFirst(name.count)
        return name.isEmpty || name.contains(where: \.isWhitespace) ? nil : String(name)
    }

    private static func takeBracket(_ rest: inout Substring) -> Step? {
        let step: Step
        if let name = takeQuoted(&rest) {
            step = .member(name)
        } else {
            let word = rest.prefix { $0 != "]" && $0 != "=" }
            rest = rest.dropFirst(word.count)
            if rest.first == "=" {
                rest = rest.dropFirst()
                let text = takeQuoted(&rest) ?? takeText(&rest)
                guard !text.isEmpty, !word.isEmpty, !word.contains(where: \.isWhitespace) else { return nil }
                step = .named(member: String(word), text: text)
            } else {
                guard let number = Int(word), abs(number) <= 100_000 else { return nil }
                step = .element(number)
            }
        }
        guard rest.first == "]" else { return nil }
        rest = rest.dropFirst()
        return step
    }

    /// What stands in quotation marks; nil when there are none.
    private static func takeQuoted(_ rest: inout Substring) -> String? {
        guard let quote = rest.first, quote == "\"" || quote == "'" else { return nil }
        let text = rest.dropFirst().prefix { $0 != quote }
        rest = rest.dropFirst(text.count + 2)
        return String(text)
    }

    private static func takeText(_ rest: inout Substring) -> String {
        let text = rest.prefix { $0 != "]" }
        rest = rest.dropFirst(text.count)
        return String(text)
    }

    /// What stands there in `value`; nil when nothing does.
    func find(in value: JSONValue) -> JSONValue? {
        var current = value
        for step in steps {
            switch (step, current) {
            case (.member(let name), .object(let members)):
                guard let next = members[name] else { return nil }
                current = next
            case (.element(let index), .list(let values)):
                let place = index < 0 ? values.count + index : index
                guard values.indices.contains(place) else { return nil }
                current = values[place]
            case (.named(let member, let text), .list(let values)):
                guard let next = values.first(where: { $0.says(text, as: member) }) else { return nil }
                current = next
            default: return nil
            }
        }
        return current == .null ? nil : current
    }
}

extension JSONValue {
    /// True for an object whose member called `name` is `text`, or a number of these digits.
    fileprivate func says(_ text: String, as name: String) -> Bool {
        guard case .object(let members) = self else { return false }
        return members[name] == .text(text) || members[name] == .number(text)
    }
}

/// Values from outside as a lead may have them.
enum OutsideText {
    /// Longer ones are no values but documents.
    static let longest = 4096

    /// `value` as a text: numbers as they stand, flags as yes and no, lists of those with commas. Nil for objects, lists
    /// of lists, and texts without anything to read or of more than anyone would.
    static func of(_ value: JSONValue) -> String? {
        switch value {
        case .text(let text): return clean(text)
        case .number(let digits): return digits.utf8.count <= 64 ? digits : nil
        case .flag(let flag): return flag ? "yes" : "no"
        case .null, .object: return nil
        case .list(let values):
            let texts = values.prefix(21).map { value -> String? in
                if case .list = value { nil } else { of(value) }
            }
            guard !texts.isEmpty, texts.count <= 20, !texts.contains(nil) else { return nil }
            return clean(texts.compactMap(\.self).joined(separator: ", "))
        }
    }

    /// `text` without control characters and marks that turn the direction of what follows.
    static func clean(_ text: String) -> String? {
        guard text.utf8.count <= longest else { return nil }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control: scalars.append(scalar == "\n" || scalar == "\t" ? scalar : " ")
            case .format, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator: continue
            default: scalars.append(scalar)
            }
        }
        let cleaned = String(scalars).trimmed
        return cleaned.isEmpty ? nil : cleaned
    }
}
