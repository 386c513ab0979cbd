// Where people choose in a chat: buttons, lists and forms, what is asked before something is done, and what whoever pressed
// is answered. The limits are those of Slack's buttons, placeholders, confirmations and modals.

/// Buttons, lists, forms and questions.
public final class ChatPhrases: Sendable {
    /// Above the list of reps.
    public let chooseRep = Phrase(
        "chat.choose_rep", upTo: 150, en: "Who takes it?", de: "Wer übernimmt den Lead?")
    /// "Mine to decide".
    public let claim = Phrase("chat.claim", upTo: 75, en: "Mine to decide", de: "Ich entscheide")
    /// Takes that back.
    public let release = Phrase("chat.release", upTo: 75, en: "Not mine after all", de: "Doch nicht ich")
    /// Opens the form by which the choice is passed on.
    public let passOn = Phrase("chat.pass_on", upTo: 75, en: "Pass on…", de: "Weitergeben …")
    /// Opens the form by which the lead is rejected.
    public let reject = Phrase("chat.reject", upTo: 75, en: "Reject…", de: "Ablehnen …")

    /// Asked before the lead is given.
    public let assigning = Question(
        title: Phrase("chat.assign.title", upTo: 100, en: "Give the lead away?", de: "Lead zuteilen?"),
        text: Phrase(
            "chat.assign.text", upTo: 300,
            en: "The rep gets the lead at once, and everyone who was asked sees who has it.",
            de: "Der Lead wird sofort zugeteilt, und alle Gefragten sehen, wer ihn hat."),
        yes: Phrase("chat.assign.yes", upTo: 30, en: "Give the lead", de: "Zuteilen"))
    /// Answers it with no.
    public let cancel = Phrase("chat.cancel", upTo: 24, en: "Cancel", de: "Abbrechen")

    /// By which the choice is passed on.
    public let passing = Form(
        title: Phrase("chat.pass.title", upTo: 24, en: "Pass the choice on", de: "Entscheidung weitergeben"),
        text: Phrase(
            "chat.pass.text", upTo: 300, en: "They are asked to choose. You still may, too.",
            de: "Die Person wird um eine Entscheidung gebeten. Auch Sie können weiterhin entscheiden."),
        choice: Phrase("chat.pass.choice", upTo: 150, en: "Who shall decide?", de: "Wer soll entscheiden?"),
        yes: Phrase("chat.pass.yes", upTo: 24, en: "Pass on", de: "Weitergeben"))
    /// By which the lead is rejected.
    public let rejecting = Form(
        title: Phrase("chat.reject.title", upTo: 24, en: "Reject the lead", de: "Lead ablehnen"),
        text: Phrase(
            "chat.reject.text", upTo: 300, en: "Nobody gets it, and it is closed for everyone who was asked.",
            de: "Niemand erhält den Lead, und für alle Gefragten ist er damit abgeschlossen."),
        choice: Phrase("chat.reject.choice", upTo: 150, en: "Why?", de: "Warum?"),
        yes: Phrase("chat.reject.yes", upTo: 24, en: "Reject", de: "Ablehnen"))
    /// What can be said of either, or left out.
    public let note = Phrase("chat.note", upTo: 150, en: "Note", de: "Anmerkung")
    /// Puts away what a form was answered.
    public let close = Phrase("chat.close", upTo: 24, en: "Close", de: "Schließen")
    /// The button that gives the lead in spite of what was told of the rep.
    public let assignAnyway = Phrase(
        "chat.assign_anyway", [.name], needs: [.name], en: "Give it to {{name}} all the same",
        de: "Trotzdem {{name}} zuteilen")

    /// What is asked before something is done.
    public struct Question: Sendable {
        /// In a few words.
        public let title: Phrase
        /// What happens then.
        public let text: Phrase
        /// The button that does it.
        public let yes: Phrase
    }

    /// What is asked in a form.
    public struct Form: Sendable {
        /// In a few words.
        public let title: Phrase
        /// What happens then.
        public let text: Phrase
        /// Above what is to be chosen.
        public let choice: Phrase
        /// The button that does it.
        public let yes: Phrase
    }

    /// What a form of that kind asks.
    public subscript(kind: ChatForm.Kind) -> Form {
        switch kind {
        case .pass: passing
        case .reject: rejecting
        }
    }
}

