// Leads on their way in, cut into single effects: who has asked before joins the open case, and may be split off again. What
// the real reception does with its keys in hand is repeated here; the decisions are the real core's.

import LeadCore

extension Simulation {
    /// A file on its way in.
    struct Visit {
        /// Not looked at yet.
        var rest: [Record]
        /// Looked at now; leads of the same people wait until these are durable.
        var turn: [Record] = []
        /// Of those, which are to join a case.
        var repeats: [(record: Record, match: DuplicateMatch)] = []
        /// Of those, which are to open one.
        var fresh: [(lead: Lead, key: IntakeKey)] = []
        var hasFailed = false
    }

    enum IntakeStage {
        case looking(Visit)
        /// The first of the repeats.
        case joining(Visit, DecisionJob.Stage)
        case opened(Visit, [Transition])
        case submitted(Visit, Int, [Transition])
        case stored
        case keptBad
    }

    /// An inquiry that is being made a case of its own.
    struct SplitJob {
        enum Stage {
            case begun
            case loaded(LeadCase)
            case submitted(Int, [Transition])
        }

        let key: IntakeKey
        let id: CaseID
        var stage = Stage.begun
        /// Decided once: each attempt would take a turn.
        var opening: Transition?
        /// Where the two halves are committed one after the other.
        var comesAfter: Transition?
    }

    func advanceIntake(_ file: Int, _ stage: IntakeStage) throws(Violation) -> Job? {
        switch stage {
        case .looking(let visit):
            if bug == .fileRemovedBeforeCommit, spool[file] != nil { try remove(file) }
            return look(visit).map { .intake(file: file, $0) }
        case .joining(let visit, let stage): return .intake(file: file, try join(visit, stage))
        case .opened(let visit, let transitions):
            return .intake(file: file, .submitted(visit, store.submit(transitions, lease: lease), transitions))
        case .submitted(var visit, let ticket, let transitions):
            guard let results = store.answer(to: ticket) else { return .intake(file: file, stage) }
            for (transition, result) in zip(transitions, results) where result == .applied {
                try hold(transition)
                lookForOwner(of: transition.result)
            }
            if !results.allSatisfy({ $0 == .applied || $0 == .duplicate }) { visit.hasFailed = true }
            visit.turn = []
            visit.fresh = []
            return .intake(file: file, .looking(visit))
        case .stored:
            for record in arrived[file] where !record.isGood { quarantine.insert(record.key) }
            return .intake(file: file, .keptBad)
        case .keptBad:
            if bug != .fileRemovedBeforeCommit { try remove(file) }
            return nil
        }
    }

    /// Looks at those of whose people nobody else is being looked at; nil when the file is to come again.
    private func look(_ visit: Visit) -> IntakeStage? {
        var visit = visit
        guard !visit.rest.isEmpty else { return visit.hasFailed ? nil : .stored }
        if let index = visit.rest.firstIndex(where: { $0.belonging != nil }) {
            return place(visit.rest.remove(at: index), of: visit)
        }
        guard let settings = rulebook.duplicates else {
            for record in visit.rest { witness.isOpenedUnlookedFor(record.key) }
            visit.fresh = visit.rest.map { ($0.lead, $0.key) }
            visit.rest = []
            return next(visit)
        }
        var held: Set<Int64> = []
        for case .intake(_, let stage) in jobs { held.formUnion(stage.keys) }
        var later: [Record] = []
        for record in visit.rest {
            let keys = record.likenessKeys
            guard held.isDisjoint(with: keys) || bug == .personNotHeld else {
                later.append(record)
                continue
            }
            held.formUnion(keys)
            visit.turn.append(record)
        }
        visit.rest = later
        let known = store.knownLeads
        for record in visit.turn where !store.isKnown(record.key) {
            switch settings.verdict(on: record.likeness, among: known, at: now) {
            case .new: visit.fresh.append((record.lead, record.key))
            case .follows(let match): visit.follow(record, match)
            case .repeats(let match): visit.repeats.append((record, match))
            }
        }
        return visit.turn.isEmpty ? .looking(visit) : next(visit)
    }

