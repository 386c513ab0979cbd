// What tests ask of every store in few words.

import LeadCore

extension CaseStore {
    /// Writes the transitions; all new deliveries are born under `lease`, or pending without one.
    public func apply(_ transitions: [Transition], lease: Lease?) async -> [ApplyResult] {
        await apply(transitions, birth: lease.map { BirthLease($0) })
    }
}
