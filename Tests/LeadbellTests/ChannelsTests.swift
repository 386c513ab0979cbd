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
        try await eventually("two messages are undelivered") {
            listed = try await run("failed")
            return listed.output.split(separator: "\n").count >= 3
        }
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
        try await eventually("nothing is undelivered") {
            try await run("failed").output.contains("nothing is undelivered")
        }
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

    /// What `leadbell channels` says of Jane's lane, once that is as `isWanted` says.
    private func lane(
        _ run: (String...) async throws -> CommandResult, _ isWanted: ([String: Any]) -> Bool
    ) async throws -> [String: Any] {
        var last: [String: Any] = [:]
        try await eventually("Jane's lane is as it should be") {
            let lines = try await run("channels", "--format", "json").output.split(separator: "\n")
            for line in lines {
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                if let object, object["lane"] as? String == "teams/jane" { last = object }
            }
            return isWanted(last)
        }
        return last
    }

    @Test(
        "a lane that is down counts its failures, rests until it says, shows its probe, and is well when that is taken")
    func resting() async throws {
        let installation = try Installation(policy: "[{ after: 0s, notify: manager }, { after: 1s, assign: jane }]")
        try installation.edit("plain_http: true }", "plain_http: true, concurrency: 1, timeout: 60s }")
        // Five failures in a row, of eight leads, open the breaker; its probe hangs for as long as the test likes.
        let mended = installation.folder.file("mended")
        let url = installation.peer.url("/status/503?times=5&when=\(mended)")
        let environment = installation.environment.merging(["JANE_TEAMS": url]) { $1 }
        let daemon = try await RunningDaemon(
            config: installation.config, environment: environment, folder: installation.folder.path)
        func run(_ arguments: String...) async throws -> CommandResult {
            try await LeadbellProgram.run(arguments + ["--config", installation.config], environment: environment)
        }
        func row() async throws -> String {
            let lines = try await run("channels").output.split(separator: "\n")
            return String(try #require(lines.first { $0.hasPrefix("teams/jane") }))
        }
        for number in 1...8 { _ = try await run("submit", "id=\(number)", "name=Ada King") }
        let rest = try await lane(run) { $0["state"] as? String == "resting" && $0["until"] is String }
        #expect(rest["failures"] as? Int == 5 && rest["underWay"] as? Int == 0, "\(rest)")
        #expect(rest["queue"] as? Int ?? 0 > 0, "\(rest)")
        #expect((rest["lastError"] as? String)?.contains("HTTP 503") == true, "\(rest)")
        let resting = try await row()
        #expect(resting.contains("rests until 20") || resting.contains("probes"), "\(resting)")

        let probe = try await lane(run) { $0["state"] as? String == "probing" }
        #expect(probe["until"] == nil && probe["underWay"] as? Int == 1 && probe["failures"] as? Int == 5, "\(probe)")
        #expect(probe["queue"] as? Int ?? 0 > 1, "the others wait for what comes of it: \(probe)")
        let probing = try await row()
        #expect(probing.contains("probes") && probing.contains("HTTP 503"), "\(probing)")

        try "yes".write(toFile: mended, atomically: true, encoding: .utf8)
        let well = try await lane(run) { $0["state"] as? String == "ready" }
        #expect(well["failures"] as? Int == 0 && well["lastSent"] is String, "\(well)")
        _ = await daemon.stop()
    }

    @Test("a lane that waits for its rate says until when")
    func waiting() async throws {
        let installation = try Installation(policy: "[{ after: 0s, notify: manager }, { after: 1s, assign: jane }]")
        try installation.edit("plain_http: true }", "plain_http: true, rate: 1/h }")
        let daemon = try await installation.daemon()
        for number in 1...2 { _ = try await installation.run("submit", "id=\(number)", "name=Ada King") }
        func run(_ arguments: String...) async throws -> CommandResult {
            try await LeadbellProgram.run(
                arguments + ["--config", installation.config], environment: installation.environment)
        }
        let wait = try await lane(run) { $0["state"] as? String == "waiting" && $0["queue"] as? Int == 1 }
        #expect(wait["until"] is String && wait["failures"] as? Int == 0, "\(wait)")
        #expect(try await run("channels").output.contains("waits until 20"))
        _ = await daemon.stop()
    }

    @Test("with a daemon, a lead's messages and everything undelivered are sent again", arguments: [false, true])
    func retriedByDaemon(all: Bool) async throws {
        let installation = try Installation(policy: "[{ after: 0s, notify: manager }, { after: 1s, assign: jane }]")
        let environment = environment(installation, "/status/400?times=2&body=bad")
        let daemon = try await RunningDaemon(
            config: installation.config, environment: environment, folder: installation.folder.path)
        func run(_ arguments: String...) async throws -> CommandResult {
            try await LeadbellProgram.run(arguments + ["--config", installation.config], environment: environment)
        }
        func undelivered(_ count: Int) async throws -> [[String: Any]] {
            var lines: [[String: Any]] = []
            try await eventually("\(count) messages are undelivered") {
                lines = try await run("failed", "--format", "json").output.split(separator: "\n").compactMap {
                    try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
                }
                return lines.count == count
            }
            return lines
        }
        // The lead's message to Jane fails, and so does the alarm about it, which goes the same way.
        _ = try await run("submit", "id=1", "name=Ada King")
        let lost = try await undelivered(2)
        let lead = try #require(lost.first?["lead"] as? String)
        let retried = try await run("retry", all ? "--all" : lead)
        #expect(retried.status == 0 && retried.output.contains("2 messages go out again"), "\(retried)")
        _ = try await undelivered(0)
        let again = try await run("retry", "--all")
        #expect(again.status == 1 && again.errors.contains("nothing is undelivered"), "\(again)")
        _ = await daemon.stop()
    }

    // Dana's is an address that has a lane already.
    @Test(
        "a webhook that was gone is tried again when a reload brings another address",
        arguments: ["JANE_MENDED", "DANA_TEAMS"])
    func mended(by address: String) async throws {
        let installation = try Installation(policy: "[{ after: 0s, notify: manager }, { after: 1s, assign: jane }]")
        let environment = environment(installation, "/status/410?x=1")
            .merging(["JANE_MENDED": installation.peer.url("/ok?to=jane")]) { $1 }
        let daemon = try await RunningDaemon(
            config: installation.config, environment: environment, folder: installation.folder.path)
        func run(_ arguments: String...) async throws -> CommandResult {
            try await LeadbellProgram.run(arguments + ["--config", installation.config], environment: environment)
        }
        _ = try await run("submit", "id=1", "name=Ada King")
        let stopped = try await lane(run) { $0["state"] as? String == "stopped" && $0["held"] as? Int == 2 }
        #expect((stopped["lastError"] as? String)?.contains("HTTP 410") == true, "\(stopped)")
        let plain = try await run("retry", "--all")
        #expect(plain.output.contains("2 messages go out again"), "\(plain)")
        _ = try await lane(run) { $0["held"] as? Int == 2 }
        try installation.edit("env:JANE_TEAMS", "env:\(address)")
        let reloaded = try await run("reload")
        #expect(reloaded.output.contains("people: jane"), "\(reloaded)")
        try await eventually("nothing is undelivered") {
            try await run("failed").output.contains("nothing is undelivered")
        }
        // Dana has had a question and its outcome.
        let (query, count) = address == "DANA_TEAMS" ? ("", 4) : ("to=jane", 2)
        try await eventually("both messages to Jane have come") {
            try installation.peer.requests().count { $0.query == query } == count
        }
        _ = await daemon.stop()
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
