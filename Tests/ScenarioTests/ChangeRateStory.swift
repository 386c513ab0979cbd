// A workspace takes so many changes a minute, whoever the messages are for: leads that many managers see settled at once are
// shown so at that rate, and what is new doesn't wait for it.

import LeadCore
import LeadTestKit
import Testing

@Suite("The rate of changes", .timeLimit(.minutes(5)))
struct ChangeRateStory {
    private static func rulebook(_ channels: [ChannelSettings]) -> Rulebook {
        let managers = ["dana": "U0DANA0001", "lee": "U0LEE00001"].map { id, account in
            Person(id: PersonID(id), name: id.capitalized, isManager: true, reach: [Sample.reach("bot", account)])
        }
        return Sample.rulebook(
            people: managers.sorted { $0.id < $1.id } + [
                Person(
                    id: "jane", name: "Jane Ortiz", rep: Person.RepProfile(),
                    reach: [Sample.reach("mail", "jane@example.com")])
            ],
            channels: channels, routes: [Route(managers: ["dana", "lee"], policy: "standard")],
            policies: [
                "standard": Sample.policy([
                    (.zero, .notify(.people(["dana", "lee"]))), (.seconds(864_000), .assign("jane")),
                ])
            ],
            operators: [])
    }

    private func changes(_ slack: Workspace) throws -> Int { try slack.posts().reduce(0) { $0 + $1.changes } }

    @Test("sixty leads that two managers see settled: 45 changes a minute, and a new lead at once")
    func together() async throws {
        try await Workspace.tell(changeLimits: [RateLimit(45, per: .seconds(60))], rulebook: Self.rulebook) {
            house, slack in
            let text = try (1...60).map { try House.text(Sample.lead($0)) }.joined(separator: "\n")
            try await house.drop("many.ndjson", text)
            try await house.waitFor("all to be told") { try slack.posts().count == 120 }
            try await house.settle()
            for number in 1...60 {
                let id = Sample.key(of: Sample.lead(number)).caseID
                try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: id)
            }
            try await house.settle()
            #expect(try changes(slack) == 45)
            try await house.drop(lead: 61)
            try await house.settle()
            #expect(try slack.posts().count == 122, "it doesn't wait behind them")
            try await house.pass(.milliseconds(59_999))
            #expect(try changes(slack) == 45)
            try await house.pass(.milliseconds(1))
            #expect(try changes(slack) == 90)
            try await house.pass(.seconds(60))
            #expect(try changes(slack) == 120)
            let settled = try slack.posts().filter { $0.text.contains("Settled, Jane Ortiz has it") }
            #expect(settled.count == 120 && settled.allSatisfy { $0.changes == 1 })
            #expect(try slack.peer.slackRefusals() == [])
            house.journal.readAll()
        }
    }

    @Test("a workspace that wants no changes for a time still gets what is new, and nobody's changes before that")
    func refused() async throws {
        try await Workspace.tell(rulebook: Self.rulebook) { house, slack in
            let ada = try await house.drop(lead: 1)
            try await house.waitFor("it to be told") { try slack.posts().count == 2 }
            try await house.settle()
            try await slack.script("method=chat.update&status=429&retry_after=30&times=1")
            try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: ada)
            try await house.drop(lead: 2)
            try await house.settle()
            #expect(try slack.posts().count == 4, "the rest is of changes alone")
            try await house.pass(.seconds(29))
            #expect(try changes(slack) <= 1, "the other one may have been under way")
            try await house.pass(.seconds(10))
            #expect(try changes(slack) == 2)
            house.journal.readAll()
        }
    }
}
