// Faults that are switched on to prove that the simulation would find them.

/// A fault planted in the model around the core.
enum PlantedBug: String, CaseIterable, Sendable {
    /// The file goes when it has been read, before its leads are durable.
    case fileRemovedBeforeCommit
    /// The store writes a transition whatever version the case has.
    case versionNotChecked
    /// The store takes an intake key twice.
    case keyNotUnique
    /// The store takes an inquiry that is a case, or has joined one.
    case inquiryNotUnique
    /// The store records an outcome whoever holds the lease.
    case leaseNotFenced
    /// The dispatcher has one message twice in hand when its lease ran out meanwhile.
    case sentBesideItself
    /// A choice leaves the messages that ask for it in the outbox.
    case questionsNotCancelled
    /// A restart takes up what is recorded as sent.
    case sentTakenUpAgain
    /// The history loses which step was done.
    case stepNotAdvanced
    /// The escalator acts on its own, fast clock.
    case escalatorClockFast
    /// A claim takes the case out of the index of deadlines.
    case claimForgetsDeadline
    /// An undelivered message is recorded first and reported afterwards.
    case reportedAfterRecording
    /// Nobody looks after the leads of a rep who has left.
    case ownerGoneForgotten
    /// What is gathered waits for its time whatever its case's next step.
    case heldPastStep
    /// Two leads of one person are looked at side by side.
    case personNotHeld
    /// A lead that can't join a case, since others were faster to change that, counts as done.
    case staleInquiryLost
    /// An inquiry leaves its case before it has one of its own.
    case splitInTwoCommits
    /// A late answer asks the managers once more.
    case lateAnswerAsksAgain
    /// What waits for somebody who is out of reach is cancelled.
    case outOfReachForgotten

    /// The invariants of which one must break.
    var breaks: Set<String> {
        switch self {
        case .fileRemovedBeforeCommit, .staleInquiryLost, .splitInTwoCommits: ["S1", "S2"]
        case .versionNotChecked: ["S4", "S12", "S8", "S7"]
        case .keyNotUnique, .inquiryNotUnique: ["S3"]
        case .leaseNotFenced: ["S6", "S11"]
        case .sentBesideItself: ["S6"]
        case .questionsNotCancelled: ["S7"]
        case .sentTakenUpAgain: ["S6"]
        case .stepNotAdvanced: ["S8"]
        case .escalatorClockFast: ["S7"]
        case .claimForgetsDeadline: ["L3"]
        case .reportedAfterRecording: ["L2"]
        case .ownerGoneForgotten: ["L3"]
        case .heldPastStep: ["S14"]
        case .personNotHeld: ["S15"]
        case .lateAnswerAsksAgain: ["S16"]
        case .outOfReachForgotten: ["S17"]
        }
    }
}
