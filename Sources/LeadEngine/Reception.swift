// Takes enriched leads in: each opens a case, unless the same person or firm has an open one, which it joins. Used by intake.

import LeadCore
import Logging

/// The desk at which leads come in.
struct Reception: Sendable {
    /// A lead that is ready.
    struct Arrival: Sendable {
        let key: IntakeKey
        let enriched: EnrichedLead
    }

    let ledger: CaseLedger
    /// Nil where nobody is looked for.
    let likenesses: (any LikenessStore)?
    let refusals: Refusals
    let log: Logger
    private let inHand = KeysInHand()
    private let followers = Followers()

    /// So many candidates a key are compared, the newest.
    static let candidates = 16

    init(ledger: CaseLedger, likenesses: (any LikenessStore)?, refusals: Refusals, log: Logger) {
        self.refusals = refusals
        self.ledger = ledger
        self.likenesses = likenesses
        self.log = log
    }

    /// Gives up late answers, as the daemon stops.
    func dismiss() { followers.dismiss() }

    /// Makes all `arrivals` durable; answers in their order. Those that don't wait for each other share a commit.
    func take(_ arrivals: [Arrival]) async -> [ApplyResult] {
        await ledger.dispatcher?.makeRoom()
        guard arrivals.contains(where: { $0.enriched.lead[.joins] != nil }) else { return await sort(arrivals) }
        // People who say where a lead belongs type no more than a few a minute.
        var results: [ApplyResult] = []
        for arrival in arrivals { results.append(await place(arrival)) }
        return results
    }

    /// Takes in a lead that may say itself where it belongs.
    private func place(_ arrival: Arrival) async -> ApplyResult {
        var lead = arrival.enriched.lead
        let belonging = lead.takeBelonging()
        let arrival = Arrival(key: arrival.key, enriched: EnrichedLead(lead, late: arrival.enriched.late))
        guard let belonging else { return await sort([arrival])[0] }
        do throws(StoreFailure) {
            guard try await ledger.store.known([arrival.key]).isEmpty else {
                arrival.enriched.late?.cancel()
                log.info("lead known already, nothing done", metadata: ["lead": "\(arrival.key.caseID)"])
                return .duplicate
            }
            guard case .joins(let id) = belonging else { return await open([(arrival, lead)])[0] }
            guard let former = try await ledger.store.file(id) else { return await sort([arrival])[0] }
            let who = lead[.enteredBy] ?? "whoever sent it"
            let match = DuplicateMatch(
                known: KnownLead(
                    id: id, state: former.subject.stateName, lastAt: ledger.clock.now(), rep: former.lastRep,
                    likenesses: []),
                resemblance: Resemblance(score: 100, reasons: ["the word of \(who)"]))
            let settings = ledger.rulebook.now.duplicates ?? DuplicateSettings()
            if let result = await join(arrival, match, settings) { return result }
            // It was closed meanwhile.
            lead.note(former: match)
            return await open([(arrival, lead)])[0]
        } catch {
            return .failed(error)
        }
    }

    /// Takes in leads that say nothing of where they belong.
    private func sort(_ arrivals: [Arrival]) async -> [ApplyResult] {
        guard let settings = ledger.rulebook.now.duplicates, let likenesses else {
            return await open(arrivals.map { ($0, $0.enriched.lead) })
        }
        let own = arrivals.map { Likeness($0.enriched.lead) }
        let keys = own.map(\.keys)
        var results = [ApplyResult](repeating: .stale, count: arrivals.count)
        var rest = Array(arrivals.indices)
        while !rest.isEmpty {
            switch inHand.take(rest, keys) {
            case .none(let bell):
                // Nobody waits any more; the files stay in the spool.
                guard !Task.isCancelled else { return results }
                await bell.wait()
            case .some(let turn):
                let found = await receive(
                    turn.map { arrivals[$0] }, turn.map { own[$0] }, turn.map { keys[$0] }, settings, likenesses)
                inHand.release(turn, keys)
                for (index, result) in zip(turn, found) { results[index] = result }
                let done = Set(turn)
                rest.removeAll { done.contains($0) }
            }
        }
        return results
    }

    /// The same for leads of which no two have a key in common.
    private func receive(
        _ arrivals: [Arrival], _ own: [Likeness], _ keys: [[Int64]], _ settings: DuplicateSettings,
        _ likenesses: any LikenessStore
    ) async -> [ApplyResult] {
        let known: Set<IntakeKey>
        let alike: [[KnownLead]]
        do throws(StoreFailure) {
            known = try await ledger.store.known(arrivals.map(\.key))
            alike = try await likenesses.known(alike: keys, limit: Self.candidates)
        } catch {
            return arrivals.map { _ in .failed(error) }
        }
        let now = ledger.clock.now()
        var results = [ApplyResult](repeating: .duplicate, count: arrivals.count)
        var fresh: [(index: Int, lead: Lead)] = []
        var repeats: [(index: Int, match: DuplicateMatch)] = []
        for (index, arrival) in arrivals.enumerated() where !known.contains(arrival.key) {
            switch settings.verdict(on: own[index], among: alike[index], at: now) {
            case .new: fresh.append((index, arrival.enriched.lead))
            case .follows(let match):
                var lead = arrival.enriched.lead
                lead.note(former: match)
                fresh.append((index, lead))
            case .repeats(let match): repeats.append((index, match))
            }
        }
        for (index, match) in repeats {
            let arrival = arrivals[index]
            switch await join(arrival, match, settings) {
            case .some(let result): results[index] = result
            case .none:
                // It was closed meanwhile.
                var lead = arrival.enriched.lead
                lead.note(former: match)
                fresh.append((index, lead))
            }
        }
        let opened = await open(fresh.map { (arrivals[$0.index], $0.lead) })
        for (place, result) in zip(fresh, opened) { results[place.index] = result }
        for (index, arrival) in arrivals.enumerated() where known.contains(arrival.key) {
            arrival.enriched.late?.cancel()
            log.info("lead known already, nothing done", metadata: ["lead": "\(arrivals[index].key.caseID)"])
        }
        return results
    }

