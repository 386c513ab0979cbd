// `leadbell away`: who is away, from when until when, and who stands in.

import ArgumentParser
import LeadConfiguration
import LeadCore
import LeadEngine
import LeadStorage

struct AwayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "away",
        abstract: "Say that somebody is away or back, or list who is.",
        discussion: """
            While a manager is away their leads go to the substitute, or to the next manager; a rep who is away is not \
            given any. Times are on the person's own clock; --until is when they are back. The list has what calendar \
            files say of the next three months.

            Example: leadbell away dana --from 2026-12-24 --until 2027-01-02 --substitute lee
            """)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: FormatOptions

    @Argument(help: "Who; without it, all present and coming absences are listed.")
    var person: String?

    @Option(help: "When they leave, as in 2026-12-24 or 2026-12-24T13:00; now, if not given.")
    var from: String?

    @Option(help: "When they are back.")
    var until: String?

    @Option(help: "Who stands in for them.")
    var substitute: String?

    @Flag(help: "They are back: what was recorded of them ends.")
    var back = false

    private struct Line: Encodable {
        let person: String
        let from: String
        let until: String
        let substitute: String?
        /// The calendar file that says so.
        let file: String?
    }

    func validate() throws {
        guard person != nil else {
            guard from == nil, until == nil, substitute == nil, !back else {
                throw ValidationError("name the person first, as in leadbell away dana --until 2027-01-02")
            }
            return
        }
        if back, from != nil || until != nil || substitute != nil {
            throw ValidationError("--back stands alone")
        }
        if !back, until == nil { throw ValidationError("give --until, which is when they are back, or --back") }
    }

    func run() async throws {
        guard let person = person.map({ PersonID($0) }) else { return try await list() }
        try await ControlCall(options, output).carryOut { configuration in
            guard !back else { return .back(person: person) }
            let zone = configuration.rulebook.person(person)?.timeZone ?? .gmt
            let instant = { (text: String, option: String) throws in
                guard let instant = Timestamp(text: text, in: zone) else {
                    throw ValidationError("\(option) takes a date, as in 2026-12-24 or 2026-12-24T13:00")
                }
                return instant
            }
            let start = try from.map { try instant($0, "--from") }
            return .away(
                Absence(
                    person: person, from: try start ?? SystemTime().now(), until: try instant(until ?? "", "--until"),
                    substitute: substitute.map { PersonID($0) }))
        }
    }

    private func list() async throws {
        let configuration = try ConfigurationAccess.withoutSecrets.require(options.path)
        let now = try SystemTime().now()
        let recorded = try await recorded(in: configuration.storePath, after: now)
        let stated = configuration.rulebook.absences.filter { $0.until > now } + recorded
        let absences = (stated.map { ($0, nil) } + inFiles(of: configuration, at: now))
            .sorted { ($0.0.from, $0.0.person.text) < ($1.0.from, $1.0.person.text) }
        let words = AbsenceWords(rulebook: configuration.rulebook)
        for (absence, file) in absences {
            guard output.format == .json else {
                let origin = file.map { ", by \($0)" } ?? ""
                Terminal.line((words.sentence(absence) + origin).printable)
                continue
            }
            let line = Line(
                person: absence.person.text, from: CivilTime(absence.from).rfc3339,
                until: CivilTime(absence.until).rfc3339, substitute: absence.substitute?.text, file: file)
            Terminal.line(try JSONLine.text(line))
        }
        if absences.isEmpty, output.format == .text { Terminal.line("nobody is away") }
    }

    /// Recurring absences go on for years; what is near is of interest.
    private func inFiles(of configuration: Configuration, at now: Timestamp) -> [(Absence, String?)] {
        configuration.absencesInFiles(at: now) { Terminal.warn($0) }.flatMap { file, absences in
            absences.filter { $0.until > now && $0.from < now + .seconds(92 * 86_400) }.map { ($0, file.path) }
        }
    }

    private func recorded(in path: String, after now: Timestamp) async throws -> [Absence] {
        do {
            let store = try SQLiteCaseStore(path: path, access: .reader)
            let absences = try await store.absences(endingAfter: now)
            try await store.close()
            return absences
        } catch {
            throw CommandFailure(error.description)
        }
    }
}
