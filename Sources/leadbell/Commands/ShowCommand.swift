// `leadbell show`: one case with values, history and messages, from the database.

import ArgumentParser
import LeadConfiguration
import LeadCore
import LeadStorage

struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a lead: values and where they came from, history, messages.")

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: FormatOptions

    @Argument(help: "The lead's id, or the beginning of it.")
    var id: String

    private struct Report: Encodable {
        let lead: String
        let key: String
        let state: String
        let opened: String
        let rep: String?
        let firstActionBy: String?
        let firstActionAt: String?
        let values: [String: ReportedValue]
        let others: [String: [ReportedValue]]?
        let gaps: [Lead.Gap]
        let history: [HistoryEntry]
        let messages: [MessageReport]
    }

    func run() async throws {
        let configuration = try ConfigurationAccess.withoutSecrets.require(options.path)
        do {
            let store = try SQLiteCaseStore(path: configuration.storePath, access: .reader)
            let file = try await store.requireFile(id)
            try await store.close()
            switch output.format {
            case .json: Terminal.line(try JSONLine.text(report(file)))
            case .text: show(file, configuration.rulebook)
            }
        } catch let failure as StoreFailure {
            throw CommandFailure(failure.description)
        }
    }

    private func report(_ file: CaseFile) -> Report {
        let subject = file.subject
        return Report(
            lead: subject.id.text, key: subject.key.text, state: subject.stateName.rawValue,
            opened: CivilTime(subject.openedAt).rfc3339, rep: subject.assignment?.rep.text,
            firstActionBy: subject.assignment?.firstActionBy.map { CivilTime($0).rfc3339 },
            firstActionAt: subject.startedAt.map { CivilTime($0).rfc3339 },
            values: subject.lead.valuesByName, others: subject.lead.othersByName, gaps: subject.lead.gaps,
            history: file.history,
            messages: MessageReport.all(of: file))
    }

    private func show(_ file: CaseFile, _ rulebook: Rulebook) {
        let subject = file.subject
        Terminal.line(Terminal.bold("lead \(subject.id)  \(subject.stateName.rawValue)"))
        if let assignment = subject.assignment {
            Terminal.line("  with \(rulebook.name(assignment.rep)) since \(CivilTime(assignment.at).rfc3339)")
        }
        if case .assigned(let assignment) = subject.state, let due = assignment.firstActionBy {
            Terminal.line("  first action due by \(CivilTime(due).rfc3339)")
        }
        if let started = subject.startedAt { Terminal.line("  first action taken at \(CivilTime(started).rfc3339)") }
        if let warned = subject.warnedAt, subject.assignment == nil {
            Terminal.line("  last call since \(CivilTime(warned).rfc3339)")
        }
        if let deadline = subject.nextDeadline { Terminal.line("  next step at \(CivilTime(deadline).rfc3339)") }
        if !subject.lead.isReachable { Terminal.line("  gives neither e-mail nor phone") }
        Terminal.line("")
        TextTable(["FIELD", "FROM", "VALUE"], subject.lead.rows).print()
        for gap in subject.lead.gaps { Terminal.line("  \(gap.enricher): \(gap.reason.printable)") }
        Terminal.line("")
        TextTable(
            ["AT", "WHAT HAPPENED"],
            file.history.map { entry in
                let (sentence, remark) = HistoryWords(rulebook: rulebook).words(entry.event)
                return [CivilTime(entry.at).rfc3339, sentence + (remark.map { " (\($0))" } ?? "")]
            }
        ).print()
        Terminal.line("")
        TextTable(MessageRows.header, MessageRows.all(of: file, rulebook)).print()
    }
}

extension CaseStore {
    /// The one case whose id begins with `prefix`.
    func requireID(_ prefix: String) async throws -> CaseID {
        let ids = try await ids(withPrefix: prefix.lowercased(), limit: 2)
        guard let id = ids.first else {
            // An inquiry that joined a case is found by its own id too.
            if let joined = try await (self as? any LikenessStore)?.inquiries(withPrefix: prefix.lowercased(), limit: 1)
            {
                if let first = joined.first { return first.joined }
            }
            throw CommandFailure("there is no lead \(prefix); `leadbell list --all` shows those there are")
        }
        guard ids.count == 1 else { throw CommandFailure("several leads begin with \(prefix); give more of the id") }
        return id
    }

    /// The file of the one case whose id begins with `prefix`.
    func requireFile(_ prefix: String) async throws -> CaseFile {
        let id = try await requireID(prefix)
        guard let file = try await file(id) else { throw CommandFailure("there is no lead \(prefix)") }
        return file
    }
}

extension LeadCase {
    /// When the rep who has the lead took the first action.
    fileprivate var startedAt: Timestamp? { if case .working(_, let since) = state { since } else { nil } }
}
