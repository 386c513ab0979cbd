// What `leadbell explain --mapping` tells: which of a file's names became which field, what kept its own name, and what the
// mapping has no use for.

import Foundation
import LeadSpool
import Synchronization

/// What became of the names in one file.
enum MappingReport {
    /// What became of some names of one record.
    private struct Line: Encodable {
        let from: [String]
        let to: String?
        let value: String?
        let fate: String
    }

    private final class Found: Sendable {
        let records = Mutex<[[MappedName]]>([])
    }

    /// Shows it for each good record of the file at `path`.
    static func show(_ path: String, by settings: SpoolSettings, _ format: OutputFormat) throws {
        var file = try LeadFile(of: path, by: settings)
        let found = Found()
        var isFirst = true
        while try file.next(onMapping: { fates in found.records.withLock { $0.append(fates) } }) != nil {
            let records = found.records.withLock { records in
                defer { records = [] }
                return records
            }
            for fates in records {
                try show(fates.map(line), format, isFirst: isFirst)
                isFirst = false
            }
        }
    }

    private static func line(_ name: MappedName) -> Line {
        switch name.fate {
        case .field(let field, let value):
            Line(from: name.names, to: field.text, value: value, fate: name.names.isEmpty ? "constant" : "mapped")
        case .kept(let field, let value): Line(from: name.names, to: field.text, value: value, fate: "left over, kept")
        case .ignored: Line(from: name.names, to: nil, value: nil, fate: "ignored")
        case .dropped: Line(from: name.names, to: nil, value: nil, fate: "left over, dropped")
        }
    }

    private static func show(_ lines: [Line], _ format: OutputFormat, isFirst: Bool) throws {
        switch format {
        case .json: Terminal.line(try JSONLine.text(lines))
        case .text:
            if !isFirst { Terminal.line("") }
            TextTable(
                ["NAME", "FIELD", "", "VALUE"],
                lines.map { line in
                    [line.from.joined(separator: ", "), line.to ?? "", line.fate, line.value ?? ""]
                }
            ).print()
        }
    }
}
