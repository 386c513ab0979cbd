// The whole product in one process, wired as the program wires it, around a clock that only the story moves: real spool,
// enrichment, engine, SQLite store, and pages; messages go to scripted channels or to real ones with peers. A story drops
// files, moves the clock, presses buttons, ends the daemon and starts it again; at its end the house is audited.

import Curl
import Foundation
import LeadCore
import LeadEngine
import LeadEnrichment
import LeadSpool
import LeadStorage
import LeadTestKit
import LeadWeb
import Logging
import Synchronization
import Testing

/// How a story's house is set up.
struct HousePlan: Sendable {
    var rulebook = Sample.rulebook()
    var start = Sample.start
    /// Run after the standard ones.
    var enrichers: [any Enricher] = []
    /// Run after those, by way of the house's store and clock and the story's client.
    var lookups: @Sendable (Outside) throws -> [any Enricher] = { _ in [] }
    var client: HTTPClient?
    var budget: Duration = .seconds(3)
    /// Instead of scripted ones.
    var channels: [any Channel] = []
    /// Instead of the house's own folder.
    var storeFolder: String?
    /// What leads are posted to, where the house has pages; the spool is that of the first one.
    var doors: [SourceDoor] = []
    /// What the names of leads in the spool mean.
    var mapping = FieldMapping.canonical
    /// How often the spool is read through without a hint.
    var sweep: Duration = .seconds(600)
    /// Whether the pages are served too.
    var hasPages = false
    /// Where; 0 for any free port.
    var port = 0
    /// Names of files that the story means to leave in the spool.
    var remains: [String] = []
    /// How many copies of one message the story's faults explain; 1 without faults.
    var copies = 1

    init(_ change: (inout HousePlan) -> Void = { _ in }) { change(&self) }
}

/// A running house.
final class House: Sendable {
    /// One run of the daemon.
    struct Run: Sendable {
        let number: Int
        let life: Life
        let database: SQLiteCaseStore
        let store: WatchedStore
        let index: WatchedIndex
        let spool: Spool
        let engine: Engine
        let site: OpenSite?
        let task: Task<Void, any Error>
    }

    let plan: HousePlan
    let signals = Signals()
    let clock: HouseClock
    let journal: Journal
    let folder = TemporaryDirectory()
    let rulebook: Current<Rulebook>
    let keys = Current(Sample.keys)
    private let channels: Current<[any Channel]>
    private let held = Mutex<Set<ChannelID>>([])
    private let current = Mutex<Run?>(nil)
    private let runs = Mutex(0)

    /// How long a story may wait for one thing.
    static let patience: Duration = .seconds(60)
    /// Intake, escalation, dispatch and the watch over absences.
    private static let loops = 4

    private init(_ plan: HousePlan) throws {
        self.plan = plan
        clock = HouseClock(plan.start, signals: signals)
        journal = Journal(signals: signals)
        rulebook = Current(plan.rulebook)
        let scripted = plan.rulebook.channels.keys.sorted().map { ScriptedChannel(id: $0) as any Channel }
        channels = Current(plan.channels.isEmpty ? scripted : plan.channels)
        try FileManager.default.createDirectory(atPath: folder.file("aside"), withIntermediateDirectories: true)
        try Self.firms.write(toFile: folder.file("firms.csv"), atomically: true, encoding: .utf8)
    }

    /// Tells `story` in a house of its own, and audits the house at the end.
    static func open(_ plan: HousePlan = HousePlan(), _ story: (House) async throws -> Void) async throws {
        let house = try House(plan)
        do {
            try await house.start()
            try await story(house)
            try await house.end()
        } catch {
            await house.kill()
            throw error
        }
        try await house.audit()
    }

    // MARK: Runs

    /// The present run of the daemon.
    var run: Run {
        get throws {
            guard let run = current.withLock({ $0 }) else { throw StoryFault(description: "no daemon runs") }
            return run
        }
    }

