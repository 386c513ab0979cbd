// Moves deliveries between their states: taking up, settling, handing back, reclaiming. Every move is fenced: it finds
// its row only as long as the lease and the attempt are the ones it knows. Messages that ask for a choice are never
// revived once the case has an owner or is closed. Runs on the writing connection within `WriteQueue`'s transaction.

import GRDB
import LeadCore

/// The statements of the outbox on one connection.
struct DeliveryWriter {
    private let db: Database

    init(_ db: Database) {
        self.db = db
    }

    // MARK: Taking up

    /// Takes up what may be tried at `now`, of each lane as many as `quota` says.
    func take(at now: Timestamp, lease: Lease, quota: LaneQuota) throws -> [LeasedDelivery] {
        let takers = try Takers(db)
        var taken: [LeasedDelivery] = []
        for lane in try lanes() {
            taken += try take(lane, takers, at: now, lease: lease, room: quota.room(of: LaneID(lane)))
        }
        return taken
    }

    private func take(
        _ lane: String, _ takers: Takers, at now: Timestamp, lease: Lease, room: LaneQuota.Room
    ) throws -> [LeasedDelivery] {
        let limit: Int
        let changes: Int
        switch room {
        case .any(let count, let most), .urgent(let count, let most): (limit, changes) = (count, most)
        case .none: return []
        }
        let ranks = Rank.all(in: room)
        var taken: [LeasedDelivery] = []
        var cancelled: Set<Int64> = []
        func take(_ candidates: [Takers.Candidate]) throws {
            for candidate in candidates {
                if candidate.isOvertaken {
                    // An index that still offers what has ended is damaged, and would be asked for ever.
                    guard cancelled.insert(candidate.number).inserted else { throw Damage(column: nil) }
                    try takers.cancel.run(now.milliseconds, Stored.overtaken, candidate.number)
                } else {
                    try takers.lease.run(lease.owner.text, lease.until.milliseconds, now.milliseconds, candidate.number)
                    taken.append(
                        LeasedDelivery(
                            delivery: candidate.delivery, attempt: candidate.attempts + 1, lease: lease,
                            digest: candidate.digest))
                }
            }
        }
        while taken.count < limit {
            // What turns out to be overtaken takes no place, so the lane is asked again.
            let candidates = try takers.candidates(
                lane: lane, now: now.milliseconds, limit: limit - taken.count,
                changes: changes - taken.count { $0.delivery.kind == .update }, ranks: ranks)
            try take(candidates)
            if !candidates.contains(where: \.isOvertaken) { break }
        }
        // A digest is one message, and goes whole.
        let digests = taken.count < limit && ranks.contains(.other) ? [] : Set(taken.compactMap(\.digest))
        try take(takers.candidates(lane: lane, now: now.milliseconds, digests: digests))
        return taken
    }

    /// Lanes with something unsent, each found by one step in an index however much waits in it.
    private func lanes() throws -> [String] {
        let lanes = try DueLanes(db)
        return Set(try lanes.waiting() + lanes.leased().map(\.lane)).sorted()
    }

    // MARK: Settling

    /// Records the ends of attempts whose lease and number still stand.
    func settle(_ settlements: [Settlement]) throws {
        let record = try Query(db, Self.settleSQL)
        for settlement in settlements {
            let leased = settlement.leased
            if let copy = settlement.copy {
                // Whoever holds the lease by now: what is out is out.
                try Query(db, CopySQL.keep).run(leased.delivery.id.text, copy.text, leased.delivery.caseID.text)
            }
            if let carrier = settlement.carrier {
                try Query(db, Self.carrySQL).run(carrier.text, leased.delivery.caseID.text, leased.delivery.id.text)
            }
            let end = try end(of: settlement)
            try record.run(
                end.state.rawValue, end.next?.milliseconds, settlement.at.milliseconds, end.detail,
                leased.delivery.caseID.text, leased.delivery.id.text, leased.lease.owner.text, leased.attempt)
            if leased.delivery.kind == .event, end.state != .deferred, end.state != .held {
                try Query(db, EventOrder.nextSQL).run(
                    settlement.at.milliseconds, leased.delivery.caseID.text, leased.delivery.channel.text)
            }
        }
    }

