// The one place where transitions become durable and their messages leave: intake, choices, time and failed messages
// all commit here. After the commit the new deliveries, which this instance already holds by lease, go straight to
// their lanes, and the escalator learns of an earlier deadline. Without a running daemon (a command that works directly
// on the database) there are no lanes: deliveries are born pending and wait for the next start.

import LeadCore
import Logging

/// Commits transitions and passes on what follows from them.
struct CaseLedger: Sendable {
    let store: any CaseStore
    let clock: any TimeSource
    let rulebook: Current<Rulebook>
    let reps: RepBook
    let turns: TurnBook
    let log: Logger
    let recent = RecentFiles()
    var dispatcher: Dispatcher?
    var alarm: DeadlineAlarm?
    var lull: Lull?

    /// How often a decision is made anew when others were faster, before the store is said to be too busy.
    private static let attempts = 64

    /// Commits the transitions; answers in their order.
    func commit(_ transitions: [Transition]) async -> [ApplyResult] {
        let birth = dispatcher?.newLease(now: clock.now())
        let results = await store.apply(transitions, birth: birth)
        var handed: [Dispatcher.Work] = []
        var earliest: Timestamp?
        var hasPending = birth == nil
        for (transition, result) in zip(transitions, results) where result == .applied {
            reps.note(transition)
            if transition.expected > 0 { recent.forget(transition.result.id) }
            dispatcher?.noteCancelled(by: transition)
            if let deadline = transition.result.nextDeadline { earliest = min(earliest ?? deadline, deadline) }
            guard let birth else { continue }
            for delivery in transition.deliveries {
                // Events wait for those before them, which only the store can tell.
                guard delivery.kind != .event, let lease = birth.lease(of: delivery) else {
                    hasPending = true
                    continue
                }
                handed.append(
                    Dispatcher.Work(
                        leased: LeasedDelivery(delivery: delivery, attempt: 1, lease: lease),
                        subject: transition.result))
            }
        }
        lull?.noteWork()
        if let earliest { alarm?.expect(earliest) }
        if hasPending { dispatcher?.bell.ring() }
        dispatcher?.accept(handed)
        if let dispatcher, dispatcher.hasLanesDown {
            dispatcher.doubtQuestions(of: zip(transitions, results).filter { $1 == .applied }.map { $0.0 })
        }
        for (transition, result) in zip(transitions, results) where result == .applied {
            await checkOwner(of: transition.result)
        }
        return results
    }

    /// A reload may have removed the rep between the decision and its commit, and then has not found the lead with them.
    private func checkOwner(of subject: LeadCase) async {
        guard let rep = subject.assignment?.rep, rulebook.now.person(rep) == nil else { return }
        do throws(StoreFailure) {
            _ = try await decide(.ownerGone, on: subject.id)
        } catch {
            log.error(
                "the rep has left meanwhile; the next start gives the lead to the last resort",
                metadata: ["lead": "\(subject.id)", "person": "\(rep)", "reason": "\(error)"])
        }
    }

    /// Decides on `command` and commits; when another was faster, decides again on what is there now. A `view` of the case
    /// stands for the first reading; what it would refuse is read all the same.
    func decide(
        _ command: CaseCommand, on id: CaseID, seen view: CaseView? = nil, through entrance: Entrance? = nil
    ) async throws(StoreFailure) -> Decision {
        var seen = view
        for _ in 0..<Self.attempts {
            guard let subject = if let seen { seen.file.subject } else { try await store.load(id) } else {
                return .notFound
            }
            let transition: Transition
            let now = clock.now()
            let rulebook = rulebook.now
            let judged = command.grounded { choosing in
                choosing.judged(
                    by: seen?.ranking
                        ?? rulebook.ranking(for: subject.lead, at: now, loads: reps.loads(at: now)))
            }
            do {
                transition = try subject.decide(
                    judged, now: now, rulebook: rulebook, through: entrance, loads: reps.loads(at: now))
            } catch {
                guard seen == nil else {
                    seen = nil
                    continue
                }
                return .refused(error, subject)
            }
            seen = nil
            switch await commit([transition])[0] {
            case .applied: return .done(transition.result)
            case .stale: continue
            case .duplicate: return .refused(.alreadyRecorded, subject)
            case .failed(let failure): throw failure
            }
        }
        throw StoreFailure(.locked, "the lead is being changed by too many at once; try again in a moment")
    }

    /// Takes an inquiry out of the case that it joined and opens one of its own, in one commit. Managers who take turns are
    /// asked in turn, as with any lead that comes in.
    func split(_ inquiry: IntakeKey, from id: CaseID) async throws(StoreFailure) -> Decision {
        // Decided once: each attempt would take a turn.
        var opening: Transition?
        for _ in 0..<Self.attempts {
            guard let subject = try await store.load(id) else { return .notFound }
            guard let joined = subject.inquiries.first(where: { $0.key == inquiry }) else {
                return .refused(.noSuchInquiry, subject)
            }
            let now = clock.now()
            let rulebook = rulebook.now
            let separation: Transition
            do {
                separation = try subject.decide(.separate(inquiry), now: now, rulebook: rulebook)
            } catch {
                return .refused(error, subject)
            }
            let own =
                opening
                ?? turns.open(by: rulebook) { turns in
                    LeadCase.open(
                        joined.lead, key: inquiry, now: now, rulebook: rulebook, turns: turns,
                        loads: reps.loads(at: now))
                }
            opening = own
            let results = await commit([separation, own])
            for case .failed(let failure) in results { throw failure }
            if results[0] == .applied { return .done(own.result) }
        }
        throw StoreFailure(.locked, "the lead is being changed by too many at once; try again in a moment")
    }
}
