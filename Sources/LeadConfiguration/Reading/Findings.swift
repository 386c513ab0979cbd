// Collects what is wrong with one file while its sections are read, and gives it back in the order of the file.

/// A place in the file, 1-based.
struct Position: Hashable, Comparable {
    let line: Int
    let column: Int

    static let start = Position(line: 1, column: 1)

    static func < (left: Position, right: Position) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// The problems of one file.
final class Findings {
    private let file: String
    private var problems: [(position: Position, problem: Problem)] = []

    /// No problems so far in `file`.
    init(file: String) { self.file = file }

    /// True when the configuration can't be used.
    var hasErrors: Bool { problems.contains { $0.problem.severity == .error } }

    /// In the order of the file; at one place in the order in which they were found.
    var inOrder: [Problem] {
        problems.enumerated().sorted { left, right in
            (left.element.position, left.offset) < (right.element.position, right.offset)
        }.map(\.element.problem)
    }

    /// Notes something that makes the configuration unusable.
    func error(_ position: Position, _ sentence: String, _ suggestion: String? = nil) {
        add(.error, position, sentence, suggestion)
    }

    /// Notes something that is probably not meant so.
    func warn(_ position: Position, _ sentence: String, _ suggestion: String? = nil) {
        add(.warning, position, sentence, suggestion)
    }

    /// Notes what is wrong with another file, which is named at `position` of this one.
    func note(_ problem: Problem, at position: Position) { problems.append((position, problem)) }

    private func add(_ severity: Problem.Severity, _ position: Position, _ sentence: String, _ suggestion: String?) {
        let problem = Problem(
            file: file, line: position.line, column: position.column, severity: severity, sentence: sentence,
            suggestion: suggestion)
        problems.append((position, problem))
    }
}
