// The daemon as a service: readiness, commands beside it and through it, reload, health, stop, and silence about secrets.

import Curl
import Foundation
import LeadTestKit
import Testing

@Suite("Daemon")
struct DaemonTests {

    @Test("a submitted lead is taken in, shown, and assigned through the running daemon; SIGTERM ends it with 0")
    func life() async throws {
        let installation = try Installation()
        let daemon = try await installation.daemon()
        let socket = try FileManager.default.attributesOfItem(atPath: installation.folder.file("c.sock"))
        #expect(socket[.posixPermissions] as? Int == 0o660)
        #expect(try await installation.run("submit", "name=Ada King", "email=ada@acme.example").status == 0)
        let id = try await installation.leadID()
        let show = try await installation.run("show", String(id.prefix(6)))
        #expect(show.status == 0, "\(show.errors)")
        #expect(show.output.contains("Ada King"))
        #expect(show.output.contains("normalise"))
        let wrong = try await installation.run("assign", id, "--rep", "dana", "--as", "dana")
        #expect(wrong.status == 1)
        #expect(wrong.errors.contains("not a rep"))
        let assigned = try await installation.run("assign", id, "--rep", "jane", "--as", "dana", "--note", "call")
        #expect(assigned.status == 0, "\(assigned.errors)")
        #expect(assigned.output == "Jane Ortiz has lead \(id) now\n")
        let late = try await installation.run("assign", id, "--rep", "jane", "--as", "dana")
        #expect(late.status == 1)
        #expect(late.errors.contains("Jane Ortiz has the lead since"))
        let ended = await daemon.stop()
        #expect(ended.status == 0)
        #expect(ended.log.contains("stopped"))
        #expect(!ended.log.contains("Ada"), "personal data in the log: \(ended.log)")
        #expect(ended.log.contains(id))
    }

    @Test("none of its threads interrupts those that are at work")
    func scheduling() async throws {
        let installation = try Installation()
        let daemon = try await installation.daemon()
        let policies = try daemon.policies()
        #expect(policies.count > 3)
        let batch: Int32 = 3  // SCHED_BATCH, which the module of the C library leaves out.
        #expect(policies.allSatisfy { $0 == batch }, "\(policies)")
        _ = await daemon.stop()
    }

    @Test("without a daemon, assign works on the database and the message goes at the next start")
    func assignWithoutDaemon() async throws {
        let installation = try Installation()
        let first = try await installation.daemon()
        #expect(try await installation.run("submit", "name=Ada King", "email=ada@acme.example").status == 0)
        let id = try await installation.leadID()
        _ = await first.stop()
        let assigned = try await installation.run("assign", id, "--rep", "jane", "--as", "dana")
        #expect(assigned.status == 0, "\(assigned.errors)")
        #expect(assigned.output.contains("next start"))
        let before = try installation.peer.requests().count
        let second = try await installation.daemon()
        let deadline = Date().addingTimeInterval(20)
        while try installation.peer.requests().count < before + 2, Date() < deadline {
            _ = try await installation.run("list")
        }
        let texts = try installation.peer.requests().dropFirst(before).map(\.text)
        #expect(texts.contains { $0.contains("Your lead") })
        #expect(texts.contains { $0.contains("Settled") })
        _ = await second.stop()
    }

    @Test("a second daemon on the same database is refused with a sentence")
    func secondDaemon() async throws {
        let installation = try Installation()
        let daemon = try await installation.daemon()
        let second = try await installation.run("serve")
        #expect(second.status == 1)
        #expect(second.errors.contains("running"), "\(second.errors)")
        _ = await daemon.stop()
    }

    @Test("SIGHUP takes over a good configuration; a bad one changes nothing and is told")
    func reload() async throws {
        let installation = try Installation()
        let daemon = try await installation.daemon()
        try installation.write(policy: "[{ after: 0s, notify: nobody }, { after: 1h, assign: jane }]")
        daemon.signal(SIGHUP)
        try await daemon.expect("RELOADING=1")
        try await daemon.expect("the running one stays")
        try await daemon.expect("READY=1")
        #expect(try await http(installation, "/readyz") == 200)
        try installation.write(policy: "[{ after: 0s, notify: manager }, { after: 2h, assign: jane }]")
        daemon.signal(SIGHUP)
        try await daemon.expect("configuration reloaded")
        let ended = await daemon.stop()
        #expect(ended.log.contains("leadbell.yaml:15:45:"), "the log does not say where: \(ended.log)")
    }

    @Test("health pages answer, and the watchdog hears a sign of life")
    func health() async throws {
        let installation = try Installation()
        let notify = try NotifySocket(path: installation.folder.file("w.sock"))
        var environment = installation.environment
        environment["NOTIFY_SOCKET"] = installation.folder.file("w.sock")
        environment["WATCHDOG_USEC"] = "200000"
        let process = LeadbellProgram.process(["serve", "--config", installation.config], environment)
        process.standardError = FileHandle.nullDevice
        try process.run()
        var heard: [String] = []
        while !heard.contains("WATCHDOG=1") || !heard.contains(where: { $0.hasPrefix("READY=1") }) {
            heard.append(try #require(await notify.next()))
        }
        #expect(try await http(installation, "/healthz") == 200)
        #expect(try await http(installation, "/readyz") == 200)
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        while let message = await notify.next() {
            heard.append(message)
            if message.contains("STOPPING=1") { break }
        }
        #expect(heard.contains("STOPPING=1"))
    }

    @Test("no secret of the configuration is in any log line or answer, even when messages fail")
    func secrets() async throws {
        let installation = try Installation(isReachable: false)
        let daemon = try await installation.daemon("--log-level", "debug", "--log-format", "json")
        #expect(try await installation.run("submit", "name=Ada King", "email=ada@acme.example").status == 0)
        let id = try await installation.leadID()
        var shown = try await installation.run("show", id)
        let deadline = Date().addingTimeInterval(20)
        while !shown.output.contains("deferred"), Date() < deadline { shown = try await installation.run("show", id) }
        #expect(shown.output.contains("deferred"), "\(shown.output)")
        let log = await daemon.stop().log
        for line in log.split(separator: "\n") {
            #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any], "\(line)")
        }
        for canary in Installation.canaries {
            #expect(!log.contains(canary))
            #expect(!shown.output.contains(canary))
        }
    }

    private func http(_ installation: Installation, _ path: String) async throws -> Int {
        let client = try HTTPClient()
        var request = HTTPRequest(method: .get, url: "http://127.0.0.1:\(installation.port)\(path)")
        request.addresses = .includingLoopback
        request.allowPlainHTTP = true
        let status = try await client.send(request).get().status
        await client.shutdown()
        return status
    }
}
