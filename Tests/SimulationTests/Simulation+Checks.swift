// What must hold after every step, and what must have come about in the end.

import LeadCore

extension Simulation {
    /// True when a record is where it belongs once its file is gone.
    func isKept(_ record: Record) -> Bool {
        record.isGood ? store.isKnown(record.key) : quarantine.contains(record.key)
    }

    /// S1: every complete file is in the spool, the store or the quarantine.
    func checkFiles() throws(Violation) {
        for (file, records) in arrived.enumerated() where spool[file] == nil {
            for record in records where !isKept(record) {
                throw Violation(invariant: "S1", what: "\(record.key.text) of file \(file) is nowhere")
            }
        }
    }

    /// S3: a record is one case, or an inquiry of one.
    private func checkRecords() throws(Violation) {
        let records = store.cases.flatMap { [$0.current.key] + $0.current.inquiries.map(\.key) }
        for key in Self.keys where records.count(where: { $0 == key }) > 1 {
            throw Violation(invariant: "S3", what: "\(key.text) is in more than one case")
        }
        for key in Self.keys where store.isKnown(key) != records.contains(key) {
            throw Violation(invariant: "S3", what: "the index doesn't say of \(key.text) what the cases do")
        }
    }

    /// S3, S12 and what the healed daemon must have done.
    func checkEnd() throws(Violation) {
        try checkRecords()
        guard spool.isEmpty else { throw Violation(invariant: "L1", what: "files are left: \(spool.keys.sorted())") }
        for stored in store.cases {
            let subject = stored.current
            let replayed = LeadCase(key: subject.key, lead: subject.arrived, history: stored.history)
            guard replayed == subject else {
                throw Violation(invariant: "S12", what: "the history of \(subject.id) leads elsewhere")
            }
            guard subject.assignment != nil || subject.stateName == .closed else {
                throw Violation(invariant: "L3", what: "\(subject.id) has no owner")
            }
            if let rep = subject.assignment?.rep, rulebook.person(rep) == nil {
                throw Violation(invariant: "L3", what: "\(subject.id) is left with \(rep), who has gone")
            }
            try checkOwner(of: subject)
            try checkNotified(stored)
        }
    }

    /// L3: once healed, the owner comes by the deadline.
    private func checkOwner(of subject: LeadCase) throws(Violation) {
        guard let healedAt, let ownedAt = witness.ownedAt[subject.id] else { return }
        let deadline = max(subject.ownerBy, healedAt)
        guard ownedAt <= deadline else {
            throw Violation(invariant: "L3", what: "\(subject.id) got its owner at \(ownedAt), due \(deadline)")
        }
    }

    /// L2: every message ended, and what reached nobody was reported to an operator who was reached.
    private func checkNotified(_ stored: ModelStore.StoredCase) throws(Violation) {
        let id = stored.current.id
        let rows = store.rows.filter { $0.delivery.caseID == id }
        for row in rows {
            switch row.state {
            case .pending, .sending, .deferred, .held:
                throw Violation(invariant: "L2", what: "\(row.delivery.id) is still \(row.state)")
            case .sent where witness.received[row.delivery.id] == nil:
                throw Violation(invariant: "L2", what: "\(row.delivery.id) is recorded as sent but nobody got it")
            case .failed where !stored.current.failures.contains(row.delivery.id):
                throw Violation(invariant: "L2", what: "\(row.delivery.id) failed and nobody was alarmed")
            case .unknown where !stored.current.failures.contains(row.delivery.id):
                throw Violation(
                    invariant: "L2", what: "\(row.delivery.id) was given up and nobody was alarmed")
            case .sent, .failed, .unknown, .cancelled: continue
            }
        }
        let isTold = rows.contains { $0.state == .sent && $0.delivery.kind != .settled }
        let isQuiet = stored.current.stateName == .closed
        guard isTold || isQuiet else { throw Violation(invariant: "L2", what: "nobody was told of \(id)") }
    }
}
