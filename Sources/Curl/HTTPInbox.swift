// The way into the loop's thread: a locked batch of what came in, and the multi handle that wakes the loop. Nothing
// here fails; a closed inbox answers with the failure `closed`.

import CCurl
import Synchronization

/// libcurl's multi handle.
///
/// `@unchecked Sendable`: only `wakeUp` is called from other threads, which libcurl allows, and only while the lock says
/// that the handle is open.
final class MultiHandle: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
    private let isOpen = Mutex(true)

    init?() {
        guard let pointer = curl_multi_init() else { return nil }
        self.pointer = pointer
    }

    deinit {
        close()
    }

    /// Closes the handle and its connections; once, by the loop's thread.
    func close() {
        isOpen.withLock { isOpen in
            guard isOpen else { return }
            isOpen = false
            curl_multi_cleanup(pointer)
        }
    }

    /// Wakes the loop. Not under the inbox's lock: it is a system call, and others are waiting to hand in.
    func wakeUp() {
        isOpen.withLock { isOpen in
            // Fails only when the pipe is full, and then the loop is awake anyway.
            if isOpen { curl_multi_wakeup(pointer) }
        }
    }
}

/// The way into the loop's thread.
final class HTTPInbox: Sendable {
    /// What came in since the loop looked last.
    struct Batch {
        var submitted: [HTTPTransfer] = []
        var cancelled: [HTTPTransfer] = []
        var closing = false

        mutating func empty() {
            submitted.removeAll(keepingCapacity: true)
            cancelled.removeAll(keepingCapacity: true)
        }
    }

    private struct State {
        var batch = Batch()
        var loopSleeps = false
        var closed = false
        var shutdowns: [CheckedContinuation<Void, Never>] = []

        /// Whether the loop sleeps and is for the caller to wake.
        mutating func takeSleep() -> Bool {
            defer { loopSleeps = false }
            return loopSleeps
        }
    }

    private let multi: MultiHandle
    private let state = Mutex(State())

    init(multi: MultiHandle) {
        self.multi = multi
    }

    func submit(_ transfer: HTTPTransfer, _ continuation: CheckedContinuation<HTTPOutcome, Never>) {
        transfer.expectAnswer(continuation)
        let (accepted, sleeps) = state.withLock { state in
            guard !state.batch.closing else { return (false, false) }
            state.batch.submitted.append(transfer)
            return (true, state.takeSleep())
        }
        if sleeps { multi.wakeUp() }
        if !accepted { transfer.finish(unsent: .closed) }
    }

    /// Asks the loop to end a transfer; without effect on one that is finished.
    func cancel(_ transfer: HTTPTransfer) {
        let sleeps = state.withLock { state in
            guard !state.closed else { return false }
            state.batch.cancelled.append(transfer)
            return state.takeSleep()
        }
        if sleeps { multi.wakeUp() }
    }

    /// Asks the loop to end, and resumes the continuation when it has.
    func close(then continuation: CheckedContinuation<Void, Never>? = nil) {
        let (closedAlready, sleeps) = state.withLock { state in
            guard !state.closed else { return (true, false) }
            if let continuation { state.shutdowns.append(continuation) }
            state.batch.closing = true
            return (false, state.takeSleep())
        }
        if sleeps { multi.wakeUp() }
        if closedAlready { continuation?.resume() }
    }

    // For the loop's thread.

    /// Takes all that came in, leaving the emptied batch of the last time for what comes.
    func collect(into batch: inout Batch) {
        state.withLock { state in
            state.loopSleeps = false
            guard !state.batch.submitted.isEmpty || !state.batch.cancelled.isEmpty || state.batch.closing else {
                return
            }
            let closing = state.batch.closing
            swap(&state.batch, &batch)
            state.batch.closing = closing
            batch.closing = closing
        }
    }

    enum Rest {
        case mayRest
        case workCame
    }

    /// Announces that the loop is going to sleep, unless there is work.
    func announceRest() -> Rest {
        state.withLock { state in
            guard state.batch.submitted.isEmpty, state.batch.cancelled.isEmpty, !state.batch.closing else {
                return .workCame
            }
            state.loopSleeps = true
            return .mayRest
        }
    }

    /// Marks the loop as ended, so that nobody wakes it any more, closes what is left, and lets those go who wait.
    func finishClosing(_ closeRest: () -> Void) {
        state.withLock { state in
            state.batch = Batch(closing: true)
            state.loopSleeps = false
        }
        closeRest()
        let shutdowns = state.withLock { state in
            state.closed = true
            defer { state.shutdowns = [] }
            return state.shutdowns
        }
        for shutdown in shutdowns { shutdown.resume() }
    }
}
