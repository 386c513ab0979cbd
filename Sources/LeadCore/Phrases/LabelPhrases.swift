// What stands before parts of a message and before facts, and what links are called.

/// Labels of parts, and of links.
public final class LabelPhrases: Sendable {
    /// Before the lead's own words, so that they can't pass for ours.
    public let description = Phrase(
        "label.description", upTo: 60, en: "In their own words:", de: "Im Wortlaut der Anfrage:")
    /// Before the reps whom the message proposes.
    public let reps = Phrase("label.reps", upTo: 60, en: "Who fits best:", de: "Wer am besten passt:")
    /// Above the leads of a digest.
    public let leads = Phrase("label.leads", upTo: 60, en: "The most urgent first:", de: "Das Dringendste zuerst:")
    /// The link to the lead's page, for who may choose.
    public let choose = Phrase("label.choose", upTo: 60, en: "Choose who takes it", de: "Lead zuteilen")
    /// The same for all others.
    public let open = Phrase("label.open", upTo: 60, en: "Open the lead", de: "Lead öffnen")
    /// The link to the CRM.
    public let record = Phrase("label.record", upTo: 60, en: "Open in the CRM", de: "Im CRM öffnen")
    /// The link to the reader's own page.
    public let ownPage = Phrase(
        "label.own_page", upTo: 60, en: "Your own page, where you say when you are away",
        de: "Ihre eigene Seite, auf der Sie Abwesenheiten eintragen")
    /// Ends a message whose lines don't all fit.
    public let more = Phrase(
        "label.more", [.count], mayBeEmpty: true, en: "{{count}} more lines are not shown here.",
        de: "{{count}} weitere Zeilen werden hier nicht angezeigt.")
    /// What a chat program shows that is too old for the message.
    public let newerClient = Phrase(
        "label.newer_client", upTo: 200, en: "This message needs a newer Teams client.",
        de: "Für diese Nachricht wird eine neuere Version von Teams benötigt.")
}

/// Labels of facts.
public final class FactPhrases: Sendable {
    let who = Phrase("fact.who", upTo: 30, en: "Who", de: "Wer")
    let email = Phrase("fact.email", upTo: 30, en: "E-mail", de: "E-Mail")
    let phone = Phrase("fact.phone", upTo: 30, en: "Phone", de: "Telefon")
    let subject = Phrase("fact.subject", upTo: 30, en: "For what", de: "Anliegen")
    let firm = Phrase("fact.firm", upTo: 30, en: "Firm", de: "Firma")
    let industry = Phrase("fact.industry", upTo: 30, en: "Industry", de: "Branche")
    let source = Phrase("fact.source", upTo: 30, en: "Source", de: "Quelle")
    let place = Phrase("fact.place", upTo: 30, en: "Place", de: "Ort")
    let urgency = Phrase("fact.urgency", upTo: 30, en: "Urgency", de: "Dringlichkeit")
    let value = Phrase("fact.value", upTo: 30, en: "Value", de: "Wert")
    let reader = Phrase("fact.reader", upTo: 30, en: "For", de: "Für")
    let channel = Phrase("fact.channel", upTo: 30, en: "Channel", de: "Kanal")
    /// In place of a value.
    public let unknown = Phrase("fact.unknown", en: "unknown", de: "unbekannt")
}
