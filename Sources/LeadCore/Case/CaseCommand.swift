// What may be asked of a case, why it may be refused, and what a decision leaves to be done.

/// A request to change a case.
public enum CaseCommand: Sendable, Equatable {
    /// "Mine to decide."
    case claim(by: PersonID)
    /// "Not mine after all."
    case release(by: PersonID)
    /// Give the lead to `rep`; refused if somebody has it.
    case assign(rep: PersonID, by: PersonID, note: String?, choosing: Choosing = Choosing())
    /// Take the lead from `from`, who must still have it, to `rep`.
    case reassign(rep: PersonID, from: PersonID, by: PersonID, note: String?, choosing: Choosing = Choosing())
    /// Somebody else shall decide; they are asked, with the comment.
    case pass(to: PersonID, by: PersonID, comment: String?)
    /// More time is needed; as much as the policy has, once.
    case postpone(by: PersonID)
    /// The choice was a mistake; nobody has the lead again.
    case undo(by: PersonID)
    /// Not a lead for us.
    case reject(reason: ClosingReason, by: PersonID, note: String?)
    /// The rep's first action.
    case start(by: PersonID)
    /// The rep has finished.
    case close(by: PersonID, note: String?)
    /// The configuration no longer has the rep who has the lead; it goes to the policy's last resort.
    case ownerGone
    /// Whoever was asked has gone away; somebody else is asked.
    case askersAway
    /// The case shall go by the rules as they are now.
    case replan
    /// Time has passed; whatever is due happens.
    case deadlinePassed
    /// The same person or firm has asked again, as is known by the inquiry `like`, or by the case's own lead.
    case inquire(Inquiry, like: IntakeKey? = nil)
    /// An inquiry that joined the case is none of its.
    case separate(IntakeKey)
    /// An enricher answered after the lead had gone out.
    case enrich(LateFindings)
    /// An enricher was refused when it asked for this lead, as it will be for others until somebody mends that.
    case enricherRefused(EnricherRefusal)
    /// A channel took a message of this case without a part that somebody has to mend.
    case channelImpaired(ChannelID, reason: String)
    /// The person whose link no longer works wants a new one.
    case renewLink(person: PersonID)
    /// No way to somebody who was asked takes anything for now, and nothing has reached them. `isNews` unless the operators
    /// know of it by another case.
    case unreachable(person: PersonID, isNews: Bool = true)
    /// A message ended undelivered. It is no news to the operators when the destination had been stopped before.
    case deliveryFailed(Delivery, reason: String, isNews: Bool = true)
}

/// Why a command changes nothing. Each is a normal answer.
public enum Refusal: Error, Sendable, Equatable {
    /// Somebody has the lead already.
    case alreadyAssigned(Assignment)
    /// Another manager decides.
    case claimedByAnother(Claim)
    /// The case is over.
    case closed(Closing)
    /// The lead has no owner yet, so there is nobody to take it from.
    case notAssigned
    /// The person holds no claim.
    case notClaimed
    /// The person may not choose.
    case notAManager(PersonID)
    /// The person can't be given leads.
    case notARep(PersonID)
    /// A hard rule keeps the rep from having the lead; why.
    case excluded(PersonID, String)
    /// There are warnings about the rep, and nobody has said that they don't matter.
    case unconfirmed(PersonID, [String])
    /// The person isn't the one who has the lead.
    case notTheOwner(PersonID)
    /// The configuration forbids taking a lead back.
    case reassignmentForbidden
    /// The person can't be asked to choose, or was asked by the same manager already.
    case cantBeAsked(PersonID)
    /// The policy has no more time to give.
    case noMoreTime
    /// It is too late, or it was somebody else's choice.
    case cantBeUndone
    /// The rep has it already.
    case sameRep(PersonID)
    /// The work has begun already.
    case alreadyStarted(Timestamp)
    /// Nothing is due before this instant; nil when nothing ever is.
    case notDue(Timestamp?)
    /// A link was sent moments ago, or the person was never told of this case, or has no mail address.
    case noFreshLink
    /// The rules make nothing else of the case, or somebody who was asked is there.
    case nothingToChange
    /// The failure, or the inquiry, is in the history already.
    case alreadyRecorded
    /// The inquiry hasn't joined this case.
    case noSuchInquiry
}

extension CaseCommand {
    /// The longest note that people may write, in UTF-16 units, as browsers count `maxlength`.
    public static let longestNote = 2000

    /// The same on other grounds; commands that choose nobody stay as they are.
    public func grounded(_ change: (Choosing) -> Choosing) -> CaseCommand {
        switch self {
        case .assign(let rep, let person, let note, let choosing):
            .assign(rep: rep, by: person, note: note, choosing: change(choosing))
        case .reassign(let rep, let from, let person, let note, let choosing):
            .reassign(rep: rep, from: from, by: person, note: note, choosing: change(choosing))
        default: self
        }
    }
}

/// What a decision leaves to be done, all of it in one transaction.
public struct Transition: Sendable, Equatable {
    /// The version that the store must still have; 0 for a new case.
    public let expected: Int
    /// The case afterwards.
    public let result: LeadCase
    /// New history.
    public let entries: [HistoryEntry]
    /// Messages to send.
    public let deliveries: [Delivery]
    /// Kinds of this case's unsent messages that have become pointless; cancelled before `deliveries` are added.
    public let cancels: [MessageKind]

    /// A transition.
    public init(
        expected: Int, result: LeadCase, entries: [HistoryEntry], deliveries: [Delivery], cancels: [MessageKind]
    ) {
        self.expected = expected
        self.result = result
        self.entries = entries
        self.deliveries = deliveries
        self.cancels = cancels
    }
}
