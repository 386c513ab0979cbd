// What can be chosen in a message: a list of reps, which asks once more before it acts, and buttons, of which some open a form.
// The lead stands in the blocks' ids, the choice in the values. Pure. (docs.slack.dev/reference/block-kit)

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
        if offer.reps.contains(where: fits) {
            actions("\(offer.target.text).reps", &json) { list(of: offer.reps, texts, &$0) }
        }
        actions("\(offer.target.text).more", &json) { json in
            if offer.mayClaim { button(.claim, labelled: texts.claim(), &json) }
            if offer.mayRelease { button(.release, labelled: texts.release(), &json) }
            if offer.mayPass { button(.open(.pass), labelled: texts.passOn(), &json) }
            button(.open(.reject), labelled: texts.reject(), &json)
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

    /// The list of reps, and what is asked before a choice is acted upon.
    private static func list(of reps: [ChatOffer.Choice], _ texts: ChatPhrases, _ json: inout JSONText) {
        let question = texts.assigning
        json.object { json in
            json.member("type", "static_select")
            json.member("action_id", "assign")
            json.object("placeholder") { SlackMessage.plain(texts.chooseRep(), atMost: mostPlaceholder, &$0) }
            options(reps, &json)
            json.object("confirm") { json in
                json.object("title") { SlackMessage.plain(question.title(), atMost: mostTitle, &$0) }
                json.object("text") { SlackMessage.plain(question.text(), atMost: mostQuestion, &$0) }
                json.object("confirm") { SlackMessage.plain(question.yes(), atMost: mostAnswer, &$0) }
                json.object("deny") { SlackMessage.plain(texts.cancel(), atMost: mostAnswer, &$0) }
            }
        }
    }

    /// What can be chosen, as a member of a list.
    static func options(_ choices: [ChatOffer.Choice], _ json: inout JSONText) {
        json.key("options")
        json.array(Array(choices.filter(fits).prefix(ChatOffer.most))) { json, choice in option(choice, &json) }
    }

    private static func fits(_ choice: ChatOffer.Choice) -> Bool { choice.id.utf8.count <= mostValue }

    private static func option(_ choice: ChatOffer.Choice, _ json: inout JSONText) {
        let name = CleanText.line(choice.name, atMost: mostOption)
        let hint = choice.hint.flatMap { CleanText.line($0, atMost: mostOption).nonEmpty }
        json.object { json in
            json.object("text") { SlackMessage.plain(name.nonEmpty ?? choice.id, atMost: mostOption, &$0) }
            json.member("value", choice.id)
            if let hint { json.object("description") { SlackMessage.plain(hint, atMost: mostOption, &$0) } }
        }
    }
}
