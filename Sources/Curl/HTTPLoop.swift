// The thread that owns the multi handle: it admits what comes in, runs libcurl, answers what is done, and sleeps. A
// failure of libcurl's multi interface ends the transfers it was running and not the loop. Nothing here blocks but
// the poll.

import CCurl
import Glibc

final class HTTPLoop {
    struct Limits: Sendable {
        var connectionsPerHost: Int
        var connections: Int
    }

    /// The requests towards one scheme, host and port.
    private final class Lane {
        let name: String
        var running = 0
        var waiting: [HTTPTransfer] = []
        var firstWaiting = 0
        var inTurn = false

        init(name: String) {
            self.name = name
        }

        var hasWaiting: Bool { firstWaiting < waiting.count }

        func takeFirst() -> HTTPTransfer {
            defer {
                firstWaiting += 1
                if firstWaiting == waiting.count {
                    waiting.removeAll(keepingCapacity: true)
                    firstWaiting = 0
                } else if firstWaiting >= 1024 {
                    waiting.removeFirst(firstWaiting)
                    firstWaiting = 0
                }
            }
            return waiting[firstWaiting]
        }

        /// Takes out those that were answered while they waited, and says how many they were.
        func removeFinished() -> Int {
            let before = waiting.count - firstWaiting
            waiting.removeFirst(firstWaiting)
            firstWaiting = 0
            waiting.removeAll { $0.state == .finished }
            return before - waiting.count
        }
    }

    /// Idle handles that are kept for the next requests.
    private static let pooledHandles = 32
    /// The longest sleep, in ms: there is nothing to do after it, but libcurl takes no "for ever".
    private static let longestSleep = 3_600_000

    private let multi: MultiHandle
    private let inbox: HTTPInbox
    private let limits: Limits
    private var lanes: [String: Lane] = [:]
    private var turns: [Lane] = []
    private var running: [UnsafeMutableRawPointer: HTTPHandle] = [:]
    private var pool: [HTTPHandle] = []
    private var waitingCount = 0
    private var firstWaitingDeadline = Int.max

