// `leadbell demo`: the whole daemon with an inbox of its own, on free ports and in a temporary folder. With --once it
// plays the story without a person and says by its exit code whether every step happened.

import ArgumentParser
import Crypto
import Curl
import Foundation
import LeadConfiguration
import LeadCore
import LeadEngine
import LeadSpool
import Logging
import ServiceLifecycle
import Synchronization

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "See it work: sample leads, and an inbox page that shows every message with its working link.",
        discussion: "Runs until Ctrl-C. Nothing leaves this machine and nothing is kept.")

    @Flag(help: "Play the whole story without a person, print each step, and end.")
    var once = false

    @Option(name: .customLong("config"), help: ArgumentHelp("The demo's configuration.", valueName: "path"))
    var path: String?

    @Option(help: "The port of the pages; a free one if not given.")
    var port: Int?

    @OptionGroup var output: FormatOptions

    /// Where the demo's configuration is looked for: in a checkout, then where `make install` puts it.
    private static let places = ["config/demo.yaml", "/usr/share/leadbell/demo.yaml"]

    func validate() throws {
        if let port, !(1...65_535).contains(port) { throw ValidationError("--port takes a number from 1 to 65535") }
    }

    func run() async throws {
        let found = path.map { [$0] } ?? Self.places
        guard let file = found.first(where: { FileManager.default.isReadableFile(atPath: $0) }) else {
            throw CommandFailure(
                "\(found.joined(separator: " and ")) can't be read; name the demo's file with --config")
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "leadbell-demo-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure("no temporary folder for the demo: \(error.localizedDescription)")
        }
        do {
            try await run(file, in: folder.path())
        } catch {
            try FileManager.default.removeItem(at: folder)
            throw error
        }
        try FileManager.default.removeItem(at: folder)
    }

    private func run(_ file: String, in folder: String) async throws {
        let clock = try SystemTime()
        let inbox = DemoInbox()
        let mail = try await DemoMailServer(inbox: inbox, clock: clock)
        let base = "http://127.0.0.1:\(try port ?? FreePort.pick())"
        let settings = DemoSettings(base: base, mailPort: mail.port, folder: folder)
        let configuration = try settings.configuration(from: file)
        var log = Logger(label: "leadbell") { _ in LineLogHandler(format: .text, now: clock.now) }
        log.logLevel = .error
        let client = try HTTPClient()
        let slack = DemoSlack(
            inbox: inbox, clock: clock, base: base, signingSecret: settings.signingSecret, client: client)
        let daemon = Daemon(
            configuration: configuration, configurationPath: nil, environment: [:], clock: clock, log: log)
        let routes = InboxRoutes(inbox: inbox, clock: clock, cast: InboxCast(configuration.rulebook))
        let program = DemoProgram(inbox: inbox, clock: clock, key: SymmetricKey(data: settings.eventKey))
        let story = StoryTeller(isPlayed: once, format: output.format, clock: clock, inbox: inbox, base: base)
        try await daemon.run(
            also: [mail, story],
            pages: { router in
                routes.add(to: router)
                slack.add(to: router)
                program.add(to: router)
            },
            onReady: { _, assembly in story.begin(assembly, configuration) })
        await client.shutdown()
        if let failure = story.failure { throw CommandFailure(failure) }
    }
}

/// The demo's configuration file with free ports and folders in place of the written ones.
struct DemoSettings {
    let base: String
    let mailPort: Int
    let folder: String
    /// By which presses of the bot's buttons are signed.
    let signingSecret = randomKey()
    /// By which events are signed.
    let eventKey = Array(randomKey().utf8)

    func configuration(from file: String) throws -> Configuration {
        let text: String
        do {
            text = try String(contentsOfFile: file, encoding: .utf8)
        } catch {
            throw CommandFailure("\(file) can't be read: \(error.localizedDescription)")
        }
        let moved = text.replacing("127.0.0.1:8480", with: base.dropFirst("http://".count))
            .replacing("127.0.0.1:8425", with: "127.0.0.1:\(mailPort)")
            .replacing("/tmp/leadbell-demo", with: folder)
        var environment = [
            "LEADBELL_DEMO_LINK_KEY": Self.randomKey(), "LEADBELL_DEMO_BOT_TOKEN": "xoxb-demo",
            "LEADBELL_DEMO_BOT_SECRET": signingSecret,
            "LEADBELL_DEMO_EVENT_SECRET": "whsec_" + Data(eventKey).base64EncodedString(),
        ]
        // The inbox's webhooks: for whom, and in which manner, their names say.
        for match in text.matches(of: /LEADBELL_DEMO_([A-Z_]+)_([A-Z]+)/) {
            let kind = InboxKind.named(match.1.lowercased().replacing("_", with: "-"))
            guard let kind else { continue }
            environment[String(match.0)] = "\(base)/inbox/\(kind.name)/\(match.2.lowercased())"
        }
        let access = ConfigurationAccess(environment: environment)
        let outcome = ConfigurationLoader.load(
            text: moved, path: file, kinds: ConfigurationAccess.kinds, secrets: access.secrets, now: SystemTime.now())
        return try access.require(outcome, from: file)
    }

