// What whoever presses in Slack is answered where only they see it, as it arrives there: compared whole with files, in each
// language.

import LeadCore
import LeadTestKit
import PeerKit
import Testing

@Suite("Answers to presses in Slack", .timeLimit(.minutes(5)))
struct SlackAnswersStory {
    private static let files = GoldenFiles()

    /// Dana and Lee are asked, Kim is a manager of other leads, Billy is no manager and has room for one
    /// lead, and Rob may have one and no more.
    private static func people(_ language: Language) -> [Person] {
        [
            Person(
                id: "dana", name: "Dana Whitfield", isManager: true, reach: [Sample.reach("bot", "U0DANA0001")],
                slackID: "U0DANA0001", language: language),
            Person(id: "lee", name: "Lee Park", isManager: true, reach: [Sample.reach("mail", "lee@example.com")]),
            Person(id: "kim", name: "Kim Hale", isManager: true, slackID: "U0KIM00001", language: language),
            Person(
                id: "billy", name: "Billy Moss", rep: Person.RepProfile(skills: ["fine-art"], capacity: 1),
                reach: [Sample.reach("mail", "billy@example.com")], slackID: "U0BILLY001", language: language),
            Person(
                id: "rob", name: "Rob Field", rep: Person.RepProfile(skills: ["fine-art"], hardCap: 1),
                reach: [Sample.reach("mail", "rob@example.com")]),
            Sample.people[3],
        ]
    }

    @Test("each answer is the file's", arguments: Language.shipped)
    func golden(_ language: Language) async throws {
        try await Workspace.tell(
            rulebook: { channels in
                Sample.rulebook(
                    people: Self.people(language), channels: channels, phrases: PhraseBook(language: language))
            },
            { house, slack in
                /// Somebody presses, and is answered what the file `name` has.
                @discardableResult
                func expect(
                    _ name: String, _ action: String, _ value: String? = nil, in post: SlackPost,
                    by user: String = "U0DANA0001", isPrompt: Bool = false
                ) async throws -> SlackPost {
                    let status = try await slack.press(action, value, in: post, by: user, house, isPrompt: isPrompt)
                    #expect(status == 200)
                    let answer = try await slack.nextAnswer(house)
                    let body = try #require(try slack.peer.requests().last { $0.path.hasPrefix("/response/") }).body
                    let file = "answers/\(language)/\(name).json"
                    #expect(try Self.files.matches(indented(body), file), "\(file)")
                    return answer
                }

                let ada = try await house.drop(lead: 1)
                try await house.expect(.decide, to: "dana", by: "bot")
                let first = try slack.posts()[0]
                try await expect("stranger", "claim", in: first, by: "U0STRANGER")
                try await expect("not-a-manager", "claim", in: first, by: "U0BILLY001")
                try await expect("not-asked", "claim", in: first, by: "U0KIM00001")
                #expect(try await house.story(of: ada) == ["opened", "notified dana"])

                try await house.decide(.assign(rep: "jane", by: "lee", note: nil), on: ada)
                try await house.settle()
                try await expect("someone-was-faster", "assign", "billy", in: first)
                try await house.decide(.undo(by: "lee"), on: ada)
                try await house.settle()
                try await expect("older-round", "assign", "billy", in: first)
                #expect(try await house.file(ada).subject.state == .waiting)

                try await house.decide(.assign(rep: "billy", by: "dana", note: nil), on: ada)
                let bob = try await house.drop(lead: 2)
                try await house.expect(.decide, to: "dana", by: "bot", about: bob)
                let second = try #require(try slack.posts().last)
                let question = try await expect("unconfirmed", "assign", "billy", in: second)
                #expect(try await house.file(bob).subject.assignment == nil)
                try await expect("given", "confirm", in: question, isPrompt: true)
                #expect(try await house.file(bob).subject.assignment?.rep == "billy")

                let cyd = try await house.drop(lead: 3)
                try await house.expect(.decide, to: "dana", by: "bot", about: cyd)
                let third = try #require(try slack.posts().last)
                // Since the message was written Rob has got what he may have.
                let dee = try await house.drop(lead: 4)
                try await house.expect(.decide, to: "dana", by: "bot", about: dee)
                try await house.decide(.assign(rep: "rob", by: "lee", note: nil), on: dee)
                try await expect("excluded", "assign", "rob", in: third)
                #expect(try await house.file(cyd).subject.assignment == nil)
                house.journal.readAll()
            })
    }

    @Test("where messages are brief, so are the answers: what speaks against a rep says something of the lead")
    func brief() async throws {
        try await Workspace.tell(
            isBrief: true,
            rulebook: { channels in Sample.rulebook(people: Self.people(.english), channels: channels) },
            { house, slack in
                try await house.drop(lead: 1)
                try await house.expect(.decide, to: "dana", by: "bot")
                let post = try #require(try slack.posts().last)
                for (lead, rep) in [(2, "billy"), (3, "rob")] as [(Int, PersonID)] {
                    let id = try await house.drop(lead: lead)
                    try await house.expect(.decide, to: "dana", by: "bot", about: id)
                    try await house.decide(.assign(rep: rep, by: "lee", note: nil), on: id)
                }
                #expect(try await slack.press("assign", "billy", in: post, by: "U0DANA0001", house) == 200)
                let answer = try await slack.nextAnswer(house)
                #expect(
                    answer.text.contains("Something speaks against giving Billy Moss this lead. The page says what."))
                #expect(answer.text.contains("https://leads.example.com/l/"))
                #expect(!answer.text.contains("room"))
                #expect(try answer.elements.map(\.actionID) == ["confirm"])

                #expect(try await slack.press("assign", "rob", in: post, by: "U0DANA0001", house) == 200)
                let refusal = try await slack.nextAnswer(house)
                #expect(refusal.text.hasPrefix("Rob Field can’t be given this lead. The page says why."))
                #expect(refusal.text.contains("https://leads.example.com/l/"))
                #expect(!refusal.text.contains("limit") && !refusal.text.contains("cap"))
                house.journal.readAll()
            })
    }
}
