// What a channel says after an attempt, and what follows from it: the end, or another attempt at a time.

/// The outcome of one attempt. Reasons are plain sentences without secrets or personal data.
public enum DeliveryOutcome: Sendable, Equatable {
    /// The peer has taken the message over.
    case sent(detail: String)
    /// Not this message now; `retryAfter` is what the peer asked for. It says nothing of other messages.
    case deferred(reason: String, retryAfter: Duration?)
    /// The destination takes nothing at the moment: it is down, or wants to be left in peace for `retryAfter`.
    case unavailable(reason: String, retryAfter: Duration?)
    /// Trying again would not help.
    case failed(reason: String)
    /// The destination takes nothing until somebody mends the configuration: the address is gone, the login refused.
    case stopped(reason: String, scope: StopScope = .address)
    /// The connection was lost when the peer may already have had the message.
    case unknown(reason: String)
}

extension DeliveryOutcome {
    /// Why it isn't known to be sent; nil when it is.
    public var failure: String? {
        switch self {
        case .sent: nil
        case .deferred(let reason, _), .unavailable(let reason, _), .failed(let reason), .stopped(let reason, _),
            .unknown(let reason):
            reason
        }
    }
}

/// What a fault of the configuration concerns.
public enum StopScope: Sendable, Equatable {
    /// The address alone: a webhook that is gone.
    case address
    /// Everything that goes by the channel: a token that is refused.
    case channel
}

/// What becomes of a delivery after an attempt.
public enum DeliveryVerdict: Sendable, Equatable {
    case sent(detail: String)
    case tryAgain(at: Timestamp, reason: String)
    case failed(reason: String)
    /// Waits until somebody mends the configuration.
    case held(reason: String)
    /// Given up, and the peer may have it.
    case unknown(reason: String)
    /// Not sent: the case moved on while the message waited in hand. The store records it as `cancelled`.
    case cancelled(reason: String)
}

/// When a delivery is tried again: exponential back-off with jitter, up to a horizon.
public struct RetryPolicy: Sendable, Equatable {
    /// The delay after the first attempt.
    public let first: Duration
    /// The longest delay.
    public let longest: Duration
    /// Time since the delivery was decided after which it is failed.
    public let horizon: Duration
    /// The delays one by one, in place of all this; after the last one a delivery is failed.
    public let schedule: [Duration]

    /// 5 s, 15 minutes and 24 hours unless told.
    public init(
        first: Duration = .seconds(5), longest: Duration = .seconds(900), horizon: Duration = .seconds(86_400),
        schedule: [Duration] = []
    ) {
        self.schedule = schedule
        self.first = first
        self.longest = longest
        self.horizon = horizon
    }

    /// What follows from `outcome` of attempt number `attempt` (from 1).
    ///
    /// `jitter` is a number in 0..<1 that spreads retries over the upper half of the delay. A peer's Retry-After is
    /// kept up to `LanePolicy.longestRetryAfter`: the next attempt is never earlier than that.
    public func verdict(
        on outcome: DeliveryOutcome, attempt: Int, createdAt: Timestamp, now: Timestamp, jitter: Double
    ) -> DeliveryVerdict {
        switch outcome {
        case .sent(let detail): return .sent(detail: detail)
        case .failed(let reason): return .failed(reason: reason)
        case .stopped(let reason, _): return .held(reason: reason)
        case .deferred(let reason, let retryAfter), .unavailable(let reason, let retryAfter):
            return later(reason, retryAfter, attempt: attempt, createdAt: createdAt, now: now, jitter: jitter)
        case .unknown(let reason):
            let text = "outcome unknown, the peer may have it: \(reason)"
            let verdict = later(text, nil, attempt: attempt, createdAt: createdAt, now: now, jitter: jitter)
            return if case .failed(let reason) = verdict { .unknown(reason: reason) } else { verdict }
        }
    }

    private func later(
        _ reason: String, _ retryAfter: Duration?, attempt: Int, createdAt: Timestamp, now: Timestamp, jitter: Double
    ) -> DeliveryVerdict {
        let doublings = Int64(min(max(attempt, 1) - 1, 30))
        let most = longest.milliseconds
        var ceiling = first.milliseconds > most >> doublings ? most : first.milliseconds << doublings
        if !schedule.isEmpty { ceiling = schedule[min(max(attempt, 1), schedule.count) - 1].milliseconds }
        let spread = ceiling / 2 + Int64(Double(ceiling - ceiling / 2) * min(max(jitter, 0), 1))
        let delay = max(spread, min(retryAfter ?? .zero, LanePolicy.longestRetryAfter).milliseconds)
        let next = now + .milliseconds(delay)
        guard schedule.isEmpty ? next <= createdAt + horizon : attempt <= schedule.count else {
            let attempts = attempt == 1 ? "1 attempt" : "\(attempt) attempts"
            return .failed(reason: "given up after \(attempts) in \((now - createdAt).words): \(reason)")
        }
        return .tryAgain(at: next, reason: reason)
    }
}

extension DeliveryVerdict {
    /// Why the person wasn't reached this way, as far as is known; nil when they were, or still may be.
    public var loss: String? {
        switch self {
        case .failed(let reason), .held(let reason), .unknown(let reason): reason
        case .sent, .tryAgain, .cancelled: nil
        }
    }
}

/// The end of one attempt, to be recorded by the holder of the lease.
public struct Settlement: Sendable, Equatable {
    /// The attempt.
    public let leased: LeasedDelivery
    /// What came of it.
    public let verdict: DeliveryVerdict
    /// When.
    public let at: Timestamp
    /// The copy that the attempt has left, or may have left, in a chat.
    public let copy: PostedCopy?
    /// The message in which it went along with others, if it did.
    public let carrier: DeliveryID?

    /// A settlement.
    public init(
        leased: LeasedDelivery, verdict: DeliveryVerdict, at: Timestamp, copy: PostedCopy? = nil,
        carrier: DeliveryID? = nil
    ) {
        self.copy = copy
        self.carrier = carrier
        self.leased = leased
        self.verdict = verdict
        self.at = at
    }
}
