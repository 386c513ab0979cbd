// `leadbell explain`: what the configuration makes of a lead, and why. Nothing is sent or stored: the enrichers, the decider
// and the writer of messages are the daemon's own, the clock is an argument.

import ArgumentParser
import Foundation
import LeadConfiguration
import LeadCore
import LeadEngine
import LeadSpool
import LeadStorage

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell what would become of a lead and why; nothing is sent or stored.",
        discussion: """
            Shows the lead with what enrichment adds, the route and why it was taken, and the messages and steps if \
            nobody acts, each with its time.

            Example: leadbell explain lead.json --at 2026-11-27T17:20:00-06:00
            """)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: FormatOptions

    @Option(
        help: "When the lead comes in, as in 2026-11-27T17:20; now, or when it did come, if not given.",
        transform: { text in
            guard let instant = Timestamp(text: text, in: .current) else {
                throw ValidationError("--at takes a time, as in 2026-11-27T17:20 or 2026-11-27T17:20:00-06:00")
            }
            return instant
        })
    var at: Timestamp?

    @Argument(
        help: "A .json, .ndjson or .jsonl file, `-` for standard input, or a lead's id or the beginning of it.")
    var lead: String

    func run() async throws {
        let configuration = try ConfigurationAccess.withoutSecrets.require(options.path)
        let subjects =
            lead == "-" || FileManager.default.fileExists(atPath: lead)
            ? try await subjects(inFileWith: configuration) : [try await subject(storedWith: configuration)]
        for (index, subject) in subjects.enumerated() {
            let explanation = Explanation(
                of: subject.lead, key: subject.key, from: subject.start, rulebook: configuration.rulebook,
                keys: configuration.linkKeys)
            switch output.format {
            case .json: Terminal.line(try JSONLine.text(explanation.report))
            case .text:
                if index > 0 { Terminal.line("") }
                explanation.show()
            }
        }
    }

    private typealias Subject = (lead: Lead, key: IntakeKey, start: Timestamp)

    private func subjects(inFileWith configuration: Configuration) async throws -> [Subject] {
        let clock = try SystemTime()
        let chain = try Assembly.chain(configuration, clock)
        var subjects: [Subject] = []
        let content = try LeadFile.content(
            try LeadFile.bytes(of: lead), named: LeadFile.name(of: lead), limit: configuration.spool.maximumFileBytes)
        for record in content.records {
            subjects.append((await chain.enrich(record.lead), record.key, at ?? clock.now()))
        }
        return subjects
    }

    private func subject(storedWith configuration: Configuration) async throws -> Subject {
        do {
            let store = try SQLiteCaseStore(path: configuration.storePath, access: .reader)
            let subject = try await store.requireFile(lead).subject
            try await store.close()
            return (subject.lead, subject.key, at ?? subject.openedAt)
        } catch {
            throw CommandFailure("there is no file \(lead), and \(error)")
        }
    }
}

/// What is told of one lead.
private struct Explanation {
    struct Report: Encodable {
        struct Route: Encodable {
            let number: Int
            let isTaken: Bool
            let condition: String
        }
        struct Message: Encodable {
            let to: String
            let channels: [String]
            let kind: String
            let headline: String
            let sentences: [String]
        }
        struct Step: Encodable {
            let at: String
            let events: [String]
            let messages: [Message]
        }
        let lead: String
        let key: String
        let values: [String: Lead.Value]
        let gaps: [Lead.Gap]
        let routes: [Route]
        let reason: String
        let managers: [String]
        let policy: String
        let timeline: [Step]
    }

    let report: Report
    private let subject: Lead

    init(of lead: Lead, key: IntakeKey, from start: Timestamp, rulebook: Rulebook, keys: LinkKeys) {
        let forecast = Forecast(of: lead, key: key, from: start, rulebook: rulebook)
        let opening = forecast.transitions[0].result.opening
        let writer = BriefingWriter(rulebook: rulebook, keys: keys)
        let words = HistoryWords(rulebook: rulebook)
        let taken = rulebook.routes.firstIndex { $0.takes(lead) }
        subject = lead
        report = Report(
            lead: key.caseID.text, key: key.text,
            values: Dictionary(uniqueKeysWithValues: lead.values.map { ($0.key.text, $0.value) }), gaps: lead.gaps,
            routes: rulebook.routes.prefix((taken ?? -1) + 1).enumerated().map { index, route in
                let condition = Condition.all(route.conditions).words
                return Report.Route(
                    number: index + 1, isTaken: index == taken, condition: condition.nonEmpty ?? "takes every lead")
            },
            reason: opening.reason, managers: opening.managers.map(\.text), policy: opening.policy,
            timeline: forecast.transitions.map { transition in
                Report.Step(
                    at: CivilTime(transition.entries.first?.at ?? start).rfc3339,
                    events: transition.entries.map { words.words($0.event).sentence },
                    messages: Self.messages(transition, writer))
            })
    }

    /// One for each person and kind, whatever the channels.
    private static func messages(_ transition: Transition, _ writer: BriefingWriter) -> [Report.Message] {
        var messages: [Report.Message] = []
        var seen: Set<String> = []
        for delivery in transition.deliveries where seen.insert("\(delivery.person) \(delivery.kind)").inserted {
            let briefing = writer.briefing(of: delivery, about: transition.result)
            let alike = transition.deliveries.filter { $0.person == delivery.person && $0.kind == delivery.kind }
            messages.append(
                Report.Message(
                    to: delivery.person.text, channels: alike.map(\.channel.text), kind: delivery.kind.rawValue,
                    headline: briefing.headline, sentences: briefing.sentences))
        }
        return messages
    }

    func show() {
        Terminal.line(Terminal.bold("lead \(report.lead)") + "  \(report.key.printable)")
        if !subject.isReachable { Terminal.line("  gives neither e-mail nor phone") }
        TextTable(
            ["FIELD", "FROM", "VALUE"],
            subject.shown.map { [$0.field.text, $0.value.provenance.words, $0.value.text] }
        ).print()
        for gap in report.gaps { Terminal.line("  \(gap.enricher): \(gap.reason.printable)") }
        Terminal.line("")
        TextTable(
            ["ROUTE", "TAKEN", "WHEN"],
            report.routes.map { ["\($0.number)", $0.isTaken ? "yes" : "no", $0.condition] }
        ).print()
        Terminal.line("  because \(report.reason.printable)")
        Terminal.line("  \(report.managers.joined(separator: ", ")) choose by policy \(report.policy)")
        Terminal.line("")
        Terminal.line(Terminal.bold("If nobody acts"))
        for step in report.timeline {
            Terminal.line("\(step.at)  \(step.events.joined(separator: " ").printable)")
            for message in step.messages {
                let channels = message.channels.joined(separator: ", ")
                Terminal.line("    \(message.to) by \(channels): \(message.headline.printable)")
                for sentence in message.sentences { Terminal.line("        \(sentence.printable)") }
            }
        }
    }
}
