// A small installation for tests of the program: configuration, spool and database in a folder that goes with the test.

import Curl
import Foundation
import LeadTestKit
import PeerKit
import Testing

/// A configuration with everything beside it.
struct Installation {
    let folder = TemporaryDirectory()
    let peer: Peer
    let config: String
    let port: Int
    private let isReachable: Bool

    /// Texts that must appear in no log, error or page.
    static let canaries = ["c4n4ry-teams-token", "c4n4ry-password", String(repeating: "5e", count: 32)]

    var environment: [String: String] {
        // Nobody listens on port 1.
        let webhook =
            isReachable ? peer.url("/status/202/\(Self.canaries[0])") : "http://127.0.0.1:1/\(Self.canaries[0])"
        return [
            "LINK_KEY": Self.canaries[2], "MAIL_PASSWORD": Self.canaries[1], "DANA_TEAMS": webhook,
            "JANE_TEAMS": "\(webhook)?to=jane",
        ]
    }

    init(
        policy: String = "[{ after: 0s, notify: manager }, { after: 1h, assign: jane }]", isReachable: Bool = true
    ) throws {
        self.isReachable = isReachable
        peer = try Peer.http()
        config = folder.file("leadbell.yaml")
        port = try Self.freePort()
        try FileManager.default.createDirectory(
            atPath: folder.file("spool/incoming"), withIntermediateDirectories: true)
        try write(policy: policy)
    }

    func write(
        policy: String, extra: String = "", routes: String = "[{ managers: [dana], policy: standard }]",
        absences: String = "[]", chain: String = "[{ kind: normalise }]"
    ) throws {
        let text = """
            site: { name: Test Works, url: "http://127.0.0.1:\(port)" }
            server: { listen: "127.0.0.1:\(port)" }
            spool: { directory: \(folder.file("spool")), settle: 100ms }
            store: { sqlite: \(folder.file("state/leadbell.sqlite")) }
            control: { socket: \(folder.file("c.sock")) }
            secrets: { link_keys: [{ id: k1, secret: "env:LINK_KEY" }] }
            operators: [jane]
            digest: off
            channels:
              teams: { kind: teams, addresses: loopback, plain_http: true }
            people:
              - { id: dana, name: Dana Whitfield, manager: true, reach: { teams: "env:DANA_TEAMS" }, absences: \(absences) }
              - { id: jane, name: Jane Ortiz, rep: true, reach: { teams: "env:JANE_TEAMS" } }
            routes: \(routes)
            policies: { standard: \(policy) }
            enrichment:
              chain: \(chain)
            \(extra)
            """
        try text.write(toFile: config, atomically: true, encoding: .utf8)
    }

    /// Replaces `text`, which is there, in the configuration.
    func edit(_ text: String, _ replacement: String) throws {
        let old = try String(contentsOfFile: config, encoding: .utf8)
        guard old.contains(text) else { throw DaemonFault(description: "the configuration has no \(text)") }
        try old.replacing(text, with: replacement).write(toFile: config, atomically: true, encoding: .utf8)
    }

    func run(_ arguments: String..., input: String? = nil) async throws -> CommandResult {
        try await LeadbellProgram.run(arguments + ["--config", config], environment: environment, input: input)
    }

    func daemon(_ arguments: String..., wrapper: [String] = []) async throws -> RunningDaemon {
        try await RunningDaemon(
            config: config, environment: environment, folder: folder.path, arguments: arguments, wrapper: wrapper)
    }

    /// What the daemon, which is well, says at `/readyz`.
    func ready() async throws -> String {
        let (status, text) = try await readiness()
        #expect(status == 200)
        return text
    }

    /// What the daemon says at `/readyz`, as soon as it is well, or isn't.
    func ready(isWell: Bool) async throws -> String {
        let deadline = Date().addingTimeInterval(30)
        while true {
            let (status, text) = try await readiness()
            if (status == 200) == isWell { return text }
            try #require(Date() < deadline, "\(text)")
        }
    }

    private func readiness() async throws -> (status: Int, text: String) {
        let client = try HTTPClient()
        let request = HTTPRequest(
            url: "http://127.0.0.1:\(port)/readyz", addresses: .includingLoopback, allowPlainHTTP: true)
        let answer = try await client.send(request).get()
        await client.shutdown()
        return (answer.status, String(decoding: answer.body, as: UTF8.self))
    }

    /// The lead's id, once the daemon has taken it in.
    func leadID() async throws -> String {
        let deadline = Date().addingTimeInterval(20)
        while Date() < deadline {
            let list = try await run("list", "--format", "json", "--all")
            if let line = list.output.split(separator: "\n").first,
                let summary = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                let id = summary["lead"] as? String
            {
                return id
            }
        }
        throw DaemonFault(description: "no lead was taken in")
    }

    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
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
        guard found else { throw DaemonFault(description: "no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

/// Looks again and again until `isSo`, and fails once that has taken far longer than it may on a busy machine.
func eventually(_ what: String, _ isSo: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while try await !isSo() {
        guard ContinuousClock.now < deadline else { throw DaemonFault(description: "waited in vain until \(what)") }
    }
}
