// Who is who in Slack, as the configuration says it, and what `check` finds wrong with that.

import LeadConfiguration
import LeadCore
import Testing

@Suite("Members in Slack")
struct SlackMemberTests {
    private static let kinds: Kinds = {
        var kinds = Samples.kinds
        kinds.channels.append(
            KindDescription(
                name: "slack-bot", options: [OptionSpec("signing_secret", .secret, help: "the signing secret")],
                isEditable: true, takesChoices: { $0.secret("signing_secret") != nil },
                account: { $0.hasPrefix("U") ? $0 : nil },
                checkAddress: { $0.hasPrefix("U") || $0.hasPrefix("C") ? nil : "An address is an ID." }))
        return kinds
    }()

    /// The good sample, with Dana and Lee reached by a bot; in place of their lines these.
    private func load(_ dana: String, _ lee: String, bot: String = ", signing_secret: env:LINK_KEY")
        -> ConfigurationLoader.Outcome
    {
        let text = Samples.good
            .replacing("chat: { kind: teams }", with: "chat: { kind: slack-bot\(bot) }")
            .replacing("reach: { mail: dana@example.com, chat: env:DANA_URL }", with: dana)
            .replacing("reach: { mail: lee@example.com, chat: env:LEE_URL }", with: lee)
        return ConfigurationLoader.load(
            text: text, path: "leadbell.yaml", kinds: Self.kinds, secrets: Samples.secrets(), now: Samples.now)
    }

    private func problems(_ dana: String, _ lee: String, bot: String = ", signing_secret: env:LINK_KEY") -> [String] {
        Samples.lines(load(dana, lee, bot: bot)).map { $0.replacing("leadbell.yaml:", with: "") }
    }

    private let dana = "reach: { mail: dana@example.com, chat: U0DANA }"
    private let room = "reach: { mail: lee@example.com, chat: C0ROOM }"

    @Test("who is written to is known by that, who is asked in a channel by a key of their own")
    func known() throws {
        let book = try load(dana, room + ", slack_id: U0LEE").get().configuration.rulebook
        #expect(book.person("dana")?.slackID == "U0DANA" && book.person("lee")?.slackID == "U0LEE")
        #expect(book.person("jane")?.slackID == nil)
        #expect(book.person(slackID: "U0LEE")?.id == "lee" && book.person(slackID: "U0JANE") == nil)
        #expect(book.channels["chat"]?.isEditable == true && book.channels["mail"]?.isEditable == false)
        #expect(problems(dana + ", slack_id: U0DANA", room + ", slack_id: U0LEE") == [])
    }

    @Test("what is wrong with them")
    func flaws() {
        #expect(
            problems(dana, room) == [
                "9:5: warning: manager 'lee' is asked in a channel by 'chat' and can't use its buttons; "
                    + "add 'slack_id' with their member ID"
            ])
        #expect(
            problems(dana, room + ", slack_id: U0DANA") == [
                "9:100: error: U0DANA is 'dana' in Slack already; each member is one person"
            ])
        #expect(
            problems(dana, room + ", slack_id: lee") == [
                "9:5: warning: manager 'lee' is asked in a channel by 'chat' and can't use its buttons; "
                    + "add 'slack_id' with their member ID",
                "9:100: error: 'slack_id' is no member's ID; "
                    + "copy it from the member's profile in Slack; it looks like U012AB3CD",
            ])
        #expect(
            problems(dana + ", slack_id: U0OTHER", room + ", slack_id: U0LEE") == [
                "8:103: error: 'slack_id' is not the member U0DANA whom 'reach' names; remove it, or mend one of the two"
            ])
    }

    @Test("a bot that writes into a channel and has no signing secret is told of, with what follows")
    func noButtons() {
        let remedy =
            "; give 'chat' its 'signing_secret': then messages there have buttons, which act for whoever presses"
        let place = "9:5: warning: 'chat' reaches 'lee' in a channel that others read, so "
        #expect(
            problems(dana, room, bot: "") == [
                place + "messages there have neither buttons nor links, which come by mail alone" + remedy
            ])
        let alone = problems(dana, "reach: { chat: C0ROOM }", bot: "")
        #expect(alone.contains(place + "whoever opens a link there acts as 'lee'" + remedy), "\(alone)")
        #expect(problems(dana, "reach: { mail: lee@example.com, chat: U0LEE }", bot: "") == [])
    }
}

@Suite("Accounts in Teams")
struct TeamsAccountTests {
    @Test(
        "a principal name and an object's ID are accounts",
        arguments: [
            "dana.whitfield@example.com", "d_o'neil@contoso.onmicrosoft.com", "87d349ed-44d7-43e1-9a83-5f2406dee5bd",
        ])
    func good(_ text: String) throws {
        let edited = Samples.edited("name: Dana,", "name: Dana, teams_id: \"\(text)\",")
        #expect(Samples.problems(edited) == [])
        #expect(try Samples.configuration(edited).rulebook.person("dana")?.teamsID == text)
    }

    @Test(
        "other texts are none",
        arguments: ["dana", "Dana Whitfield", "dana@", "@example.com", "a@b", "d*a@example.com", "87d349ed"])
    func bad(_ text: String) {
        #expect(Samples.problems(Samples.edited("name: Dana,", "name: Dana, teams_id: \"\(text)\",")).count == 1)
    }
}

@Suite("Rooms in the configuration")
struct RoomCheckTests {
    private func problems(_ change: (String) -> String) -> [String] { Samples.problems(change(Samples.good)) }

    @Test("a webhook by which two are reached is told of, and what follows for those who have no other way")
    func shared() {
        let remedy = "; give each a webhook to a chat of their own, or write into the channel by a 'slack-bot'"
        let consequence = "messages there have neither buttons nor links, which come by mail alone"
        let place = "9:5: warning: 'lee' and 'dana' have the same address on 'chat', so "
        #expect(problems { $0.replacing("env:LEE_URL", with: "env:DANA_URL") } == [place + consequence + remedy])
        let alone = problems {
            $0.replacing("mail: lee@example.com, chat: env:LEE_URL", with: "chat: env:DANA_URL")
        }
        #expect(alone.contains(place + "whoever opens a link there acts as 'lee'" + remedy), "\(alone)")
        #expect(!alone.joined().contains("canary"))
    }

    @Test("a channel that is called a room is one, and only who has no other way is told of")
    func room() throws {
        let named = { (text: String) in text.replacing("{ kind: teams }", with: "{ kind: teams, room: true }") }
        #expect(problems(named) == [])
        let book = try Samples.configuration(named(Samples.good)).rulebook
        #expect(book.isRoom("chat", of: "dana") && !book.isRoom("mail", of: "dana"))
        let alone = problems {
            named($0).replacing("mail: lee@example.com, chat: env:LEE_URL", with: "chat: env:LEE_URL")
        }
        #expect(
            alone.contains(
                "9:5: warning: 'lee' is reached by the room 'chat' alone, so whoever opens a link there acts as 'lee'; "
                    + "add a mail channel, by which the links come"), "\(alone)")
        #expect(problems { $0.replacing("from: leads@example.com", with: "from: leads@example.com, room: true") } != [])
    }
}