    /// Joins `arrival` to the case that `match` is of, or to the one that has been split off it since; nil when that has
    /// been closed or is gone.
    private func join(_ arrival: Arrival, _ match: DuplicateMatch, _ settings: DuplicateSettings) async -> ApplyResult?
    {
        arrival.enriched.late?.cancel()
        let inquiry = Inquiry(
            key: arrival.key, lead: arrival.enriched.lead, resemblance: match.resemblance, urgency: settings.urgency)
        do throws(StoreFailure) {
            switch try await ledger.decide(.inquire(inquiry, like: match.like), on: match.known.id) {
            case .done:
                log.info(
                    "lead joined the case of the same person",
                    metadata: [
                        "lead": "\(arrival.key.caseID)", "case": "\(match.known.id)",
                        "score": "\(match.resemblance.score)",
                    ])
                await tellOperators(about: match.known.id)
                return .applied
            case .refused(.closed, _), .notFound: return nil
            case .refused(.noSuchInquiry, _):
                guard let own = match.splitOff else { return nil }
                return await join(arrival, own, settings)
            case .refused: return .duplicate
            }
        } catch  where error.code == .damaged {
            // One case that can't be read keeps no lead of another out.
            log.error(
                "the case of the same person can't be read; the lead gets its own",
                metadata: ["lead": "\(arrival.key.caseID)", "case": "\(match.known.id)", "reason": "\(error)"])
            return nil
        } catch {
            return .failed(error)
        }
    }

    /// Opens a case for each lead in one commit, or in several where a policy gives leads away at once: who gets the next
    /// one depends on what everybody has by then.
    private func open(_ leads: [(arrival: Arrival, lead: Lead)]) async -> [ApplyResult] {
        var results: [ApplyResult] = []
        var transitions: [Transition] = []
        var late: [LateAnswers?] = []
        for (arrival, lead) in leads {
            let now = ledger.clock.now()
            let rulebook = ledger.rulebook.now
            let transition = ledger.turns.open(by: rulebook) { turns in
                LeadCase.open(
                    lead, key: arrival.key, now: now, rulebook: rulebook, turns: turns,
                    loads: ledger.reps.loads(at: now))
            }
            transitions.append(transition)
            late.append(arrival.enriched.late)
            guard transition.result.assignment != nil else { continue }
            results += await commit(transitions, late)
            transitions = []
            late = []
        }
        if !transitions.isEmpty { results += await commit(transitions, late) }
        return results
    }

    private func commit(_ transitions: [Transition], _ late: [LateAnswers?]) async -> [ApplyResult] {
        let results = await ledger.commit(transitions)
        for (index, result) in results.enumerated() {
            let id = transitions[index].result.id
            switch result {
            case .applied: log.info("lead taken in", metadata: ["lead": "\(id)"])
            case .duplicate: log.info("lead known already, nothing done", metadata: ["lead": "\(id)"])
            case .failed, .stale: break
            }
            guard let answers = late[index] else { continue }
            if result == .applied { follow(answers, id) } else { answers.cancel() }
        }
        if let index = results.firstIndex(of: .applied) { await tellOperators(about: transitions[index].result.id) }
        return results
    }

    /// Has the operators told of enrichers that are refused, with the case that was there first.
    private func tellOperators(about id: CaseID) async {
        for refusal in refusals.take() {
            do throws(StoreFailure) {
                if case .done = try await ledger.decide(.enricherRefused(refusal), on: id) { continue }
            } catch {
                log.warning(
                    "operators are told of a refused enricher with the next lead",
                    metadata: ["enricher": "\(refusal.enricher)", "reason": "\(error)"])
            }
            refusals.add(refusal)
        }
    }

    /// Adds what is still to come to the case.
    func follow(_ answers: LateAnswers, _ id: CaseID) {
        followers.follow(answers) { findings in
            let facts: Logger.Metadata = ["lead": "\(id)", "enricher": "\(findings.enricher)"]
            do throws(StoreFailure) {
                if case .done = try await ledger.decide(.enrich(findings), on: id), !findings.values.isEmpty {
                    log.info("a late answer was added to the lead", metadata: facts)
                }
            } catch {
                log.warning("a late answer is lost", metadata: facts.merging(["reason": "\(error)"]) { $1 })
            }
        }
    }
}
