// The first entrance: files in, cases open. Files are read, enriched, opened and committed in batches, and removed only
// when all of their leads are durable; what could not be stored stays in the spool and comes again. Two batches may be
// under way, so that one is read while the other is being synced.

import LeadCore
import Logging

/// The intake loop.
struct Intake: Sendable {
    let source: any LeadSource
    let enrich: @Sendable (Lead) async -> Lead
    let ledger: CaseLedger
    let turns: TurnBook
    let pulse: Pulse
    let log: Logger

    /// Files read at once.
    private static let batch = 128
    /// Records committed at once.
    private static let commit = 256
    private static let concurrency = 2
    /// Enrichment that takes longer than this has waited for something.
    private static let slow: Duration = .milliseconds(50)

    /// Batches begin at least this far apart, so that under load each commit has company. An idle daemon takes a file at
    /// once. This is about the machine's time, not the calendar's: stories' clocks don't move it.
    private static let pace: Duration = .milliseconds(2)

    /// Runs until the task is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            var pacer = Pacer(interval: Self.pace)
            while let files = await source.next(limit: Self.batch) {
                await pacer.pause()
                if running == Self.concurrency {
                    await group.next()
                    running -= 1
                }
                running += 1
                group.addTask { await step(files) }
            }
        }
    }

    /// Takes one batch of files in, so many records a commit that the first messages leave while others are enriched.
    func step(_ files: [IntakeFile]) async {
        let mark = pulse.begin(ledger.clock.now())
        defer { pulse.end(mark) }
        var results: [ApplyResult] = []
        var rest = files.flatMap(\.records)[...]
        while !rest.isEmpty {
            let records = rest.prefix(Self.commit)
            rest = rest.dropFirst(records.count)
            results += await open(records)
        }
        await settle(files, results)
        for notice in await source.notices() { log(notice) }
    }

    /// Opens the cases of `records` in one commit, or in several where a policy gives leads away at once: who gets the next
    /// one depends on what everybody has by then.
    private func open(_ records: ArraySlice<IntakeRecord>) async -> [ApplyResult] {
        var results: [ApplyResult] = []
        var transitions: [Transition] = []
        for (record, lead) in zip(records, await enriched(records)) {
            let now = ledger.clock.now()
            let rulebook = ledger.rulebook.now
            let transition = turns.open(by: rulebook) { turns in
                LeadCase.open(
                    lead, key: record.key, now: now, rulebook: rulebook, turns: turns,
                    loads: ledger.reps.loads(at: now))
            }
            transitions.append(transition)
            guard transition.result.assignment != nil else { continue }
            results += await commit(transitions)
            transitions = []
        }
        if !transitions.isEmpty { results += await commit(transitions) }
        return results
    }

    private func commit(_ transitions: [Transition]) async -> [ApplyResult] {
        await ledger.dispatcher?.makeRoom()
        let results = await ledger.commit(transitions)
        report(zip(transitions, results))
        return results
    }

    /// The leads of `records`, enriched. As a rule that takes no time; when an enricher keeps one waiting, the others are
    /// enriched side by side, so that they don't wait for each other as well.
    private func enriched(_ records: ArraySlice<IntakeRecord>) async -> [Lead] {
        var leads: [Lead] = []
        leads.reserveCapacity(records.count)
        for record in records {
            let began = ledger.clock.now()
            leads.append(await enrich(record.lead))
            if ledger.clock.now() - began >= Self.slow { break }
        }
        let rest = records.dropFirst(leads.count).map(\.lead)
        guard !rest.isEmpty else { return leads }
        leads += await withTaskGroup(of: (Int, Lead).self) { group in
            for (index, lead) in rest.enumerated() { group.addTask { (index, await enrich(lead)) } }
            return await group.reduce(into: rest) { $0[$1.0] = $1.1 }
        }
        return leads
    }

    /// Files whose every record is durable go; the others stay for another time.
    private func settle(_ files: [IntakeFile], _ results: [ApplyResult]) async {
        var rest = results[...]
        var done: [IntakeFile] = []
        var undone: [IntakeFile] = []
        for file in files {
            let own = rest.prefix(file.records.count)
            rest = rest.dropFirst(file.records.count)
            let isDurable = own.allSatisfy { $0 == .applied || $0 == .duplicate }
            if isDurable { done.append(file) } else { undone.append(file) }
        }
        if !done.isEmpty { await source.retire(done) }
        if !undone.isEmpty { await source.release(undone) }
    }

    private func report(_ results: some Sequence<(Transition, ApplyResult)>) {
        var failure: StoreFailure?
        for (transition, result) in results {
            switch result {
            case .applied:
                log.info("lead taken in", metadata: ["lead": "\(transition.result.id)"])
            case .duplicate:
                log.info("lead known already, nothing done", metadata: ["lead": "\(transition.result.id)"])
            case .failed(let reason): failure = reason
            case .stale: break
            }
        }
        pulse.trouble(failure?.description)
        if let failure {
            log.error("leads could not be stored and stay in the spool", metadata: ["reason": "\(failure)"])
        }
    }

    private func log(_ notice: IntakeNotice) {
        switch notice {
        case .quarantined(let name, let fault, let records):
            log.warning(
                "moved to failed/",
                metadata: ["file": "\(name)", "records": "\(records)", "what": "\(fault.what)"])
        case .trouble(let name, let reason):
            log.error("spool file could not be handled", metadata: ["file": "\(name)", "reason": "\(reason)"])
        case .progress(let name, let records, let percent):
            log.info(
                "taking in a large file",
                metadata: ["file": "\(name)", "records": "\(records)", "percent": "\(percent)"])
        case .rescanned(let reason):
            log.notice("spool scanned again", metadata: ["reason": "\(reason)"])
        }
    }
}