    /// Starts the daemon and waits until its loops have gone around.
    func start() async throws {
        let number = runs.withLock { count in
            count += 1
            return count
        }
        clock.forgetLoops()
        journal.amend { state in
            state.openBatches = 0
            state.inHand = [:]
            state.underWay = [:]
        }
        let life = Life(signals: signals)
        let database = try SQLiteCaseStore(path: databasePath)
        let store = WatchedStore(database, journal: journal, life: life)
        let index = WatchedIndex(database)
        var settings = SpoolSettings(directory: folder.file("spool"), sweep: plan.sweep)
        settings.mapping = plan.mapping
        settings.source = plan.doors.first?.name
        settings.label = settings.source
        // What people type in on their own pages is of no source.
        var own = settings
        own.source = nil
        let spools = [settings, own]
        let spool = try Spool(settings: settings, clock: clock)
        let log = Logger(label: "house") { [journal] _ in LogToJournal(journal: journal) }
        let refusals = Refusals()
        let lookups = try plan.client.map {
            try plan.lookups(
                Outside(
                    client: $0, answers: database, clock: clock.aside, read: RecordFormat.fields(ofObject:by:),
                    report: { news in
                        log.notice("\(news)")
                        if case .refused(let enricher, let reason) = news {
                            refusals.add(EnricherRefusal(enricher: enricher, reason: reason))
                        }
                    }))
        }
        let chain = EnrichmentChain(
            enrichers: try enrichers() + (lookups ?? []), budget: plan.budget, clock: clock.aside)
        let engine = Engine(
            Engine.Parts(
                store: store, likenesses: index, source: WatchedSource(source: spool, journal: journal, life: life),
                clock: clock,
                instance: InstanceID("run \(number)"), log: log, random: { 0.5 },
                enrichmentWaits: { !chain.isImmediate }, secondAsking: { chain.secondAsking(isStart: $0) },
                refusals: refusals,
                complete: { lead in await chain.complete(lead) },
                enrich: { lead in await chain.begin(lead) }),
            rulebook: rulebook, keys: keys.now, channels: watched(channels.now, life))
        var site: OpenSite?
        if plan.hasPages {
            site = try await OpenSite(
                LeadSite(
                    desk: engine.desk, absences: engine.presence, rulebook: rulebook, keys: keys, health: engine,
                    clock: clock.aside, logger: log,
                    settings: WebSettings(listen: .tcp(host: "127.0.0.1", port: plan.port)),
                    doors: plan.doors, inbox: SpoolInbox(spools, clock: clock.aside), finder: engine.finder,
                    tickets: database,
                    chats: Current(
                        Dictionary(
                            uniqueKeysWithValues: channels.now.compactMap { $0 as? any ChatDoor }.map { ($0.id, $0) })))
            )
        }
        let run = Run(
            number: number, life: life, database: database, store: store, index: index, spool: spool, engine: engine,
            site: site, task: Task { try await engine.run() })
        current.withLock { $0 = run }
        if !life.isOver { try await waitFor("the loops to run") { life.isOver || isAtRest } }
    }

    /// Stops the daemon as SIGTERM does.
    func stop() async throws {
        let run = try run
        run.task.cancel()
        try await run.task.value
        try await finish(run)
    }

    /// Ends the daemon as SIGKILL does: what it has not done by now never happens.
    func kill() async {
        guard let run = current.withLock({ $0 }) else { return }
        run.life.end()
        run.task.cancel()
        for channel in channels.now { (channel as? ScriptedChannel)?.release() }
        held.withLock { $0 = [] }
        _ = await run.task.result
        do {
            try await finish(run)
        } catch {
            Issue.record("the dead run could not be cleared away: \(error)")
        }
    }

    /// Waits until the daemon has died at the moment that was set, and clears it away.
    func awaitDeath() async throws {
        let life = try run.life
        try await waitFor("the daemon to die") { life.isOver }
        await kill()
    }

    private func finish(_ run: Run) async throws {
        run.spool.stop()
        await run.site?.close()
        try await run.database.close()
        current.withLock { $0 = nil }
    }

    private func end() async throws {
        if current.withLock({ $0 }) == nil { try await start() }
        try await settle()
        let left = journal.unread.map(\.words)
        #expect(left.isEmpty, "messages that the story doesn't mention")
        try await stop()
        for channel in channels.now { await channel.close() }
    }

    // MARK: Channels

    /// The scripted channel called `id`.
    func channel(_ id: ChannelID) throws -> ScriptedChannel {
        guard let channel = channels.now.first(where: { $0.id == id }) as? ScriptedChannel else {
            throw StoryFault(description: "there is no scripted channel \(id)")
        }
        return channel
    }

    /// Messages on `id` begin and don't end until `release`.
    func hold(_ id: ChannelID) throws {
        held.withLock { _ = $0.insert(id) }
        try channel(id).hold()
    }

    /// What was held ends.
    func release(_ id: ChannelID) throws {
        held.withLock { _ = $0.remove(id) }
        try channel(id).release()
    }

    /// Sends on `id` may hang for as long as they like.
    func allowHanging(_ id: ChannelID) { held.withLock { _ = $0.insert(id) } }

    /// A new configuration, as SIGHUP brings it.
    func reload(_ new: Rulebook, channels replacement: [any Channel]? = nil) throws {
        let run = try run
        if let replacement { channels.replace(with: replacement) }
        run.engine.reload(rulebook: new, keys: keys.now, channels: watched(channels.now, run.life))
    }

