// How a command says no: one plain sentence on standard error and exit code 1.

import ArgumentParser
import Foundation

/// The answer is no; the sentence says why and what to do.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ sentence: String) { description = sentence }
}

/// Where commands print.
enum Terminal {
    /// Prints a line to standard output at once, whatever it is connected to.
    static func line(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

    /// Prints a line to standard error.
    static func complain(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

    /// What the command goes on without, on standard error.
    static func warn(_ sentence: String) { complain("leadbell: warning: \(sentence.printable)") }

    /// Whether standard output is a terminal that wants colour (https://no-color.org).
    static var hasColour: Bool { isatty(1) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil }

    /// `text` in bold on a terminal.
    static func bold(_ text: String) -> String { hasColour ? "\u{1b}[1m\(text)\u{1b}[0m" : text }
}
