// The commands around channels, with a daemon whose peer refuses, and with none.

import Foundation
import LeadTestKit
import Testing

@Suite("Channels on the command line", .timeLimit(.minutes(2)))
struct ChannelsTests {
    private func environment(_ installation: Installation, _ path: String) -> [String: String] {
        let url = installation.peer.url("\(path)&token=\(Installation.canaries[0])")
        return installation.environment.merging(["JANE_TEAMS": url]) { $1 }
    }

    /// Gives a lead to Jane.
    private func giveLead(
        _ daemon: RunningDaemon, _ run: (String...) async throws -> CommandResult
    ) async throws {
        let submitted = try await run("submit", "id=1", "name=Ada King", "email=ada@example.com")
        let id = try #require(
            submitted.output.split(separator: " ").last?.trimmingCharacters(in: .whitespacesAndNewlines))
        try await daemon.expectLog("message sent")
        let assigned = try await run("assign", id, "--rep", "jane", "--as", "dana", "--anyway")
        #expect(assigned.status == 0, "\(submitted) \(assigned)")
    }

    private func expectClean(_ results: CommandResult...) {
        for result in results {
            for canary in Installation.canaries {
                #expect(!result.output.contains(canary) && !result.errors.contains(canary))
            }
        }
    }

    @Test("a webhook that is gone: the lane says stopped, its message is held, and goes out when it is resumed")
    func stopped() async throws {
        let installation = try Installation()
        let environment = environment(installation, "/status/404?times=1")
        let daemon = try await RunningDaemon(
            config: installation.config, environment: environment, folder: installation.folder.path)
        func run(_ arguments: String...) async throws -> CommandResult {
            let result = try await LeadbellProgram.run(
                arguments + ["--config", installation.config], environment: environment)
            expectClean(result)
            return result
        }
        let fresh = try await run("channels")
        #expect(fresh.status == 0 && fresh.output.contains("not used yet"), "\(fresh)")
        #expect(fresh.output.contains("4 in 1 s, 60 in 30 s"))
        try await giveLead(daemon, run)
        try await daemon.expectLog("channel stopped")
        try await daemon.expectLog("message held")
        var listed = try await run("failed")
        // The log is a moment ahead of the record.
        for _ in 0..<200 where listed.output.split(separator: "\n").count < 3 { listed = try await run("failed") }
        #expect(
            listed.output.contains("HTTP 404 from the webhook") && listed.output.contains("Jane Ortiz"), "\(listed)")

        let lanes = try await run("channels")
        #expect(lanes.output.contains("stopped") && lanes.output.contains("HTTP 404"), "\(lanes)")
        let json = try await run("channels", "--format", "json")
        let lines = try json.output.split(separator: "\n").map { line in
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        }
        #expect(lines.compactMap { $0?["lane"] as? String } == ["teams/dana", "teams/jane"])
        #expect(lines.compactMap { $0?["state"] as? String } == ["ready", "stopped"])
        // The lead's message, and the operators' alarm, which went the same way.
        #expect(lines.last??["held"] as? Int == 2 && lines.last??["queue"] as? Int == 0, "\(json)")

        #expect(try await run("channels", "resume", "pager").status == 1)
        let resumed = try await run("channels", "resume", "teams")
        #expect(resumed.output.contains("teams is tried again, 2 messages go out again"), "\(resumed)")
        var after = try await run("failed")
        for _ in 0..<200 where after.output.contains("held") { after = try await run("failed") }
        #expect(after.output.contains("nothing is undelivered"))
        let nothing = try await run("retry", "--all")
        #expect(nothing.status == 1 && nothing.errors.contains("nothing is undelivered"), "\(nothing)")
        let (status, log) = await daemon.stop()
        #expect(status == 0)
        #expect(!log.contains(Installation.canaries[0]))
    }

    @Test("a message that was refused is listed and sent again, also where no daemon runs")
    func retried() async throws {
        let installation = try Installation()
        let environment = environment(installation, "/status/400?times=1&body=bad")
        let daemon = try await RunningDaemon(
            config: installation.config, environment: environment, folder: installation.folder.path)
        func run(_ arguments: String...) async throws -> CommandResult {
            try await LeadbellProgram.run(arguments + ["--config", installation.config], environment: environment)
        }
        try await giveLead(daemon, run)
        try await daemon.expectLog("message failed for good")
        _ = await daemon.stop()

        let failed = try await run("failed", "--format", "json")
        let line = try JSONSerialization.jsonObject(with: Data(failed.output.utf8)) as? [String: Any]
        #expect(line?["state"] as? String == "failed")
        #expect((line?["detail"] as? String)?.contains("HTTP 400") == true)
        let id = try #require(line?["message"] as? String)
        #expect(try await run("channels").output.contains("no daemon is running"))
        #expect(try await run("channels", "resume").status == 1)
        #expect(try await run("retry", "nosuchlead").status == 1)
        let retried = try await run("retry", id)
        #expect(retried.output.contains("1 message goes out again (no daemon is running"), "\(retried)")

        let second = try await RunningDaemon(
            config: installation.config, environment: environment, folder: installation.folder.path)
        try await second.expectLog("message sent")
        _ = await second.stop()
    }

    @Test("a test message shows the whole exchange without the address, and says whether a person sees it")
    func test() async throws {
        let installation = try Installation()
        func run(_ path: String, _ arguments: String...) async throws -> CommandResult {
            let result = try await LeadbellProgram.run(
                ["test-channel"] + arguments + ["--config", installation.config],
                environment: environment(installation, path))
            expectClean(result)
            return result
        }
        let good = try await run("/status/202?x=1", "teams")
        #expect(good.status == 0, "\(good)")
        for part in ["> POST ‹the address›", "This is a test", "< HTTP 202", "sent: HTTP 202", "look into Teams"] {
            #expect(good.output.contains(part), "no \(part) in \(good.output)")
        }
        let gone = try await run("/status/410?body=gone", "--person", "jane", "--format", "json")
        #expect(gone.status == 1)
        let report = try JSONSerialization.jsonObject(with: Data(gone.output.utf8)) as? [String: Any]
        #expect(report?["outcome"] as? String == "refused, the configuration is wrong")
        #expect((report?["detail"] as? String)?.contains("HTTP 410") == true)
        #expect(report?["seen"] as? String == "Nobody has seen it.")
        let lost = try await run("/half?x=1", "teams", "--format", "json")
        #expect(lost.status == 1)
        let doubt = try JSONSerialization.jsonObject(with: Data(lost.output.utf8)) as? [String: Any]
        #expect(doubt?["outcome"] as? String == "unknown")
        #expect((doubt?["seen"] as? String)?.contains("the peer may have it") == true, "\(lost)")
        let unknown = try await run("/ok?x=1", "pager")
        #expect(unknown.status == 1 && unknown.errors.contains("there is no channel pager; there are teams"))
        #expect(try await run("/ok?x=1", "--person", "nobody").status == 1)
    }
}