/// Answers to whoever pressed.
public final class AnswerPhrases: Sendable {
    /// To an account that is nobody's.
    public let stranger = Phrase(
        "answer.stranger", [.account], needs: [.account],
        en: "leadbell doesn’t know who you are. Ask whoever looks after it to add slack_id: {{account}} to your entry.",
        de:
            "leadbell kennt Sie nicht. Bitten Sie die zuständige Person, in Ihrem Eintrag slack_id: {{account}} zu ergänzen."
    )
    /// To somebody who is no manager.
    public let notAManager = Phrase(
        "answer.no_manager", en: "You may not choose who takes leads. Nothing was changed.",
        de: "Sie sind nicht berechtigt, Leads zuzuteilen. Es wurde nichts geändert.")
    /// To a manager of other leads.
    public let notAsked = Phrase(
        "answer.not_asked", en: "You were not asked about this lead. Nothing was changed.",
        de: "Sie wurden zu diesem Lead nicht gefragt. Es wurde nichts geändert.")
    /// The case is gone.
    public let unknownLead = Phrase(
        "answer.no_lead", en: "There is no such lead any more. Nothing was changed.",
        de: "Diesen Lead gibt es nicht mehr. Es wurde nichts geändert.")
    /// The rep is gone.
    public let unknownRep = Phrase(
        "answer.no_rep", en: "That person can’t be given leads any more. Please choose someone else.",
        de: "Dieser Person können keine Leads mehr zugeteilt werden. Bitte wählen Sie jemand anderen.")
    /// The choice was taken back since.
    public let olderRound = Phrase(
        "answer.older_round",
        en: "The choice was taken back since this message was written. Please choose in it again. Nothing was changed.",
        de:
            "Die Entscheidung wurde zurückgenommen, seit diese Nachricht geschrieben wurde. Bitte wählen Sie darin erneut. Es wurde nichts geändert."
    )
    /// In the place of warnings, where messages say nothing of the lead.
    public let warned = Phrase(
        "answer.warned", [.name], needs: [.name],
        en: "Something speaks against giving {{name}} this lead. The page says what. Nothing was changed.",
        de:
            "Etwas spricht dagegen, {{name}} diesen Lead zuzuteilen. Was, steht auf der Seite. Es wurde nichts geändert."
    )
    /// In the place of a rule's reason, where messages say nothing of the lead.
    public let excluded = Phrase(
        "answer.excluded", [.name], needs: [.name],
        en: "{{name}} can’t be given this lead. The page says why. Nothing was changed.",
        de: "{{name}} kann dieser Lead nicht zugeteilt werden. Warum, steht auf der Seite. Es wurde nichts geändert.")
    /// After a warning was confirmed.
    public let given = Phrase(
        "answer.given", [.name], needs: [.name], en: "Done. {{name}} has the lead and is being told.",
        de: "Erledigt. {{name}} hat den Lead und wird benachrichtigt.")
    /// The store is out of order.
    public let notRecorded = Phrase(
        "answer.not_recorded",
        en: "It could not be recorded just now, so nothing was changed. Please try again in a moment.",
        de:
            "Das konnte gerade nicht gespeichert werden; es wurde nichts geändert. Bitte versuchen Sie es gleich noch einmal."
    )
    /// To whoever would have filled in a form.
    public let noForm = Phrase(
        "answer.no_form", en: "The form could not be opened just now. The lead’s page can do the same.",
        de: "Das Formular konnte gerade nicht geöffnet werden. Auf der Seite des Leads geht es auch.")
    /// The note of a form has more characters than one may.
    public let noteTooLong = Phrase(
        "answer.note_too_long", [.count], en: "The note is longer than {{count}} characters. Please shorten it.",
        de: "Die Anmerkung ist länger als {{count}} Zeichen. Bitte kürzen Sie sie.")
    /// In a form, while nobody knows yet what comes of it.
    public let slow = Phrase(
        "answer.slow", en: "This takes longer than usual. The message shows when it is done, or you are told why not.",
        de: "Das dauert länger als üblich. Die Nachricht zeigt, wenn es erledigt ist; sonst erfahren Sie den Grund.")
}
