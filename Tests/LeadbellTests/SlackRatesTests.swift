// A burst of leads to one person in Slack, by the machine's own clock, with a workspace that keeps to the documented rates: the
// bot's own rate gives it no cause to refuse anything, and what it refuses at another rate comes once its time is over.

import Foundation
import LeadCore
import LeadTestKit
import PeerKit
import Testing

@testable import leadbell

@Suite("Slack's rates", .timeLimit(.minutes(3)))
struct SlackRatesTests {
    /// The daemon, whose manager is reached through the bot alone.
    private struct Bench {
        let slack: Peer
        let installation: Installation
        let daemon: RunningDaemon
        private let environment: [String: String]

        /// Runs it with further `options` of the bot.
        init(_ slack: Peer, _ options: String) async throws {
            self.slack = slack
            installation = try Installation()
            try installation.edit(
                "channels:\n",
                "channels:\n  bot: { kind: slack-bot, token: \"env:BOT_TOKEN\", api: \"\(slack.url("/api"))\", "
                    + "addresses: loopback, plain_http: true\(options) }\n")
            try installation.edit("{ teams: \"env:DANA_TEAMS\" }", "{ bot: U012AB3CD }")
            environment = installation.environment.merging(["BOT_TOKEN": Peer.slackToken]) { $1 }
            daemon = try await RunningDaemon(
                config: installation.config, environment: environment, folder: installation.folder.path)
        }

        func run(_ arguments: String...) async throws -> CommandResult {
            try await LeadbellProgram.run(arguments + ["--config", installation.config], environment: environment)
        }
    }

    /// The bot's messages, once there are all of them and each is as `isWanted` says.
    private func posts(
        _ slack: Peer, _ count: Int, _ what: String, _ isWanted: (SlackPost) -> Bool
    ) async throws -> [SlackPost] {
        try await eventually(what) {
            let posts = try slack.slackPosts()
            return posts.count >= count && posts.allSatisfy(isWanted)
        }
        return try slack.slackPosts()
    }

    // So many that the second burst is beyond the rates on a slow machine too.
    @Test(
        "every lead and every outcome arrives once, whatever the workspace refuses",
        arguments: [("", 6), (", rate: none", 9)])
    func burst(rate: String, count: Int) async throws {
        let bench = try await Bench(Peer.slack(keepsLimits: true), rate)
        let names = (1...count).map { "Ada the \($0)th" }
        let file = bench.installation.folder.file("burst.ndjson")
        try names.enumerated().map { "{\"id\": \"\($0)\", \"name\": \"\($1)\"}\n" }.joined()
            .write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try await bench.run("submit", "--file", file).status == 0)
        _ = try await posts(bench.slack, count, "all leads are told") { _ in true }
        let list = try await bench.run("list", "--format", "json").output.split(separator: "\n")
        let ids = try list.compactMap {
            try (JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])?["lead"] as? String
        }
        #expect(ids.count == count)
        for id in ids {
            let assigned = try await bench.run("assign", id, "--rep", "jane", "--as", "dana", "--anyway")
            #expect(assigned.status == 0, "\(assigned)")
        }
        let settled = try await posts(bench.slack, count, "all leads are shown as settled") {
            $0.text.contains("Settled, Jane Ortiz has it")
        }
        #expect(await bench.daemon.stop().status == 0)
        #expect(settled.count == count && settled.allSatisfy { $0.changes == 1 })
        for name in names {
            #expect(settled.count { String(decoding: $0.blocks, as: UTF8.self).contains(name) } == 1, "\(name)")
        }
        let refusals = try bench.slack.slackRefusals()
        #expect(refusals.isEmpty == rate.isEmpty, "\(refusals)")
        #expect(refusals.allSatisfy { $0 == "chat.postMessage ratelimited" }, "none comes before its time: \(refusals)")
    }

    @Test("changes beyond the configured rate wait, and are still owed")
    func changeRate() async throws {
        let bench = try await Bench(Peer.slack(), ", rate: none, change_rate: 2/h")
        for number in 1...3 { #expect(try await bench.run("submit", "id=\(number)", "name=Ada King").status == 0) }
        _ = try await posts(bench.slack, 3, "all leads are told") { _ in true }
        let list = try await bench.run("list", "--format", "json").output.split(separator: "\n")
        for line in list {
            let lead = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            let id = try #require(lead?["lead"] as? String)
            #expect(try await bench.run("assign", id, "--rep", "jane", "--as", "dana", "--anyway").status == 0)
        }
        try await eventually("two changes are made, the third is still owed, and until when is said") {
            let lanes = try await bench.run("channels", "--format", "json").output.split(separator: "\n").compactMap {
                try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
            }
            let lane = lanes.first { $0["lane"] as? String == "bot/dana" }
            return try bench.slack.slackPosts().reduce(0) { $0 + $1.changes } == 2 && lane?["queue"] as? Int == 1
                && lane?["underWay"] as? Int == 0 && lane?["state"] as? String == "ready"
                && lane?["changesUntil"] is String
        }
        let row = try await bench.run("channels").output.split(separator: "\n").first { $0.contains("bot/dana") }
        #expect(row?.contains("ready, changes wait until 20") == true, "\(row ?? "")")
        #expect(await bench.daemon.stop().status == 0)
        #expect(try bench.slack.slackPosts().map(\.changes).sorted() == [0, 1, 1])
        let kind = try #require(ConfigurationAccess.kinds.channels.first { $0.name == "slack-bot" })
        #expect(kind.defaultChangeLimits.words == "45 in 1 min", "of the 50 that Slack promises")
    }

    @Test("of a lane it is said that changes wait only where some do")
    func waitingChanges() {
        let (id, until): (LaneID, Timestamp) = ("teams/dana", Timestamp(milliseconds: 1_800_000_000_000))
        let status = LaneStatus(
            id: id, channel: "teams", policy: LanePolicy(concurrency: 1), lane: Lane(), waiting: 0, opensAt: nil,
            changesOpenAt: until)
        func words(_ queue: LaneQueue) -> String? {
            LaneReport.all(by: Sample.rulebook(), statuses: [status], queues: [id: queue])
                .first { $0.lane == id.text }?.words
        }
        #expect(words(LaneQueue(unsent: 3)) == "ready")
        #expect(words(LaneQueue(unsent: 3, changes: 1)) == "ready, changes wait until \(CivilTime(until).rfc3339)")
    }
}