    init(multi: MultiHandle, inbox: HTTPInbox, limits: Limits) {
        self.multi = multi
        self.inbox = inbox
        self.limits = limits
        // The default keeps four connections for each running transfer, and so drops most when few run.
        ccurl_multi_set_long(multi.pointer, CURLMOPT_MAXCONNECTS, limits.connections)
        ccurl_multi_set_long(multi.pointer, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
    }

    func run() {
        var batch = HTTPInbox.Batch()
        while true {
            inbox.collect(into: &batch)
            for transfer in batch.submitted { admit(transfer) }
            for transfer in batch.cancelled { cancel(transfer) }
            batch.empty()
            if batch.closing { break }
            expireWaiting()
            takeTurns()
            perform()
            if harvest() == .startNext { continue }
            if inbox.announceRest() == .mayRest { sleep() }
        }
        close()
    }

    // MARK: What comes in

    private func admit(_ transfer: HTTPTransfer) {
        guard !transfer.cancelled else { return transfer.finish(unsent: .cancelled) }
        transfer.state = .waiting
        firstWaitingDeadline = min(firstWaitingDeadline, transfer.deadline)
        let lane: Lane
        if let known = lanes[transfer.target.lane] {
            lane = known
        } else {
            lane = Lane(name: transfer.target.lane)
            lanes[lane.name] = lane
        }
        lane.waiting.append(transfer)
        waitingCount += 1
        giveTurn(to: lane)
    }

    private func cancel(_ transfer: HTTPTransfer) {
        switch transfer.state {
        case .new:
            // The cancellation overtook the request.
            transfer.cancelled = true
        case .waiting:
            transfer.finish(unsent: .cancelled)
            if let lane = lanes[transfer.target.lane] { removeFinished(from: lane) }
        case .running:
            guard let handle = running.values.first(where: { $0.transfer === transfer }) else { return }
            finish(handle, handle.outcome(stopped: .cancelled))
        case .finished:
            break
        }
    }

    private func removeFinished(from lane: Lane) {
        waitingCount -= lane.removeFinished()
        retireIfIdle(lane)
    }

    private func retireIfIdle(_ lane: Lane) {
        if lane.running == 0, !lane.hasWaiting, !lane.inTurn { lanes[lane.name] = nil }
    }

    /// Requests whose time is over before their turn came.
    private func expireWaiting() {
        guard firstWaitingDeadline < .max else { return }
        let now = MonotonicClock.milliseconds()
        guard firstWaitingDeadline <= now else { return }
        firstWaitingDeadline = .max
        for lane in lanes.values where lane.hasWaiting {
            for transfer in lane.waiting[lane.firstWaiting...] {
                if transfer.deadline <= now {
                    transfer.finish(unsent: .timedOut)
                } else {
                    firstWaitingDeadline = min(firstWaitingDeadline, transfer.deadline)
                }
            }
            removeFinished(from: lane)
        }
    }

    // MARK: What runs

    private func giveTurn(to lane: Lane) {
        guard !lane.inTurn, lane.hasWaiting, lane.running < limits.connectionsPerHost else { return }
        lane.inTurn = true
        turns.append(lane)
    }

    /// Starts one request of each lane in turn until the limits are reached.
    private func takeTurns() {
        var next = 0
        while next < turns.count, running.count < limits.connections {
            let lane = turns[next]
            next += 1
            lane.inTurn = false
            if lane.hasWaiting {
                waitingCount -= 1
                start(lane.takeFirst(), in: lane)
                giveTurn(to: lane)
            }
            retireIfIdle(lane)
        }
        turns.removeFirst(next)
        if waitingCount == 0 { firstWaitingDeadline = .max }
    }

    private func start(_ transfer: HTTPTransfer, in lane: Lane) {
        guard let handle = pool.popLast() ?? HTTPHandle() else {
            return transfer.finish(.failure(TransferFailure(code: CURLE_OUT_OF_MEMORY, evidence: TransferEvidence())))
        }
        let code = handle.prepare(transfer, now: MonotonicClock.milliseconds())
        guard code == CURLE_OK else {
            handle.release()
            return transfer.finish(.failure(TransferFailure(code: code, evidence: TransferEvidence())))
        }
        guard curl_multi_add_handle(multi.pointer, handle.easy.pointer) == CURLM_OK else {
            handle.release()
            return transfer.finish(
                .failure(TransferFailure(code: CURLE_FAILED_INIT, evidence: TransferEvidence())))
        }
        transfer.state = .running
        lane.running += 1
        running[handle.easy.pointer] = handle
    }

    private func perform() {
        guard !running.isEmpty else { return }
        var count: Int32 = 0
        guard curl_multi_perform(multi.pointer, &count) == CURLM_OK else {
            for handle in Array(running.values) { finish(handle, handle.outcome(stopped: .other)) }
            return
        }
    }

    private enum Next {
        case startNext
        case rest
    }

    private func harvest() -> Next {
        guard !running.isEmpty else { return .rest }
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi.pointer, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let handle = running[easy]
            else { continue }
            finish(handle, handle.outcome(code: message.pointee.data.result))
        }
        return turns.isEmpty || running.count >= limits.connections ? .rest : .startNext
    }

    private func finish(_ handle: HTTPHandle, _ outcome: HTTPOutcome) {
        curl_multi_remove_handle(multi.pointer, handle.easy.pointer)
        running[handle.easy.pointer] = nil
        let transfer = handle.transfer
        handle.release()
        if pool.count < Self.pooledHandles { pool.append(handle) }
        guard let transfer else { return }
        if let lane = lanes[transfer.target.lane] {
            lane.running -= 1
            giveTurn(to: lane)
            retireIfIdle(lane)
        }
        transfer.finish(outcome)
    }

    // MARK: Sleep and end

    private func sleep() {
        var milliseconds = Self.longestSleep
        if firstWaitingDeadline < .max {
            milliseconds = min(milliseconds, max(1, firstWaitingDeadline - MonotonicClock.milliseconds()))
        }
        if curl_multi_poll(multi.pointer, nil, 0, Int32(milliseconds), nil) != CURLM_OK {
            // Out of memory or descriptors: try again, but not at full speed.
            usleep(100_000)
        }
    }

    private func close() {
        for handle in Array(running.values) { finish(handle, handle.outcome(stopped: .closed)) }
        for lane in lanes.values {
            while lane.hasWaiting { lane.takeFirst().finish(unsent: .closed) }
        }
        lanes = [:]
        turns = []
        pool = []
        inbox.finishClosing { multi.close() }
    }
}
