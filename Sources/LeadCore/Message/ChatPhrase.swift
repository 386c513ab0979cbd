// All words of ours on buttons in chats, in the states that changed messages show, and in answers to whoever pressed; in one
// place, so that they can be said in another language.

/// Something that is said in a chat.
public enum ChatPhrase: Sendable, Equatable {
    // Buttons and lists.
    case chooseRep, claim, release, passOn, reject
    case confirmAssign, confirmAssignText, assign
    case confirmPass, confirmPassText, pass
    case confirmReject, confirmRejectText, doReject
    case cancel
    case rejection(ClosingReason)
    case assignAnyway(String)

    // Headlines of changed messages.
    case open(String)
    case claimed(by: String, String)
    case settled(owner: String, String)
    case rejected(String)
    case done(owner: String, String)

    // What stands in changed messages.
    case claimedSince(by: String, String, until: String)
    case passedOn(by: String, to: String)
    case workBegan(String)

    // Answers.
    case stranger(account: String)
    case notAManager, notAsked, unknownLead, unknownRep, olderRound
    case tooLate(String)
    case warning(rep: String, [String])
    case given(rep: String)
    case openTheLead
    case notRecorded

    /// In English.
    public var words: String {
        switch self {
        case .chooseRep: "Who takes it?"
        case .claim: "Mine to decide"
        case .release: "Not mine after all"
        case .passOn: "Pass the choice on to…"
        case .reject: "Reject…"
        case .confirmAssign: "Give the lead away?"
        case .confirmAssignText: "The rep gets the lead at once, and everyone who was asked sees who has it."
        case .assign: "Give the lead"
        case .confirmPass: "Pass the choice on?"
        case .confirmPassText: "They are asked to choose. You still may, too."
        case .pass: "Pass on"
        case .confirmReject: "Reject the lead?"
        case .confirmRejectText: "Nobody gets it, and it is closed for everyone who was asked."
        case .doReject: "Reject"
        case .cancel: "Cancel"
        case .rejection(let reason): reason.words.prefix(1).uppercased() + reason.words.dropFirst()
        case .assignAnyway(let rep): "Give it to \(rep) all the same"
        case .open(let title): "Open: \(title)"
        case .claimed(let manager, let title): "\(manager) decides: \(title)"
        case .settled(let owner, let title): "Settled, \(owner) has it: \(title)"
        case .rejected(let title): "Rejected: \(title)"
        case .done(let owner, let title): "Done by \(owner): \(title)"
        case .claimedSince(let manager, let since, let until):
            "\(manager) said “mine to decide” at \(since); that holds until \(until)."
        case .passedOn(let manager, let other): "\(manager) has passed the choice on to \(other)."
        case .workBegan(let since): "The work began at \(since)."
        case .stranger(let account):
            "leadbell doesn’t know who you are. Ask whoever looks after it to add slack_id: \(account) to your entry."
        case .notAManager: "You may not choose who takes leads. Nothing was changed."
        case .notAsked: "You were not asked about this lead. Nothing was changed."
        case .unknownLead: "There is no such lead any more. Nothing was changed."
        case .unknownRep: "That person can’t be given leads any more. Please choose someone else."
        case .olderRound:
            "The choice was taken back since this message was written. Please choose in it again. Nothing was changed."
        case .tooLate(let outcome):
            "You came too late, and your choice changed nothing: nobody had chosen in time. \(outcome)"
        case .warning(let rep, let warnings): "Before \(rep) gets the lead: \(warnings.joined(separator: "; "))."
        case .given(let rep): "Done. \(rep) has the lead and is being told."
        case .openTheLead: "Open the lead"
        case .notRecorded: "It could not be recorded just now, so nothing was changed. Please try again in a moment."
        }
    }
}
