// What a form's fields mean: a command to the case, or what is missing. Pure; whether the case accepts the command is
// the case's business.

import LeadCore

/// The buttons of the pages.
enum ChoiceAction: String, CaseIterable {
    case assign, reassign, claim, release, pass, postpone, undo, reject, start, close

    /// The links through which the action may be taken.
    var purpose: LinkPurpose {
        switch self {
        case .assign, .reassign, .claim, .release, .pass, .postpone, .undo, .reject: .decide
        case .start, .close: .follow
        }
    }
}

/// Why a form is no choice; each has its sentence.
enum ChoiceFlaw: Error, Equatable {
    case unknownAction
    case notThroughThisLink
    case noRep
    case unknownRep
    /// The name that was typed is nobody's.
    case nobodyFound(String)
    /// It may be several people's.
    case severalFound(String, Int)
    /// Somebody was chosen in the list, and another's name typed.
    case twoReps(chosen: String, typed: String)
    case noManager
    case noReason
    case noteTooLong

    /// What the person reads.
    var sentence: String {
        switch self {
        case .unknownAction: "That form was incomplete. Please choose again."
        case .notThroughThisLink: "This link can’t do that. Nothing was changed."
        case .noRep: "Choose who should take the lead."
        case .unknownRep: "That person can’t be given leads any more. Please choose someone else."
        case .nobodyFound(let typed):
            "There is no rep called “\(typed)” who can have the lead. Choose one from the list."
        case .severalFound(let typed, let count):
            "“\(typed)” fits \(count) reps; they stand first in the list now. Choose one of them."
        case .twoReps(let chosen, let typed):
            "You chose \(chosen) in the list and typed \(typed). Please do one of the two."
        case .noManager: "Choose who shall decide instead of you."
        case .noReason: "Choose why this is not a lead for you."
        case .noteTooLong: "The note is longer than \(CaseCommand.longestNote) characters. Please shorten it."
        }
    }
}

/// What a person asks for by pressing a button.
struct Choice: Equatable {
    /// The button.
    let action: ChoiceAction
    /// What the case is asked.
    let command: CaseCommand
    /// "Give the lead to Billy Moss", for the page that asks again.
    let summary: String
    /// The fields, to be sent again by the page that asks again.
    let form: ChoiceForm

    /// Reads `form`, which came through `link`.
    init(_ form: ChoiceForm, through link: Link, view: CaseView) throws(ChoiceFlaw) {
        guard let action = ChoiceAction(rawValue: form.action) else { throw .unknownAction }
        guard action.purpose == link.purpose else { throw .notThroughThisLink }
        guard form.note.utf16.count <= CaseCommand.longestNote else { throw .noteTooLong }
        var form = form
        let note = form.note.trimmed.nonEmpty
        let me = link.person
        let name = { (id: PersonID) in view.rulebook.name(id) }
        switch action {
        case .assign:
            let rep = try Self.rep(&form, view)
            command = .assign(rep: rep, by: me, note: note)
            summary = "Give the lead to \(name(rep))"
        case .reassign:
            let rep = try Self.rep(&form, view)
            guard !form.from.isEmpty else { throw .unknownAction }
            let from = PersonID(form.from)
            command = .reassign(rep: rep, from: from, by: me, note: note)
            summary = "Take the lead from \(name(from)) to \(name(rep))"
        case .claim:
            command = .claim(by: me)
            summary = "Tell the others that you decide"
        case .release:
            command = .release(by: me)
            summary = "Leave the decision to anyone again"
        case .pass:
            guard let manager = view.rulebook.person(PersonID(form.to)), manager.isManager else { throw .noManager }
            command = .pass(to: manager.id, by: me, comment: note)
            summary = "Pass the choice on to \(manager.name)"
        case .postpone:
            command = .postpone(by: me)
            summary = "Ask for more time"
        case .undo:
            command = .undo(by: me)
            summary = "Take your choice back"
        case .reject:
            guard let reason = ClosingReason.rejections.first(where: { $0.rawValue == form.reason }) else {
                throw .noReason
            }
            command = .reject(reason: reason, by: me, note: note)
            summary = "Reject the lead: \(reason.words)"
        case .start:
            command = .start(by: me)
            summary = "Say that you have started"
        case .close:
            command = .close(by: me, note: note)
            summary = "Say that you are done with the lead"
        }
        self.action = action
        self.form = form
    }

    /// The rep who was chosen or whose name was typed; the form names them by id then.
    private static func rep(_ form: inout ChoiceForm, _ view: CaseView) throws(ChoiceFlaw) -> PersonID {
        let typed = form.find.trimmed
        guard !typed.isEmpty else {
            guard !form.rep.isEmpty else { throw .noRep }
            guard let rep = view.reps.first(where: { $0.person.id.text == form.rep }) else { throw .unknownRep }
            return rep.person.id
        }
        let found = RepSearch(view.reps.filter { $0.ranked.exclusion == nil }.map(\.person)).matches(typed)
        guard let rep = found.first else { throw .nobodyFound(typed) }
        guard found.count == 1 else { throw .severalFound(typed, found.count) }
        guard form.rep.isEmpty || form.rep == rep.text else {
            throw .twoReps(chosen: view.rulebook.name(PersonID(form.rep)), typed: view.rulebook.name(rep))
        }
        form.rep = rep.text
        form.find = ""
        return rep
    }
}

extension Choice {
    /// Who gets the lead by it; nil when it gives nobody anything.
    var rep: PersonID? {
        switch command {
        case .assign(let rep, _, _, _), .reassign(let rep, _, _, _, _): rep
        default: nil
        }
    }

    /// Whether `subject` already stands as the choice wanted: a second press of the same button is no failure.
    func stands(in subject: LeadCase) -> Bool { command.stands(in: subject) }
}

extension CaseCommand {
    /// Whether `subject` already stands as the command wants it.
    func stands(in subject: LeadCase) -> Bool {
        switch (self, subject.state) {
        case (.assign(let rep, let me, _, _), .assigned(let standing)),
            (.reassign(let rep, _, let me, _, _), .assigned(let standing)):
            return standing.rep == rep && standing.by == .person(id: me)
        case (.release, .waiting): return true
        case (.undo(let me), .waiting): return subject.undoneBy == me
        case (.pass(let other, let me, _), .waiting): return subject.lastPass == LeadCase.Pass(to: other, by: me)
        case (.postpone(let me), .waiting), (.postpone(let me), .claimed): return subject.postponedBy == me
        case (.reject(let reason, let me, _), .closed(let closing)):
            return closing.reason == reason && closing.by == me
        case (.start(let me), .working(let standing, _)): return standing.rep == me
        case (.close(let me, _), .closed(let closing)): return closing.reason == .done && closing.by == me
        default: return false
        }
    }
}
