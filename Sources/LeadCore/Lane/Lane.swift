// What is known of one destination, and whether a message may begin there now. Pure: the clock comes in, and the
// dispatcher asks before each message and tells how it ended.
//
//   any ──a fault of the configuration──▶ stopped ──resume──▶ probing
//
// Beside that there are its rate, the pause that the peer has asked for, and its circuit breaker. Every pause knows when it
// began: one that began in the future was set by a clock that has been set back, and is over.
// An idle lane costs nothing: nobody asks.

/// One destination: a relay for mail, one person's webhook for chat.
public struct Lane: Sendable, Equatable {
    /// What went wrong, in words without secrets, and when.
    public struct Trouble: Sendable, Equatable {
        /// When.
        public let at: Timestamp
        /// What.
        public let reason: String

        /// A trouble.
        public init(at: Timestamp, reason: String) {
            self.at = at
            self.reason = reason
        }
    }

    /// Whether a message may begin.
    public enum Turn: Sendable, Equatable {
        /// It may, and counts as under way.
        case go
        /// Not before this instant.
        case later(Timestamp)
        /// Not before something that is under way has ended.
        case busy
        /// Not before somebody has mended the configuration.
        case stopped(reason: String)
    }

    /// What the end of a message changed.
    public enum Change: Sendable, Equatable {
        /// Nothing that anybody should hear of.
        case none
        /// The destination is left in peace until then.
        case opened(until: Timestamp)
        /// It is well again.
        case closed
        /// It takes nothing until somebody mends the configuration.
        case stopped
    }

    private var circuit = CircuitBreaker(
        limit: LanePolicy.failures, pause: LanePolicy.firstPause, longest: LanePolicy.longestPause)
    /// Whether the destination is thought to be well.
    public var breaker: CircuitBreaker.State { circuit.state }
    /// What the peer asked for last.
    public private(set) var pause: CircuitBreaker.Pause?
    /// Why nothing is sent until the configuration is mended; nil when it is.
    public private(set) var stop: Trouble?
    /// The last thing that went wrong.
    public private(set) var lastTrouble: Trouble?
    /// When the peer last took a message over.
    public private(set) var lastSent: Timestamp?
    /// How many messages are under way.
    public private(set) var underWay = 0
    private var buckets: [Bucket] = []

    /// What one of the limits knows.
    private struct Bucket: Equatable {
        private var all = SlidingWindow()
        /// What wasn't urgent, where something is kept for what is.
        private var usual = SlidingWindow()

        mutating func opening(at now: Timestamp, _ limit: RateLimit, isUrgent: Bool) -> Timestamp {
            let opening = all.opening(at: now, limit)
            guard !isUrgent, let less = limit.usual else { return opening }
            return max(opening, usual.opening(at: now, less))
        }

        mutating func take(at now: Timestamp, _ limit: RateLimit, isUrgent: Bool) {
            all.take(at: now)
            if !isUrgent, limit.usual != nil { usual.take(at: now) }
        }

        /// How many more there were when it was last looked at.
        func left(of limit: RateLimit, isUrgent: Bool) -> Int {
            let left = all.left(of: limit)
            guard !isUrgent, let less = limit.usual else { return left }
            return min(left, usual.left(of: less))
        }
    }

    /// A lane of which nothing is known.
    public init() {}

    /// How many messages in a row have found the destination unwell.
    public var failures: Int { circuit.failures }

    /// Whether it takes nothing as far as is known: it is stopped, or its breaker has opened and nothing has gone well since.
    public var isDown: Bool { stop != nil || circuit.isDown }

    // MARK: Before a message

    /// Asks for a message to begin; on `go` it counts as under way until `end` or `forgo`. One that `isUrgent` may use what
    /// the rates keep for such messages.
    public mutating func begin(at now: Timestamp, by policy: LanePolicy, isUrgent: Bool = false) -> Turn {
        if let stop { return .stopped(reason: stop.reason) }
        guard underWay < policy.concurrency else { return .busy }
        guard !circuit.isProbing else { return .busy }
        let opening = opening(at: now, by: policy, isUrgent: isUrgent)
        guard opening <= now else { return .later(opening) }
        circuit.begin()
        for index in buckets.indices { buckets[index].take(at: now, policy.limits[index], isUrgent: isUrgent) }
        underWay += 1
        return .go
    }

