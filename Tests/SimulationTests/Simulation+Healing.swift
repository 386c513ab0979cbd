// What comes after the chaos: everything is healed, and what was promised must come about.

import LeadCore
import LeadTestKit

extension Simulation {
    /// Ends all faults and lets the daemon work, waking for each deadline, until nothing is left to do.
    func heal() throws(Violation) {
        note("everything is healed")
        if !isRunning { restart() }
        healedAt = now
        lookAround()
        witness.forgetOwnerTimes()
        for _ in 0..<2000 {
            findFile()
            tick()
            try take()
            while !jobs.isEmpty || !store.submitted.isEmpty {
                for index in jobs.indices.reversed() { try advance(index) }
                try commit(diskIsWell: true)
            }
            try checkFiles()
            let instants = store.cases.compactMap(\.deadline) + store.rows.compactMap { $0.due ?? $0.leaseEnds }
            if let next = instants.min() {
                now = max(now, next)
            } else if spool.isEmpty {
                return
            }
        }
        throw Violation(invariant: "L1", what: "the daemon is never done")
    }
}
