// `leadbell explain`: what the configuration makes of a lead, and why. Nothing is sent or stored: the enrichers, the decider
// and the writer of messages are the daemon's own, the clock is an argument.

import ArgumentParser
import Curl
import Foundation
import LeadConfiguration
import LeadCore
import LeadEngine
import LeadEnrichment
import LeadSpool
import LeadStorage

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell what would become of a lead and why; nothing is sent or stored.",
        discussion: """
            Shows the lead with what enrichment adds (what enrichers of kinds http and command would is left out \
            without --ask), the route and why it was taken, the reps ranked with each factor's reason, and the messages \
            and steps if nobody acts, each with its time. With --mapping it shows instead which of the file's names \
            became which field, and what was left over. A bad record of a file is told of and left out.

            Example: leadbell explain lead.json --at 2026-11-27T17:20:00-06:00
            """)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: FormatOptions
    @OptionGroup var origin: SourceOptions

    @Flag(help: "Show what becomes of the names in the file, and nothing else.")
    var mapping = false

    @Option(
        help: "When the lead comes in, as in 2026-11-27T17:20; now, or when it did come, if not given.",
        transform: { text in
            guard let instant = Timestamp(text: text, in: .current) else {
                throw ValidationError("--at takes a time, as in 2026-11-27T17:20 or 2026-11-27T17:20:00-06:00")
            }
            return instant
        })
    var at: Timestamp?

    @Flag(
        name: .customLong("ask"),
        help: "Ask the APIs and programs of the chain too, with the lead's data and their secrets.")
    var asksOutside = false

    @Argument(
        help: ArgumentHelp(
            "A file of leads (\(RecordFormat.acceptedExtensions)), `-` for standard input, or a lead's id or its beginning."
        ))
    var lead: String

    func run() async throws {
        let access = asksOutside ? ConfigurationAccess() : .withoutSecrets
        let configuration = try access.require(options.path)
        if mapping { return try MappingReport.show(lead, by: try origin.settings(configuration), output.format) }
        guard lead == "-" || FileManager.default.fileExists(atPath: lead) else {
            return try await explain(try await subject(storedWith: configuration), isFirst: true, configuration)
        }
        let clock = try SystemTime()
        let client = asksOutside ? try HTTPClient() : nil
        // What fails is among the gaps that are shown.
        let outside = client.map {
            Outside(client: $0, answers: NoAnswers(), clock: clock, read: RecordFormat.fields(ofObject:by:)) { _ in }
        }
        let chain = try Assembly.chain(configuration, clock, outside)
        var file = try LeadFile(of: lead, by: try origin.settings(configuration))
        var isFirst = true
        while let records = try file.next() {
            for record in records {
                let subject = (await chain.enrich(record.lead), record.key, at ?? clock.now())
                try await explain(subject, isFirst: isFirst, configuration)
                isFirst = false
            }
        }
        await client?.shutdown()
    }

    private func explain(_ subject: Subject, isFirst: Bool, _ configuration: Configuration) async throws {
        let (rulebook, turns, loads) = try await circumstances(at: subject.start, configuration)
        let known = try await matches(of: subject, configuration)
        var lead = subject.lead
        if let former = known.first(where: { $0.becomes == .follows }) { lead.note(former: former.match) }
        let explanation = Explanation(
            of: lead, key: subject.key, from: subject.start, rulebook: rulebook, turns: turns,
            keys: configuration.linkKeys, known: known, loads: loads)
        switch output.format {
        case .json: Terminal.line(try JSONLine.text(explanation.report))
        case .text:
            if !isFirst { Terminal.line("") }
            explanation.show()
        }
    }

    /// Who is away, whose turn it is and what each rep has to do, as the database knows it; nobody and nothing while there is none.
    private func circumstances(
        at now: Timestamp, _ configuration: Configuration
    ) async throws -> (Rulebook, Turns, @Sendable (PersonID) -> Workload) {
        let inFiles = configuration.absencesInFiles(at: now) { Terminal.warn($0) }.flatMap(\.absences)
        guard FileManager.default.fileExists(atPath: configuration.storePath) else {
            let absences = configuration.rulebook.absences + inFiles
            return (configuration.rulebook.with(absences: absences), Turns(), { _ in Workload() })
        }
        do {
            let clock = try SystemTime()
            let store = try SQLiteCaseStore(path: configuration.storePath, access: .reader)
            let rulebook = Current(configuration.rulebook)
            let presence = PresenceBook(store: store, clock: clock, rulebook: rulebook)
            try await presence.load()
            presence.read(fromFiles: inFiles)
            let loads = try await Engine.loads(
                in: store, clock: clock, settings: rulebook.now.ranking, at: now)
            let turns = Turns(try await store.turns())
            try await store.close()
            return (rulebook.now, turns, loads)
        } catch let failure as StoreFailure {
            throw CommandFailure(failure.description)
        }
    }

    /// Who has asked before, by what the database knows; nobody while there is none.
    private func matches(of subject: Subject, _ configuration: Configuration) async throws -> [Acquaintance] {
        guard let settings = configuration.rulebook.duplicates,
            FileManager.default.fileExists(atPath: configuration.storePath)
        else { return [] }
        let own = Likeness(subject.lead)
        let alike = try await known(alike: own.keys, configuration.storePath).filter { $0.id != subject.key.caseID }
        let verdict = settings.verdict(on: own, among: alike, at: subject.start)
        return settings.matches(of: own, among: alike).map { Acquaintance($0, verdict) }
    }

    private func known(alike keys: [Int64], _ path: String) async throws -> [KnownLead] {
        do throws(StoreFailure) {
            let store = try SQLiteCaseStore(path: path, access: .reader)
            let known = try await store.known(alike: [keys], limit: 16)
            try await store.close()
            return known.flatMap(\.self)
        } catch {
            throw CommandFailure(error.description)
        }
    }

    private typealias Subject = (lead: Lead, key: IntakeKey, start: Timestamp)

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

