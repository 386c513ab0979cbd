// Sentences of messages: why this reader, what happened, what is next.

/// Sentences. An empty text takes its sentence out of messages.
public final class SentencePhrases: Sendable {
    let decide = Phrase(
        "sentence.decide", [.reason], mayBeEmpty: true, en: "You choose because {{reason}}.",
        de: "Sie entscheiden über diesen Lead. Grund: {{reason}}.")
    let remind = Phrase(
        "sentence.remind", [.reason], mayBeEmpty: true, en: "You were asked because {{reason}}.",
        de: "Sie wurden um eine Entscheidung gebeten. Grund: {{reason}}.")
    let warn = Phrase(
        "sentence.warn", [.time], mayBeEmpty: true, en: "Nobody has chosen since {{time}}.",
        de: "Seit {{time}} hat niemand entschieden.")
    let able = Phrase(
        "sentence.able", [.names], mayBeEmpty: true, en: "Who can still choose: {{names}}.",
        de: "Entscheiden können noch: {{names}}.")
    let escalateOne = Phrase(
        "sentence.escalate.one", [.names, .time], mayBeEmpty: true,
        en: "{{names}} has not chosen since {{time}}, so you are asked too.",
        de: "{{names}} hat seit {{time}} nicht entschieden; deshalb werden nun auch Sie gefragt.")
    let escalateMany = Phrase(
        "sentence.escalate.many", [.names, .time], mayBeEmpty: true,
        en: "{{names}} have not chosen since {{time}}, so you are asked too.",
        de: "{{names}} haben seit {{time}} nicht entschieden; deshalb werden nun auch Sie gefragt.")
    let escalateNobody = Phrase(
        "sentence.escalate.nobody", [.time], mayBeEmpty: true,
        en: "Nobody has chosen since {{time}}, so you are asked.",
        de: "Seit {{time}} hat niemand entschieden; deshalb werden nun Sie gefragt.")
    let step = Phrase(
        "sentence.step", [.count, .words], mayBeEmpty: true, en: "Step {{count}}: {{words}}",
        de: "Schritt {{count}}: {{words}}")
    let withdrawn = Phrase(
        "sentence.withdrawn", mayBeEmpty: true, en: "The choice was taken back, and nobody has the lead now.",
        de: "Die Entscheidung wurde zurückgenommen; derzeit hat niemand den Lead.")
    let reopened = Phrase(
        "sentence.reopened", mayBeEmpty: true, en: "The choice was taken back, so the lead waits for one again.",
        de: "Die Entscheidung wurde zurückgenommen; über den Lead muss neu entschieden werden.")
    let inquiry = Phrase(
        "sentence.inquiry", mayBeEmpty: true,
        en: "The same person or firm has asked again, and the inquiry joined this lead.",
        de: "Dieselbe Person oder Firma hat sich erneut gemeldet; die Anfrage wurde diesem Lead zugeordnet.")
    let inquiryWords = Phrase(
        "sentence.inquiry.words", [.reason, .percent, .words], mayBeEmpty: true,
        en: "Known by {{reason}}, {{percent}} of 100. They write: {{words}}",
        de: "Erkannt an: {{reason}} ({{percent}} von 100). Die neue Nachricht: {{words}}")
    let inquirySilent = Phrase(
        "sentence.inquiry.silent", mayBeEmpty: true, en: "They left no words.", de: "Sie enthält keinen Text.")
    let freshLink = Phrase(
        "sentence.fresh_link", mayBeEmpty: true,
        en: "You asked for a fresh link; earlier ones of this lead may no longer work.",
        de:
            "Sie haben einen neuen Link angefordert; ältere Links zu diesem Lead funktionieren möglicherweise nicht mehr."
    )
    let passedOn = Phrase(
        "sentence.passed_on", [.name], mayBeEmpty: true, en: "{{name}} passes the choice on to you.",
        de: "{{name}} gibt die Entscheidung an Sie weiter.")
    let passedOnWords = Phrase(
        "sentence.passed_on.words", [.name, .words], mayBeEmpty: true,
        en: "{{name}} passes the choice on to you: {{words}}",
        de: "{{name}} gibt die Entscheidung an Sie weiter: {{words}}")
    let away = Phrase(
        "sentence.away", [.name, .until], mayBeEmpty: true, en: "{{name}} is away until {{until}}; you are next.",
        de: "{{name}} ist bis {{until}} abwesend; damit sind Sie an der Reihe.")
    let offDuty = Phrase(
        "sentence.off_duty", [.name, .until], mayBeEmpty: true,
        en: "{{name}} is off duty until {{until}}; you are next.",
        de: "{{name}} ist bis {{until}} nicht im Dienst; damit sind Sie an der Reihe.")
    let unreachable = Phrase(
        "sentence.unreachable", mayBeEmpty: true, en: "The lead gives neither e-mail nor phone.",
        de: "Der Lead enthält weder eine E-Mail-Adresse noch eine Telefonnummer.")
    let silentOne = Phrase(
        "sentence.silent.one", [.channels], mayBeEmpty: true,
        en: "{{channels}} takes no messages for you at the moment, so rely on this mail.",
        de: "Über {{channels}} erreichen Sie derzeit keine Nachrichten; bitte richten Sie sich nach dieser E-Mail.")
    let silentMany = Phrase(
        "sentence.silent.many", [.channels], mayBeEmpty: true,
        en: "{{channels}} take no messages for you at the moment, so rely on this mail.",
        de: "Über {{channels}} erreichen Sie derzeit keine Nachrichten; bitte richten Sie sich nach dieser E-Mail.")
    let elsewhere = Phrase(
        "sentence.elsewhere", [.name, .channels], mayBeEmpty: true,
        en: "Others read along here, so the link for {{name}} comes by {{channels}}.",
        de: "Hier lesen andere mit; der Link für {{name}} kommt deshalb über {{channels}}.")

