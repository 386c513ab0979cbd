// A burst of leads to one person in Slack, by the machine's own clock, with a workspace that keeps to the documented rates: the
// bot's own rate gives it no cause to refuse anything, and what it refuses at another rate comes once its time is over.

import Foundation
import PeerKit
import Testing

@Suite("Slack's rates", .timeLimit(.minutes(3)))
struct SlackRatesTests {
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
        let slack = try Peer.slack(keepsLimits: true)
        let installation = try Installation()
        try installation.edit(
            "channels:\n",
            "channels:\n  bot: { kind: slack-bot, token: \"env:BOT_TOKEN\", api: \"\(slack.url("/api"))\", "
                + "addresses: loopback, plain_http: true\(rate) }\n")
        try installation.edit("{ teams: \"env:DANA_TEAMS\" }", "{ bot: U012AB3CD }")
        let environment = installation.environment.merging(["BOT_TOKEN": Peer.slackToken]) { $1 }
        let daemon = try await RunningDaemon(
            config: installation.config, environment: environment, folder: installation.folder.path)
        func run(_ arguments: String...) async throws -> CommandResult {
            try await LeadbellProgram.run(arguments + ["--config", installation.config], environment: environment)
        }
        let names = (1...count).map { "Ada the \($0)th" }
        let file = installation.folder.file("burst.ndjson")
        try names.enumerated().map { "{\"id\": \"\($0)\", \"name\": \"\($1)\"}\n" }.joined()
            .write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try await run("submit", "--file", file).status == 0)
        _ = try await posts(slack, count, "all leads are told") { _ in true }
        let list = try await run("list", "--format", "json").output.split(separator: "\n")
        let ids = try list.compactMap {
            try (JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])?["lead"] as? String
        }
        #expect(ids.count == count)
        for id in ids {
            let assigned = try await run("assign", id, "--rep", "jane", "--as", "dana", "--anyway")
            #expect(assigned.status == 0, "\(assigned)")
        }
        let settled = try await posts(slack, count, "all leads are shown as settled") {
            $0.text.contains("Settled, Jane Ortiz has it")
        }
        #expect(await daemon.stop().status == 0)
        #expect(settled.count == count && settled.allSatisfy { $0.changes == 1 })
        for name in names {
            #expect(settled.count { String(decoding: $0.blocks, as: UTF8.self).contains(name) } == 1, "\(name)")
        }
        let refusals = try slack.slackRefusals()
        #expect(refusals.isEmpty == rate.isEmpty, "\(refusals)")
        #expect(refusals.allSatisfy { $0 == "chat.postMessage ratelimited" }, "none comes before its time: \(refusals)")
    }
}
