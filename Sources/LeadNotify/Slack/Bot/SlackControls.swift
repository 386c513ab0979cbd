// What can be chosen in a message: a list of reps, buttons, a list of colleagues, a list of reasons; each but a claim asks
// once more before it acts. The lead stands in the blocks' ids, the choice in the values. Pure. (docs.slack.dev/reference/block-kit)

import LeadCore

/// The blocks with buttons and lists.
enum SlackControls {
    // Slack's limits, in UTF-16 units: texts of buttons and options, placeholders, and the parts of a confirmation.
    static let mostButton = 75
    static let mostOption = 75
    static let mostPlaceholder = 150
    static let mostTitle = 100
    static let mostQuestion = 300
    static let mostAnswer = 30
    /// Options' values, by older documentation; newer has 150.
    static let mostValue = 75

    /// Two rows: who takes it, and what else can be done.
    static func blocks(_ offer: ChatOffer, in phrases: Phrases, _ json: inout JSONText) {
        let texts = phrases.chat
        let reps = offer.reps.filter { $0.id.text.utf8.count <= mostValue }.prefix(ChatOffer.most)
        if !reps.isEmpty {
            actions("\(offer.target.text).reps", &json) { json in
                list("assign", texts.chooseRep, Array(reps), texts.assigning, cancel: texts.cancel, &json)
            }
        }
        actions("\(offer.target.text).more", &json) { json in
            if offer.mayClaim { button(.claim, labelled: texts.claim(), &json) }
            if offer.mayRelease { button(.release, labelled: texts.release(), &json) }
            let colleagues = offer.colleagues.filter { $0.id.text.utf8.count <= mostValue }.prefix(ChatOffer.most)
            if !colleagues.isEmpty {
                list("pass", texts.passOn, Array(colleagues), texts.passing, cancel: texts.cancel, &json)
            }
            let reasons = ClosingReason.rejections.map { reason in
                ChatOffer.Choice(id: PersonID(reason.rawValue), name: phrases.sentences.closingChoice(reason))
            }
            list(
                "reject", texts.reject, reasons, texts.rejecting, cancel: texts.cancel, isDangerous: true, &json)
        }
    }

    /// A row of buttons and lists.
    static func actions(_ id: String, _ json: inout JSONText, _ elements: (inout JSONText) -> Void) {
        json.object { json in
            json.member("type", "actions")
            json.member("block_id", id)
            json.list("elements", elements)
        }
    }

    /// A button.
    static func button(_ action: ChatAction, labelled label: String, _ json: inout JSONText) {
        let label = CleanText.line(label, atMost: mostButton)
        json.object { json in
            json.member("type", "button")
            json.member("action_id", action.name)
            json.object("text") { SlackMessage.plain(label, atMost: mostButton, &$0) }
            json.member("value", action.value)
        }
    }

    /// A list, and what is asked before its choice is acted upon.
    private static func list(
        _ name: String, _ placeholder: Phrase, _ choices: [ChatOffer.Choice], _ question: ChatPhrases.Question,
        cancel: Phrase, isDangerous: Bool = false, _ json: inout JSONText
    ) {
        json.object { json in
            json.member("type", "static_select")
            json.member("action_id", name)
            json.object("placeholder") { SlackMessage.plain(placeholder(), atMost: mostPlaceholder, &$0) }
            json.key("options")
            json.array(choices) { json, choice in option(choice, &json) }
            json.object("confirm") { json in
                json.object("title") { SlackMessage.plain(question.title(), atMost: mostTitle, &$0) }
                json.object("text") { SlackMessage.plain(question.text(), atMost: mostQuestion, &$0) }
                json.object("confirm") { SlackMessage.plain(question.yes(), atMost: mostAnswer, &$0) }
                json.object("deny") { SlackMessage.plain(cancel(), atMost: mostAnswer, &$0) }
                if isDangerous { json.member("style", "danger") }
            }
        }
    }

    private static func option(_ choice: ChatOffer.Choice, _ json: inout JSONText) {
        let name = CleanText.line(choice.name, atMost: mostOption)
        let hint = choice.hint.flatMap { CleanText.line($0, atMost: mostOption).nonEmpty }
        json.object { json in
            json.object("text") { SlackMessage.plain(name.nonEmpty ?? choice.id.text, atMost: mostOption, &$0) }
            json.member("value", choice.id.text)
            if let hint { json.object("description") { SlackMessage.plain(hint, atMost: mostOption, &$0) } }
        }
    }
}
