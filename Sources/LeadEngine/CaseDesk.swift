// The second way in: choices. Pages, chat and the command line see and decide here and nowhere else.

import LeadCore
import Logging

/// The use cases around one case, on the real store.
struct CaseDesk: Desk {
    let ledger: CaseLedger
    let log: Logger

    func view(_ id: CaseID, for reader: PersonID?) async throws(StoreFailure) -> CaseView? {
        guard let file = try await ledger.store.file(id) else { return nil }
        ledger.recent.keep(file)
        return view(file, for: reader)
    }

    func recent(_ id: CaseID, for reader: PersonID?) -> CaseView? {
        ledger.recent.file(id).map { view($0, for: reader) }
    }

    private func view(_ file: CaseFile, for reader: PersonID?) -> CaseView {
        let now = ledger.clock.now()
        return CaseView(
            file: file, rulebook: ledger.rulebook.now, now: now, reader: reader, loads: ledger.reps.loads(at: now))
    }

    func decide(
        _ command: CaseCommand, on id: CaseID, seen view: CaseView?, through entrance: Entrance?
    ) async throws(StoreFailure) -> Decision {
        let decision = try await ledger.decide(command, on: id, seen: view, through: entrance)
        switch decision {
        case .done(let subject):
            log.info(
                "choice recorded",
                metadata: ["lead": "\(id)", "choice": "\(command.name)", "state": "\(subject.stateName)"]
            )
        case .refused(let refusal, _):
            log.info(
                "choice refused", metadata: ["lead": "\(id)", "choice": "\(command.name)", "why": "\(refusal.name)"])
        case .notFound: break
        }
        return decision
    }

    func note(_ visit: Visit, of id: CaseID) async {
        do throws(StoreFailure) {
            try await ledger.store.keep(visit, of: id)
        } catch {
            log.error("a visit could not be put on record", metadata: ["lead": "\(id)", "reason": "\(error)"])
        }
    }

    func split(_ inquiry: IntakeKey, from id: CaseID) async throws(StoreFailure) -> Decision {
        let decision = try await ledger.split(inquiry, from: id)
        if case .done(let subject) = decision {
            log.info("inquiry split off", metadata: ["lead": "\(subject.id)", "case": "\(id)"])
        }
        return decision
    }
}

extension CaseCommand {
    /// The command's name, for logs.
    var name: String {
        switch self {
        case .claim: "claim"
        case .release: "release"
        case .assign: "assign"
        case .reassign: "reassign"
        case .pass: "pass on"
        case .postpone: "postpone"
        case .undo: "undo"
        case .reject: "reject"
        case .start: "start"
        case .close: "close"
        case .ownerGone: "owner gone"
        case .askersAway: "askers away"
        case .replan: "replan"
        case .deadlinePassed: "deadline"
        case .inquire: "inquire again"
        case .separate: "split"
        case .enrich: "enrich"
        case .enricherRefused: "enricher refused"
        case .channelImpaired: "channel impaired"
        case .renewLink: "renew link"
        case .unreachable: "unreachable"
        case .deliveryFailed: "delivery failed"
        }
    }
}

extension Refusal {
    /// The refusal's name, for logs: it holds no note and no name.
    var name: String {
        switch self {
        case .alreadyAssigned: "already assigned"
        case .claimedByAnother: "claimed by another"
        case .closed: "closed"
        case .notAssigned: "not assigned"
        case .notClaimed: "not claimed"
        case .notAManager: "not a manager"
        case .notARep: "not a rep"
        case .notTheOwner: "not the owner"
        case .excluded: "excluded by a rule"
        case .unconfirmed: "warnings to be confirmed"
        case .cantBeAsked: "can't be asked"
        case .noMoreTime: "no more time"
        case .cantBeUndone: "can't be undone"
        case .reassignmentForbidden: "reassignment forbidden"
        case .sameRep: "same rep"
        case .alreadyStarted: "already started"
        case .notDue: "not due"
        case .noFreshLink: "no fresh link"
        case .nothingToChange: "nothing to change"
        case .alreadyRecorded: "already recorded"
        case .noSuchInquiry: "no such inquiry"
        }
    }
}
