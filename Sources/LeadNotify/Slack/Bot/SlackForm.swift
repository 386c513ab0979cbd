// Forms as Slack's modals: how they open, what comes back of them, and what they show in the end. What ties a form to the
// message that opened it stands in the view's private metadata, which nobody but Slack and us can write. Pure.
// (docs.slack.dev/surfaces/modals, docs.slack.dev/reference/views/modal-views)

import LeadCore

/// A form's view.
enum SlackForm {
    // Slack's limits, in UTF-16 units: titles and buttons, headers, labels, sections.
    static let mostTitle = 24
    static let mostHeader = 150
    static let mostLabel = 2_000
    static let mostText = 3_000

    /// The body that opens `form` where somebody has pressed.
    static func opening(_ form: ChatForm, for press: ChatPress, by trigger: Secret) -> [UInt8] {
        JSONText(capacity: 4_096) { json in
            json.member("trigger_id", trigger.revealed)
            json.object("view") { view(form, for: press, &$0) }
        }.bytes
    }

    /// The body that would open `form` in some message.
    static func sample(_ form: ChatForm) -> [UInt8] {
        let press = ChatPress(
            stamp: "", at: Timestamp(milliseconds: 0), account: "U012AB3CD", target: form.target,
            action: .open(form.kind), replyTo: Secret("https://hooks.slack.com/actions/sample"),
            handle: SlackBotChannel.handle(channel: "D012AB3CD", time: "1700000001.000001"))
        return opening(form, for: press, by: Secret("1.2.3"))
    }

    private static func view(_ form: ChatForm, for press: ChatPress, _ json: inout JSONText) {
        let texts = form.phrases.chat
        let words = texts[form.kind]
        modal(words.title(), close: texts.cancel(), &json) { json in
            if let title = CleanText.line(form.title, atMost: mostHeader).nonEmpty {
                json.object { json in
                    json.member("type", "header")
                    json.object("text") { SlackMessage.plain(title, atMost: mostHeader, &$0) }
                }
            }
            SlackReply.section(words.text(), &json)
            input(.choice, words.choice(), &json) { json in
                // A few are read at a glance.
                json.member("type", form.kind == .reject ? "radio_buttons" : "static_select")
                json.member("action_id", ChatForm.Field.choice.rawValue)
                SlackControls.options(form.choices, &json)
            }
            input(.note, texts.note(), isOptional: true, &json) { json in
                json.member("type", "plain_text_input")
                json.member("action_id", ChatForm.Field.note.rawValue)
                json.member("multiline", true)
                json.member("max_length", Int64(CaseCommand.longestNote))
            }
        }
        json.object("submit") { SlackMessage.plain(words.yes(), atMost: mostTitle, &$0) }
        json.member("callback_id", form.kind.rawValue)
        json.member("private_metadata", metadata(of: form.target, press))
    }

    /// What the post of a form is answered with: beside a field where it can be sent again, else in the form's place.
    static func reply(_ answer: ChatAnswer, to press: ChatPress) -> [UInt8] {
        JSONText { json in
            if let field = answer.field {
                json.member("response_action", "errors")
                json.object("errors") { json in
                    json.key(named: field.rawValue)
                    json.string(CleanText.line(answer.text, atMost: mostText))
                }
                return
            }
            json.member("response_action", "update")
            json.object("view") { json in
                let texts = answer.phrases.chat
                let title = ChatForm.Kind(rawValue: press.action.name).map { texts[$0].title() }
                modal(title ?? texts.close(), close: texts.close(), &json) { SlackReply.blocks(answer, &$0) }
            }
        }.bytes
    }

    private static func modal(
        _ title: String, close: String, _ json: inout JSONText, _ blocks: (inout JSONText) -> Void
    ) {
        json.member("type", "modal")
        json.object("title") { SlackMessage.plain(title, atMost: mostTitle, &$0) }
        json.object("close") { SlackMessage.plain(close, atMost: mostTitle, &$0) }
        json.list("blocks", blocks)
    }

    private static func input(
        _ field: ChatForm.Field, _ label: String, isOptional: Bool = false, _ json: inout JSONText,
        _ element: (inout JSONText) -> Void
    ) {
        json.object { json in
            json.member("type", "input")
            json.member("block_id", field.rawValue)
            json.member("optional", isOptional)
            json.object("label") { SlackMessage.plain(label, atMost: mostLabel, &$0) }
            json.object("element", element)
        }
    }

    // MARK: What comes back

    private static func metadata(of target: ChatTarget, _ press: ChatPress) -> String {
        JSONText { json in
            json.member("target", target.text)
            json.member("message", optional: press.handle)
            json.member("reply", optional: press.replyTo?.revealed)
        }.text
    }

    /// Reads a form that `user` has filled in.
    static func read(_ view: [String: Any], by user: String, stamp: String, at signed: Timestamp) -> ChatReading {
        guard let kind = (view["callback_id"] as? String).flatMap(ChatForm.Kind.init) else { return .nothing }
        let metadata = AnswerBody(Array((view["private_metadata"] as? String ?? "").utf8)).members
        let values = (view["state"] as? [String: Any])?["values"] as? [String: Any] ?? [:]
        func state(_ field: ChatForm.Field) -> [String: Any]? {
            (values[field.rawValue] as? [String: Any])?[field.rawValue] as? [String: Any]
        }
        let choice = (state(.choice)?["selected_option"] as? [String: Any])?["value"] as? String
        guard let target = (metadata["target"] as? String).flatMap(ChatTarget.init(text:)),
            let action = choice.flatMap({ ChatAction(kind, choice: $0, note: state(.note)?["value"] as? String) })
        else { return .unreadable }
        return .press(
            ChatPress(
                stamp: stamp, at: signed, account: user, target: target, action: action,
                replyTo: (metadata["reply"] as? String).flatMap(SlackPress.reply),
                handle: metadata["message"] as? String, origin: .form))
    }
}
