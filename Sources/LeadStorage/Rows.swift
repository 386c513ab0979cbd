// Rows as values of the core. What can't be read back is `Damage`, never a trap: a file may have been altered.

import GRDB
import LeadCore

enum Rows {
    /// The columns of a `Delivery`, in the order that `delivery(_:from:)` reads.
    static let delivery = "id, case_id, person, channel, lane, kind, created_at, remark"

    /// Eight columns from `first` on as a delivery.
    static func delivery(_ row: Row, from first: Int32) throws -> Delivery {
        guard let kind = MessageKind(rawValue: try row.text(first + 5)) else { throw Damage(column: first + 5) }
        return Delivery(
            id: DeliveryID(try row.text(first)), caseID: CaseID(try row.text(first + 1)),
            person: PersonID(try row.text(first + 2)), channel: ChannelID(try row.text(first + 3)),
            lane: LaneID(try row.text(first + 4)), kind: kind,
            createdAt: Timestamp(milliseconds: try row.integer(first + 6)), remark: try row.optionalText(first + 7))
    }

    /// The columns of a `DeliveryRecord`.
    static let record = delivery + ", state, attempts, next_attempt, changed_at, detail, carrier"

    /// A record; what is known of its message in a chat is in `copies`.
    static func record(_ row: Row, copies: [DeliveryID: [PostedCopy]] = [:]) throws -> DeliveryRecord {
        guard let state = DeliveryState(rawValue: try row.text(8)) else { throw Damage(column: 8) }
        let delivery = try delivery(row, from: 0)
        return DeliveryRecord(
            delivery: delivery, state: state, attempts: Int(try row.integer(9)),
            nextAttempt: try row.optionalInteger(10).map(Timestamp.init(milliseconds:)),
            changedAt: Timestamp(milliseconds: try row.integer(11)), detail: try row.optionalText(12),
            copies: copies[delivery.id] ?? [], carrier: try row.optionalText(13).map { DeliveryID($0) })
    }

    /// The columns of a `CaseSummary`.
    static let summary = "id, state, title, rep, opened_at, next_deadline"

    static func summary(_ row: Row) throws -> CaseSummary {
        guard let state = LeadCase.StateName(rawValue: try row.text(1)) else { throw Damage(column: 1) }
        return CaseSummary(
            id: CaseID(try row.text(0)), state: state, title: try row.text(2),
            rep: try row.optionalText(3).map(PersonID.init(_:)),
            openedAt: Timestamp(milliseconds: try row.integer(4)),
            nextDeadline: try row.optionalInteger(5).map(Timestamp.init(milliseconds:)))
    }

    /// The columns of a `HistoryEntry`.
    static let entry = "sequence, at, actor, event, entrance"

    static func entry(_ row: Row) throws -> HistoryEntry {
        let entrance = try row.optionalText(4).map { text in
            guard let entrance = Entrance(text: text) else { throw Damage(column: 4) }
            return entrance
        }
        return HistoryEntry(
            sequence: Int(try row.integer(0)), at: Timestamp(milliseconds: try row.integer(1)),
            actor: try Stored.value(Actor.self, try row.text(2)),
            event: try Stored.value(CaseEvent.self, try row.text(3)),
            entrance: entrance)
    }
}
