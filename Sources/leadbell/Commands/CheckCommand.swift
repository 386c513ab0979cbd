// `leadbell check`: every problem of a configuration at once.

import ArgumentParser
import Foundation
import LeadConfiguration

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the configuration: every problem with file, line, column and what to do.")

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: FormatOptions

    private struct Report: Encodable {
        struct Line: Encodable {
            let file: String
            let line: Int
            let column: Int
            let severity: String
            let sentence: String
            let suggestion: String?
        }
        let isValid: Bool
        let problems: [Line]
    }

    func run() throws {
        let result = ConfigurationAccess().read(options.path)
        let problems: [Problem]
        let isValid: Bool
        switch result {
        case .success(let loaded): (problems, isValid) = (loaded.warnings, true)
        case .failure(let found): (problems, isValid) = (found.problems, false)
        }
        switch output.format {
        case .text:
            for problem in problems { Terminal.complain(problem.description) }
            if isValid { Terminal.line("\(options.path): good") }
        case .json:
            let lines = problems.map {
                Report.Line(
                    file: $0.file, line: $0.line, column: $0.column, severity: $0.severity.rawValue,
                    sentence: $0.sentence, suggestion: $0.suggestion)
            }
            Terminal.line(try JSONLine.text(Report(isValid: isValid, problems: lines)))
        }
        guard isValid else { throw ExitCode(1) }
    }
}

/// JSON on one line with keys in order, for programs that read our output.
enum JSONLine {
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
