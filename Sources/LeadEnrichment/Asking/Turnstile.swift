// The way to something outside: so many at once, so many in a time, none while it is out of order. Who waits does so in
// the order in which they came. Used by the enrichers that ask APIs and programs.

import LeadCore
import Synchronization

/// Lets those through who may ask now.
final class Turnstile: Sendable {
    struct Limits: Sendable {
        var concurrency: Int
        var rate: RateLimit?
        /// After so many failures in a row nobody is let through for a while.
        var failures = 5
        var pause: Duration = .seconds(30)
    }

    /// Why somebody isn't let through.
    enum Refusal: Error, Equatable {
        /// It fails, and is tried again in so long.
        case outOfOrder(Duration)
        /// It asked to be left alone for so long.
        case askedToWait(Duration)
        case tooManyWait
        case interrupted
    }

    /// How asking ended.
    enum Ending: Sendable, Equatable {
        case worked
        case failed
        /// It wants to be left alone.
        case busy(Duration)
        case abandoned
    }

    private struct State {
        var breaker: CircuitBreaker
        var bucket: TokenBucket?
        var inside = 0
        var next = 0
        var line: [(ticket: Int, bell: Bell)] = []
        var quietUntil: Timestamp?
    }

    private enum Step {
        case enter
        case refused(Refusal)
        case wait(until: Timestamp?, Bell)
    }

    private let state: Mutex<State>
    private let limits: Limits
    private let clock: any TimeSource
    private static let longestLine = 1000

    init(_ limits: Limits, clock: any TimeSource) {
        self.limits = limits
        self.clock = clock
        state = Mutex(
            State(
                breaker: CircuitBreaker(limit: limits.failures, pause: limits.pause),
                bucket: limits.rate.map { TokenBucket($0) }))
    }

    /// Waits for a turn. Whoever was let through must `leave`.
    func enter() async throws(Refusal) {
        let (ticket, bell) = state.withLock { state in
            state.next += 1
            let place = (ticket: state.next, bell: Bell())
            state.line.append(place)
            return place
        }
        defer { stepOut(ticket) }
        while true {
            switch state.withLock({ step(&$0, ticket, bell) }) {
            case .enter: return
            case .refused(let refusal): throw refusal
            case .wait(let until, let bell): await clock.wait(until: until, or: bell)
            }
        }
    }

    private func step(_ state: inout State, _ ticket: Int, _ bell: Bell) -> Step {
        if Task.isCancelled { return .refused(.interrupted) }
        let now = clock.now()
        if let quiet = state.quietUntil {
            // No longer than it can have asked for, whatever became of the clock.
            if now < quiet, quiet - now <= .seconds(86_400) { return .refused(.askedToWait(quiet - now)) }
            state.quietUntil = nil
        }
        guard state.line.first?.ticket == ticket else {
            return state.line.count > Self.longestLine && state.line.last?.ticket == ticket
                ? .refused(.tooManyWait) : .wait(until: nil, bell)
        }
        guard state.inside < limits.concurrency else { return .wait(until: nil, bell) }
        if let pause = state.breaker.refusal(at: now) { return .refused(.outOfOrder(pause)) }
        if let turn = state.bucket?.take(at: now) {
            state.breaker.abandoned(at: now)
            return .wait(until: turn, bell)
        }
        state.inside += 1
        return .enter
    }

    /// Gives up the place in the line, and wakes who is first now.
    private func stepOut(_ ticket: Int) {
        let first = state.withLock { state -> Bell? in
            state.line.removeAll { $0.ticket == ticket }
            return state.line.first?.bell
        }
        first?.ring()
    }

    /// Makes room for the next. True when it is out of order from now on.
    @discardableResult
    func leave(_ ending: Ending) -> Bool {
        let now = clock.now()
        let (bells, hasOpened) = state.withLock { state -> ([Bell], Bool) in
            state.inside -= 1
            var hasOpened = false
            switch ending {
            case .worked: state.breaker.succeeded()
            case .failed: hasOpened = state.breaker.failed(at: now) != nil
            case .abandoned: state.breaker.abandoned(at: now)
            case .busy(let duration):
                state.breaker.abandoned(at: now)
                state.quietUntil = now + min(max(duration, .seconds(1)), .seconds(3600))
            }
            // Whoever can't be let through for a while need not wait for it one after the other.
            let isClosed = hasOpened || state.quietUntil != nil
            return (isClosed ? state.line.map(\.bell) : state.line.prefix(1).map(\.bell), hasOpened)
        }
        for bell in bells { bell.ring() }
        return hasOpened
    }
}

extension Turnstile.Refusal {
    /// Why `name` wasn't asked: "is out of order, and asked again in 28 s".
    var words: String {
        switch self {
        case .outOfOrder(let duration): "has failed too often in a row, and is asked again in \(duration.words)"
        case .askedToWait(let duration): "wants to be left alone for \(duration.words)"
        case .tooManyWait: "was not asked, because too many leads wait for it"
        case .interrupted: "was interrupted because the program stops"
        }
    }
}
