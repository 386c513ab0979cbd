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
    static func blocks(_ offer: ChatOffer, _ json: inout JSONText) {
        let reps = offer.reps.filter { $0.id.text.utf8.count <= mostValue }.prefix(ChatOffer.most)
        if !reps.isEmpty {
            actions("\(offer.target.text).reps", &json) { json in
                list("assign", .chooseRep, Array(reps), confirm: .assign, &json)
            }
        }
        actions("\(offer.target.text).more", &json) { json in
            if offer.mayClaim { button(.claim, labelled: ChatPhrase.claim.words, &json) }
            if offer.mayRelease { button(.release, labelled: ChatPhrase.release.words, &json) }
            let colleagues = offer.colleagues.filter { $0.id.text.utf8.count <= mostValue }.prefix(ChatOffer.most)
            if !colleagues.isEmpty { list("pass", .passOn, Array(colleagues), confirm: .pass, &json) }
            let reasons = ClosingReason.rejections.map {
                ChatOffer.Choice(id: PersonID($0.rawValue), name: ChatPhrase.rejection($0).words)
            }
            list("reject", .reject, reasons, confirm: .reject, &json)
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
        json.object { json in
            json.member("type", "button")
            json.member("action_id", action.name)
            json.object("text") { SlackMessage.plain(label, atMost: mostButton, &$0) }
            json.member("value", action.value)
        }
    }

    /// What is asked before something is done.
    private struct Confirmation {
        let title: ChatPhrase
        let text: ChatPhrase
        let confirm: ChatPhrase
        var isDangerous = false

        static let assign = Confirmation(title: .confirmAssign, text: .confirmAssignText, confirm: .assign)
        static let pass = Confirmation(title: .confirmPass, text: .confirmPassText, confirm: .pass)
        static let reject = Confirmation(
            title: .confirmReject, text: .confirmRejectText, confirm: .doReject, isDangerous: true)
    }

    private static func list(
        _ name: String, _ placeholder: ChatPhrase, _ choices: [ChatOffer.Choice], confirm: Confirmation,
        _ json: inout JSONText
    ) {
        json.object { json in
            json.member("type", "static_select")
            json.member("action_id", name)
            json.object("placeholder") { SlackMessage.plain(placeholder.words, atMost: mostPlaceholder, &$0) }
            json.key("options")
            json.array(choices) { json, choice in option(choice, &json) }
            json.object("confirm") { json in
                json.object("title") { SlackMessage.plain(confirm.title.words, atMost: mostTitle, &$0) }
                json.object("text") { SlackMessage.plain(confirm.text.words, atMost: mostQuestion, &$0) }
                json.object("confirm") { SlackMessage.plain(confirm.confirm.words, atMost: mostAnswer, &$0) }
                json.object("deny") { SlackMessage.plain(ChatPhrase.cancel.words, atMost: mostAnswer, &$0) }
                if confirm.isDangerous { json.member("style", "danger") }
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