    private func end(of settlement: Settlement) throws -> (state: DeliveryState, next: Timestamp?, detail: String) {
        switch settlement.verdict {
        case .sent(let detail): return (.sent, nil, detail)
        case .failed(let reason): return (.failed, nil, reason)
        case .unknown(let reason): return (.unknown, nil, reason)
        case .held(let reason):
            let isOvertaken = try isOvertaken(settlement.leased.delivery)
            return isOvertaken ? (.cancelled, nil, Stored.overtaken) : (.held, nil, reason)
        case .cancelled(let reason): return (.cancelled, nil, reason)
        case .tryAgain(let next, let reason):
            let isOvertaken = try isOvertaken(settlement.leased.delivery)
            return isOvertaken ? (.cancelled, nil, Stored.overtaken) : (.deferred, next, reason)
        }
    }

    private func isOvertaken(_ delivery: Delivery) throws -> Bool {
        guard Overtaking.askingKinds.contains(delivery.kind.rawValue) else { return false }
        let state = try Query(db, Self.stateSQL).first(delivery.caseID.text) { row in try row.text(0) }
        return state.map(Overtaking.settledStates.contains) ?? false
    }

    // MARK: Giving back

    /// Makes deliveries pending again that `leased` still holds.
    func handBack(_ leased: [LeasedDelivery], at now: Timestamp) throws {
        let back = try Query(db, Self.handBackSQL)
        for one in leased {
            try back.run(
                now.milliseconds, Stored.overtaken, one.delivery.caseID.text, one.delivery.id.text,
                one.lease.owner.text, one.attempt)
        }
    }

    /// Lets deliveries wait for their time that are leased but were not tried.
    func hold(_ held: [HeldDelivery], at now: Timestamp) throws {
        let hold = try Query(db, Self.holdSQL)
        for one in held {
            let leased = one.leased
            try hold.run(
                now.milliseconds, Stored.overtaken, leased.delivery.caseID.text, leased.delivery.id.text,
                leased.lease.owner.text, leased.attempt, one.until.milliseconds, one.digest?.text, one.reason)
        }
    }

    /// Makes everything pending again that is held by anyone but `owner`.
    func reclaim(except owner: InstanceID, at now: Timestamp) throws {
        try Query(db, Self.reclaimSQL).run(now.milliseconds, Stored.overtaken, owner.text)
    }

    /// Makes undelivered messages pending again, or cancelled where their cases have moved on.
    func revive(_ which: Revival, at now: Timestamp) throws -> Revived {
        var revived = Revived()
        let count = { (row: Row) throws in
            if try row.text(0) == DeliveryState.pending.rawValue {
                revived.pending += 1
            } else {
                revived.cancelled += 1
            }
        }
        switch which {
        case .held(nil):
            try Query(db, Self.reviveAllSQL).each(now.milliseconds, Stored.overtaken, 0, body: count)
        case .all:
            try Query(db, Self.reviveAllSQL).each(now.milliseconds, Stored.overtaken, 1, body: count)
        case .held(let lanes?):
            let revive = try Query(db, Self.reviveHeldSQL)
            for lane in lanes {
                try revive.each(now.milliseconds, Stored.overtaken, lane.text, body: count)
            }
        case .messages(let ids):
            let revive = try Query(db, Self.reviveOneSQL)
            for id in ids {
                // A message's id begins with its case's.
                let subject = String(id.text.prefix { $0 != "." })
                try revive.each(now.milliseconds, Stored.overtaken, subject, id.text, body: count)
            }
        }
        return revived
    }
}

extension DeliveryWriter {
    // MARK: Statements

