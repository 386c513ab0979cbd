// A way out that goes nowhere: it notes what it was asked to send and answers as the test says.

import LeadCore
import Synchronization

/// A channel for tests.
public final class ScriptedChannel: Channel {
    /// One message that the channel was asked to send.
    public struct Sent: Sendable, Equatable {
        /// What it says.
        public let briefing: Briefing
        /// Where to.
        public let address: Secret
    }

    /// Answers a send; `count` is how many there have been, this one included.
    public typealias Answer = @Sendable (_ sent: Sent, _ count: Int) -> DeliveryOutcome

    private struct State {
        var answer: Answer
        var script: [DeliveryOutcome] = []
        var sent: [Sent] = []
        var unread = 0
        var readers: [CheckedContinuation<Sent, Never>] = []
        var isHolding = false
        var held: [CheckedContinuation<Void, Never>] = []
        var inFlight = 0
        var mostInFlight = 0
        var isClosed = false
    }

    /// The channel's name.
    public let id: ChannelID
    private let state: Mutex<State>

    /// A channel that takes everything, unless `answer` says otherwise.
    public init(id: ChannelID, answer: @escaping Answer = { _, _ in .sent(detail: "taken") }) {
        self.id = id
        state = Mutex(State(answer: answer))
    }

    public func send(_ briefing: Briefing, to address: Secret) async -> DeliveryOutcome {
        let sent = Sent(briefing: briefing, address: address)
        let (answer, count, reader) = state.withLock { state in
            state.sent.append(sent)
            state.inFlight += 1
            state.mostInFlight = max(state.mostInFlight, state.inFlight)
            let reader = state.readers.isEmpty ? nil : state.readers.removeFirst()
            if reader != nil { state.unread += 1 }
            return (state.answer, state.sent.count, reader)
        }
        reader?.resume(returning: sent)
        await passHold()
        return state.withLock { state in
            state.inFlight -= 1
            return state.script.isEmpty ? answer(sent, count) : state.script.removeFirst()
        }
    }

    public func close() async { state.withLock { $0.isClosed = true } }

    // MARK: The script

    /// The next sends end like this, in order; after that the answer of old again.
    public func script(_ outcomes: [DeliveryOutcome]) { state.withLock { $0.script += outcomes } }

    /// Replaces the answer.
    public func answer(_ answer: @escaping Answer) { state.withLock { $0.answer = answer } }

    /// Lets sends begin but not end, as a peer does that takes its time, until `release`.
    public func hold() { state.withLock { $0.isHolding = true } }

    /// Lets held sends end, and new ones too.
    public func release() {
        let held = state.withLock { state in
            state.isHolding = false
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    /// Lets the send end that has been held the longest; the others, and new ones, don't.
    public func releaseOne() {
        state.withLock { $0.held.isEmpty ? nil : $0.held.removeFirst() }?.resume()
    }

    // MARK: What happened

    /// Everything the channel was asked to send so far, in order.
    public var sent: [Sent] { state.withLock { $0.sent } }

    /// The largest number of sends that were under way at once.
    public var mostInFlight: Int { state.withLock { $0.mostInFlight } }

    /// Whether the channel was closed.
    public var isClosed: Bool { state.withLock { $0.isClosed } }

    /// The next message that no call has returned yet, waiting for it if need be.
    public func nextSent() async -> Sent {
        await withCheckedContinuation { continuation in
            let sent = state.withLock { state -> Sent? in
                guard state.unread < state.sent.count else {
                    state.readers.append(continuation)
                    return nil
                }
                state.unread += 1
                return state.sent[state.unread - 1]
            }
            if let sent { continuation.resume(returning: sent) }
        }
    }

    private func passHold() async {
        await withCheckedContinuation { continuation in
            let mayPass = state.withLock { state in
                guard state.isHolding else { return true }
                state.held.append(continuation)
                return false
            }
            if mayPass { continuation.resume() }
        }
    }
}
