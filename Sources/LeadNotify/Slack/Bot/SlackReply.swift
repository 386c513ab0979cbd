// What is said to somebody who pressed a button, where only they see it; with a button that does it all the same, where
// there is something to be confirmed. Pure. (docs.slack.dev/interactivity/handling-user-interaction)

import LeadCore

/// Answers to presses.
enum SlackReply {
    /// The body for the press's address.
    static func body(for answer: ChatAnswer, replacing isPrompt: Bool) -> [UInt8] {
        let text = CleanText.line(answer.text, atMost: 3_000)
        return JSONText { json in
            json.member("response_type", "ephemeral")
            json.member("replace_original", isPrompt)
            json.member("text", SlackMessage.escaped([text, answer.link].compactMap(\.self).joined(separator: "\n")))
            json.list("blocks") { blocks(answer, &$0) }
        }.bytes
    }

    /// What is said, where more can be done, and the button that confirms.
    static func blocks(_ answer: ChatAnswer, _ json: inout JSONText) {
        section(answer.text, &json)
        if let link = answer.link.flatMap(WebLink.init) {
            json.object { json in
                json.member("type", "section")
                json.object("text") { SlackMessage.link(link, answer.phrases.labels.open(), &$0) }
            }
        }
        guard let confirmation = answer.confirmation else { return }
        SlackControls.actions("\(answer.target.text).confirm", &json) { json in
            SlackControls.button(confirmation.action, labelled: confirmation.label, &json)
        }
    }

    /// Words in a block of their own.
    static func section(_ text: String, _ json: inout JSONText) {
        json.object { json in
            json.member("type", "section")
            json.object("text") { SlackMessage.plain(CleanText.line(text, atMost: 3_000), atMost: 3_000, &$0) }
        }
    }
}