/// Keeps no answers: what an explanation learns is not the daemon's.
private struct NoAnswers: AnswerStore {
    func answer(to question: QuestionKey) async throws(StoreFailure) -> KeptAnswer? { nil }
    func keep(_ answer: KeptAnswer, to question: QuestionKey) async throws(StoreFailure) {}
}

/// A case that may be of the same person or firm, and what follows from it.
private struct Acquaintance {
    enum Consequence: String {
        case joins = "the lead joins it"
        case follows = "the lead follows it, and its rep is preferred"
        case nothing = "too little, or too long ago"
    }
    let match: DuplicateMatch
    let becomes: Consequence

    init(_ match: DuplicateMatch, _ verdict: DuplicateVerdict) {
        self.match = match
        if verdict == .repeats(match) {
            becomes = .joins
        } else if verdict == .follows(match) {
            becomes = .follows
        } else {
            becomes = .nothing
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
        struct Known: Encodable {
            let lead: String
            let state: String
            let score: Int
            let reasons: [String]
            let consequence: String
        }
        struct Message: Encodable {
            let to: String
            let channels: [String]
            let kind: String
            let headline: String
            let sentences: [String]
            let suggestions: [String]
        }
        struct Step: Encodable {
            let at: String
            let events: [String]
            let messages: [Message]
        }
        let lead: String
        let key: String
        let values: [String: ReportedValue]
        let others: [String: [ReportedValue]]?
        let gaps: [Lead.Gap]
        let known: [Known]?
        let routes: [Route]
        let reason: String
        let managers: [String]
        let policy: String
        let ranking: [RankedRep]
        let teamFacts: [String]
        let timeline: [Step]
    }

    let report: Report
    private let subject: Lead

    private let names: [PersonID: String]

    init(
        of lead: Lead, key: IntakeKey, from start: Timestamp, rulebook: Rulebook, turns: Turns, keys: LinkKeys,
        known: [Acquaintance], loads: @escaping @Sendable (PersonID) -> Workload
    ) {
        let forecast = Forecast(of: lead, key: key, from: start, rulebook: rulebook, turns: turns, loads: loads)
        let ranking = rulebook.ranking(for: lead, at: start, loads: loads)
        let opening = forecast.transitions[0].result.opening
        let writer = BriefingWriter(rulebook: rulebook, keys: keys) { lead, reader, limit, phrases in
            rulebook.ranking(
                for: lead, at: start, reader: reader, limit: limit, phrases: phrases, loads: loads)
        }
        let words = HistoryWords(rulebook: rulebook)
        let taken = rulebook.routes.firstIndex { $0.takes(lead) }
        subject = lead
        names = Dictionary(rulebook.people.map { ($0.id, $0.name) }) { first, _ in first }
        report = Report(
            lead: key.caseID.text, key: key.text,
            values: lead.valuesByName, others: lead.othersByName, gaps: lead.gaps,
            known: known.isEmpty
                ? nil
                : known.map { one in
                    Report.Known(
                        lead: one.match.known.id.text, state: one.match.known.state.rawValue,
                        score: one.match.resemblance.score, reasons: one.match.resemblance.reasons,
                        consequence: one.becomes.rawValue)
                },
            routes: rulebook.routes.prefix((taken ?? -1) + 1).enumerated().map { index, route in
                let condition = Condition.all(route.conditions).words
                return Report.Route(
                    number: index + 1, isTaken: index == taken, condition: condition.nonEmpty ?? "takes every lead")
            },
            reason: opening.reason, managers: opening.managers.map(\.text), policy: opening.policy,
            ranking: ranking.entries, teamFacts: ranking.facts,
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
                    headline: briefing.headline, sentences: briefing.sentences,
                    suggestions: briefing.suggestions.map { "\($0.name): \($0.reason)" }))
        }
        return messages
    }

    func show() {
        Terminal.line(Terminal.bold("lead \(report.lead)") + "  \(report.key.printable)")
        if !subject.isReachable { Terminal.line("  gives neither e-mail nor phone") }
        TextTable(["FIELD", "FROM", "VALUE"], subject.rows).print()
        for gap in report.gaps { Terminal.line("  \(gap.enricher): \(gap.reason.printable)") }
        if let known = report.known {
            Terminal.line("")
            Terminal.line(Terminal.bold("Who has asked before"))
            for one in known {
                Terminal.line(
                    "  \(one.lead) (\(one.state)): \(one.score) of 100, \(one.reasons.joined(separator: ", ").printable); "
                        + one.consequence)
            }
        }
        Terminal.line("")
        TextTable(
            ["ROUTE", "TAKEN", "WHEN"],
            report.routes.map { ["\($0.number)", $0.isTaken ? "yes" : "no", $0.condition] }
        ).print()
        Terminal.line("  because \(report.reason.printable)")
        Terminal.line("  \(report.managers.joined(separator: ", ")) choose by policy \(report.policy)")
        Terminal.line("")
        showRanking()
        Terminal.line("")
        Terminal.line(Terminal.bold("If nobody acts"))
        for step in report.timeline {
            Terminal.line("\(step.at)  \(step.events.joined(separator: " ").printable)")
            for message in step.messages {
                let channels = message.channels.joined(separator: ", ")
                Terminal.line("    \(message.to) by \(channels): \(message.headline.printable)")
                for line in message.sentences + message.suggestions { Terminal.line("        \(line.printable)") }
            }
        }
    }

    private func showRanking() {
        Terminal.line(Terminal.bold("Who fits best"))
        if report.ranking.isEmpty { Terminal.line("  there are no reps") }
        for (index, rep) in report.ranking.enumerated() {
            let name = names[rep.person] ?? rep.person.text
            guard rep.exclusion == nil else {
                Terminal.line("  -  \(name.printable): \((rep.exclusion ?? "").printable)")
                continue
            }
            Terminal.line("  \(index + 1)  \(name.printable), \(Self.percent(rep.score))")
            for factor in rep.factors {
                let score = "\(Self.percent(factor.score)) × \(factor.weight.formatted())"
                Terminal.line("       \(factor.name) \(score): \((factor.sentence ?? "").printable)")
            }
            for warning in rep.warnings { Terminal.line("       but \(warning.printable)") }
        }
        for fact in report.teamFacts { Terminal.line("  \(fact.printable)") }
    }

    private static func percent(_ score: Double) -> String { "\(Int((score * 100).rounded())) of 100" }
}
