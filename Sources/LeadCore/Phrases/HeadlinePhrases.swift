// First lines and subjects of messages, and the one word above them.

/// First lines and subjects. `brief.…` stand in where a channel may not tell who did what.
public final class HeadlinePhrases: Sendable {
    let decide = Phrase(
        "headline.decide", [.title], needs: [.title], en: "New lead: {{title}}", de: "Neuer Lead: {{title}}")
    let remind = Phrase(
        "headline.remind", [.title], needs: [.title], en: "Reminder, nobody has chosen yet: {{title}}",
        de: "Erinnerung, noch nicht entschieden: {{title}}")
    let warn = Phrase(
        "headline.warn", [.title, .left], needs: [.title], en: "Last call, {{left}} left: {{title}}",
        de: "Letzte Gelegenheit, noch {{left}}: {{title}}")
    let escalate = Phrase(
        "headline.escalate", [.title], needs: [.title], en: "Nobody has chosen yet, you are next: {{title}}",
        de: "Noch nicht entschieden, jetzt sind Sie gefragt: {{title}}")
    let assigned = Phrase(
        "headline.assigned", [.title], needs: [.title], en: "Your lead: {{title}}", de: "Ihr Lead: {{title}}")
    let withdrawn = Phrase(
        "headline.withdrawn", [.title], needs: [.title], en: "No longer yours: {{title}}",
        de: "Nicht mehr Ihr Lead: {{title}}")
    let rejected = Phrase(
        "headline.rejected", [.title], needs: [.title], en: "Rejected: {{title}}", de: "Abgelehnt: {{title}}")
    let settled = Phrase(
        "headline.settled", [.title, .name], needs: [.title], en: "Settled, {{name}} has it: {{title}}",
        de: "Entschieden, {{name}} hat den Lead: {{title}}")
    let reopened = Phrase(
        "headline.reopened", [.title], needs: [.title], en: "Open again, the choice was taken back: {{title}}",
        de: "Wieder offen, die Entscheidung wurde zurückgenommen: {{title}}")
    let open = Phrase("headline.open", [.title], needs: [.title], en: "Open: {{title}}", de: "Offen: {{title}}")
    let claimed = Phrase(
        "headline.claimed", [.title, .name], needs: [.title], en: "{{name}} decides: {{title}}",
        de: "{{name}} entscheidet: {{title}}")
    let done = Phrase(
        "headline.done", [.title, .name], needs: [.title], en: "Done by {{name}}: {{title}}",
        de: "Erledigt von {{name}}: {{title}}")
    let inquiry = Phrase(
        "headline.inquiry", [.title], needs: [.title], en: "Asked again: {{title}}", de: "Erneute Anfrage: {{title}}")
    let freshLink = Phrase(
        "headline.fresh_link", [.title], needs: [.title], en: "Your fresh link: {{title}}",
        de: "Ihr neuer Link: {{title}}")
    let alarm = Phrase(
        "headline.alarm", [.title], needs: [.title], en: "A message was not delivered: {{title}}",
        de: "Eine Nachricht wurde nicht zugestellt: {{title}}")
    let enricherRefused = Phrase(
        "headline.enricher_refused", [.title], needs: [.title],
        en: "Leads lack what an enricher knows: {{title}}", de: "Leads bleiben ohne Anreicherung: {{title}}")
    let channelImpaired = Phrase(
        "headline.channel_impaired", [.title], needs: [.title],
        en: "A channel goes on without a part: {{title}}", de: "Ein Kanal arbeitet nur noch zum Teil: {{title}}")
    let test = Phrase(
        "headline.test", [.channel], en: "This is a test of the channel {{channel}}",
        de: "Dies ist ein Test des Kanals {{channel}}")
    let testSubject = Phrase(
        "subject.test", [.channel], en: "Test of the channel {{channel}}", de: "Test des Kanals {{channel}}")
    let subject = Phrase("subject.lead", [.title], needs: [.title], en: "Lead: {{title}}", de: "Lead: {{title}}")

    let briefWarn = Phrase(
        "brief.warn", [.title], needs: [.title], en: "Last call: {{title}}", de: "Letzte Gelegenheit: {{title}}")
    let briefSettled = Phrase(
        "brief.settled", [.title], needs: [.title], en: "Settled: {{title}}", de: "Entschieden: {{title}}")
    let briefReopened = Phrase(
        "brief.reopened", [.title], needs: [.title], en: "Open again: {{title}}", de: "Wieder offen: {{title}}")

