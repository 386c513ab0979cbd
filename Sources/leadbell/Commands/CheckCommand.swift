// `leadbell check`: every problem of a configuration at once, and whether all messages come out right.

import ArgumentParser
import Foundation
import LeadConfiguration
import LeadNotify

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the configuration: every problem with file, line, column and what to do.",
        discussion: """
            Renders every message too, in every language and for every channel, with a sample lead and with a hostile \
            one: a text of yours that breaks a limit is told here. Nothing is sent.
            """)

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
        /// What is wrong with messages that were rendered.
        let messages: [String]
    }

    func run() throws {
        let result = ConfigurationAccess().read(options.path)
        let problems: [Problem]
        let rehearsal: MessageRehearsal?
        switch result {
        case .success(let loaded):
            problems = loaded.warnings
            rehearsal = MessageRehearsal(of: loaded.configuration.rulebook)
        case .failure(let found): (problems, rehearsal) = (found.problems, nil)
        }
        let failures = rehearsal?.failures ?? []
        let isValid = rehearsal != nil && failures.isEmpty
        switch output.format {
        case .text:
            for problem in problems { Terminal.complain(problem.description) }
            for failure in failures { Terminal.complain("message \(failure)") }
            if isValid, let rehearsal {
                Terminal.line("\(options.path): good, with \(rehearsal.count) messages rendered")
            }
        case .json:
            let lines = problems.map {
                Report.Line(
                    file: $0.file, line: $0.line, column: $0.column, severity: $0.severity.rawValue,
                    sentence: $0.sentence, suggestion: $0.suggestion)
            }
            Terminal.line(try JSONLine.text(Report(isValid: isValid, problems: lines, messages: failures)))
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
