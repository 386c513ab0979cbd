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
            json.list("blocks") { json in
                json.object { json in
                    json.member("type", "section")
                    json.object("text") { SlackMessage.plain(text, atMost: 3_000, &$0) }
                }
                if let link = answer.link.flatMap(WebLink.init) {
                    json.object { json in
                        json.member("type", "section")
                        json.object("text") { SlackMessage.link(link, answer.linkLabel, &$0) }
                    }
                }
                guard let (action, label) = answer.confirmation else { return }
                SlackControls.actions("\(answer.target.text).confirm", &json) { json in
                    SlackControls.button(action, labelled: label, &json)
                }
            }
        }.bytes
    }
}