    let rejected = Phrase(
        "outcome.rejected", [.name, .time, .reason], en: "{{name}} rejected it at {{time}}: {{reason}}.",
        de: "{{name}} hat den Lead am {{time}} abgelehnt: {{reason}}.")
    let closed = Phrase(
        "outcome.closed", [.name, .time, .reason], en: "{{name}} closed it at {{time}}: {{reason}}.",
        de: "{{name}} hat den Lead am {{time}} abgeschlossen: {{reason}}.")
    let note = Phrase("outcome.note", [.words], needs: [.words], en: "Note: {{words}}", de: "Notiz: {{words}}")
    let yours = Phrase(
        "outcome.yours", [.time, .giver], en: "You have the lead since {{time}}, {{giver}}.",
        de: "Sie haben den Lead seit {{time}}, {{giver}}.")
    let theirs = Phrase(
        "outcome.theirs", [.name, .time, .giver], needs: [.name],
        en: "{{name}} has the lead since {{time}}, {{giver}}.", de: "{{name}} hat den Lead seit {{time}}, {{giver}}.")
    let claimed = Phrase(
        "outcome.claimed", [.name, .time, .until], needs: [.name],
        en: "{{name}} said “mine to decide” at {{time}}; that holds until {{until}}.",
        de: "{{name}} hat am {{time}} „Ich entscheide“ gewählt; das gilt bis {{until}}.")
    let handedOn = Phrase(
        "outcome.passed_on", [.name, .other], needs: [.other], en: "{{name}} has passed the choice on to {{other}}.",
        de: "{{name}} hat die Entscheidung an {{other}} weitergegeben.")
    let begun = Phrase(
        "outcome.begun", [.time], needs: [.time], en: "The work began at {{time}}.",
        de: "Die Bearbeitung hat am {{time}} begonnen.")
    let byYou = Phrase("outcome.by_you", en: "chosen by you", de: "von Ihnen zugeteilt")
    let by = Phrase("outcome.by", [.name], en: "chosen by {{name}}", de: "zugeteilt von {{name}}")
    let inTime = Phrase(
        "outcome.in_time", en: "because nobody chose in time", de: "weil niemand rechtzeitig entschieden hat")
    let unreached = Phrase(
        "outcome.unreached", en: "because nobody who was asked could be reached",
        de: "weil niemand von den Gefragten zu erreichen war")
    let byRule = Phrase("outcome.by_rule", en: "by rule", de: "zugeteilt nach einer Regel")
    let spam = Phrase("outcome.spam", en: "spam", de: "Spam")
    let duplicate = Phrase("outcome.duplicate", en: "duplicate", de: "Dublette")
    let notForUs = Phrase("outcome.not_for_us", en: "not for us", de: "nicht für uns")
    let done = Phrase("outcome.done", en: "done", de: "erledigt")

