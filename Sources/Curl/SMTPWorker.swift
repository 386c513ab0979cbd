// The thread that carries mail over one connection, and the line by which others can interrupt it. Blocking calls live
// here and nowhere else; each is bounded by the relay's time limits.

import CCurl
import Glibc
import Synchronization

/// What other threads may do to a worker: interrupt the mail it carries.
final class SMTPLine: Sendable {
    private struct State {
        var job: SMTPJob?
        var sockets: [Int32] = []
        var closed = false
    }

    private let state = Mutex(State())

    /// Interrupts the mail if it is this line's.
    func interrupt(_ job: SMTPJob) {
        state.withLock { if $0.job === job { Self.cut($0.sockets) } }
    }

    /// Interrupts whatever goes on, and the farewell to the relay too.
    func interruptAll() {
        state.withLock { state in
            state.closed = true
            state.job?.stop(.closed)
            Self.cut(state.sockets)
        }
    }

    /// A blocked call returns at once when its socket is shut down; closing stays libcurl's.
    private static func cut(_ sockets: [Int32]) {
        for socket in sockets { shutdown(socket, Int32(SHUT_RDWR)) }
    }

    func begin(_ job: SMTPJob) {
        state.withLock { state in
            state.job = job
            if state.closed { job.stop(.closed) }
        }
    }

    func end() {
        state.withLock { $0.job = nil }
    }

    func opened(_ socket: Int32) {
        state.withLock { state in
            state.sockets.append(socket)
            if state.closed { Self.cut([socket]) }
        }
    }

    /// Closes a socket under the lock, so that none is cut whose number has gone to somebody else.
    func close(_ socket: Int32) -> Int32 {
        state.withLock { state in
            state.sockets.removeAll { $0 == socket }
            return Glibc.close(socket)
        }
    }
}

/// The body of one mail thread.
final class SMTPWorker {
    private let queue: SMTPQueue
    private let line: SMTPLine
    private var handle: SMTPHandle?

    init(queue: SMTPQueue, line: SMTPLine) {
        self.queue = queue
        self.line = line
    }

    func run() {
        while true {
            switch queue.next(waitingSeconds: handle == nil ? nil : queue.idleSeconds) {
            case .mail(let job):
                line.begin(job)
                let outcome = carry(job)
                line.end()
                queue.freed()
                job.finish(outcome)
            case .none:
                // Freeing the handle says QUIT.
                handle = nil
            case .end:
                handle = nil
                queue.ended(line)
                return
            }
        }
    }

    private func carry(_ job: SMTPJob) -> SMTPOutcome {
        guard let handle = handle ?? SMTPHandle(relay: queue.relay, url: queue.url, line: line) else {
            return .failed(TransferFailure(code: CURLE_OUT_OF_MEMORY, evidence: TransferEvidence()))
        }
        self.handle = handle
        switch handle.attempt(job, connection: .keptOrFresh) {
        case .outcome(let outcome):
            return outcome
        case .keptConnectionDied:
            switch handle.attempt(job, connection: .fresh) {
            case .outcome(let outcome): return outcome
            case .keptConnectionDied:
                return .failed(TransferFailure(code: CURLE_SEND_ERROR, evidence: TransferEvidence()))
            }
        }
    }
}
