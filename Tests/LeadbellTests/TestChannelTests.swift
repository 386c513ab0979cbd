// `leadbell test-channel --person`: every way on which a person is reached is tried, and each says whether they see it.

import Foundation
import LeadTestKit
import PeerKit
import Testing

@Suite("leadbell test-channel --person", .timeLimit(.minutes(2)))
struct TestChannelTests {
    /// The kinds, the path at which a peer answers as each of them does, and what the kind says of who sees the message.
    private static let hooks: [(kind: String, path: String, sight: String)] = [
        ("teams", "/status/202?x=1", "look into Teams"),
        ("slack", "/slack?x=1", "whoever reads the webhook's channel sees it"),
        (
            "google-chat", "/json?body=%7B%22name%22:%22spaces/A/messages/B%22%7D&x=1",
            "whoever reads the webhook's space sees it"
        ),
        ("mattermost", "/slack?x=1", "whoever reads the webhook's channel sees it"),
        ("rocketchat", "/json?body=%7B%22success%22:true%7D&x=1", "whoever reads the webhook's channel sees it"),
        ("ntfy", "/json?body=%7B%22id%22:%22x%22%7D&x=1", "whoever has subscribed to the topic"),
    ]
    private static let bot = "/json?body=%7B%22ok%22:true,%22channel%22:%22D1%22,%22ts%22:%221.2%22%7D&method="

    /// An installation whose manager is reached by every kind of channel.
    private func installation(_ relay: Peer) throws -> Installation {
        let installation = try Installation()
        let kinds = Self.hooks.map(\.kind)
        let common = "addresses: loopback, plain_http: true"
        var channels = kinds.map { "  \($0): { kind: \($0), \(common) }" }
        channels.append(
            "  bot: { kind: slack-bot, token: \"env:BOT_TOKEN\", api: \"\(installation.peer.url(Self.bot))\", \(common) }"
        )
        channels.append(
            """
              mail: { kind: smtp, relay: "smtp://localhost:\(relay.port)", from: "Leads <leads@example.com>",
                      username: \(Peer.username), password: "env:MAIL_PASSWORD", ca_file: "\(relay.caFile)",
                      addresses: loopback }
            """)
        let reach =
            kinds.map { "\($0): \"env:WAY_\(Self.variable($0))\"" } + ["bot: U012AB3CD", "mail: dana@example.com"]
        let text = try String(contentsOfFile: installation.config, encoding: .utf8)
            .replacing("  teams: { kind: teams, \(common) }", with: channels.joined(separator: "\n"))
            .replacing("reach: { teams: \"env:DANA_TEAMS\" }", with: "reach: { \(reach.joined(separator: ", ")) }")
        try text.write(toFile: installation.config, atomically: true, encoding: .utf8)
        return installation
    }

    private static func variable(_ kind: String) -> String { kind.uppercased().replacing("-", with: "_") }

    private func run(
        _ installation: Installation, failing: String? = nil, _ arguments: String...
    ) async throws -> CommandResult {
        var environment = installation.environment.merging([
            "BOT_TOKEN": "xoxb-\(Installation.canaries[0])", "MAIL_PASSWORD": Peer.password,
        ]) { $1 }
        for (kind, path, _) in Self.hooks {
            let path = kind == failing ? "/status/410?x=1" : path
            environment["WAY_\(Self.variable(kind))"] = installation.peer.url(
                "\(path)&token=\(Installation.canaries[0])")
        }
        let result = try await LeadbellProgram.run(
            ["test-channel"] + arguments + ["--config", installation.config], environment: environment)
        for secret in Installation.canaries + [Peer.password, "127.0.0.1:\(installation.peer.port)"] {
            #expect(!result.output.contains(secret) && !result.errors.contains(secret), "\(result)")
        }
        return result
    }

    @Test("each way is tried, and each says in its own words whether the person sees it")
    func everyWay() async throws {
        let relay = try Peer.smtp()
        let installation = try installation(relay)
        let result = try await run(installation, "--person", "dana")
        #expect(result.status == 0, "\(result)")
        let ways =
            Self.hooks + [
                ("bot", "", "whoever is in it sees it"),
                ("mail", "", "look into the mailbox, and into the relay's log"),
            ]
        for (way, _, sight) in ways.sorted(by: { $0.kind < $1.kind }) {
            let start = try #require(result.output.firstRange(of: "\(way) to Dana Whitfield\n"), "no \(way): \(result)")
            let rest = result.output[start.upperBound...]
            let part = rest[..<(rest.firstRange(of: " to Dana Whitfield\n")?.lowerBound ?? rest.endIndex)]
            #expect(part.contains("\nsent: ") && part.contains(sight), "\(way): \(part)")
            // Of a mail the dialogue is shown.
            let says = way == "mail" ? "> DATA\n" : "messages about leads reach you here"
            #expect(part.contains(says), "\(way): \(part)")
        }
        let mail = try #require(try relay.mails().first)
        #expect(try relay.mails().count == 1 && mail.to == ["dana@example.com"] && mail.text.contains("This is a test"))
    }

