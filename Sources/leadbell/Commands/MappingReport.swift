// What `leadbell explain --mapping` tells: which of a file's names became which field, what kept its own name, and what the
// mapping has no use for.

import Foundation
import LeadSpool
import Synchronization

/// What became of the names in one file.
struct MappingReport {
    /// What became of some names of one record.
    private struct Line: Encodable {
        let from: [String]
        let to: String?
        let value: String?
        let fate: String
    }

    private let records: [[Line]]

    /// Reads the file at `path`.
    init(of path: String, by settings: SpoolSettings) throws {
        let found = Found()
        _ = try LeadFile.content(
            try LeadFile.bytes(of: path), named: LeadFile.name(of: path), by: settings,
            onMapping: { fates in found.records.withLock { $0.append(fates) } })
        records = found.records.withLock { $0 }.map { $0.map(Self.line) }
    }

    private final class Found: Sendable {
        let records = Mutex<[[MappedName]]>([])
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

    func show(_ format: OutputFormat) throws {
        for (index, lines) in records.enumerated() {
            switch format {
            case .json: Terminal.line(try JSONLine.text(lines))
            case .text:
                if index > 0 { Terminal.line("") }
                TextTable(
                    ["NAME", "FIELD", "", "VALUE"],
                    lines.map { line in
                        [line.from.joined(separator: ", "), line.to ?? "", line.fate, line.value ?? ""]
                    }
                ).print()
            }
        }
    }
}
