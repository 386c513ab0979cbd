// What a page says after a button was pressed: done, or why not. Done is told by a code in the address, which anyone
// can type; so it is believed only when the case stands accordingly.

import LeadCore

/// The codes after `?done=`.
enum Notice: String, CaseIterable {
    case assigned, reassigned, claimed, released, passed, postponed, undone, rejected, started, closed

    init(_ action: ChoiceAction) {
        switch action {
        case .assign: self = .assigned
        case .reassign: self = .reassigned
        case .claim: self = .claimed
        case .release: self = .released
        case .pass: self = .passed
        case .postpone: self = .postponed
        case .undo: self = .undone
        case .reject: self = .rejected
        case .start: self = .started
        case .close: self = .closed
        }
    }

    /// What the page says to `reader`; nil when the case doesn't stand so.
    func sentence(about view: CaseView, for reader: PersonID) -> String? {
        let rulebook = view.rulebook
        switch (self, view.file.subject.state) {
        case (.assigned, .assigned(let it)), (.assigned, .working(let it, _)),
            (.reassigned, .assigned(let it)), (.reassigned, .working(let it, _)):
            guard it.by == .person(id: reader) else { return nil }
            return "Done. \(rulebook.name(it.rep)) has the lead and is being told."
        case (.claimed, .claimed(let claim)) where claim.by == reader:
            return "It is yours to decide. The others see that, and reminders rest."
        case (.released, .waiting): return "Anyone who was asked may choose again."
        case (.passed, .waiting):
            guard let entry = view.file.history.last(where: { $0.event.passesOn }), entry.actor == .person(id: reader),
                case .passedOn(let other, _, _) = entry.event
            else { return nil }
            return "Done. \(rulebook.name(other)) is being asked to choose. You still may, too."
        case (.postponed, .waiting), (.postponed, .claimed):
            guard view.file.subject.postponedBy == reader else { return nil }
            return "Done. The deadline is later now; it can’t be put off again."
        case (.undone, .waiting):
            guard view.file.history.last?.event.isUndoing == true else { return nil }
            return "Done. Nobody has the lead now; whoever was told hears of it."
        case (.rejected, .closed(let closing)) where closing.by == reader && closing.reason != .done:
            return "Done. The lead is rejected."
        case (.started, .working(let it, _)) where it.rep == reader: return "Noted: you have started."
        case (.closed, .closed(let closing)) where closing.by == reader && closing.reason == .done:
            return "Done. The lead is closed."
        default: return nil
        }
    }
}

/// A refusal in one sentence.
struct RefusalWords {
    let writer: BriefingWriter
    let rulebook: Rulebook
    let reader: PersonID

    /// Why nothing was changed; `subject` is the case as it is now.
    func sentence(_ refusal: Refusal, subject: LeadCase) -> String {
        let words = writer.words(refusal, about: subject, for: reader, in: .english)
        guard case .alreadyAssigned(let assignment) = refusal, assignment.mode.isFallback, rulebook.choice.mayReassign
        else { return words }
        return words + " Take it back? Below you can still choose who takes it instead."
    }

    /// Whether the person lacks the right, rather than having come late.
    static func isForbidden(_ refusal: Refusal) -> Bool {
        switch refusal {
        case .notAManager, .notTheOwner, .reassignmentForbidden: true
        case .alreadyAssigned, .closed, .claimedByAnother, .notAssigned, .notClaimed, .notARep, .sameRep,
            .excluded, .unconfirmed, .cantBeAsked, .noMoreTime, .cantBeUndone, .alreadyStarted, .notDue, .noFreshLink,
            .nothingToChange, .alreadyRecorded, .noSuchInquiry:
            false
        }
    }
}
