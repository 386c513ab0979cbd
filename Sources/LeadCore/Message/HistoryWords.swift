// A case's history in words, for pages and the command line alike.

extension HistoryEntry {
    /// What happened, in one clause with names: "Dana Whitfield gave the lead to Billy Moss".
    public func words(by rulebook: Rulebook) -> String {
        let name = rulebook.name
        let names: ([PersonID]) -> String = { people in
            people.isEmpty ? "nobody" : people.map(name).joined(separator: ", ")
        }
        switch event {
        case .opened(let opening): return "Taken in; \(names(opening.managers)) may choose because \(opening.reason)"
        case .notified(_, let people): return "\(names(people)) asked to choose"
        case .reminded(_, let people): return "\(names(people)) reminded"
        case .skipped: return "A step was overtaken by a later one and skipped"
        case .claimed(let claim): return "Claimed by \(name(claim.by))"
        case .claimExpired(let person): return "The claim of \(name(person)) ran out"
        case .released(let person): return "Released by \(name(person))"
        case .assigned(let assignment):
            switch assignment.by {
            case .person(let id):
                return "\(name(id)) gave the lead to \(name(assignment.rep))" + Self.note(assignment.note)
            case .step: return "Nobody chose in time: \(name(assignment.rep)) has the lead"
            case .intake, .daemon: return "Given to \(name(assignment.rep)) by rule"
            }
        case .reassigned(let assignment, let former):
            let giver = if case .person(let id) = assignment.by { name(id) } else { "The policy" }
            return "\(giver) took the lead from \(name(former)) to \(name(assignment.rep))" + Self.note(assignment.note)
        case .rejected(let closing):
            return "Rejected by \(name(closing.by)): \(closing.reason.words)" + Self.note(closing.note)
        case .started(let person): return "\(name(person)) has taken the first action"
        case .closed(let closing): return "Closed by \(name(closing.by))" + Self.note(closing.note)
        case .linkRenewed(let person): return "A fresh link was sent to \(name(person))"
        case .deliveryFailed(_, let person, let channel, let reason):
            return "\(name(person)) was not reached by \(channel): \(reason)"
        }
    }

    private static func note(_ note: String?) -> String { note.map { " (“\($0)”)" } ?? "" }
}
