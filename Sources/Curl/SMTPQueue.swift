// Mails that wait, and the threads that take them. A mail is answered exactly once: by the thread that carried it, or
// here if it never got that far. Starting a thread may fail; then the others go on, and without any the mail fails.

import CCurl
import Glibc
import Synchronization

/// One mail on its way.
///
/// `@unchecked Sendable`: the continuation passes from its sender to the one thread that answers, through the queue's
/// lock; all else is constant or behind a lock.
final class SMTPJob: @unchecked Sendable {
    let envelope: SMTPEnvelope
    let message: [UInt8]
    let transcript: SMTPTranscript?
    /// The access token of relays that log in by one.
    let token: String?
    /// When the total time is over, on the monotonic clock.
    let deadline: Int
    private var continuation: CheckedContinuation<SMTPOutcome, Never>?
    private let stop = Mutex<TransferFailure.Kind?>(nil)

    init(
        envelope: SMTPEnvelope, message: [UInt8], transcript: SMTPTranscript?, token: String? = nil, timeouts: Timeouts
    ) {
        self.token = token
        self.envelope = envelope
        self.message = message
        self.transcript = transcript
        deadline = MonotonicClock.milliseconds() + timeouts.total.curlMilliseconds
    }

    /// Why the mail is to be abandoned, if it is.
    var stopped: TransferFailure.Kind? { stop.withLock { $0 } }

    func stop(_ kind: TransferFailure.Kind) {
        stop.withLock { if $0 == nil { $0 = kind } }
    }

    func expectAnswer(_ continuation: CheckedContinuation<SMTPOutcome, Never>) {
        self.continuation = continuation
    }

    func finish(_ outcome: SMTPOutcome) {
        continuation?.resume(returning: outcome)
        continuation = nil
    }

    /// Ends a mail of which nothing was said to the relay.
    func finish(unsent kind: TransferFailure.Kind) {
        finish(.failed(TransferFailure(code: CURLE_OK, evidence: TransferEvidence(stopped: kind))))
    }
}

/// The queue of one sender.
///
/// `@unchecked Sendable`: every mutable property is read and written under `mutex`.
final class SMTPQueue: @unchecked Sendable {
    let relay: SMTPRelay
    let url: String
    let idleSeconds: Int
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var waiting: [SMTPJob] = []
    private var lines: [SMTPLine] = []
    /// Threads that have a mail in hand; the others of `lines` wait for one or are about to.
    private var busyThreads = 0
    private var closing = false
    private var shutdowns: [CheckedContinuation<Void, Never>] = []

    init(relay: SMTPRelay, url: String, idleSeconds: Int) {
        self.relay = relay
        self.url = url
        self.idleSeconds = idleSeconds
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        // Waits are measured by the clock that nobody sets.
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    // MARK: For senders

    private enum Admission {
        case queued
        case needsThread(SMTPLine)
        case stopped(TransferFailure.Kind)
    }

    func submit(_ job: SMTPJob, _ continuation: CheckedContinuation<SMTPOutcome, Never>) {
        job.expectAnswer(continuation)
        let admission: Admission = locked {
            if closing { return .stopped(.closed) }
            // The cancellation overtook the mail.
            if let kind = job.stopped { return .stopped(kind) }
            waiting.append(job)
            if lines.count - busyThreads >= waiting.count || lines.count >= max(1, relay.connections) {
                pthread_cond_signal(changed)
                return .queued
            }
            let line = SMTPLine()
            lines.append(line)
            return .needsThread(line)
        }
        switch admission {
        case .queued: break
        case .needsThread(let line): start(line)
        case .stopped(let kind): job.finish(unsent: kind)
        }
    }

    private func start(_ line: SMTPLine) {
        do {
            try PlatformThread.start(named: "curl-smtp") { SMTPWorker(queue: self, line: line).run() }
        } catch {
            let stranded = locked {
                lines.removeAll { $0 === line }
                defer { if lines.isEmpty { waiting = [] } }
                return lines.isEmpty ? waiting : []
            }
            for job in stranded { job.finish(.failed(error)) }
            resumeShutdownsIfEnded()
        }
    }

    func cancel(_ job: SMTPJob) {
        job.stop(.cancelled)
        let (wasWaiting, lines) = locked {
            let index = waiting.firstIndex { $0 === job }
            if let index { waiting.remove(at: index) }
            return (index != nil, self.lines)
        }
        if wasWaiting {
            job.finish(unsent: .cancelled)
        } else {
            for line in lines { line.interrupt(job) }
        }
    }

    func close(then continuation: CheckedContinuation<Void, Never>? = nil) {
        let (unsent, lines) = locked {
            closing = true
            if let continuation { shutdowns.append(continuation) }
            defer { waiting = [] }
            pthread_cond_broadcast(changed)
            return (waiting, self.lines)
        }
        for job in unsent { job.finish(unsent: .closed) }
        for line in lines { line.interruptAll() }
        resumeShutdownsIfEnded()
    }

    private func resumeShutdownsIfEnded() {
        let ended = locked {
            guard closing, lines.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            defer { shutdowns = [] }
            return shutdowns
        }
        for shutdown in ended { shutdown.resume() }
    }

    // MARK: For the threads

    enum Work {
        case mail(SMTPJob)
        /// None came in the time given.
        case none
        case end
    }

    /// The next mail; waits for one, for ever or for some seconds.
    func next(waitingSeconds: Int?) -> Work {
        var until = timespec()
        if let waitingSeconds {
            clock_gettime(CLOCK_MONOTONIC, &until)
            until.tv_sec += waitingSeconds
        }
        return locked {
            while true {
                if closing { return .end }
                if !waiting.isEmpty {
                    busyThreads += 1
                    return .mail(waiting.removeFirst())
                }
                if waitingSeconds == nil {
                    pthread_cond_wait(changed, mutex)
                } else if pthread_cond_timedwait(changed, mutex, &until) == ETIMEDOUT, waiting.isEmpty, !closing {
                    return .none
                }
            }
        }
    }

    /// A thread's mail is done. Said before the sender hears of it, so that the next mail takes the same connection.
    func freed() { locked { busyThreads -= 1 } }

    func ended(_ line: SMTPLine) {
        locked { lines.removeAll { $0 === line } }
        resumeShutdownsIfEnded()
    }
}
