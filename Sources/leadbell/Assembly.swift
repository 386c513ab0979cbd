// The wiring: one validated configuration becomes a store, a spool, channels, an engine and a site. The only place that
// knows all adapters.

import CExecutor
import Curl
import Foundation
import LeadConfiguration
import LeadCore
import LeadEngine
import LeadEnrichment
import LeadNotify
import LeadSpool
import LeadStorage
import LeadWeb
import Logging

/// A whole daemon, wired and not yet running.
struct Assembly {
    let store: SQLiteCaseStore
    let spool: SpoolGroup
    let engine: Engine
    let site: LeadSite
    let absenceFiles: AbsenceFiles
    let clock: any TimeSource
    private let httpClient: HTTPClient
    private let outside: Outside
    let rulebook: Current<Rulebook>
    private let keys: Current<LinkKeys>
    private let chain: Current<EnrichmentChain>
    private let channels: Current<[any Channel]>
    private let chats: Current<[ChannelID: any ChatDoor]>
    private let log: Logger
    private let original: Configuration
    private let current: Current<Configuration>

    init(_ configuration: Configuration, clock: any TimeSource, log: Logger) throws {
        original = configuration
        current = Current(configuration)
        self.clock = clock
        self.log = log
        // Lanes limit what is under way to each person. Many people's webhooks are on one host: where most of them hang, the
        // others' still have room there, and other hosts have theirs.
        httpClient = try HTTPClient(maximumConnectionsPerHost: 384, maximumConnections: 512)
        rulebook = Current(configuration.rulebook)
        keys = Current(configuration.linkKeys)
        channels = Current(try Self.channels(configuration, httpClient, report: log.note))
        chats = Current(Self.chats(channels.now))
        store = try SQLiteCaseStore(path: configuration.storePath, mayWait: { cexecutor_is_spared() })
        let refusals = Refusals()
        outside = Outside(
            client: httpClient, answers: store, clock: clock, read: RecordFormat.fields(ofObject:by:),
            report: { news in
                log.outside(news)
                if case .refused(let enricher, let reason) = news {
                    refusals.add(EnricherRefusal(enricher: enricher, reason: reason))
                }
            })
        chain = Current(try Self.chain(configuration, clock, outside))
        spool = try SpoolGroup(
            [configuration.spool.settings] + configuration.sources.map { configuration.spool.settings(of: $0) },
            clock: clock)
        let inbox = SpoolInbox(
            [configuration.spool.settings] + configuration.sources.map { configuration.spool.settings(of: $0) },
            clock: clock)
        let heap = HeapMemory(log: log)
        engine = Engine(
            Engine.Parts(
                store: store, likenesses: store, source: spool, clock: clock, instance: InstanceID(UUID().uuidString),
                log: log,
                surroundings: { [spool, chain] in spool.checks() + [chain.now.health].compactMap(\.self) },
                enrichmentWaits: { [chain] in !chain.now.isImmediate },
                isPressed: { inbox.isPressed },
                secondAsking: { [chain] in chain.now.secondAsking(isStart: $0) }, refusals: refusals,
                whenAtRest: { heap.tidy() },
                complete: { [chain] lead in await chain.now.complete(lead) },
                enrich: { [chain] lead in await chain.now.begin(lead) }),
            rulebook: rulebook, keys: configuration.linkKeys, channels: channels.now,
            whenOver: Self.closing(channels.now))
        absenceFiles = AbsenceFiles(presence: engine.presence, clock: clock, log: log)
        absenceFiles.adopt(configuration.absenceFiles)
        site = LeadSite(
            desk: engine.desk, absences: engine.presence, rulebook: rulebook, keys: keys, health: engine, clock: clock,
            logger: log, settings: WebSettings(listen: configuration.server.webListen),
            doors: configuration.sources.map(\.door),
            inbox: inbox, finder: engine.finder, tickets: store, chats: chats)
    }

    /// Takes over a new configuration while running, and says what is new in it; what only a start can change is named in the
    /// log.
    func reload(_ configuration: Configuration) throws -> [String] {
        let newChain = try Self.chain(configuration, clock, outside)
        let newChannels = try Self.channels(configuration, httpClient, report: log.note)
        chain.now.retire()
        chain.replace(with: newChain)
        channels.replace(with: newChannels)
        chats.replace(with: Self.chats(newChannels))
        keys.replace(with: configuration.linkKeys)
        engine.reload(
            rulebook: configuration.rulebook, keys: configuration.linkKeys, channels: newChannels,
            whenOver: Self.closing(newChannels))
        absenceFiles.adopt(configuration.absenceFiles)
        let changes = configuration.changes(since: current.now)
        current.replace(with: configuration)
        for change in configuration.changesThatNeedRestart(since: original) {
            log.warning("takes effect at the next start", metadata: ["setting": "\(change)"])
        }
        return changes
    }

    /// Frees what `channels` have, after the last message by them has ended: that may take as long as a mail takes.
    private static func closing(_ channels: [any Channel]) -> @Sendable () async -> Void {
        { for channel in channels { await channel.close() } }
    }

    /// Ends connections and closes the store, after the engine has stopped.
    func close() async throws {
        for channel in channels.now { await channel.close() }
        await httpClient.shutdown()
        try await store.close()
    }

