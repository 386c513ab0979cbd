// Managers who go away while a lead waits for them: whoever is next is asked at once, and not when the next step is due.
// Sleeps until the next absence of a manager begins; the book of absences rings when one comes up.

import LeadCore
import Logging

/// The loop that looks after leads whose managers have gone away.
struct AbsenceWatch: Sendable {
    let ledger: CaseLedger
    let presence: PresenceBook
    let log: Logger

    /// After a failure of the store.
    private static let backOff: Duration = .seconds(5)

    /// Runs until the task is cancelled.
    func run() async {
        var known: Set<Absence> = []
        while !Task.isCancelled {
            let now = ledger.clock.now()
            let rulebook = ledger.rulebook.now
            let away = rulebook.absencesOfManagers(at: now)
            var wake = rulebook.nextAbsenceOfManagers(after: now)
            do throws(StoreFailure) {
                if !away.isSubset(of: known) { try await askOthers() }
                known = away
            } catch {
                log.error("leads of managers who are away could not be looked at", metadata: ["reason": "\(error)"])
                wake = min(wake ?? now + Self.backOff, now + Self.backOff)
            }
            await ledger.clock.wait(until: wake, or: presence.bell)
        }
    }

    private func askOthers() async throws(StoreFailure) {
        for waiting in try await ledger.store.list(states: [.waiting], limit: .max) {
            do throws(StoreFailure) {
                guard case .done(let subject) = try await ledger.decide(.askersAway, on: waiting.id) else { continue }
                log.notice(
                    "whoever was asked is away; others are asked",
                    metadata: ["lead": "\(subject.id)", "to": "\(subject.told.last?.text ?? "")"])
            } catch  where error.code == .damaged {
                // One case that can't be read delays no other.
                log.error(
                    "a lead can't be read", metadata: ["lead": "\(waiting.id)", "reason": "\(error)"])
            }
        }
    }
}
