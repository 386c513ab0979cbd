// How messages read with an administrator's texts, before any is sent: sample messages as plain text, as a mail has it. Used
// by `leadbell texts --preview`.

import LeadCore

/// A sample message in words.
public struct MessagePreview: Sendable {
    /// What it tells.
    public let scene: SampleScene
    /// Its subject in mails.
    public let subject: String
    /// Its lines.
    public let lines: [String]

    /// The message that tells `scene` in `language`, with the texts of `phrases` for `channel`, in full or `brief`; nil where
    /// the sample fails.
    public init?(
        _ scene: SampleScene, over channel: ChannelSettings, in language: Language, brief: Bool, phrases: PhraseBook
    ) {
        let samples = SampleMessages(.plain, over: channel, in: language, phrases: phrases)
        guard let full = samples.briefing(scene) else { return nil }
        let briefing = brief ? full.brief : full
        self.scene = scene
        subject = briefing.subject
        var body = MailBody()
        MailText.write(Wording(briefing, within: .mail), to: &body)
        lines = body.lines + (briefing.offer.map { Self.controls($0, briefing.phrases) } ?? [])
    }

    /// What can be pressed and chosen, a line each.
    private static func controls(_ offer: ChatOffer, _ phrases: Phrases) -> [String] {
        let texts = phrases.chat
        let question = texts.assigning
        var lines = [
            "", "[\(texts.chooseRep())] \(offer.reps.map(\.name).joined(separator: ", "))",
            "(\(question.title()) \(question.text()) [\(question.yes())] [\(texts.cancel())])",
        ]
        if offer.mayClaim { lines.append("[\(texts.claim())]") }
        if offer.mayRelease { lines.append("[\(texts.release())]") }
        if offer.mayPass { lines += form(texts.passOn(), texts.passing, [], texts) }
        let reasons = ClosingReason.rejections.map { phrases.sentences.closingChoice($0) }
        return lines + form(texts.reject(), texts.rejecting, reasons, texts)
    }

    /// A button, and the form that it opens.
    private static func form(
        _ button: String, _ form: ChatPhrases.Form, _ choices: [String], _ texts: ChatPhrases
    ) -> [String] {
        let choice = ([form.choice()] + choices.map { "( ) \($0)" }).joined(separator: " ")
        return [
            "[\(button)]",
            "(\(form.title()). \(form.text()) \(choice) \(texts.note()): … [\(form.yes())] [\(texts.cancel())])",
        ]
    }
}
