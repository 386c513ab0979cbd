// The way from a file to a configuration: read, parse, read every section, and only then judge. Every problem that can
// be seen in one pass is reported in one pass.

import LeadCore

/// Loads configurations.
public enum ConfigurationLoader {
    /// A configuration with its warnings, or every problem that was found.
    public typealias Outcome = Result<LoadedConfiguration, ConfigurationProblems>

    /// Loads the file at `path`; relative paths in it are relative to its folder. What recurs in calendar files is
    /// worked out for the time around `now`.
    public static func load(path: String, kinds: Kinds, secrets: SecretSource, now: Timestamp) -> Outcome {
        let findings = Findings(file: path)
        switch secrets.readFile(path) {
        case .unreadable(let reason):
            findings.error(.start, "the configuration can't be read: \(reason)", "check the path after --config")
            return refusal(findings)
        case .read(let bytes, _):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                findings.error(place(ofInvalid: bytes), "the file is not UTF-8 text", "save it as UTF-8")
                return refusal(findings)
            }
            return load(text: text, path: path, kinds: kinds, secrets: secrets, now: now)
        }
    }

    /// Loads `text` as if it stood in the file at `path`, which is not read.
    public static func load(
        text: String, path: String, kinds: Kinds, secrets: SecretSource, now: Timestamp
    ) -> Outcome {
        let findings = Findings(file: path)
        let mark = "\u{FEFF}"
        let content = text.hasPrefix(mark) ? String(text.dropFirst()) : text
        guard let document = Document(content, findings: findings) else { return refusal(findings) }
        let item = Item(document.root, name: "the file", document: document, findings: findings)
        guard let root = item.mapping("the configuration") else { return refusal(findings) }
        let reader = SectionReader(
            findings: findings, kinds: kinds, secrets: secrets, folder: Folder(of: path), now: now)
        guard let configuration = reader.read(root), !findings.hasErrors else { return refusal(findings) }
        return .success(LoadedConfiguration(configuration: configuration, warnings: findings.inOrder))
    }

    private static func refusal(_ findings: Findings) -> Outcome {
        .failure(ConfigurationProblems(problems: findings.inOrder))
    }

    private static func place(ofInvalid bytes: [UInt8]) -> Position {
        var line = 1
        var column = 1
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&iterator) {
            column = scalar == "\n" ? 1 : column + 1
            line += scalar == "\n" ? 1 : 0
        }
        return Position(line: line, column: column)
    }
}

/// Reads the sections of one file; each section has its own file.
struct SectionReader {
    let findings: Findings
    let kinds: Kinds
    let secrets: SecretSource
    let folder: Folder
    let now: Timestamp

    /// The configuration; nil, or made of stand-ins, when errors have been noted.
    func read(_ root: MappingReader) -> Configuration? {
        let site = readSite(root)
        let server = readServer(root)
        let spool = readSpool(root)
        let mappings = readMappings(root)
        let sources = readSources(root, spool: spool, mappings: mappings)
        let store = readStore(root)
        let controlSocket = readControlSocket(root, store: store)
        let linkKeys = readLinkKeys(root)
        let choice = readChoice(root)
        let retry = readDelivery(root)
        let channels = readChannels(root)
        let calendars = readCalendars(root)
        let phrases = readMessages(root, channels: channels)
        let people = readPeople(root, channels: channels, calendars: calendars, phrases: phrases)
        let policies = readPolicies(root, people: people, calendars: calendars)
        warnUnused(calendars, people: people, policies: policies)
        let routes = readRoutes(root, people: people, policies: policies)
        let operators = readOperators(root, people: people)
        let enrichment = readEnrichment(root, mappings: mappings)
        let ranking = readRanking(root, people: people)
        let duplicates = readDuplicates(root, chain: enrichment.chain)
        let digest = readDigest(root) ?? .on(DigestPolicy())
        checkLanguages(channels, phrases)
        root.finish()
        checkReferences(people, routes: routes, policies: policies, operators: operators)
        checkFacebook(sources, enrichment.chain)
        checkReach(people, channels: channels, policies: policies, operators: operators)

        guard let linkKeys else { return nil }
        let rulebook = Rulebook(
            site: site, people: people.map(\.person), channels: channels.map(\.settings), routes: routes,
            policies: policies.usable, choice: choice, retry: retry, operators: operators,
            absences: people.flatMap(\.absences), ranking: ranking, duplicates: duplicates,
            digest: digest, phrases: phrases)
        return Configuration(
            rulebook: rulebook, absenceFiles: people.flatMap(\.absenceFiles), server: server, spool: spool,
            sources: sources.map(\.settings), storePath: store.path, controlSocket: controlSocket, linkKeys: linkKeys,
            channels: channels.map { ($0.settings.id, $0.settings.kind, $0.options) },
            enrichmentBudget: enrichment.budget, enrichers: enrichment.chain,
            precedence: enrichment.precedence)
    }
}
