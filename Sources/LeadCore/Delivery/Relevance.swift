// Whether a message is still meant when it is about to leave. It may have waited for hours, in hand or through a restart,
// and its case has moved on: nobody is told of a lead that they no longer have, nor asked what has been answered. Pure.

extension LeadCase {
    /// Why `delivery`, which an earlier entry of this case caused, is not to be sent any more; nil while it is meant.
    ///
    /// In doubt a message is meant: one too many is better than one too few.
    public func objection(to delivery: Delivery) -> String? {
        switch delivery.kind {
        case .decide, .remind, .warn, .escalate, .reopened: nextDeadline == nil ? Self.answered : nil
        case .assigned: objection(toHandover: delivery)
        case .withdrawn: assignment?.rep == delivery.person ? "they have the lead again" : nil
        case .settled:
            if nextDeadline != nil { "the choice was taken back" } else { overtaking(delivery) }
        case .inquiry: concerns(delivery.person) ? nil : "they have nothing to do with the lead any more"
        case .update, .freshLink, .alarm, .digest, .event, .test: nil
        }
    }

    /// Why a question isn't asked that has been answered.
    private static let answered = "settled meanwhile"

    private func objection(toHandover delivery: Delivery) -> String? {
        guard let assignment else {
            return if case .closed = state { "the lead is closed" } else { "the choice was taken back" }
        }
        guard assignment.rep == delivery.person else { return "somebody else has the lead now" }
        return overtaking(delivery)
    }

    /// A later handover has messages of its own, which say the same.
    private func overtaking(_ delivery: Delivery) -> String? {
        guard let assignment, assignment.at > delivery.createdAt else { return nil }
        return "the lead was given anew since"
    }

    private func concerns(_ person: PersonID) -> Bool {
        if assignment?.rep == person || told.contains(person) { return true }
        return if case .claimed(let claim) = state { claim.by == person } else { false }
    }
}
