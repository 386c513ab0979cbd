// The real program with everything it needs, to be killed: a configuration in a folder of its own, a peer for its messages,
// and looks into what each run left behind. Used by the kill test.

import Crypto
import Curl
import Foundation
import Glibc
import LeadCore
import LeadStorage
import LeadTestKit
import PeerKit
import Synchronization
import Testing

/// The program with everything it needs, to be killed.
final class Victim: Sendable {
    static let lanes = 2
    static let concurrency = 2

    private let folder = TemporaryDirectory()
    private let peer: Peer
    private let port: Int
    let client: HTTPClient
    private let program: URL
    private let config: String
    private let hadStore = Mutex(false)

    static let token = "lb_a_token_for_the_kill_test_alone_01"
    var incoming: String { folder.file("spool/incoming") }
    /// Where large exports come.
    var exports: String { folder.file("spool/sources/export/incoming") }
    /// All folders that are empty when the work is done.
    var folders: [String] {
        ["spool", "spool/sources/export", "spool/sources/web"].flatMap { spool in
            ["incoming", "failed"].map { folder.file("\(spool)/\($0)") }
        }
    }
    /// Where programs post.
    var intake: String { "http://127.0.0.1:\(port)/v1/leads" }
    private var databasePath: String { folder.file("state/leadbell.sqlite") }

