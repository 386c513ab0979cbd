// What becomes of a lead if nobody acts: the decider itself, called at each deadline that it names. Nothing is stored or
// sent. Used by `leadbell explain`.

/// A lead's way under a rulebook when nobody chooses.
public struct Forecast: Sendable {
    /// Every decision, the opening first; the last one leaves nothing to time.
    public let transitions: [Transition]

    /// The way of `lead` if it came in at `start`; `loads` tells what each rep has to do.
    public init(
        of lead: Lead, key: IntakeKey, from start: Timestamp, rulebook: Rulebook, turns: Turns = Turns(),
        loads: @escaping (PersonID) -> Workload = { _ in Workload() }
    ) {
        var transitions = [
            LeadCase.open(lead, key: key, now: start, rulebook: rulebook, turns: turns, loads: loads)
        ]
        while let last = transitions.last, let deadline = last.result.nextDeadline {
            do {
                transitions.append(
                    try last.result.decide(.deadlinePassed, now: deadline, rulebook: rulebook, loads: loads))
            } catch {
                // A deadline that is reached is due, so there is nothing to refuse.
                preconditionFailure("a deadline that was named is not due: \(error)")
            }
        }
        self.transitions = transitions
    }
}
