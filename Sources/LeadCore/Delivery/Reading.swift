// Whether a message was opened, as far as it is known. Robots fetch links before people do, so a fetched link says nothing;
// that its reader did something to the case through a link or a button, signed as theirs, does. Pure.

extension CaseFile {
    /// When the reader of `record`'s message first acted on the case after they had been sent it; nil when they haven't yet.
    public func opened(_ record: DeliveryRecord) -> Timestamp? {
        guard record.state == .sent || record.state == .unknown, record.delivery.kind != .event else { return nil }
        let cause = record.delivery.sequence ?? 0
        return history.first { entry in
            entry.actor == .person(id: record.delivery.person) && entry.sequence > cause
                && entry.at >= record.changedAt
        }?.at
    }
}
