// What the page, `show` and `list --messages` tell of each message: to whom, by what, when, what came of it, and whether its
// reader opened it. The built program, a webhook that is a real peer, and requests as robots and people make them.

import Foundation
import Testing

@Suite("Messages as they are told", .timeLimit(.minutes(2)))
struct OpenedMessagesTests {
    private static let person = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Mobile Safari"
    private static let robots = [
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "Mozilla/5.0 BingPreview/1.0b", "",
    ]

    /// A daemon that has told Dana of a lead.
    private static func start(_ installation: Installation) async throws -> (RunningDaemon, Told, lead: String) {
        let daemon = try await installation.daemon()
        #expect(try await installation.run("submit", "id=7", "source=phone", "name=Ada King").status == 0)
        return (daemon, Told(installation: installation), try await installation.leadID())
    }

    @Test(
        "a message is opened by what its reader does on the page, and not by a robot's looks and presses, or by a look")
    func opened() async throws {
        let installation = try Installation()
        let (daemon, told, lead) = try await Self.start(installation)
        let danas = try await told.link(to: "dana")

        // Robots look and press; Dana looks.
        var page = ""
        for agent in Self.robots + [Self.person] {
            let answer = try await told.get(danas, as: agent)
            #expect(answer.status == 200)
            page = answer.text
        }
        // Whoever presses within a second is asked again for that; these are asked since they are robots.
        let isOld = ContinuousClock.now + .milliseconds(1100)
        while ContinuousClock.now < isOld { _ = try await told.get(danas, as: Self.robots[0]) }
        for agent in Self.robots {
            let answer = try await told.choose(["action": "assign", "rep": "jane"], on: page, at: danas, as: agent)
            #expect(answer.status == 200 && answer.text.contains("Nothing has been changed yet"))
        }
        try await told.expect(lead, danas, ["dana": false])

        // Dana chooses.
        try await told.act(["action": "assign", "rep": "jane"], on: page, at: danas, as: Self.person)
        let janes = try await told.link(to: "jane")
        page = try await told.get(janes, as: Self.robots[0]).text
        try await told.expect(lead, danas, ["dana": true, "jane": false])

        // Jane begins.
        try await told.act(["action": "start"], on: page, at: janes, as: Self.person)
        try await told.expect(lead, danas, ["dana": true, "jane": true])
        #expect(await daemon.stop().status == 0)
    }

    @Test("show says by when the first action is due until it is taken, and then when that was")
    func firstAction() async throws {
        let installation = try Installation(
            policy: "{ first_action: 4h, steps: [{ after: 0s, notify: manager }, { after: 1h, assign: jane }] }")
        let (daemon, told, lead) = try await Self.start(installation)
        let none = try await told.firstAction(lead)
        #expect(none.lines == [] && none.by == nil && none.at == nil && none.started == nil, "\(none)")

        #expect(try await installation.run("assign", lead, "--rep", "jane", "--as", "dana").status == 0)
        let due = try await told.firstAction(lead)
        let by = try #require(due.by)
        #expect(due.lines == ["first action due by \(by)"] && due.at == nil, "\(due)")
        let style = Date.ISO8601FormatStyle()
        #expect(try style.parse(by).timeIntervalSince(style.parse(try #require(due.since))) == 14_400)

        let janes = try await told.link(to: "jane")
        let page = try await told.get(janes, as: Self.person).text
        try await told.act(["action": "start"], on: page, at: janes, as: Self.person)
        let taken = try await told.firstAction(lead)
        let at = try #require(taken.at)
        #expect(taken.lines == ["first action taken at \(at)"] && taken.by == by, "\(taken)")
        #expect(taken.started == at)
        #expect(await daemon.stop().status == 0)
    }

    @Test("a choice on the command line opens nobody's message")
    func commandLine() async throws {
        let installation = try Installation()
        let (daemon, told, lead) = try await Self.start(installation)
        let danas = try await told.link(to: "dana")
        #expect(try await installation.run("assign", lead, "--rep", "jane", "--as", "dana").status == 0)
        _ = try await told.link(to: "jane")
        try await told.expect(lead, danas, ["dana": false, "jane": false])
        #expect(await daemon.stop().status == 0)
    }
}
