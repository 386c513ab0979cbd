// `leadbell list`: cases from the database, beside the running daemon.

import ArgumentParser
import LeadConfiguration
import LeadCore
import LeadStorage

struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List leads, newest first; the open ones unless told otherwise.")

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: FormatOptions

    @Option(help: "Only leads in this state (waiting, claimed, assigned, working, closed); may be repeated.")
    var state: [LeadCase.StateName] = []

    @Flag(help: "Closed leads too.")
    var all = false

    @Flag(help: "The messages of each lead too: to whom, by what, when, outcome, opened.")
    var messages = false

    @Option(help: "At most this many.")
    var limit = 100

    private struct Line: Encodable {
        let lead: String
        let state: String
        let title: String
        let rep: String?
        let opened: String
        let next: String?
        let messages: [MessageReport]?
    }

    func validate() throws {
        guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit takes a number from 1 to 1000000") }
    }

    func run() async throws {
        let configuration = try ConfigurationAccess.withoutSecrets.require(options.path)
        let states = state.isEmpty ? LeadCase.StateName.allCases.filter { all || $0.isOpen } : state
        do {
            let store = try SQLiteCaseStore(path: configuration.storePath, access: .reader)
            let cases = try await store.list(states: Set(states), limit: limit)
            var files: [CaseID: CaseFile] = [:]
            if messages { for one in cases { files[one.id] = try await store.file(one.id) } }
            try await store.close()
            try show(cases, files, configuration.rulebook)
        } catch let failure as StoreFailure {
            throw CommandFailure(failure.description)
        }
    }

    private func show(_ cases: [CaseSummary], _ files: [CaseID: CaseFile], _ rulebook: Rulebook) throws {
        if output.format == .json {
            for summary in cases {
                let line = Line(
                    lead: summary.id.text, state: summary.state.rawValue, title: summary.title,
                    rep: summary.rep?.text, opened: CivilTime(summary.openedAt).rfc3339,
                    next: summary.nextDeadline.map { CivilTime($0).rfc3339 },
                    messages: files[summary.id].map(MessageReport.all))
                Terminal.line(try JSONLine.text(line))
            }
            return
        }
        guard !cases.isEmpty else { return Terminal.line("no leads") }
        let rows = cases.map { summary in
            [
                summary.id.text, summary.state.rawValue, CivilTime(summary.openedAt).rfc3339,
                summary.rep.map(rulebook.name) ?? "–", summary.nextDeadline.map { CivilTime($0).rfc3339 } ?? "–",
                summary.title,
            ]
        }
        TextTable(["LEAD", "STATE", "OPENED", "REP", "NEXT STEP", "WHAT"], rows).print()
        guard messages else { return }
        Terminal.line("")
        let lines = cases.flatMap { summary in
            files[summary.id].map { MessageRows.all(of: $0, rulebook).map { [summary.id.text] + $0 } } ?? []
        }
        TextTable(["LEAD"] + MessageRows.header, lines).print()
    }
}

extension LeadCase.StateName: ExpressibleByArgument {}

/// Columns as wide as their widest cell; leads' text can't move the cursor.
struct TextTable {
    private let lines: [String]

    init(_ header: [String], _ rows: [[String]]) {
        let cells = ([header] + rows).map { $0.map(\.printable) }
        let widths = header.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        lines = cells.map { row in
            row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
            }.joined(separator: "  ")
        }
    }

    func print() {
        for (index, line) in lines.enumerated() { Terminal.line(index == 0 ? Terminal.bold(line) : line) }
    }
}

extension String {
    /// Without control characters, which a terminal would obey.
    var printable: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }
}