    /// The chain; without a way outside, those who would ask there don't.
    static func chain(
        _ configuration: Configuration, _ clock: any TimeSource, _ outside: Outside?
    ) throws -> EnrichmentChain {
        let enrichers = try configuration.enrichers.map { entry in
            guard let kind = EnricherKind.all.first(where: { $0.name == entry.kind }) else {
                throw CommandFailure("there is no enricher of kind \(entry.kind)")
            }
            do {
                return try kind.make(entry.name, entry.options, outside)
            } catch let flaw as OptionFlaw {
                throw CommandFailure("enricher \(entry.name): \(flaw.sentence)")
            }
        }
        return EnrichmentChain(
            enrichers: enrichers, budget: configuration.enrichmentBudget, precedence: configuration.precedence,
            clock: clock)
    }

    static func channels(
        _ configuration: Configuration, _ client: HTTPClient,
        report: @escaping @Sendable (ChannelNews) -> Void = { _ in }
    ) throws -> [any Channel] {
        let host = URL(string: configuration.rulebook.site.url)?.host() ?? "leadbell.invalid"
        let environment = ChannelEnvironment(
            httpClient: client, hostName: host, now: SystemTime.now, report: report)
        return try configuration.channels.map { entry in
            guard let kind = ChannelKind.all.first(where: { $0.name == entry.kind }) else {
                throw CommandFailure("there is no channel of kind \(entry.kind)")
            }
            do {
                return try kind.make(entry.id, entry.options, environment)
            } catch let flaw as OptionFlaw {
                throw CommandFailure("channel \(entry.id): \(flaw.sentence)")
            }
        }
    }
}

extension Assembly {
    /// Those of `channels` in whose messages people can choose.
    static func chats(_ channels: [any Channel]) -> [ChannelID: any ChatDoor] {
        let doors = channels.compactMap { channel in
            (channel as? any EditableChannel)?.takesChoices == true ? channel as? any ChatDoor : nil
        }
        return Dictionary(doors.map { ($0.id, $0) }) { first, _ in first }
    }
}

extension Logger {
    /// Tells the operator of what a channel goes on without.
    @Sendable fileprivate func note(_ news: ChannelNews) {
        let facts: Logger.Metadata = ["channel": "\(news.channel)", "reason": "\(news.complaint)"]
        guard news.isLasting else { return warning("a channel goes on without a part for now", metadata: facts) }
        error(
            "a channel goes on without a part; mend the configuration and reload, or run leadbell channels resume",
            metadata: facts)
    }

    /// Tells the operator what there is to know of an API or a program that enrichers ask.
    fileprivate func outside(_ news: OutsideNews) {
        switch news {
        case .notKept(let failure):
            warning("answers of APIs can't be kept or looked up", metadata: ["reason": "\(failure)"])
        case .refused(let enricher, let reason):
            error(
                "an enricher is refused: renew what it is asked with, then reload",
                metadata: ["enricher": "\(enricher)", "reason": "\(reason)"])
        case .leftAlone(let enricher, let reason):
            error(
                "an enricher fails and is left alone for a while",
                metadata: ["enricher": "\(enricher)", "reason": "\(reason)"])
        case .answersAgain(let enricher): notice("an enricher answers again", metadata: ["enricher": "\(enricher)"])
        }
    }
}

extension Configuration.Spool {
    /// The same for the spool itself.
    var settings: SpoolSettings {
        SpoolSettings(
            directory: directory, maximumFileBytes: maximumFileBytes, maximumMailBytes: maximumMailBytes,
            maximumRowsBytes: maximumRowsBytes, settle: settle, sweep: sweep)
    }

    /// The same for the spool of `source`.
    func settings(of source: SourceSettings) -> SpoolSettings {
        var settings = settings
        settings.directory = source.directory
        settings.mapping = source.mapping
        settings.source = source.name
        settings.label = source.label
        return settings
    }
}

extension SourceSettings {
    /// The same for the site.
    var door: SourceDoor {
        SourceDoor(
            name: name,
            access: http.map {
                .init(
                    tokenHashes: $0.tokenHashes, rate: $0.rate, maximumBodyBytes: $0.maximumBodyBytes,
                    takesTokenInBody: mapping.preset == MappingPreset.google.name)
            },
            form: form.map {
                .init(
                    title: $0.title, fields: $0.fields, required: $0.required, minimumTime: $0.minimumTime,
                    limits: $0.limits, thanks: $0.thanks, origins: $0.origins)
            },
            facebook: facebook.map { .init(verifyToken: $0.verifyToken, appSecret: $0.appSecret) })
    }
}

extension Configuration {
    /// Settings that differ from `former` and that a running daemon can't change.
    func changesThatNeedRestart(since former: Configuration) -> [String] {
        var changes: [String] = []
        if server != former.server { changes.append("server.listen") }
        if spool != former.spool { changes.append("spool") }
        if sources != former.sources { changes.append("sources") }
        if storePath != former.storePath { changes.append("store.sqlite") }
        if controlSocket != former.controlSocket { changes.append("control.socket") }
        return changes
    }
}