    /// Takes `record` where it says itself that it belongs.
    private func place(_ record: Record, of visit: Visit) -> IntakeStage {
        var visit = visit
        guard !store.isKnown(record.key) else { return .looking(visit) }
        witness.isOpenedUnlookedFor(record.key)
        guard case .joins(let id) = record.belonging, let subject = store.stored(id)?.current else {
            visit.fresh.append((record.lead, record.key))
            return next(visit)
        }
        let known = KnownLead(
            id: id, state: subject.stateName, lastAt: now, rep: subject.assignment?.rep, likenesses: [])
        let resemblance = Resemblance(score: 100, reasons: ["the word of dana"])
        visit.repeats.append((record, DuplicateMatch(known: known, resemblance: resemblance)))
        return next(visit)
    }

    private func next(_ visit: Visit) -> IntakeStage {
        guard visit.repeats.isEmpty else { return .joining(visit, .begun) }
        let transitions = visit.fresh.map { open($0.lead, $0.key) }
        return .opened(visit, transitions)
    }

    private func open(_ lead: Lead, _ key: IntakeKey) -> Transition {
        let transition = LeadCase.open(lead, key: key, now: now, rulebook: rulebook, turns: turns)
        if let person = transition.result.opening.turn { turns.take(person) }
        return transition
    }

    private func join(_ visit: Visit, _ stage: DecisionJob.Stage) throws(Violation) -> IntakeStage {
        var visit = visit
        let (record, match) = visit.repeats[0]
        switch stage {
        case .begun:
            if let stored = store.stored(match.known.id) { return .joining(visit, .loaded(stored.current)) }
            visit.follow(record, match)
        case .loaded(let subject):
            let inquiry = Inquiry(key: record.key, lead: record.lead, resemblance: match.resemblance)
            do throws(Refusal) {
                let transition = try subject.decide(.inquire(inquiry, like: match.like), now: now, rulebook: rulebook)
                return .joining(visit, .submitted(store.submit([transition], lease: lease), transition))
            } catch {
                note("\(record.key.text) can't join \(subject.id): \(error)")
                if error == .noSuchInquiry, let own = match.splitOff {
                    visit.repeats[0].match = own
                    return .joining(visit, .begun)
                }
                if case .closed = error { visit.follow(record, match) }
            }
        case .submitted(let ticket, let transition):
            guard let result = store.answer(to: ticket)?.first else { return .joining(visit, stage) }
            switch result {
            case .applied: try hold(transition)
            case .stale: if bug != .staleInquiryLost { return .joining(visit, .begun) }
            case .duplicate: break
            case .failed: visit.hasFailed = true
            }
        }
        visit.repeats.removeFirst()
        return next(visit)
    }

    func advanceSplit(_ job: SplitJob) throws(Violation) -> Job? {
        var job = job
        switch job.stage {
        case .begun:
            guard let stored = store.stored(job.id) else { return nil }
            job.stage = .loaded(stored.current)
        case .loaded(let subject):
            guard let joined = subject.inquiries.first(where: { $0.key == job.key }) else { return nil }
            let separation: Transition
            do throws(Refusal) {
                separation = try subject.decide(.separate(job.key), now: now, rulebook: rulebook)
            } catch {
                note("\(job.key.text) can't leave \(subject.id): \(error)")
                return nil
            }
            let own = job.opening ?? open(joined.lead, job.key)
            job.opening = own
            let isHalved = bug == .splitInTwoCommits
            job.comesAfter = isHalved ? own : nil
            let transitions = isHalved ? [separation] : [separation, own]
            job.stage = .submitted(store.submit(transitions, lease: lease), transitions)
        case .submitted(let ticket, let transitions):
            guard let results = store.answer(to: ticket) else { return .split(job) }
            for case .failed in results { return nil }
            guard results[0] == .applied else {
                job.stage = .begun
                break
            }
            for transition in transitions { try hold(transition) }
            guard let second = job.comesAfter else { return nil }
            job.comesAfter = nil
            job.stage = .submitted(store.submit([second], lease: lease), [second])
        }
        return .split(job)
    }
}

extension Simulation.Visit {
    /// `record` opens a case that follows the one of the same person.
    fileprivate mutating func follow(_ record: Simulation.Record, _ match: DuplicateMatch) {
        var lead = record.lead
        lead.note(former: match)
        fresh.append((lead, record.key))
    }
}

extension Simulation.IntakeStage {
    /// The keys that are in hand.
    fileprivate var keys: [Int64] {
        switch self {
        case .looking(let visit), .joining(let visit, _), .opened(let visit, _), .submitted(let visit, _, _):
            visit.turn.flatMap(\.likenessKeys)
        case .stored, .keptBad: []
        }
    }
}
