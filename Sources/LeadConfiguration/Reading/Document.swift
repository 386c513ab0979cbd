// From text to nodes. Fails with one problem at the place where the text stops being YAML. A key that is given twice is
// no reason to stop: the earlier ones are renamed behind the parser's back, so that the rest is checked as well, and
// whoever reads the mapping reports the later ones.

import Yams

/// A file's nodes.
struct Document {
    let root: Node
    /// The names by which the parser knows keys that are given again further down.
    private let renamed: [String: String]

    /// Parses `text`; nil when it isn't YAML, which is then noted.
    init?(_ text: String, findings: Findings) {
        var text = text
        var renamed: [String: String] = [:]
        while true {
            do {
                guard let root = try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot() else {
                    findings.error(.start, "the file is empty", "begin with config/leadbell.yaml as a sample")
                    return nil
                }
                self.root = root
                self.renamed = renamed
                return
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                let position = Position(context.mark)
                let key = keys.first ?? ""
                let name = Self.placeholder(renamed.count, for: key)
                guard renamed.count < 100, let changed = Self.rename(key, at: position, to: name, in: text) else {
                    findings.error(position, "a key is given twice in one mapping", "keep one of them")
                    return nil
                }
                renamed[name] = key
                text = changed
            } catch let error as YamlError {
                Self.note(error, text: text, findings: findings)
                return nil
            } catch {
                findings.error(.start, "the file can't be read as YAML")
                return nil
            }
        }
    }

    /// The key as it stands in the file.
    func key(_ text: String) -> String { renamed[text] ?? text }

    // MARK: Keys given twice

    /// As long as the key, so that no column changes, and made of a private character that no file has.
    private static func placeholder(_ number: Int, for key: String) -> String {
        let character = Unicode.Scalar(UInt32(0xF0000 + number)) ?? "\u{F0000}"
        return String(String.UnicodeScalarView(repeatElement(character, count: key.unicodeScalars.count)))
    }

    private static func rename(_ key: String, at position: Position, to name: String, in text: String) -> String? {
        guard !key.isEmpty, var start = index(of: position, in: text) else { return nil }
        let scalars = text.unicodeScalars
        if start < scalars.endIndex, scalars[start] == "'" || scalars[start] == "\"" {
            start = scalars.index(after: start)
        }
        guard scalars[start...].starts(with: key.unicodeScalars),
            let end = scalars.index(start, offsetBy: key.unicodeScalars.count, limitedBy: scalars.endIndex)
        else { return nil }
        return String(scalars[..<start]) + name + String(scalars[end...])
    }

    /// The place of `position`, by the parser's own idea of what ends a line.
    private static func index(of position: Position, in text: String) -> String.Index? {
        let scalars = text.unicodeScalars
        var index = scalars.startIndex
        var line = 1
        while line < position.line {
            guard index < scalars.endIndex else { return nil }
            let scalar = scalars[index]
            index = scalars.index(after: index)
            switch scalar {
            case "\r":
                if index < scalars.endIndex, scalars[index] == "\n" { index = scalars.index(after: index) }
                line += 1
            case "\n", "\u{85}", "\u{2028}", "\u{2029}": line += 1
            default: break
            }
        }
        return scalars.index(index, offsetBy: position.column - 1, limitedBy: scalars.endIndex)
    }

    // MARK: Syntax

    private static func note(_ error: YamlError, text: String, findings: Findings) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let position = clamped(Position(begin(of: context, problem) ?? mark), to: text)
            let words = context.map { "\(problem) \($0.text)" } ?? problem
            findings.error(position, sentence(problem, words), remedy(problem, at: position, in: text))
        case .reader(let problem, let offset, _, _):
            findings.error(
                place(offset ?? 0, in: text), "not valid YAML: \(problem)", "remove the character that can't be seen")
        case .memory:
            findings.error(.start, "the file is nested too deeply")
        case .no, .writer, .emitter, .representer, .dataCouldNotBeDecoded, .duplicatedKeysInMapping:
            findings.error(.start, "the file can't be read as YAML")
        }
    }

    /// Where to look for the cause: of what has no end, at its beginning.
    private static func begin(of context: YamlError.Context?, _ problem: String) -> Mark? {
        guard let context else { return nil }
        let isUnfinished = problem == "found unexpected end of stream" || context.text == "while scanning a simple key"
        return isUnfinished ? context.mark : nil
    }

    private static func sentence(_ problem: String, _ words: String) -> String {
        switch problem {
        case "but found another document": "the file holds more than one YAML document"
        case "found undefined alias": "an alias refers to an anchor that isn't defined above it"
        default: "not valid YAML: \(words)"
        }
    }

    private static func remedy(_ problem: String, at position: Position, in text: String) -> String {
        if problem == "but found another document" { return "remove the '---' in between" }
        if problem == "found undefined alias" { return "define it with '&' and its name before the first '*'" }
        if let index = index(of: position, in: text), index < text.endIndex, text[index] == "\t" {
            return "indent with spaces, not with tabs"
        }
        return "check indentation, colons and quotes here and in the line above"
    }

    /// The parser sees one more line when the last one has no end; an editor doesn't.
    private static func clamped(_ position: Position, to text: String) -> Position {
        index(of: position, in: text) == nil ? place(text.count, in: text) : position
    }

    /// The place of the character number `offset`.
    private static func place(_ offset: Int, in text: String) -> Position {
        let before = text.prefix(offset)
        let line = before.count(where: \.isNewline) + 1
        let column = before.reversed().prefix { !$0.isNewline }.count + 1
        return Position(line: line, column: column)
    }
}

extension Position {
    init(_ mark: Mark?) {
        self.init(line: mark?.line ?? 1, column: mark?.column ?? 1)
    }
}
