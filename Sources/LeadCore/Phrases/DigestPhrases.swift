// Several leads in one message: each a line with its link.

/// The words of digests.
public final class DigestPhrases: Sendable {
    let one = Phrase("digest.headline.one", en: "A lead for you", de: "Ein Lead für Sie")
    let many = Phrase(
        "digest.headline.many", [.count], needs: [.count], en: "{{count}} leads for you", de: "{{count}} Leads für Sie")
    /// Why they come together.
    let reason = Phrase(
        "digest.reason", mayBeEmpty: true,
        en: "They came within a short time, or while you had quiet hours, and are brought to you in one message.",
        de:
            "Sie sind innerhalb kurzer Zeit oder während Ihrer Ruhezeit eingegangen; deshalb kommen sie in einer Nachricht."
    )
    let marked = Phrase(
        "digest.line", [.mark, .title], needs: [.title], en: "{{mark}}: {{title}}", de: "{{mark}}: {{title}}")
    let due = Phrase("digest.due", [.time], needs: [.time], en: "choose by {{time}}", de: "zu entscheiden bis {{time}}")
    let remind = Phrase("digest.mark.remind", en: "Reminder", de: "Erinnerung")
    let warn = Phrase("digest.mark.warn", en: "Last call", de: "Letzte Gelegenheit")
    let escalate = Phrase("digest.mark.escalate", en: "You are next", de: "Jetzt sind Sie gefragt")
    let assigned = Phrase("digest.mark.assigned", en: "Yours", de: "Ihr Lead")
    let settled = Phrase("digest.mark.settled", en: "Settled", de: "Entschieden")
    let reopened = Phrase("digest.mark.reopened", en: "Open again", de: "Wieder offen")
    let inquiry = Phrase("digest.mark.inquiry", en: "Asked again", de: "Erneute Anfrage")

    /// "7 leads for you".
    func headline(_ count: Int) -> String { count == 1 ? one() : many("\(count)") }

    /// A lead's line, with what it asks of its reader before the lead's title.
    func line(_ kind: MessageKind, _ title: String) -> String { mark(kind).map { marked($0(), title) } ?? title }

    private func mark(_ kind: MessageKind) -> Phrase? {
        switch kind {
        case .decide: nil
        case .remind: remind
        case .warn: warn
        case .escalate: escalate
        case .assigned: assigned
        case .settled: settled
        case .reopened: reopened
        case .inquiry: inquiry
        case .withdrawn, .update, .freshLink, .alarm, .digest, .event, .test: nil
        }
    }
}
