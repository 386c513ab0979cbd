// Whether a message was opened, as far as it is known. Robots fetch links before people do, so a fetched link says nothing;
// that its reader did something to the case by this message's link or button does. Pure.

extension CaseFile {
    /// When the reader of `record`'s message first acted on the case by it, or tried to; nil when they haven't yet, or did
    /// elsewhere.
    public func opened(_ record: DeliveryRecord) -> Timestamp? {
        guard Self.isReadable(record) else { return nil }
        let person = record.delivery.person
        let acted = history.first { entry in
            entry.actor == .person(id: person) && entry.entrance.map { shows(record, $0) } ?? false
        }
        let came = visits.first { $0.person == person && shows(record, $0.entrance) }
        return [acted?.at, came?.at].compactMap(\.self).min()
    }

    /// Whether `entrance` is the message of `record`, or one that took it along. A message that is kept up to date shows the
    /// links of its latest change, so the newest that was there at the time stands for those.
    private func shows(_ record: DeliveryRecord, _ entrance: Entrance) -> Bool {
        guard entrance.channel == record.delivery.channel else { return false }
        func cause(_ one: DeliveryRecord) -> Int { one.delivery.sequence ?? 0 }
        let there = deliveries.filter { one in
            Self.isReadable(one) && one.delivery.channel == record.delivery.channel
                && one.delivery.person == record.delivery.person && cause(one) <= entrance.sequence
        }
        guard let newest = there.map(cause).max() else { return false }
        return there.contains { one in
            cause(one) == newest
                && (cause(record) == newest || one.carrier != nil && one.carrier == record.carrier)
        }
    }

    /// Whether the record is of a message that its reader may have before them.
    private static func isReadable(_ record: DeliveryRecord) -> Bool {
        switch record.delivery.kind {
        case .update, .event: false
        default: record.state == .sent || record.state == .unknown
        }
    }
}
