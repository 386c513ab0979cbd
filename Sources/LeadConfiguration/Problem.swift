// One thing that is wrong with a configuration, where, and what to do about it. Reading goes on after a problem, so
// that one run shows them all. No problem ever holds a secret or a person's address.

/// Something in the file that an administrator should look at.
public struct Problem: Sendable, Equatable, CustomStringConvertible {
    /// How bad it is.
    public enum Severity: String, Sendable, Codable {
        /// The configuration can't be used.
        case error
        /// It can be used, and probably isn't meant so.
        case warning
    }

    /// The file as it was named to the program.
    public let file: String
    /// 1-based.
    public let line: Int
    /// 1-based, in Unicode scalars.
    public let column: Int
    /// How bad it is.
    public let severity: Severity
    /// What is wrong, in plain words.
    public let sentence: String
    /// What to do about it, nil when the sentence says it all.
    public let suggestion: String?

    /// A problem at a place.
    public init(
        file: String, line: Int, column: Int, severity: Severity, sentence: String, suggestion: String? = nil
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.severity = severity
        self.sentence = sentence
        self.suggestion = suggestion
    }

    /// `leadbell.yaml:12:5: error: unknown key 'polcy' in a route; did you mean 'policy'?`
    public var description: String {
        "\(file):\(line):\(column): \(severity.rawValue): \(sentence)" + (suggestion.map { "; \($0)" } ?? "")
    }
}
