// The first way in: files in, cases open. Files are read, enriched, opened and committed in batches, and removed only
// when all of their leads are durable; what could not be stored stays in the spool and comes again. Two batches may be
// under way, so that one is read while the other is being synced. Where enrichment waits for somebody, many are, and each
// lead goes on as soon as it is ready: one that waits holds up no other.

import LeadCore
import Logging

/// The intake loop.
struct Intake: Sendable {
    let source: any LeadSource
    let enrich: @Sendable (Lead) async -> EnrichedLead
    /// Whether enrichment may have to wait.
    let waits: @Sendable () -> Bool
    /// Whether posts wait to be durable, which go first: a post has somebody waiting, and what is taken in can wait.
    let isPressed: @Sendable () -> Bool
    /// Asks again what a former run was not answered.
    let secondAsking: @Sendable (_ isStart: Bool) -> SecondAsking?
    let reception: Reception
    let clock: any TimeSource
    let pulse: Pulse
    let log: Logger

    /// Files read at once.
    private static let batch = 128
    /// Records committed at once.
    private static let commit = 256
    private static let concurrency = 2
    /// The same where enrichment waits.
    private static let waitingConcurrency = 64

    /// Batches begin at least this far apart, so that under load each commit has company. An idle daemon takes a file at
    /// once. This is about the machine's time, not the calendar's: stories' clocks don't move it.
    private static let pace: Duration = .milliseconds(2)

    /// The same while posts wait, for files and for records: leads go on coming in, some hundred a second, and most of the
    /// machine is the posts'. What is in hand when they begin to wait is held back likewise.
    private static let pressedBatch = 16
    private static let pressedPace: Duration = .milliseconds(50)

    /// Runs until the task is cancelled.
    func run() async {
        let again = Task { await reception.askAgain(secondAsking(true)) }
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            var pacer = Pacer(interval: Self.pace)
            while let files = await source.next(limit: isPressed() ? Self.pressedBatch : Self.batch) {
                pacer.interval = isPressed() ? Self.pressedPace : Self.pace
                await pacer.pause()
                while running >= (waits() ? Self.waitingConcurrency : Self.concurrency) {
                    await group.next()
                    running -= 1
                }
                // A lone batch need not wait for another thread; under load, the next is read meanwhile.
                if pulse.isIdle {
                    group.addImmediateTask { await step(files) }
                } else {
                    group.addTask { await step(files) }
                }
                running += 1
            }
            again.cancel()
            reception.dismiss()
        }
    }

    /// Takes one batch of files in, so many records a commit that the first messages leave while others are enriched.
    func step(_ files: [IntakeFile]) async {
        let mark = pulse.begin(clock.now())
        defer { pulse.end(mark) }
        var results: [ApplyResult] = []
        var rest = files.flatMap(\.records)[...]
        var pacer = Pacer(interval: Self.pressedPace)
        while !rest.isEmpty {
            let isPressed = isPressed()
            if isPressed { await pacer.pause() }
            pulse.goOn(mark, clock.now())
            let records = rest.prefix(isPressed ? Self.pressedBatch : Self.commit)
            rest = rest.dropFirst(records.count)
            results += waits() ? await openApart(records) : await open(records)
        }
        await settle(files, results)
        for notice in await source.notices() { log(notice) }
    }

    /// Takes `records` in, in as few commits as can be.
    private func open(_ records: ArraySlice<IntakeRecord>) async -> [ApplyResult] {
        var arrivals: [Reception.Arrival] = []
        arrivals.reserveCapacity(records.count)
        for record in records {
            arrivals.append(Reception.Arrival(key: record.key, enriched: await enrich(record.lead)))
        }
        let results = await reception.take(arrivals)
        report(results)
        return results
    }

    /// Takes `records` in side by side, each as soon as its enrichment is over. Those that are ready at the same time
    /// share a commit all the same.
    private func openApart(_ records: ArraySlice<IntakeRecord>) async -> [ApplyResult] {
        await withTaskGroup(of: (Int, ApplyResult).self) { group in
            for index in records.indices {
                group.addTask { (index, await open(records[index...index])[0]) }
            }
            return await group.reduce(into: Array(repeating: ApplyResult.stale, count: records.count)) {
                $0[$1.0 - records.startIndex] = $1.1
            }
        }
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

    private func report(_ results: [ApplyResult]) {
        var failure: StoreFailure?
        for case .failed(let reason) in results { failure = reason }
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
