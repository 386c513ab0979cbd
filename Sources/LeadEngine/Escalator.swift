// The third way in: time. Sleeps until the earliest deadline in the store, wakes for earlier ones and when the clock is
// set, and lets each due case decide what its time means. It remembers nothing, so a restart simply goes on.

import LeadCore
import Logging
import Synchronization

/// The earliest deadline that the escalator knows of; others tell it of earlier ones.
final class DeadlineAlarm: Sendable {
    let bell = Bell()
    private let awaited = Mutex<Timestamp?>(nil)

    /// There is a deadline at `deadline`; wakes the escalator if it means to sleep longer.
    func expect(_ deadline: Timestamp) {
        let isEarlier = awaited.withLock { awaited in
            if let known = awaited, known <= deadline { return false }
            awaited = deadline
            return true
        }
        if isEarlier { bell.ring() }
    }

    /// Nothing is awaited while the store is being asked: whatever comes meanwhile rings.
    func reset() { awaited.withLock { $0 = nil } }

    /// The escalator means to sleep until `deadline`.
    func settle(on deadline: Timestamp?) { awaited.withLock { $0 = deadline } }
}

/// The escalation loop.
struct Escalator: Sendable {
    let ledger: CaseLedger
    let alarm: DeadlineAlarm
    let pulse: Pulse
    let log: Logger

    private static let batch = 100
    /// After a failure of the store.
    private static let backOff: Duration = .seconds(5)

    /// Runs until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            let wake = await step()
            await ledger.clock.wait(until: wake, or: alarm.bell)
        }
    }

    /// Does all that is due and tells when to look again; nil when nothing is waiting for time.
    func step() async -> Timestamp? {
        let mark = pulse.begin(ledger.clock.now())
        defer { pulse.end(mark) }
        alarm.reset()
        do {
            var skipped: Set<CaseID> = []
            var flaw: String?
            while true {
                let due = try await ledger.store.due(at: ledger.clock.now(), limit: Self.batch + skipped.count)
                let fresh = due.filter { !skipped.contains($0) }
                if fresh.isEmpty { break }
                for id in fresh {
                    pulse.goOn(mark, ledger.clock.now())
                    do throws(StoreFailure) {
                        if try await escalate(id) == .nothing { skipped.insert(id) }
                    } catch let error where error.code == .damaged {
                        // One case that can't be read delays no other.
                        skipped.insert(id)
                        flaw = error.description
                        log.error("a lead can't be escalated", metadata: ["lead": "\(id)", "reason": "\(error)"])
                    }
                }
            }
            pulse.trouble(flaw)
            let next = try await ledger.store.nextDeadline()
            alarm.settle(on: next)
            // A deadline that came in between the two has rung the bell, which ends the wait at once.
            guard let next, !skipped.isEmpty, next <= ledger.clock.now() else { return next }
            return ledger.clock.now() + Self.backOff
        } catch {
            pulse.trouble(error.description)
            log.error("escalation could not read the store", metadata: ["reason": "\(error)"])
            return ledger.clock.now() + Self.backOff
        }
    }

    private enum Effect { case changed, nothing }

    private func escalate(_ id: CaseID) async throws(StoreFailure) -> Effect {
        switch try await ledger.decide(.deadlinePassed, on: id) {
        case .done(let subject):
            log.info("time passed", metadata: ["lead": "\(id)", "state": "\(subject.stateName.rawValue)"])
            if let assignment = subject.assignment, assignment.mode.isFallback {
                log.notice("given to the fallback person", metadata: ["lead": "\(id)", "rep": "\(assignment.rep)"])
            }
            return .changed
        case .refused(let refusal, _):
            // Someone chose meanwhile: the case isn't due any more.
            log.debug("nothing due", metadata: ["lead": "\(id)", "refusal": "\(refusal)"])
            return .nothing
        case .notFound: return .nothing
        }
    }
}
