// The enricher `command`: asks a program of the operator's. It gets the lead as JSON on standard input and answers with a
// patch on standard output. Whatever it does (crash, hang, garbage, ten megabytes) is a gap in the lead and no more.

import Foundation
import LeadCore

/// Asks a program about a lead.
///
/// In: `{"company": "Acme", "email_domain": "acme.example", …}`, every field that is known. Out: an object of fields to
/// fill, `{"industry": "Stone", "owner": {"value": "dana", "confidence": 80, "basis": "territory 12"}}`. No shell, no
/// environment but what is configured, a process group of its own that is killed whole.
public struct CommandLookup: Enricher {
    public let name: String
    /// It waits for the program.
    public let isImmediate = false

    private let run: CommandRun
    private let fields: Set<FieldName>
    private let confidence: Int?
    private let turnstile: Turnstile?
    private let complaints: Complaints
    private let report: (@Sendable (OutsideNews) -> Void)?

    static let options: [OptionSpec] =
        [
            OptionSpec(
                "command", .texts, isRequired: true,
                help: "The program's absolute path and its arguments, as a list; no shell."),
            OptionSpec("fields", .texts, isRequired: true, help: "The fields that it may fill; others are left out."),
            OptionSpec(
                "environment", .secrets, help: "Environment variables, each a reference to its value; it has no others."
            ),
            PatienceOption.spec("10s"),
        ] + LimitOptions.specs(concurrency: 4) + [
            ConfidenceOption.spec,
            OptionSpec("max_output", .integer(1...4096), help: "How much it may write, in KiB; 256 unless told."),
        ]

    static let kind = EnricherKind(name: "command", options: options) { name, values, outside throws(OptionFlaw) in
        try CommandLookup(name: name, values, outside)
    }

    public var complaint: String? { complaints.reason }

    init(name: String, _ values: OptionValues, _ outside: Outside?) throws(OptionFlaw) {
        let arguments = values.texts("command")
        guard let path = arguments.first, path.hasPrefix("/") else {
            throw OptionFlaw(
                option: "command", "Begin with the program's absolute path; there is no search and no shell.")
        }
        guard FileManager.default.isExecutableFile(atPath: path), !Self.isFolder(path) else {
            throw OptionFlaw(option: "command", "The program is not there, or this user may not run it.")
        }
        guard arguments.allSatisfy({ !$0.utf8.contains(0) }) else {
            throw OptionFlaw(option: "command", "An argument holds a character that none can have.")
        }
        for field in values.texts("fields") { try OwnFields.check(field, option: "fields") }
        fields = Set(values.texts("fields").map { FieldName($0) })
        guard !fields.isEmpty else { throw OptionFlaw(option: "fields", "Name at least one field that it may fill.") }
        var environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"]
        for variable in values.secrets("environment") {
            guard !variable.name.isEmpty, !variable.name.utf8.contains(where: { $0 == UInt8(ascii: "=") || $0 == 0 })
            else {
                throw OptionFlaw(option: "environment", "A variable has a name that none can have.")
            }
            environment[variable.name] = variable.value.revealed
        }
        self.name = name
        run = CommandRun(
            arguments: arguments, environment: environment.map { "\($0.key)=\($0.value)" },
            timeout: try PatienceOption.read(values, .seconds(10)),
            mostOutput: (values.integer("max_output") ?? 256) * 1024)
        confidence = ConfidenceOption.read(values)
        let limits = try LimitOptions.read(values, concurrency: 4)
        turnstile = outside.map { Turnstile(limits, clock: $0.clock) }
        complaints = Complaints(of: name)
        report = outside?.report
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// What the program says of the lead.
    public func enrich(_ lead: Lead) async -> Enrichment {
        guard let turnstile else { return Enrichment(failure: "is not asked here") }
        do throws(Turnstile.Refusal) {
            try await turnstile.enter()
        } catch {
            return Enrichment(failure: error.words)
        }
        let result = await run.run(Self.input(lead))
        let (enrichment, ending) = judge(result)
        let hasOpened = turnstile.leave(ending)
        let news =
            ending == .worked
            ? complaints.answered()
            : complaints.failed(enrichment.failure ?? "failed", leftAlone: hasOpened, refused: false)
        if let news { report?(news) }
        return enrichment
    }

    private static func input(_ lead: Lead) -> [UInt8] {
        let members = lead.shown.map { field, value in
            "\"\(Escaping.json(field.text))\":\"\(Escaping.json(value.text))\""
        }
        return Array("{\(members.joined(separator: ","))}\n".utf8)
    }

    private func judge(_ result: CommandRun.Result) -> (Enrichment, Turnstile.Ending) {
        switch result.end {
        case .exited(0): (read(result.output), .worked)
        case .exited(let status): (Enrichment(failure: "ended with status \(status)"), .failed)
        case .signalled(let signal): (Enrichment(failure: "was ended by signal \(signal)"), .failed)
        case .timedOut: (Enrichment(failure: "was ended, because it took longer than \(run.timeout.words)"), .failed)
        case .wroteTooMuch:
            (Enrichment(failure: "was ended, because it wrote more than \(run.mostOutput / 1024) KiB"), .failed)
        case .cancelled: (Enrichment(failure: "was interrupted because the program stops"), .abandoned)
        case .notStarted(let why): (Enrichment(failure: "could not be started: \(why)"), .failed)
        }
    }

    /// The findings in what the program wrote.
    func read(_ output: [UInt8]) -> Enrichment {
        if output.allSatisfy({ [0x20, 0x0A, 0x0D, 0x09].contains($0) }) { return Enrichment() }
        guard case .object(let members) = JSONValue(output) else {
            return Enrichment(failure: "wrote something that is no JSON object")
        }
        var enrichment = Enrichment()
        var foreign = 0
        var unusable: [String] = []
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            let field = FieldName(key)
            guard fields.contains(field) else {
                foreign += 1
                continue
            }
            switch finding(field, value) {
            case .some(let finding): enrichment.findings.append(finding)
            case .none where Self.isNothing(value): continue
            case .none: unusable.append(key)
            }
        }
        var flaws: [String] = []
        if foreign > 0 {
            flaws.append("tried to fill \(foreign == 1 ? "a field" : "\(foreign) fields") that it may not fill")
        }
        if !unusable.isEmpty { flaws.append("wrote no text for \(unusable.joined(separator: ", "))") }
        enrichment.failure = flaws.isEmpty ? nil : flaws.joined(separator: "; ")
        return enrichment
    }

    private static func isNothing(_ value: JSONValue) -> Bool {
        switch value {
        case .null: true
        case .text(let text): text.trimmed.isEmpty
        default: false
        }
    }

    private func finding(_ field: FieldName, _ value: JSONValue) -> Enrichment.Finding? {
        guard case .object(let members) = value else {
            return OutsideText.of(value).map { .init(field, $0, confidence: confidence) }
        }
        guard let text = members["value"].flatMap(OutsideText.of) else { return nil }
        var own = confidence
        if case .number(let digits) = members["confidence"], let number = Double(digits), (0...100).contains(number) {
            own = max(1, Int(number))
        }
        let basis = members["basis"].flatMap(OutsideText.of).map { String($0.prefix(200)) }
        return .init(field, text, basis: basis, confidence: own)
    }
}
