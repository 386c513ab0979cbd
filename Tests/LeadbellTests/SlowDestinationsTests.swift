// Many people's webhooks are on one host, that of their chat: however many of them hang, nobody else's waits for them.

import Foundation
import Testing

@Suite("Slow webhooks of one host", .timeLimit(.minutes(2)))
struct SlowDestinationsTests {
    /// An installation in which leads of the campaign `crowd` go to fifty people, all others to Dana.
    private func installation() throws -> (Installation, environment: [String: String]) {
        let installation = try Installation()
        let ids = (1...50).map { "slow\($0)" }
        let people = ids.map { id in
            "  - { id: \(id), name: Ms \(id), manager: true, reach: { teams: \"env:\(id.uppercased())\" } }\n"
        }
        let crowd =
            "{ when: { campaign: crowd }, managers: [\(ids.joined(separator: ", "))], ask: all, policy: standard }"
        try installation.edit("people:\n", "people:\n" + people.joined())
        try installation.edit("routes: [", "routes: [\(crowd), ")
        try installation.edit("plain_http: true }", "plain_http: true, timeout: 10m }")
        let ways = ids.map { ($0.uppercased(), installation.peer.url("/hang-headers/\($0)")) }
        return (installation, installation.environment.merging(ways) { $1 })
    }

    @Test("fifty that hang, each with four messages under way, keep no other waiting")
    func fifty() async throws {
        let (installation, environment) = try installation()
        let daemon = try await RunningDaemon(
            config: installation.config, environment: environment, folder: installation.folder.path)
        for number in 1...4 {
            let lead = ["id=\(number)", "campaign=crowd", "source=phone", "name=Ada King"]
            #expect(try await submit(lead, installation).status == 0)
        }
        try await eventually("two hundred messages are under way") {
            let lanes = try await installation.run("channels", "--format", "json").output.split(separator: "\n")
            let counts = try lanes.map { lane in
                let report = try JSONSerialization.jsonObject(with: Data(lane.utf8)) as? [String: Any]
                return report?["underWay"] as? Int ?? 0
            }
            return counts.reduce(0, +) == 200
        }
        #expect(try await submit(["id=5", "source=phone", "name=Ada King"], installation).status == 0)
        try await eventually("Dana's message is there") {
            try installation.peer.requests().contains { $0.path.hasPrefix("/status/202") }
        }
        // Ends what hangs.
        installation.peer.stop()
        #expect(await daemon.stop().status == 0)
    }

    private func submit(_ lead: [String], _ installation: Installation) async throws -> CommandResult {
        try await LeadbellProgram.run(
            ["submit"] + lead + ["--config", installation.config], environment: installation.environment)
    }
}
