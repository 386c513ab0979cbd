// Why a choice changed nothing, as the lead's page and chats say it to who has chosen. Pages take the English ones.

/// Refusals.
public final class RefusalPhrases: Sendable {
    let tooLate = Phrase(
        "refusal.too_late", [.reason], needs: [.reason],
        en: "You came too late, and your choice changed nothing: nobody had chosen in time. {{reason}}",
        de:
            "Ihre Entscheidung kam zu spät und hat nichts geändert: Niemand hatte rechtzeitig entschieden. {{reason}}")
    let faster = Phrase(
        "refusal.faster", [.reason], needs: [.reason],
        en: "Someone was faster. {{reason}} Your choice changed nothing.",
        de: "Jemand war schneller. {{reason}} Ihre Entscheidung hat nichts geändert.")
    let closed = Phrase(
        "refusal.closed", [.reason], needs: [.reason], en: "{{reason}} Your choice changed nothing.",
        de: "{{reason}} Ihre Entscheidung hat nichts geändert.")
    let settled = Phrase("refusal.settled", en: "The lead is settled.", de: "Über den Lead ist entschieden.")
    let claimed = Phrase(
        "refusal.claimed", [.name, .until], needs: [.name],
        en: "{{name}} decides until {{until}}, so your choice changed nothing.",
        de: "{{name}} entscheidet bis {{until}}; Ihre Entscheidung hat deshalb nichts geändert.")
    let unassigned = Phrase(
        "refusal.unassigned", en: "Nobody has the lead at the moment. Nothing was changed.",
        de: "Derzeit hat niemand den Lead. Es wurde nichts geändert.")
    let unclaimed = Phrase(
        "refusal.unclaimed", en: "You were not the one who decides. Nothing was changed.",
        de: "Die Entscheidung lag nicht bei Ihnen. Es wurde nichts geändert.")
    let notAManager = Phrase(
        "refusal.no_manager", en: "You may not choose who takes leads any more. Nothing was changed.",
        de: "Sie sind nicht mehr berechtigt, Leads zuzuteilen. Es wurde nichts geändert.")
    let notARep = Phrase(
        "refusal.no_rep", [.name], needs: [.name],
        en: "{{name}} can’t be given leads any more. Please choose someone else.",
        de: "{{name}} können keine Leads mehr zugeteilt werden. Bitte wählen Sie jemand anderen.")
    let excluded = Phrase(
        "refusal.excluded", [.name, .reason], needs: [.name],
        en: "{{name}} can’t have this lead: {{reason}}. Please choose someone else.",
        de: "{{name}} kann diesen Lead nicht erhalten: {{reason}}. Bitte wählen Sie jemand anderen.")
    let unconfirmed = Phrase(
        "refusal.unconfirmed", [.name, .reason], needs: [.name, .reason],
        en: "Before {{name}} gets the lead: {{reason}}.", de: "Bevor {{name}} den Lead erhält: {{reason}}.")
    let cantBeAsked = Phrase(
        "refusal.cant_be_asked", [.name], needs: [.name],
        en: "{{name}} can’t be asked to choose. Nothing was changed.",
        de: "{{name}} kann nicht um eine Entscheidung gebeten werden. Es wurde nichts geändert.")
    let noMoreTime = Phrase(
        "refusal.no_more_time", en: "There is no more time to be had. Nothing was changed.",
        de: "Eine weitere Verlängerung ist nicht möglich. Es wurde nichts geändert.")
    let cantBeUndone = Phrase(
        "refusal.cant_be_undone",
        en: "It is too late to take that back. You can still take the lead elsewhere.",
        de: "Das lässt sich nicht mehr zurücknehmen. Sie können den Lead noch jemand anderem zuteilen.")
    let notTheOwner = Phrase(
        "refusal.no_owner", en: "The lead is not yours any more. Nothing was changed.",
        de: "Der Lead ist nicht mehr bei Ihnen. Es wurde nichts geändert.")
    let notElsewhere = Phrase(
        "refusal.stays", en: "Leads stay with whoever has them at this site. Nothing was changed.",
        de: "Hier bleiben Leads bei der Person, die sie hat. Es wurde nichts geändert.")
    let sameRep = Phrase(
        "refusal.same_rep", [.name], needs: [.name], en: "{{name}} has the lead already.",
        de: "{{name}} hat den Lead bereits.")
    let begun = Phrase(
        "refusal.begun", [.time], needs: [.time], en: "The work began at {{time}} already.",
        de: "Die Bearbeitung hat bereits am {{time}} begonnen.")
    let nothing = Phrase("refusal.nothing", en: "Nothing was changed.", de: "Es wurde nichts geändert.")
}

extension BriefingWriter {
    /// Why `reader`'s wish changed nothing; `subject` is the case as it is now.
    public func words(_ refusal: Refusal, about subject: LeadCase, for reader: PersonID, in phrases: Phrases) -> String
    {
        let texts = phrases.refusals
        let name = rulebook.name
        func outcome() -> String { self.outcome(of: subject, for: reader, in: phrases).first ?? texts.settled() }
        switch refusal {
        case .alreadyAssigned(let assignment) where assignment.mode.isFallback: return texts.tooLate(outcome())
        case .alreadyAssigned: return texts.faster(outcome())
        case .closed: return texts.closed(outcome())
        case .claimedByAnother(let claim):
            return texts.claimed(name(claim.by), time(claim.until, for: reader, in: phrases))
        case .notAssigned: return texts.unassigned()
        case .notClaimed: return texts.unclaimed()
        case .notAManager: return texts.notAManager()
        case .notARep(let person): return texts.notARep(name(person))
        case .excluded(let rep, let why): return texts.excluded(name(rep), why)
        case .unconfirmed(let rep, let warnings):
            return texts.unconfirmed(name(rep), warnings.joined(separator: "; "))
        case .cantBeAsked(let person): return texts.cantBeAsked(name(person))
        case .noMoreTime: return texts.noMoreTime()
        case .cantBeUndone: return texts.cantBeUndone()
        case .notTheOwner: return texts.notTheOwner()
        case .reassignmentForbidden: return texts.notElsewhere()
        case .sameRep(let rep): return texts.sameRep(name(rep))
        case .alreadyStarted(let since): return texts.begun(time(since, for: reader, in: phrases))
        case .notDue, .noFreshLink, .nothingToChange, .alreadyRecorded, .noSuchInquiry: return texts.nothing()
        }
    }
}
