// A file of texts: a line for each, `headline.decide = New lead: {{title}}`. Lines that begin with # are remarks. A text
// that begins or ends with a space stands in quotes. What is wrong is told with its line and column, all at once.

import LeadCore

/// Reads one file of texts.
final class TextsReader {
    private let file: String
    private let language: Language
    /// True for a file that no other stands behind: it must have every text, if the language isn't shipped.
    private let isWhole: Bool
    /// In the order of the file.
    private(set) var problems: [Problem] = []

    private static let phrases = Phrases.english.all
    private static let names = phrases.map(\.name)
    private static let byName = Dictionary(phrases.map { ($0.name, $0) }) { first, _ in first }

    init(file: String, language: Language, isWhole: Bool) {
        self.file = file
        self.language = language
        self.isWhole = isWhole
    }

    /// The templates by name, without those that are wrong.
    func read(_ bytes: [UInt8]) -> [String: Template] {
        guard let content = String(validating: bytes, as: UTF8.self) else {
            complain(1, 1, "the file is not UTF-8 text", "save it as UTF-8")
            return [:]
        }
        var templates: [String: Template] = [:]
        var lines: [String: Int] = [:]
        let body = content.hasPrefix("\u{FEFF}") ? content.dropFirst() : content[...]
        for (index, line) in body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let scalars = line.unicodeScalars
            guard let first = scalars.firstIndex(where: { !Self.isSpace($0) }), scalars[first] != "#" else { continue }
            let column = scalars.distance(from: scalars.startIndex, to: first) + 1
            guard let (phrase, text, start) = entry(line, index + 1, column) else { continue }
            if let earlier = lines[phrase.name] {
                complain(index + 1, column, "\(phrase.name) stands in line \(earlier) already", "keep one of them")
                continue
            }
            lines[phrase.name] = index + 1
            templates[phrase.name] = template(text, of: phrase, index + 1, start)
        }
        tellMissing(lines)
        return templates
    }

    /// A line's text, its words, and the column at which they begin.
    private func entry(_ line: Substring, _ number: Int, _ column: Int) -> (Phrase, String, Int)? {
        guard let equals = line.firstIndex(of: "=") else {
            complain(number, column, "this is no text", "write it as NAME = TEXT; remarks begin with #")
            return nil
        }
        let name = Self.trimmed(line[..<equals])
        guard let phrase = Self.byName[String(name)] else {
            complain(
                number, column, "there is no text \(Wording.quoted(String(name)) ?? "of that name")",
                Wording.nearest(to: String(name), among: Self.names).map { "did you mean '\($0)'?" }
                    ?? "`leadbell texts` prints all of them")
            return nil
        }
        var text = Self.trimmed(line[line.index(after: equals)...])
        if text.count > 1, text.first == "\"", text.last == "\"" { text = text.dropFirst().dropLast() }
        let start = line.unicodeScalars.distance(from: line.startIndex, to: text.startIndex) + 1
        return (phrase, String(text), start)
    }

    private func template(_ text: String, of phrase: Phrase, _ line: Int, _ column: Int) -> Template? {
        do throws(TemplateFlaw) {
            var template = try phrase.template(of: text)
            template.place = "\(file):\(line)"
            let isBlank = text.trimmed.isEmpty
            if isBlank, !phrase.mayBeEmpty {
                complain(line, column, "\(phrase.name) is empty", "remove the line to keep the shipped text")
                return nil
            }
            if let count = phrase.wordCount, text.split(separator: " ").count != count {
                complain(line, column, "\(phrase.name) must have \(count) words, parted by spaces", phrase.english)
                return nil
            }
            if let limit = phrase.limit, text.utf16.count > limit {
                complain(
                    line, column,
                    "\(phrase.name) has \(text.utf16.count) characters, of which \(limit) are shown", "shorten it")
                return nil
            }
            let missing = isBlank ? [] : phrase.missing(in: template)
            for field in missing {
                complain(
                    line, column, "\(phrase.name) lacks {{\(field.name)}}", "it is \(field.help)")
            }
            return missing.isEmpty ? template : nil
        } catch {
            complain(error, phrase, line, column + error.offset)
            return nil
        }
    }

    private func complain(_ flaw: TemplateFlaw, _ phrase: Phrase, _ line: Int, _ column: Int) {
        switch flaw {
        case .unclosed: complain(line, column, "a field is not closed", "write it as {{name}}")
        case .unopened: complain(line, column, "}} closes no field", "write it as {{name}}")
        case .unknownField(let name, _):
            let names = phrase.fields.map(\.name)
            complain(
                line, column, "\(phrase.name) has no field \(Wording.quoted(name) ?? "of that name")",
                names.isEmpty ? "it has none at all" : Wording.suggestion(for: name, among: names))
        case .control:
            complain(line, column, "a control character, or one that turns text around, can't stand here", "remove it")
        case .tooLong: complain(line, column, "the text has more than \(Template.longest) characters", "shorten it")
        }
    }

    /// A language that isn't shipped has English words wherever its file has none.
    private func tellMissing(_ lines: [String: Int]) {
        guard isWhole, !Language.shipped.contains(language) else { return }
        let missing = Self.names.filter { lines[$0] == nil }
        guard let first = missing.first else { return }
        problems.append(
            Problem(
                file: file, line: 1, column: 1, severity: .warning,
                sentence: "\(missing.count) of \(Self.names.count) texts stay in English, such as \(first)",
                suggestion: "`leadbell texts --language \(language)` prints all of them"))
    }

    private func complain(_ line: Int, _ column: Int, _ sentence: String, _ suggestion: String?) {
        problems.append(
            Problem(
                file: file, line: line, column: column, severity: .error, sentence: sentence, suggestion: suggestion))
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

    private static func trimmed(_ text: Substring) -> Substring {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }
}
