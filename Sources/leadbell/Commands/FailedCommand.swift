// `leadbell failed`: messages that did not reach their person, from the database, beside the running daemon.

import ArgumentParser
import LeadConfiguration
import LeadCore
import LeadStorage

struct FailedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "failed", abstract: "List messages that did not reach their person, newest first.",
        discussion: """
            held: their channel is stopped; they go out by themselves once it works. failed: the peer refused them, or they \
            were given up. unknown: they were given up, and the peer may have them. leadbell retry sends them again.
            """)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: FormatOptions

    @Option(help: "At most this many.")
    var limit = 100

    private struct Line: Encodable {
        let message: String
        let lead: String
        let to: String
        let channel: String
        let kind: String
        let state: String
        let attempts: Int
        let changed: String
        let detail: String?
    }

    func validate() throws {
        guard (1...1_000_000).contains(limit) else {
            throw ValidationError("--limit takes a number from 1 to 1000000")
        }
    }

    func run() async throws {
        let configuration = try ConfigurationAccess.withoutSecrets.require(options.path)
        do {
            let store = try SQLiteCaseStore(path: configuration.storePath, access: .reader)
            let records = try await store.undelivered(limit: limit)
            try await store.close()
            try show(records, configuration.rulebook)
        } catch let failure as StoreFailure {
            throw CommandFailure(failure.description)
        }
    }

    private func show(_ records: [DeliveryRecord], _ rulebook: Rulebook) throws {
        if output.format == .json {
            for record in records {
                let delivery = record.delivery
                let line = Line(
                    message: delivery.id.text, lead: delivery.caseID.text, to: delivery.person.text,
                    channel: delivery.channel.text, kind: delivery.kind.rawValue,
                    state: record.state.rawValue,
                    attempts: record.attempts, changed: CivilTime(record.changedAt).rfc3339,
                    detail: record.detail)
                Terminal.line(try JSONLine.text(line))
            }
            return
        }
        guard !records.isEmpty else { return Terminal.line("nothing is undelivered") }
        let rows = records.map { record in
            [
                record.delivery.id.text, rulebook.name(record.delivery.person),
                record.delivery.channel.text,
                record.state.rawValue, "\(record.attempts)", CivilTime(record.changedAt).rfc3339,
                record.detail ?? "",
            ]
        }
        TextTable(["MESSAGE", "TO", "BY", "STATE", "TRIES", "AT", "WHY"], rows).print()
    }
}