    let alarm = Phrase(
        "alarm.failed", en: "A message could not be delivered.", de: "Eine Nachricht konnte nicht zugestellt werden.")
    let notReached = Phrase(
        "alarm.not_reached", [.name, .channel, .reason], needs: [.name],
        en: "{{name}} was not reached by {{channel}}: {{reason}}",
        de: "{{name}} wurde über {{channel}} nicht erreicht: {{reason}}")
    let noChannel = Phrase(
        "alarm.no_channel", [.name], needs: [.name],
        en: "No channel reached {{name}}, so what comes next comes at once.",
        de: "{{name}} wurde auf keinem Weg erreicht; der nächste Schritt folgt deshalb sofort.")
    let noWay = Phrase(
        "alarm.no_way", [.names], needs: [.names],
        en: "The configuration has no way to reach {{names}}, who must act now.",
        de: "Die Konfiguration enthält keinen Weg zu {{names}}; von dort wird jetzt eine Handlung erwartet.")
    let channelImpaired = Phrase(
        "alarm.channel_impaired", [.channel, .reason], needs: [.channel],
        en: "Messages go out by {{channel}}, but {{reason}}. Mend the configuration and reload it.",
        de:
            "Nachrichten gehen über {{channel}} hinaus, aber {{reason}}. Bitte die Konfiguration berichtigen und neu laden."
    )
    let enricherRefused = Phrase(
        "alarm.enricher_refused", [.enricher, .reason], needs: [.enricher],
        en:
            "The enricher {{enricher}} is refused: {{reason}}. Leads lack what it knows until its token is renewed and reloaded.",
        de:
            "Die Anreicherung {{enricher}} wird abgewiesen: {{reason}}. Leads bleiben ohne ihre Angaben, bis ein neues Token "
            + "geladen ist.")

    let testRun = Phrase(
        "sentence.test.run", mayBeEmpty: true,
        en: "Somebody has run leadbell test-channel. There is no lead, and nothing to do.",
        de: "Jemand hat leadbell test-channel aufgerufen. Es gibt keinen Lead, und es ist nichts zu tun.")
    let testSeen = Phrase(
        "sentence.test.seen", mayBeEmpty: true, en: "If you read this, messages about leads reach you here.",
        de: "Wenn Sie dies lesen, erreichen Sie Nachrichten zu Leads auf diesem Weg.")

    /// Why a lead was rejected or closed.
    public func closing(_ reason: ClosingReason) -> String {
        switch reason {
        case .spam: spam()
        case .duplicate: duplicate()
        case .notForUs: notForUs()
        case .done: done()
        }
    }

    /// The same as the choice of a list, which begins with a capital letter.
    public func closingChoice(_ reason: ClosingReason) -> String {
        let words = closing(reason)
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}

/// The sentence that says until when to choose, and its parts.
public final class DeadlinePhrases: Sendable {
    let choose = Phrase(
        "deadline.choose", [.time, .explanation, .more, .then], needs: [.time],
        en: "Choose by {{time}}{{explanation}}{{more}}{{then}}.",
        de: "Bitte entscheiden Sie bis {{time}}{{explanation}}{{more}}{{then}}.")
    let then = Phrase(
        "deadline.then", [.name], mayBeEmpty: true, en: "; after that {{name}} gets the lead",
        de: "; danach geht der Lead an {{name}}")
    let thenBest = Phrase(
        "deadline.then_best", mayBeEmpty: true, en: "; after that whoever fits best gets the lead",
        de: "; danach geht der Lead an die Person, die am besten passt")
    let more = Phrase(
        "deadline.more", [.name], mayBeEmpty: true, en: ", with the time for which {{name}} asked",
        de: ", einschließlich der Zeit, um die {{name}} gebeten hat")
    let from = Phrase(
        "deadline.from", [.duration, .time], mayBeEmpty: true,
        en: ": {{duration}} from {{time}}, when somebody works again",
        de: ": {{duration}} ab {{time}}, wenn wieder jemand im Dienst ist")
    let working = Phrase(
        "deadline.working", [.duration, .closed], mayBeEmpty: true, en: ": {{duration}} of working time{{closed}}",
        de: ": {{duration}} Arbeitszeit{{closed}}")
    let workingFrom = Phrase(
        "deadline.working_from", [.duration, .time, .closed], mayBeEmpty: true,
        en: ": {{duration}} of working time from {{time}}, when somebody works again{{closed}}",
        de: ": {{duration}} Arbeitszeit ab {{time}}, wenn wieder jemand im Dienst ist{{closed}}")
    let closed = Phrase(
        "deadline.closed", [.spans], mayBeEmpty: true, en: ", closed {{spans}}", de: ", geschlossen {{spans}}")
    let closedMore = Phrase(
        "deadline.closed_more", [.spans, .count], mayBeEmpty: true,
        en: ", closed {{spans}} and {{count}} times more", de: ", geschlossen {{spans}} und {{count}} weitere Male")
    let act = Phrase(
        "deadline.first_action", [.time], needs: [.time], en: "Take the first action by {{time}}.",
        de: "Bitte unternehmen Sie den ersten Schritt bis {{time}}.")
    let untilOnly = Phrase("deadline.until", [.until], needs: [.until], en: "until {{until}}", de: "bis {{until}}")
    let span = Phrase(
        "deadline.span", [.time, .until], needs: [.time, .until], en: "{{time}} – {{until}}",
        de: "{{time}} – {{until}}")
}
