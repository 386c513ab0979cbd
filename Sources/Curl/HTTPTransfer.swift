// One request on its way, and the inbox through which it reaches the loop's thread. A transfer is answered exactly
// once, whoever ends it: the loop, or the inbox when it is closed already.

import CCurl
import Synchronization

typealias HTTPOutcome = Result<HTTPReceived, TransferFailure>

/// One request, checked, with what libcurl needs prepared on the caller's thread.
///
/// `@unchecked Sendable`: it is built by its sender, handed over through the inbox's lock, and from then on touched by
/// the loop's thread alone.
final class HTTPTransfer: @unchecked Sendable {
    enum State {
        case new
        case waiting
        case running
        case finished
    }

    let request: HTTPRequest
    let target: HTTPTarget
    /// When the total time is over, on the monotonic clock.
    let deadline: Int
    let headerList: UnsafeMutablePointer<curl_slist>?
    private var continuation: CheckedContinuation<HTTPOutcome, Never>?

    // The loop's.
    var state = State.new
    var cancelled = false

    init(_ request: HTTPRequest) throws(TransferFailure) {
        self.request = request
        target = try HTTPTarget(request)
        headerList = try Self.headerList(for: request)
        deadline = MonotonicClock.milliseconds() + request.timeouts.total.curlMilliseconds
    }

    deinit {
        curl_slist_free_all(headerList)
    }

    func expectAnswer(_ continuation: CheckedContinuation<HTTPOutcome, Never>) {
        self.continuation = continuation
    }

    func finish(_ outcome: HTTPOutcome) {
        state = .finished
        continuation?.resume(returning: outcome)
        continuation = nil
    }

    /// Ends a transfer of which nothing has left.
    func finish(unsent kind: TransferFailure.Kind) {
        finish(.failure(TransferFailure(code: CURLE_OK, evidence: TransferEvidence(stopped: kind))))
    }

    private static func headerList(
        for request: HTTPRequest
    ) throws(TransferFailure) -> UnsafeMutablePointer<curl_slist>? {
        // An empty value takes a field out that libcurl would add of its own.
        var lines = ["Expect:"]
        var hasType = false
        for (name, value) in request.headers {
            guard HTTPSyntax.fault(name: name, value: value) == nil else {
                let evidence = TransferEvidence(stopped: .malformedHeader)
                throw TransferFailure(code: CURLE_BAD_FUNCTION_ARGUMENT, evidence: evidence)
            }
            // libcurl's spelling of a field whose value is empty.
            lines.append(value.isEmpty ? name + ";" : name + ": " + value)
            hasType = hasType || (name.utf8.count == 12 && name.lowercased() == "content-type")
        }
        if !hasType { lines.append("Content-Type:") }
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = curl_slist_append(list, line) else {
                curl_slist_free_all(list)
                throw TransferFailure(code: CURLE_OUT_OF_MEMORY, evidence: TransferEvidence())
            }
            list = longer
        }
        return list
    }
}

/// libcurl's multi handle.
///
/// `@unchecked Sendable`: only `wakeUp` is called from other threads, which libcurl allows, and only while the inbox's
/// lock says that the handle is open.
final class MultiHandle: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
    private var isOpen = true

    init?() {
        guard let pointer = curl_multi_init() else { return nil }
        self.pointer = pointer
    }

    deinit {
        close()
    }

    /// Closes the handle and its connections; once, by the loop's thread.
    func close() {
        guard isOpen else { return }
        isOpen = false
        curl_multi_cleanup(pointer)
    }

    func wakeUp() {
        // Fails only when the pipe is full, and then the loop is awake anyway.
        curl_multi_wakeup(pointer)
    }
}

/// The way into the loop's thread.
final class HTTPInbox: Sendable {
    /// What came in since the loop looked last.
    struct Batch {
        var submitted: [HTTPTransfer] = []
        var cancelled: [HTTPTransfer] = []
        var closing = false
    }

    private struct State {
        var batch = Batch()
        var loopSleeps = false
        var closed = false
        var shutdowns: [CheckedContinuation<Void, Never>] = []
    }

    private let multi: MultiHandle
    private let state = Mutex(State())

    init(multi: MultiHandle) {
        self.multi = multi
    }

    func submit(_ transfer: HTTPTransfer, _ continuation: CheckedContinuation<HTTPOutcome, Never>) {
        transfer.expectAnswer(continuation)
        let accepted = state.withLock { state in
            guard !state.batch.closing else { return false }
            state.batch.submitted.append(transfer)
            wakeUpIfNeeded(&state)
            return true
        }
        if !accepted { transfer.finish(unsent: .closed) }
    }

    /// Asks the loop to end a transfer; without effect on one that is finished.
    func cancel(_ transfer: HTTPTransfer) {
        state.withLock { state in
            guard !state.closed else { return }
            state.batch.cancelled.append(transfer)
            wakeUpIfNeeded(&state)
        }
    }

    /// Asks the loop to end, and resumes the continuation when it has.
    func close(then continuation: CheckedContinuation<Void, Never>? = nil) {
        let closedAlready = state.withLock { state in
            guard !state.closed else { return true }
            if let continuation { state.shutdowns.append(continuation) }
            state.batch.closing = true
            wakeUpIfNeeded(&state)
            return false
        }
        if closedAlready { continuation?.resume() }
    }

    private func wakeUpIfNeeded(_ state: inout State) {
        guard state.loopSleeps else { return }
        state.loopSleeps = false
        multi.wakeUp()
    }

    // For the loop's thread.

    /// Takes all that came in, leaving the emptied arrays of the last time for what comes.
    func collect(into batch: inout Batch) {
        batch.submitted.removeAll(keepingCapacity: true)
        batch.cancelled.removeAll(keepingCapacity: true)
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
