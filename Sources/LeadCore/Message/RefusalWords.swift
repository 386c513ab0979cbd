// Refusals in words, in English: as the interface for programs answers them. People read `RefusalPhrases`.

extension Refusal {
    /// One plain sentence, with times in the zone of `reader` where one is given.
    public func sentence(by rulebook: Rulebook, for reader: PersonID? = nil) -> String {
        let name = rulebook.name
        func time(_ instant: Timestamp) -> String {
            let zone = reader.flatMap(rulebook.person)?.timeZone ?? .gmt
            return CivilTime(instant, in: zone).words + (zone.identifier == "GMT" ? " UTC" : "")
        }
        switch self {
        case .alreadyAssigned(let assignment):
            let giver =
                switch assignment.by {
                case .person(let id): "chosen by \(name(id))"
                case .step: "because nobody had chosen in time"
                case .intake, .daemon: "by rule"
                }
            return "\(name(assignment.rep)) has the lead since \(time(assignment.at)), \(giver)."
        case .claimedByAnother(let claim):
            return "\(name(claim.by)) has claimed the lead and decides until \(time(claim.until))."
        case .closed(let closing):
            return "The lead was closed by \(name(closing.by)) at \(time(closing.at)): \(closing.reason.words)."
        case .notAssigned: return "Nobody has the lead yet."
        case .notClaimed: return "You hold no claim on this lead."
        case .notAManager(let person): return "\(name(person)) is not a manager and can't choose."
        case .notARep(let person): return "\(name(person)) is not a rep and can't be given leads."
        case .excluded(let person, let why): return "\(name(person)) can't have this lead: \(why.unstopped)."
        case .cantBeAsked(let person):
            return
                "\(name(person)) can't be asked to choose: they are no manager, or you asked them already, or it is you."
        case .noMoreTime: return "There is no more time to be had: the policy has none, or it was given already."
        case .cantBeUndone: return "The choice can't be undone any more, or it was somebody else's."
        case .unconfirmed(let person, let warnings):
            let list = warnings.joined(separator: "; ").unstopped
            return "Before \(name(person)) gets the lead: \(list). Confirm to choose them anyway."
        case .notTheOwner(let person): return "\(name(person)) doesn't have this lead any more."
        case .reassignmentForbidden: return "The configuration doesn't allow taking an assigned lead to another rep."
        case .sameRep(let person): return "\(name(person)) has the lead already."
        case .alreadyStarted(let since): return "The work on this lead began at \(time(since))."
        case .notDue(let at): return at.map { "Nothing is due before \(time($0))." } ?? "Nothing is due."
        case .noFreshLink: return "A link was sent moments ago, or this person has no mail address."
        case .nothingToChange: return "There is nothing to change."
        case .noSuchInquiry: return "No such inquiry has joined this lead."
        case .alreadyRecorded: return "That is on record already."
        }
    }
}