    static let stateSQL = "SELECT state FROM cases WHERE id = ?"
    static let settleSQL = """
        UPDATE deliveries SET state = ?, next_attempt = ?, lease_owner = NULL, lease_until = NULL, changed_at = ?,
            detail = ?
        WHERE case_number = (SELECT number FROM cases WHERE id = ?) AND id = ?
            AND state = 'sending' AND lease_owner = ? AND attempts = ?
        """
    /// Whoever holds the lease by now: what is out is out.
    static let carrySQL = """
        UPDATE deliveries SET carrier = ? WHERE case_number = (SELECT number FROM cases WHERE id = ?) AND id = ?
        """
    static let handBackSQL = """
        UPDATE deliveries SET
            state = iif(\(Overtaking.condition), 'cancelled', 'pending'),
            next_attempt = iif(\(Overtaking.condition), NULL, ?1),
            detail = iif(\(Overtaking.condition), ?2, detail), attempts = attempts - 1,
            lease_owner = NULL, lease_until = NULL, changed_at = ?1
        WHERE case_number = (SELECT number FROM cases WHERE id = ?3) AND id = ?4
            AND state = 'sending' AND lease_owner = ?5 AND attempts = ?6
        """
    static let holdSQL = """
        UPDATE deliveries SET
            state = iif(\(Overtaking.condition), 'cancelled', 'pending'),
            next_attempt = iif(\(Overtaking.condition), NULL, ?7), digest = ?8,
            detail = iif(\(Overtaking.condition), ?2, ?9), attempts = attempts - 1,
            lease_owner = NULL, lease_until = NULL, changed_at = ?1
        WHERE case_number = (SELECT number FROM cases WHERE id = ?3) AND id = ?4
            AND state = 'sending' AND lease_owner = ?5 AND attempts = ?6
        """
    private static let reviveSQL = """
        SET state = iif(\(Overtaking.condition), 'cancelled', 'pending'),
            next_attempt = iif(\(Overtaking.condition), NULL, ?1),
            detail = iif(\(Overtaking.condition), ?2, detail), changed_at = ?1
        """
    /// What has not reached its person, in the words of the index.
    static let undelivered = "(state = 'held' OR state = 'failed' OR state = 'unknown')"
    static let reviveHeldSQL = """
        UPDATE deliveries INDEXED BY deliveries_undelivered \(reviveSQL)
        WHERE \(undelivered) AND state = 'held' AND lane = ?3 RETURNING state
        """
    static let reviveAllSQL = """
        UPDATE deliveries INDEXED BY deliveries_undelivered \(reviveSQL)
        WHERE \(undelivered) AND (state = 'held' OR ?3) RETURNING state
        """
    static let reviveOneSQL = """
        UPDATE deliveries \(reviveSQL)
        WHERE case_number = (SELECT number FROM cases WHERE id = ?3) AND id = ?4
            AND \(undelivered) RETURNING state
        """
    static let reclaimSQL = """
        UPDATE deliveries INDEXED BY deliveries_leased SET
            state = iif(\(Overtaking.condition), 'cancelled', 'pending'),
            next_attempt = iif(\(Overtaking.condition), NULL, ?1),
            detail = iif(\(Overtaking.condition), ?2, detail),
            lease_owner = NULL, lease_until = NULL, changed_at = ?1
        WHERE state = 'sending' AND lease_owner <> ?3
        """
}

/// When a message that asks for a choice has become pointless: its case has an owner or is closed.
enum Overtaking {
    static let askingKinds = Set(MessageKind.asking.map(\.rawValue))
    static let settledStates: Set<String> = Set(
        [LeadCase.StateName.assigned, .working, .closed].map(\.rawValue))

    /// The same as a condition on a row of `deliveries`.
    static let condition = """
        kind IN (\(list(askingKinds)))
        AND (SELECT state FROM cases WHERE number = deliveries.case_number) IN (\(list(settledStates)))
        """

    private static func list(_ words: Set<String>) -> String {
        words.sorted().map { "'\($0)'" }.joined(separator: ", ")
    }
}