    @Test("one way that fails is told as such, the others are tried all the same, and the command fails")
    func oneFails() async throws {
        let relay = try Peer.smtp(mode: "refuse-rcpt")
        let installation = try installation(relay)
        let result = try await run(installation, failing: "slack", "--person", "dana", "--format", "json")
        #expect(result.status == 1)
        let reports = try result.output.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        #expect(reports.count == Self.hooks.count + 2)
        for report in reports {
            let channel = try #require(report["channel"] as? String)
            let outcome = try #require(report["outcome"] as? String)
            let seen = try #require(report["seen"] as? String)
            #expect(report["person"] as? String == "dana")
            switch channel {
            case "slack": #expect(outcome == "refused, the configuration is wrong" && seen == "Nobody has seen it.")
            case "mail": #expect(outcome == "refused" && seen == "Nobody has seen it.")
            default: #expect(outcome == "sent" && seen != "Nobody has seen it.", "\(channel)")
            }
        }
    }

    @Test("a channel beside the person tries that way alone")
    func oneWay() async throws {
        let installation = try installation(try Peer.smtp())
        let result = try await run(installation, "ntfy", "--person", "dana")
        #expect(result.status == 0 && result.output.hasPrefix("ntfy to Dana Whitfield\n"), "\(result)")
        #expect(!result.output.contains("teams to Dana"))
        let unreached = try await run(installation, "ntfy", "--person", "jane")
        #expect(unreached.status == 1 && unreached.errors.contains("Jane Ortiz is not reached by ntfy"))
    }

    /// Tries the webhook for programs, whose endpoint does what `path` says.
    private func tryEvents(_ path: String, _ arguments: String...) async throws -> CommandResult {
        let installation = try Installation()
        let key = "whsec_" + Data(Installation.canaries[1].utf8 + Array(repeating: 7, count: 16)).base64EncodedString()
        try installation.edit(
            "people:\n",
            """
              crm: { kind: webhook, url: "env:CRM_URL", secret: "env:CRM_SECRET", addresses: loopback, plain_http: true }
            people:

            """)
        let url = installation.peer.url("\(path)&token=\(Installation.canaries[0])")
        let result = try await LeadbellProgram.run(
            ["test-channel", "crm"] + arguments + ["--config", installation.config],
            environment: installation.environment.merging(["CRM_URL": url, "CRM_SECRET": key]) { $1 })
        let requests = try installation.peer.requests()
        #expect(requests.count == 1)
        let signature = try #require(requests.first?.header("webhook-signature"))
        #expect(signature.hasPrefix("v1,"))
        for secret in [key, String(key.dropFirst(6)), signature, "\(installation.peer.port)"] + Installation.canaries {
            #expect(!result.output.contains(secret) && !result.errors.contains(secret), "\(result)")
        }
        return result
    }

    @Test("of the webhook for programs the whole exchange is shown without its secrets, and that no person sees it")
    func events() async throws {
        let result = try await tryEvents("/json?body=%5B%22ok%22")
        #expect(result.status == 0, "\(result)")
        let parts = [
            "crm to crm\n", "> POST ‹the address›\n", "> webhook-id: ", "> webhook-timestamp: ",
            "> webhook-signature: …\n", #""type":"test""#, "This is a test", "< HTTP 200\n",
            #"< ["ok""#, "sent: HTTP 200\n", "The endpoint has taken the event over; it reaches no person.\n",
        ]
        var rest = result.output[...]
        for part in parts {
            let place = try #require(rest.firstRange(of: part), "no \(part) in its place: \(result.output)")
            rest = rest[place.upperBound...]
        }
    }

    @Test(
        "where the endpoint doesn't take it the command says why and fails",
        arguments: [
            ("/status/410?body=gone", "refused, the configuration is wrong", "HTTP 410 from the webhook: gone"),
            ("/status/400?body=no", "not now", "HTTP 400 from the webhook: no"),
            ("/status/503?body=down", "not now", "HTTP 503 from the webhook: down"),
            ("/half?x=1", "unknown", "no full answer from the webhook"),
        ])
    func refusedEvents(path: String, outcome: String, detail: String) async throws {
        let result = try await tryEvents(path, "--format", "json")
        #expect(result.status == 1)
        let report = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(report["channel"] as? String == "crm" && report["outcome"] as? String == outcome, "\(report)")
        let told = try #require(report["detail"] as? String)
        #expect(told.contains(detail), "\(report)")
        let seen = try #require(report["seen"] as? String)
        #expect(seen == "Nobody has seen it." || outcome == "unknown" && seen.contains("the peer may have it"))
        let exchange = try #require(report["exchange"] as? [String])
        let answer = outcome == "unknown" ? "no full answer: " : "< HTTP \(path.split(separator: "/")[1].prefix(3))"
        #expect(exchange.contains { $0.hasPrefix(answer) }, "\(exchange)")
    }
}
