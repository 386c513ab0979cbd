// The log: one line an event. Under systemd with the journal's priority in front, elsewhere with the time, or as JSON
// lines. Newlines in values are escaped, so that no value can forge a line.

import Foundation
import LeadCore
import Logging

/// How log lines look.
enum LogFormat: String, CaseIterable, Sendable {
    case text, journal, json

    /// Journal under systemd, else plain text.
    static func standard(_ environment: [String: String]) -> LogFormat {
        environment["JOURNAL_STREAM"] == nil ? .text : .journal
    }
}

/// Writes log events as lines to standard error.
struct LineLogHandler: LogHandler {
    var logLevel: Logger.Level = .info
    var metadata: Logger.Metadata = [:]
    let format: LogFormat
    let now: @Sendable () -> Timestamp
    let write: @Sendable (String) -> Void

    init(
        format: LogFormat, now: @escaping @Sendable () -> Timestamp,
        write: @escaping @Sendable (String) -> Void = LineLogHandler.standardError
    ) {
        self.format = format
        self.now = now
        self.write = write
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let own = event.metadata ?? [:]
        let values = (metadata.isEmpty ? own : metadata.merging(own) { $1 }).sorted { $0.key < $1.key }
        switch format {
        case .journal: write(Self.line("<\(event.level.priority)>", event.message, values))
        case .text:
            let time = CivilTime(now()).rfc3339
            write(Self.line("\(time) \(event.level.rawValue.uppercased()) ", event.message, values))
        case .json: write(json(event, values))
        }
    }

    private func json(_ event: LogEvent, _ values: [(key: String, value: Logger.Metadata.Value)]) -> String {
        var fields = [
            ("time", CivilTime(now()).rfc3339), ("level", event.level.rawValue), ("message", "\(event.message)"),
        ]
        fields += values.map { ($0.key, "\($0.value)") }
        let pairs = fields.map { "\(Self.quoted($0.0)):\(Self.quoted($0.1))" }
        return "{" + pairs.joined(separator: ",") + "}\n"
    }

    /// Every lead and every message has its line, so it is put together without parts.
    private static func line(
        _ start: String, _ message: Logger.Message, _ values: [(key: String, value: Logger.Metadata.Value)]
    ) -> String {
        var line = start
        line.reserveCapacity(256)
        line += escaped("\(message)")
        for (key, value) in values {
            let text = if case .string(let text) = value { text } else { "\(value)" }
            line += " "
            line += key
            line += "="
            let needsQuotes = text.isEmpty || text.utf8.contains { $0 == 0x20 || $0 == 0x22 || $0 == 0x3D }
            line += needsQuotes ? quoted(text) : escaped(text)
        }
        line += "\n"
        return line
    }

    private static func escaped(_ text: String) -> String {
        isPlain(text) ? text : String(quoted(text).dropFirst().dropLast())
    }

    /// Printable ASCII without quotes or backslashes: nearly every text, and written as it is.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    }

    /// As a JSON string: control characters can't break the line.
    private static func quoted(_ text: String) -> String {
        if isPlain(text) { return "\"\(text)\"" }
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.properties.generalCategory == .control || scalar == "\u{2028}" || scalar == "\u{2029}":
                let code = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: max(0, 4 - code.count)) + code
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// One write a line, so that lines of several threads don't mix.
    static func standardError(_ line: String) {
        var line = line
        line.withUTF8 { bytes in
            var written = 0
            while written < bytes.count {
                let count = Glibc.write(STDERR_FILENO, bytes.baseAddress?.advanced(by: written), bytes.count - written)
                // Nobody is left to tell when standard error itself is gone.
                guard count > 0 || errno == EINTR else { return }
                written += max(0, count)
            }
        }
    }
}

extension Logger.Level {
    /// The syslog priority that the journal reads between angle brackets.
    var priority: Int {
        switch self {
        case .critical: 2
        case .error: 3
        case .warning: 4
        case .notice: 5
        case .info: 6
        case .debug, .trace: 7
        }
    }
}
