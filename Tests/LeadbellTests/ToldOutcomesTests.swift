// What came of a message other than that it was sent: page and commands tell of it alike, in the words of whoever refused it.

import Foundation
import Testing

@Suite("Outcomes as they are told", .timeLimit(.minutes(2)))
struct ToldOutcomesTests {
    /// A daemon that asks Dana and three others, whose webhooks do what `paths` say; with `delivery` in the configuration.
    private func start(
        _ paths: [String: String], delivery: String
    ) async throws -> (Installation, RunningDaemon, Told) {
        let names = ["fay": "Fay Stone", "hal": "Hal Brook", "wim": "Wim Field"]
        let installation = try Installation()
        let people = names.keys.sorted().map { id in
            "  - { id: \(id), name: \(names[id] ?? id), manager: true, reach: { teams: \"env:WAY_\(id.uppercased())\" } }"
        }
        try installation.edit("people:\n", "people:\n\(people.joined(separator: "\n"))\n")
        try installation.edit("notify: manager", "notify: [dana, fay, hal, wim]")
        try installation.edit("digest: off", "digest: off\ndelivery: \(delivery)")
        var environment = installation.environment
        for (id, path) in paths { environment["WAY_\(id.uppercased())"] = installation.peer.url(path) }
        let daemon = try await RunningDaemon(
            config: installation.config, environment: environment, folder: installation.folder.path)
        return (installation, daemon, Told(installation: installation))
    }

    /// A lead's id, by its key's.
    private func submit(_ number: Int, _ installation: Installation) async throws -> String {
        let submitted = try await installation.run("submit", "id=\(number)", "source=phone", "name=Ada King")
        let id = try #require(submitted.output.split(separator: " ").last)
        return id.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test("refused, stopped, put off and waiting; and what nobody needs any more once the lead is given away")
    func refused() async throws {
        // A longer text would be told nowhere, since it stands in the address.
        let (installation, daemon, told) = try await start(
            [
                "fay": "/status/400?body=a%3Cb%26%22", "hal": "/status/404?body=gone",
                "wim": "/status/503?retry_after=3000&body=down",
            ], delivery: "{ give_up: 24h }")
        let first = try await submit(1, installation)
        let link = try await told.link(to: "dana")
        let refused = (state: "failed", words: "HTTP 400 from the webhook: a<b&\"")
        let stopped = (state: "held", words: "HTTP 404 from the webhook: gone")
        let later = "HTTP 503 from the webhook: down"
        try await told.expect(
            first, link,
            ["dana": ("sent", "HTTP 202"), "fay": refused, "hal": stopped, "wim": ("deferred", later)])

        // The next one isn't tried where one waits already.
        let second = try await submit(2, installation)
        let next = try await told.link(to: "dana", butNot: link)
        try await told.expect(
            second, next, ["dana": ("sent", "HTTP 202"), "fay": refused, "hal": stopped, "wim": ("pending", "")])

        for lead in [first, second] {
            #expect(try await installation.run("assign", lead, "--rep", "jane", "--as", "dana").status == 0)
        }
        let needless = (state: "cancelled", words: "no longer needed: the case has moved on")
        try await told.expect(first, link, ["fay": refused, "hal": needless, "wim": needless])
        try await told.expect(second, next, ["fay": refused, "hal": needless, "wim": needless])
        #expect(await daemon.stop().status == 0)
    }

    @Test("given up, whether the peer may have it or not")
    func givenUp() async throws {
        let (installation, daemon, told) = try await start(
            ["fay": "/half?x=1", "hal": "/status/503?body=down", "wim": "/status/202?x=1"],
            delivery: "{ first_retry: 1s, longest_retry: 1s, give_up: 1s }")
        let lead = try await submit(1, installation)
        let link = try await told.link(to: "dana")
        try await told.expect(
            lead, link,
            [
                "fay": ("unknown", "outcome unknown, the peer may have it: no full answer from the webhook"),
                "hal": ("failed", "HTTP 503 from the webhook: down"), "wim": ("sent", "HTTP 202"),
            ])
        #expect(await daemon.stop().status == 0)
    }
}