    private static func randomKey() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<4).map { _ in String(format: "%016lx", generator.next() as UInt64) }.joined()
    }
}

/// A port that nobody listens on.
enum FreePort {
    static func pick() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw CommandFailure("no socket: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let found = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard found else { throw CommandFailure("no free port: \(String(cString: strerror(errno)))") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

/// Drops the sample leads once the daemon is ready, and plays or merely announces the story.
final class StoryTeller: Service {
    private struct State {
        var task: Task<Void, Never>?
        var failure: String? = "the demo was stopped before the story ended"
    }
    private let state = Mutex(State())
    private let over = Bell()
    private let isPlayed: Bool
    private let format: OutputFormat
    private let clock: any TimeSource
    private let inbox: DemoInbox
    private let base: String

    init(isPlayed: Bool, format: OutputFormat, clock: any TimeSource, inbox: DemoInbox, base: String) {
        self.isPlayed = isPlayed
        self.format = format
        self.clock = clock
        self.inbox = inbox
        self.base = base
    }

    /// What went wrong; nil when the story was told to its end, or was not to be told.
    var failure: String? { isPlayed ? state.withLock { $0.failure } : nil }

    func run() async {
        await cancelWhenGracefulShutdown { await self.over.wait() }
        state.withLock { $0.task }?.cancel()
    }

    func begin(_ assembly: Assembly, _ configuration: Configuration) {
        let spool = SpoolDirectory(configuration.spool.directory)
        let submit: @Sendable (DemoLead) throws -> Void = { lead in
            _ = try spool.submit(name: lead.name, bytes: Array(lead.content.utf8))
        }
        let task = Task { [self] in
            do {
                if isPlayed {
                    try await story(assembly, configuration, submit).play()
                    state.withLock { $0.failure = nil }
                    over.ring()
                } else {
                    for lead in [DemoLead.chosen, .leftAlone, .malformed] { try submit(lead) }
                    announce(configuration)
                }
            } catch {
                state.withLock { $0.failure = "\(error)" }
                over.ring()
            }
        }
        state.withLock { $0.task = task }
    }

    private func story(
        _ assembly: Assembly, _ configuration: Configuration, _ submit: @escaping @Sendable (DemoLead) throws -> Void
    ) -> DemoStory {
        let ways = InboxCast(configuration.rulebook).members.flatMap(\.ways)
        return DemoStory(
            inbox: inbox, clock: clock, spoolDirectory: configuration.spool.directory, store: assembly.store,
            submit: submit, tell: tell, began: clock.now(), base: base,
            kinds: InboxKind.all.filter(ways.contains))
    }

    private func tell(_ step: StoryStep) throws {
        switch format {
        case .json: Terminal.line(try JSONLine.text(step))
        case .text:
            let seconds = String(format: "%7.3f s", Double(step.elapsedMilliseconds) / 1000)
            Terminal.line("\(seconds)  \(step.step)" + (step.detail.isEmpty ? "" : "  – \(step.detail)"))
        }
    }

    private func announce(_ configuration: Configuration) {
        let incoming = configuration.spool.directory + "/incoming"
        Terminal.line(
            """
            \(Terminal.bold("leadbell's demo is running."))

              The inbox    \(base)/inbox    every message of each kind of channel, with working links
              The spool    \(incoming)    drop .json files there to add leads

            Three sample leads are on their way: one waits for Dana to choose a rep, one (from Crestline Builders) is
            reminded after 5 s, escalated after 10 s and given to the fallback person after 15 s when nobody
            chooses, and one is broken and goes to failed/ with its reason. Ctrl-C ends the demo and removes its files.
            """)
    }
}
