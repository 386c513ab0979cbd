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
                name: "slack-bot", options: [], isEditable: true,
                account: { $0.hasPrefix("U") ? $0 : nil },
                checkAddress: { $0.hasPrefix("U") || $0.hasPrefix("C") ? nil : "An address is an ID." }))
        return kinds
    }()

    /// The good sample, with Dana and Lee reached by a bot; in place of their lines these.
    private func load(_ dana: String, _ lee: String) -> ConfigurationLoader.Outcome {
        let text = Samples.good
            .replacing("chat: { kind: teams }", with: "chat: { kind: slack-bot }")
            .replacing("reach: { mail: dana@example.com, chat: env:DANA_URL }", with: dana)
            .replacing("reach: { mail: lee@example.com, chat: env:LEE_URL }", with: lee)
        return ConfigurationLoader.load(
            text: text, path: "leadbell.yaml", kinds: Self.kinds, secrets: Samples.secrets(), now: Samples.now)
    }

    private func problems(_ dana: String, _ lee: String) -> [String] {
        Samples.lines(load(dana, lee)).map { $0.replacing("leadbell.yaml:", with: "") }
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
}
