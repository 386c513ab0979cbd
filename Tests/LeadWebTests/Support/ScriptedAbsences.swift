// A book of absences without a database: what is recorded is in the rulebook at once.

import LeadCore
import Synchronization

final class ScriptedAbsences: AbsenceDesk {
    private let rulebook: Current<Rulebook>
    private let failure = Mutex<StoreFailure?>(nil)

    init(rulebook: Current<Rulebook>) { self.rulebook = rulebook }

    func fail(with failure: StoreFailure?) { self.failure.withLock { $0 = failure } }

    private func check() throws(StoreFailure) {
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    func record(_ absence: Absence) async throws(StoreFailure) {
        try check()
        rulebook.replace(with: rulebook.now.with(absences: rulebook.now.absences + [absence]))
    }

    func end(of person: PersonID) async throws(StoreFailure) -> Int {
        try check()
        let others = rulebook.now.absences.filter { $0.person != person }
        let count = rulebook.now.absences.count - others.count
        rulebook.replace(with: rulebook.now.with(absences: others))
        return count
    }
}
