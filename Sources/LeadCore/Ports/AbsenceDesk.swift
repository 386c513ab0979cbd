// What commands and a person's own page ask of the book of absences.

/// The use cases around absences.
public protocol AbsenceDesk: Sendable {
    /// Records an absence; durable and in force when this returns.
    func record(_ absence: Absence) async throws(StoreFailure)

    /// The person is back; answers how many recorded absences that ended.
    func end(of person: PersonID) async throws(StoreFailure) -> Int
}

extension Absence {
    /// Why the absence can't be recorded at `now`, in a sentence; nil when it can.
    public func complaint(by rulebook: Rulebook, now: Timestamp) -> String? {
        for id in [person, substitute].compactMap(\.self) where rulebook.person(id) == nil {
            let known = rulebook.people.map(\.id.text).joined(separator: ", ")
            return "there is no person \(id); there are \(known)"
        }
        if from >= until { return "the absence ends before it begins; its end is when they are back" }
        if until <= now { return "the absence is over already; its end is when they are back" }
        if substitute == person {
            return "\(rulebook.name(person)) can't stand in for themselves; name somebody else"
        }
        return nil
    }
}
