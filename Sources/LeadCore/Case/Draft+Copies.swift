// What becomes of messages that were sent and can be changed: after anything that they show has changed, each is brought up
// to date by a delivery of its own, so that it is durable, tried again and in order.

extension Draft {
    /// Has the messages of all who were asked show the case as it is now, if that differs from `former`.
    mutating func refreshCopies(since former: LeadCase) {
        guard rulebook.hasEditableChannels, !former.told.isEmpty, former.looksOther(than: current) else { return }
        // An earlier change that is still on its way would show the same.
        cancels.append(.update)
        let editable = Set(rulebook.channels.values.filter(\.isEditable).map(\.id))
        tell(former.told, .update, over: editable)
    }
}

extension Draft {
    /// Tells `person` where what they were told before can't be changed; elsewhere an update shows it.
    mutating func tellWhereNothingChanges(_ person: PersonID, _ kind: MessageKind) {
        let reach = rulebook.person(person)?.reach.map(\.channel) ?? []
        let fixed = reach.filter { rulebook.channels[$0]?.isEditable == false }
        if !fixed.isEmpty { tell([person], kind, over: Set(fixed)) }
    }
}

extension LeadCase {
    /// Whether messages about the case show something else than they would of `other`.
    fileprivate func looksOther(than other: LeadCase) -> Bool {
        version != other.version
            && (state != other.state || round != other.round || delay != other.delay || lastPass != other.lastPass
                || opening != other.opening || lead != other.lead)
    }
}