    /// When the next message may begin, as far as time decides: `now` or later.
    public mutating func opening(at now: Timestamp, by policy: LanePolicy, isUrgent: Bool = false) -> Timestamp {
        if buckets.count != policy.limits.count {
            buckets = Array(repeating: Bucket(), count: policy.limits.count)
        }
        var opening = now
        for index in buckets.indices {
            opening = max(opening, buckets[index].opening(at: now, policy.limits[index], isUrgent: isUrgent))
        }
        if let end = pause?.end(at: now) { opening = max(opening, end) }
        if let end = circuit.opening(at: now) { opening = max(opening, end) }
        return opening
    }

    /// How many of `count` waiting messages are worth taking up at `now`: none while the lane rests, one where one is to find
    /// out whether the peer is well, and no more than a slow rate lets go of what `isUrgent`, or isn't.
    public mutating func room(
        for count: Int, at now: Timestamp, by policy: LanePolicy, isUrgent: Bool = false
    ) -> Int {
        guard stop == nil else { return count }
        guard !circuit.isProbing else { return 0 }
        guard opening(at: now, by: policy, isUrgent: isUrgent) <= now + LanePolicy.patience else { return 0 }
        if case .open = breaker { return min(1, count) }
        return zip(buckets, policy.limits).reduce(count) { room, one in
            let (bucket, limit) = one
            return limit.period > LanePolicy.patience
                ? min(room, max(1, bucket.left(of: limit, isUrgent: isUrgent))) : room
        }
    }

    // MARK: After it

    /// A message that had begun ended so. `jitter` is a number in 0..<1.
    public mutating func end(_ outcome: DeliveryOutcome, at now: Timestamp, jitter: Double) -> Change {
        underWay -= 1
        switch outcome {
        case .sent:
            lastSent = now
            return circuit.succeeded() ? .closed : .none
        case .deferred(let reason, _), .failed(let reason):
            // Whatever it says of this message, the peer is there.
            lastTrouble = Trouble(at: now, reason: reason)
            return circuit.succeeded() ? .closed : .none
        case .unavailable(let reason, let retryAfter):
            lastTrouble = Trouble(at: now, reason: reason)
            if let retryAfter, retryAfter > .zero {
                let until = now + min(retryAfter, LanePolicy.longestRetryAfter)
                if (pause?.end(at: now)).map({ $0 < until }) ?? true {
                    pause = CircuitBreaker.Pause(since: now, until: until)
                }
            }
            return fail(at: now, jitter)
        case .unknown(let reason):
            lastTrouble = Trouble(at: now, reason: reason)
            return fail(at: now, jitter)
        case .stopped(let reason, _):
            lastTrouble = Trouble(at: now, reason: reason)
            if circuit.isProbing { circuit.succeeded() }
            guard stop == nil else { return .none }
            stop = Trouble(at: now, reason: reason)
            return .stopped
        }
    }

    /// A message that had begun came to nothing before the peer was asked.
    public mutating func forgo(at now: Timestamp) {
        underWay -= 1
        circuit.abandoned(at: now)
    }

    /// The channel that the lane belongs to takes nothing, as another of its lanes has found out.
    public mutating func stop(for trouble: Trouble) {
        guard stop == nil else { return }
        lastTrouble = trouble
        stop = trouble
    }

    /// Somebody has mended the configuration, or thinks so: where there was trouble, one message finds out.
    public mutating func resume(at now: Timestamp) {
        circuit.reset(at: now, hadTrouble: stop != nil)
        stop = nil
        pause = nil
    }

    private mutating func fail(at now: Timestamp, _ jitter: Double) -> Change {
        circuit.failed(at: now, jitter: jitter).map { .opened(until: $0) } ?? .none
    }
}

/// A lane as it stands, for whoever looks after it.
public struct LaneStatus: Sendable, Equatable {
    /// The lane.
    public let id: LaneID
    /// The channel that it belongs to.
    public let channel: ChannelID
    /// What it keeps to.
    public let policy: LanePolicy
    /// What is known of it.
    public let lane: Lane
    /// How many messages wait in hand.
    public let waiting: Int
    /// When the next one may begin, if that is a matter of time and nobody is at work there.
    public let opensAt: Timestamp?
    /// When its channel takes changes to messages again; nil when it takes them now.
    public let changesOpenAt: Timestamp?

    /// A lane's status.
    public init(
        id: LaneID, channel: ChannelID, policy: LanePolicy, lane: Lane, waiting: Int,
        opensAt: Timestamp?, changesOpenAt: Timestamp? = nil
    ) {
        self.changesOpenAt = changesOpenAt
        self.id = id
        self.channel = channel
        self.policy = policy
        self.lane = lane
        self.waiting = waiting
        self.opensAt = opensAt
    }
}
