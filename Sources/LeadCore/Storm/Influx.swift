// What reached one person over one channel lately, and what is being gathered for them. Pure: the clock comes in, and
// the dispatcher asks before each message that brings a lead.
//
// Leads go one by one until there are as many within the window as the policy has; the rest is gathered until the first of
// those is over, and goes as one. Nothing waits longer than a quarter of the time until its case's next step, so that
// there is still time to act on it: when something can't wait for what is being gathered, a new gathering begins that ends
// sooner. A reminder is gathered for a short time in any case, because where one is due others often are.
//
// A gathering that began in the future was begun by a clock that has been set back, and is over.

/// The leads that reached one person over one channel.
public struct Influx: Sendable, Equatable {
    /// What becomes of a message.
    public enum Admission: Sendable, Equatable {
        /// It goes by itself.
        case now
        /// It waits until then, and goes along with all others of that instant and part.
        case hold(until: Timestamp, part: Int)
    }

    private struct Gathering: Equatable {
        let since: Timestamp
        let until: Timestamp
        var count = 0
    }

    /// When the last ones went, oldest first; no more than the policy has.
    private var recent: [Timestamp] = []
    private var gathering: Gathering?

    /// Nobody was told anything.
    public init() {}

    /// Whether nothing of it matters any more at `now`.
    public func isOver(at now: Timestamp, _ policy: DigestPolicy) -> Bool {
        gathering == nil && (recent.last.map { $0 > now || $0 + policy.window <= now } ?? true)
    }

    /// Asks for a message of `kind` about a case whose next step is at `nextStep`, if it has one. At most `most` go along in
    /// one message.
    public mutating func admit(
        _ kind: MessageKind, nextStep: Timestamp?, at now: Timestamp, by policy: DigestPolicy, most: Int
    ) -> Admission {
        guard kind.bringsLead else { return .now }
        forget(at: now, policy)
        guard kind.joinsDigests, let due = due(kind, at: now, policy) else {
            note(1, at: now, policy)
            return .now
        }
        let patience = nextStep.map { max(.zero, ($0 - now) / 4) } ?? policy.window
        let until = min(due, now + patience)
        guard until > now else {
            note(1, at: now, policy)
            return .now
        }
        var open = gathering ?? Gathering(since: now, until: until)
        if until < open.until { open = Gathering(since: now, until: until) }
        defer {
            open.count += 1
            gathering = open
        }
        return .hold(until: open.until, part: open.count / max(1, most))
    }

    /// So many leads go at `now` that had been held.
    public mutating func note(_ count: Int, at now: Timestamp, _ policy: DigestPolicy) {
        forget(at: now, policy)
        recent += Array(repeating: now, count: min(count, policy.leads))
        if recent.count > policy.leads { recent.removeFirst(recent.count - policy.leads) }
    }

    /// Until when something of `kind` waits; nil when it needn't.
    private func due(_ kind: MessageKind, at now: Timestamp, _ policy: DigestPolicy) -> Timestamp? {
        let isFull = recent.count >= policy.leads
        guard isFull || kind == .remind else { return nil }
        if let gathering { return gathering.until }
        if isFull, let first = recent.first { return first + policy.window }
        return now + policy.gathering
    }

    private mutating func forget(at now: Timestamp, _ policy: DigestPolicy) {
        if let open = gathering, open.until <= now || open.since > now { gathering = nil }
        guard let first = recent.first, first + policy.window <= now || recent.last.map({ $0 > now }) ?? false else {
            return
        }
        recent.removeAll { $0 + policy.window <= now || $0 > now }
    }
}