    private func watched(_ channels: [any Channel], _ life: Life) -> [any Channel] {
        channels.map { channel in
            let watched = WatchedChannel(channel: channel, clock: clock, journal: journal, life: life)
            guard let editable = channel as? any EditableChannel else { return watched }
            return WatchedEditable(channel: editable, watched: watched)
        }
    }

    // MARK: Rest

    /// Whether nothing is under way but what the story holds, and nothing is left to be done before the clock moves.
    var isAtRest: Bool {
        let heldNow = held.withLock { $0 }
        let rules = rulebook.now
        // Lanes that wait for their time, or for what is under way.
        let slow = (current.withLock { $0 }?.engine.lanes() ?? []).filter { status in
            if case .probing = status.lane.breaker { return true }
            return status.opensAt != nil
        }
        let waiting = Set(slow.map(\.id))
        return clock.restingLoops == Self.loops
            && journal.look { state in
                guard state.openBatches == 0 else { return false }
                guard state.underWay.values.allSatisfy({ heldNow.contains($0.channel) }) else { return false }
                let unbegun = state.inHand.filter { state.underWay[$0.key] == nil }
                return Set(unbegun.values).allSatisfy { lane in
                    if waiting.contains(lane) { return true }
                    let channel = ChannelID(lane.text.split(separator: "/").first.map(String.init) ?? lane.text)
                    let room = rules.channels[channel]?.concurrency ?? 1
                    return state.underWay.values.count { $0.lane == lane } >= room
                }
            }
    }

    /// Returns when everything that can happen without the clock has happened: two whole rounds of all loops changed
    /// nothing. One isn't enough: a loop whose bell has rung already lies down for a moment all the same.
    func settle() async throws {
        var quiet = 0
        while quiet < 2 {
            try await waitFor("the house to rest") { isAtRest }
            let before = journal.look(\.activity)
            let round = clock.sendAround()
            try await waitFor("the loops to go around") { clock.isDone(round) && isAtRest }
            quiet = journal.look(\.activity) == before ? quiet + 1 : 0
        }
    }

    /// The same for a daemon that may die on the way.
    func settleOrDie() async throws {
        let life = try run.life
        try await waitFor("the house to rest or die") { life.isOver || isAtRest }
    }

    /// Lets time pass: everything that is due by then happens at its time.
    func pass(_ duration: Duration) async throws {
        let end = clock.now() + duration
        try await settle()
        while true {
            // Only loops that rest say for when they wait.
            let (loops, next) = clock.resting
            if loops == Self.loops {
                guard let next, next <= end else { break }
                clock.advance(by: max(.milliseconds(1), next - clock.now()))
            }
            try await settle()
        }
        clock.advance(by: max(.zero, end - clock.now()))
        try await settle()
    }

    /// Sets the clock, forward or back, as an administrator does; the time between never was.
    func jump(by duration: Duration) async throws {
        clock.set(to: clock.now() + duration)
        try await settle()
    }

    func waitFor(_ what: String, _ condition: () async throws -> Bool) async throws {
        try await signals.wait(for: what, patience: Self.patience, state: { words }, until: condition)
    }

    /// Where the house stands, for a story that went wrong.
    private var words: String {
        let state = journal.now
        let letters = state.letters.suffix(12).map { "\($0.words) → \($0.outcome)" }.joined(separator: "; ")
        return "Loops resting: \(clock.restingLoops), batches open: \(state.openBatches), "
            + "in hand: \(state.inHand.count), under way: \(state.underWay.count). "
            + "Last letters: \(letters). Log: \(state.log.suffix(12))"
    }

    // MARK: Places

    var databasePath: String { (plan.storeFolder ?? folder.path) + "/leadbell.sqlite" }
    var incoming: String { folder.file("spool/incoming") }
    var failed: String { folder.file("spool/failed") }

    private func enrichers() throws -> [any Enricher] {
        [Normaliser(), try FirmDirectory(path: folder.file("firms.csv"))] + plan.enrichers
    }

    private static let firms = """
        domain,name,industry,size,city,state,country
        acme.example,Acme Arts,Museums and galleries,51-200,Chicago,IL,US
        """
}

extension Letter {
    /// The letter in a few words.
    var words: String { "\(kind.rawValue) to \(person) by \(channel)" }
}

/// Puts log lines into the journal.
struct LogToJournal: LogHandler {
    var logLevel = Logger.Level.debug
    var metadata: Logger.Metadata = [:]
    let journal: Journal

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        journal.log("\(event.level) \(event.message) \(event.metadata.map { "\($0)" } ?? "")")
    }
}
