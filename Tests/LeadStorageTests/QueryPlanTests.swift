// How SQLite means to answer: through the indexes, without sorting. A plan that scans would pass every other test and
// fail with the millionth case.

import GRDB
import LeadCore
import LeadTestKit
import Testing

@testable import LeadStorage

@Suite("Query plans")
struct QueryPlanTests {
    private static let plans: [(sql: String, index: String)] = [
        (CaseReader.dueSQL, "cases_due"), (CaseReader.nextDeadlineSQL, "cases_due"),
        (CaseReader.heldSQL, "cases_load"), (CaseReader.turnsSQL, "cases_turns"),
        (CaseReader.givenSQL, "cases_given (given_at>?)"),
        (CaseReader.newestSQL, "cases_by_state"),
        (CaseReader.caseSQL, "(id=?)"), (CaseReader.prefixSQL, "COVERING INDEX sqlite_autoindex_cases_1"),
        (CaseReader.knownSQL, "(intake_key=?)"), (CaseReader.historySQL, "PRIMARY KEY (case_number=?)"),
        (CaseReader.deliveriesSQL, "(case_number=?)"), (CaseReader.lettersSQL, "(case_number=?)"),
        (DeliveryWriter.carrySQL, "(case_number=? AND id=?)"), (DueLanes.dueSQL, "deliveries_due (lane>?)"),
        (DueLanes.leasedSQL, "deliveries_leased (lane>?)"),
        (Takers.waitingSQL, "deliveries_due (lane=? AND <expr>=? AND next_attempt<?)"),
        (CaseReader.nextSQL, "deliveries_due (lane=? AND <expr>=?)"),
        (Takers.expiredSQL, "deliveries_leased"), (Takers.expiredUrgentSQL, "deliveries_leased"),
        (Takers.waitingTogetherSQL, "deliveries_due (lane=? AND <expr>=? AND next_attempt<?)"),
        (Takers.expiredTogetherSQL, "deliveries_leased"), (DeliveryWriter.settleSQL, "(case_number=? AND id=?)"),
        (DeliveryWriter.holdSQL, "(case_number=? AND id=?)"),
        (DeliveryWriter.handBackSQL, "(case_number=? AND id=?)"), (DeliveryWriter.reclaimSQL, "deliveries_leased"),
        (DeliveryWriter.reviveHeldSQL, "deliveries_undelivered (lane=?)"),
        (DeliveryWriter.reviveAllSQL, "deliveries_undelivered"),
        (DeliveryWriter.reviveOneSQL, "(case_number=? AND id=?)"),
        (EventOrder.waitingSQL, "(case_number=?)"), (EventOrder.nextSQL, "(case_number=?)"),
        (CaseReader.waitingSQL, "deliveries_due"), (CaseReader.sendingSQL, "deliveries_leased"),
        (CaseReader.stoppedSQL, "deliveries_undelivered"),
        (UnaskedSQL.waiting, "deliveries_due (lane=?"), (UnaskedSQL.sending, "deliveries_leased (lane=?"),
        (CopySQL.ofCase, "PRIMARY KEY (case_number=?)"), (CopySQL.keep, "(id=?)"),
        (CaseWriter.cancelSQL, "(case_number=?)"), (CaseWriter.moveSQL, "(id=?)"),
    ]

    @Test("go through their index", arguments: plans)
    func useIndexes(sql: String, index: String) throws {
        let folder = TemporaryDirectory()
        let connection = try Connection(StoreFile(path: folder.file("leadbell.sqlite")), access: .exclusive)
        let steps = try connection.pool.read { db in
            // Parameters are left unbound: the plan doesn't depend on them.
            let statement = try db.makeStatement(sql: "EXPLAIN QUERY PLAN " + sql)
            statement.setUncheckedArguments([])
            return try String.fetchAll(statement, adapter: SuffixRowAdapter(fromIndex: 3))
        }
        #expect(steps.contains { $0.contains(index) }, "\(steps)")
        // The load and a reclaim go over their whole index, which holds nothing but what counts.
        let whole = ["cases_load", "deliveries_leased", "deliveries_due", "deliveries_undelivered"]
        let scans = steps.filter { step in step.hasPrefix("SCAN") && !whole.contains { step.contains($0) } }
        #expect(scans.isEmpty, "\(steps)")
        // A case has a handful of messages; everything else comes in order.
        let ofCase = [CaseReader.deliveriesSQL, CaseReader.lettersSQL]
        let sorts = steps.filter { $0.contains("TEMP B-TREE") && !ofCase.contains(sql) }
        #expect(sorts.isEmpty, "\(steps)")
    }

    @Test("what is urgent is what the index ranks so; another kind needs a migration that makes the index anew")
    func urgent() {
        #expect(Set(MessageKind.allCases.filter(\.isUrgent)) == [.settled, .update])
    }
}