    init() throws {
        peer = try Peer.http()
        client = try HTTPClient()
        program = try Self.find()
        config = folder.file("leadbell.yaml")
        port = try Self.freePort()
        for path in folders { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        let hash = SHA256.hash(data: Array(Self.token.utf8)).map { String(format: "%02x", $0) }.joined()
        let text = """
            site: { name: Test Works, url: "http://127.0.0.1:8080" }
            server: { listen: "127.0.0.1:\(port)" }
            spool: { directory: \(folder.file("spool")), settle: 100ms, sweep: 1s }
            store: { sqlite: \(databasePath) }
            control: { socket: \(folder.file("control.sock")) }
            secrets: { link_keys: [{ id: k1, secret: "env:LINK_KEY" }] }
            digest: off
            duplicates: { window: 30d }
            mappings:
              export: { preset: canonical, ignore: [padding] }
            sources:
              export: { mapping: export }
              web: { http: { tokens: ["sha256:\(hash)"] } }
            channels:
              teams: { kind: teams, addresses: loopback, plain_http: true, concurrency: \(Self.concurrency), rate: none }
            people:
              - { id: dana, name: Dana Whitfield, manager: true, reach: { teams: "env:DANA_TEAMS" } }
              - { id: jane, name: Jane Ortiz, rep: true, reach: { teams: "env:JANE_TEAMS" } }
            routes: [{ managers: [dana], policy: standard }]
            policies:
              standard:
                - { after: 0s, notify: manager }
                - { after: 1s, remind: manager }
                - { after: 2s, assign: jane }
            """
        try text.write(toFile: config, atomically: true, encoding: .utf8)
        try Data().write(to: URL(filePath: folder.file("log")))
    }

    /// The program beside the test bundle, or where a debug build puts it.
    private static func find() throws -> URL {
        let bundle = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let places = [bundle, root.appending(path: ".build/debug")].map { $0.appending(path: "leadbell") }
        guard let place = places.first(where: { FileManager.default.isExecutableFile(atPath: $0.path()) }) else {
            throw StoryFault(description: "there is no leadbell at \(places.map { $0.path() }); build it first")
        }
        return place
    }

    /// A port of loopback that nobody listens on.
    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw StoryFault(description: "no socket: \(errno)") }
        defer { Glibc.close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw StoryFault(description: "no port: \(errno)") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    // MARK: Lives

    /// Starts the daemon and kills it after `delay`; fails when it ends by itself.
    func liveAndDie(after delay: DispatchTimeInterval) async throws {
        let (process, ended) = try start()
        let diedEarly = await Self.wait(for: ended, atMost: delay)
        guard !diedEarly else { throw fault("the daemon ended by itself with \(process.terminationStatus)") }
        kill(process.processIdentifier, SIGKILL)
        guard await Self.wait(for: ended, atMost: .seconds(30)) else { throw fault("the daemon survived SIGKILL") }
    }

    /// Runs the daemon until nothing is left to do after `last` has ended, and stops it in order.
    func finishWork<Value: Sendable>(after last: () async -> Value) async throws -> Value {
        let (process, ended) = try start()
        let value = await last()
        let deadline = ContinuousClock.now + .seconds(240)
        while try await !isSettled() {
            guard ContinuousClock.now < deadline else { throw fault("the work is not done after four minutes") }
            // Another process settles it, so there is no signal to wait for.
            guard await !Self.wait(for: ended, atMost: .milliseconds(100)) else { throw fault("the daemon ended") }
        }
        kill(process.processIdentifier, SIGTERM)
        guard await Self.wait(for: ended, atMost: .seconds(30)) else { throw fault("the daemon did not stop") }
        #expect(process.terminationStatus == 0)
        await client.shutdown()
        return value
    }

    private func isSettled() async throws -> Bool {
        for path in folders where try !FileManager.default.contentsOfDirectory(atPath: path).isEmpty { return false }
        return try await read { store in
            let open = try await store.list(states: [.waiting, .claimed], limit: 1)
            let next = try await store.nextDelivery(within: .unlimited)
            return open.isEmpty && next == nil
        } ?? false
    }

    private func start() throws -> (Process, DispatchSemaphore) {
        let process = Process()
        process.executableURL = program
        process.arguments = ["serve", "--config", config]
        // The peer takes its time, so that kills find messages under way.
        process.environment = [
            "LINK_KEY": String(repeating: "5e", count: 32), "DANA_TEAMS": peer.url("/status/202/dana?delay=20"),
            "JANE_TEAMS": peer.url("/status/202/jane?delay=20"),
        ]
        let log = FileHandle(forWritingAtPath: folder.file("log"))
        try log?.seekToEnd()
        process.standardError = log
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        try process.run()
        return (process, ended)
    }

    /// Whether the process ends within `limit`; waited for on a thread of its own.
    private static func wait(for ended: DispatchSemaphore, atMost limit: DispatchTimeInterval) async -> Bool {
        await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: ended.wait(timeout: .now() + limit) == .success) }.start()
        }
    }

    private func fault(_ what: String) -> StoryFault {
        let log = FileManager.default.contents(atPath: folder.file("log")) ?? Data()
        return StoryFault(description: "\(what): \(String(decoding: log.suffix(3000), as: UTF8.self))")
    }

    // MARK: What it left

    /// The deliveries that stand as sent in the database that the killed run left.
    func sentDeliveries() async throws -> Set<DeliveryID> {
        let files = try await files()
        return Set(files.flatMap(\.deliveries).filter { $0.state == .sent }.map(\.delivery.id))
    }

    /// All cases.
    func files() async throws -> [CaseFile] {
        try await read { store in
            var files: [CaseFile] = []
            for summary in try await store.list(states: Set(LeadCase.StateName.allCases), limit: 100_000) {
                if let file = try await store.file(summary.id) { files.append(file) }
            }
            return files
        } ?? []
    }

    /// Reads the database beside or after the daemon; nil as long as no run has lived to create it.
    private func read<Value>(_ body: (SQLiteCaseStore) async throws -> Value) async throws -> Value? {
        let store: SQLiteCaseStore
        do throws(StoreFailure) {
            store = try SQLiteCaseStore(path: databasePath, access: .reader)
        } catch {
            guard hadStore.withLock({ $0 }) else { return nil }
            throw error
        }
        hadStore.withLock { $0 = true }
        let value = try await body(store)
        try await store.close()
        return value
    }

    // MARK: The peer

    /// Writes a mark into the peer's log.
    func mark(_ number: Int) async throws {
        let request = HTTPRequest(
            url: peer.url("/ok/mark?\(number)"), addresses: .includingLoopback, allowPlainHTTP: true)
        _ = try await client.send(request).get()
    }

    func log() throws -> PeerLog { PeerLog(try peer.requests()) }
}