    let subjectAndFirm = Phrase(
        "title.full", [.subject, .firm], needs: [.subject], en: "{{subject}} for {{firm}}",
        de: "{{subject}} für {{firm}}")
    let firmAlone = Phrase("title.firm", [.firm], needs: [.firm], en: "a lead for {{firm}}", de: "Anfrage von {{firm}}")
    let nothing = Phrase("title.unknown", en: "a lead", de: "Anfrage")
    /// In place of a rep's name.
    let somebody = Phrase("title.somebody", en: "a rep", de: "jemand aus dem Vertrieb")

    /// The lead in a few words, by what is known of it.
    func title(subject: String?, firm: String?) -> String {
        switch (subject, firm) {
        case (let subject?, let firm?): subjectAndFirm(subject, firm)
        case (let subject?, nil): subject
        case (nil, let firm?): firmAlone(firm)
        case (nil, nil): nothing()
        }
    }

    /// The first line of an alarm that no message's failure has caused.
    func alarm(_ cause: AlarmCause, _ title: String) -> String {
        switch cause {
        case .enricher: enricherRefused(title)
        case .channel: channelImpaired(title)
        }
    }

    /// The first line where nothing of the person may be shown, and no name.
    func brief(_ kind: MessageKind, _ title: String) -> String {
        switch kind {
        case .decide: decide(title)
        case .remind: remind(title)
        case .warn: briefWarn(title)
        case .escalate: escalate(title)
        case .assigned: assigned(title)
        case .withdrawn: withdrawn(title)
        case .settled: briefSettled(title)
        case .reopened: briefReopened(title)
        case .inquiry: inquiry(title)
        case .freshLink: freshLink(title)
        case .alarm: alarm(title)
        case .update, .digest, .event, .test: subject(title)
        }
    }
}

extension HeadlinePhrases {
    /// Where the case stands.
    func standing(_ mark: Standing.Mark, _ title: String) -> String {
        switch mark {
        case .open: open(title)
        case .claimed(let manager): claimed(title, manager)
        case .settled(let owner): settled(title, owner)
        case .rejected: rejected(title)
        case .done(let owner): done(title, owner)
        }
    }
}

/// One word above the headline: what sort of message it is.
public final class HeadingPhrases: Sendable {
    let decide = Phrase("heading.decide", upTo: 60, en: "Decision", de: "Entscheidung")
    let remind = Phrase("heading.remind", upTo: 60, en: "Reminder", de: "Erinnerung")
    let warn = Phrase("heading.warn", upTo: 60, en: "Last call", de: "Letzte Gelegenheit")
    let escalate = Phrase("heading.escalate", upTo: 60, en: "Escalation", de: "Eskalation")
    let assigned = Phrase("heading.assigned", upTo: 60, en: "Assignment", de: "Zuteilung")
    let withdrawn = Phrase("heading.withdrawn", upTo: 60, en: "Withdrawal", de: "Rücknahme")
    let settled = Phrase("heading.settled", upTo: 60, en: "Outcome", de: "Ergebnis")
    let reopened = Phrase("heading.reopened", upTo: 60, en: "Open again", de: "Wieder offen")
    let inquiry = Phrase("heading.inquiry", upTo: 60, en: "Asked again", de: "Erneute Anfrage")
    let freshLink = Phrase("heading.fresh_link", upTo: 60, en: "Fresh link", de: "Neuer Link")
    let alarm = Phrase("heading.alarm", upTo: 60, en: "Alarm", de: "Störung")
    let update = Phrase("heading.update", upTo: 60, en: "Where it stands", de: "Stand der Dinge")
    let digest = Phrase("heading.digest", upTo: 60, en: "Digest", de: "Sammelmeldung")
    let event = Phrase("heading.event", upTo: 60, en: "Event", de: "Ereignis")
    let test = Phrase("heading.test", upTo: 60, en: "Test", de: "Test")

    /// The word for a message of `kind`.
    public func of(_ kind: MessageKind) -> String {
        switch kind {
        case .decide: decide()
        case .remind: remind()
        case .warn: warn()
        case .escalate: escalate()
        case .assigned: assigned()
        case .withdrawn: withdrawn()
        case .settled: settled()
        case .reopened: reopened()
        case .inquiry: inquiry()
        case .freshLink: freshLink()
        case .alarm: alarm()
        case .update: update()
        case .digest: digest()
        case .event: event()
        case .test: test()
        }
    }
}
