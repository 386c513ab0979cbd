// Before a message enters its lane: whether its reader is to have it now, or later and with others. What is held goes back
// to the store with its time and a name for those that will go along, so a crash loses and repeats nothing; only the
// memory of who had how many lately is this run's. It costs a look-up a message, and nothing where no rule asks for it.

import LeadCore

/// Who had how many leads lately, and what they wait for.
struct Gate {
    /// One person on one channel.
    private struct Reader: Hashable {
        let person: PersonID
        let channel: ChannelID
    }

    /// What becomes of a message.
    enum Passage: Equatable {
        case now
        case hold(until: Timestamp, digest: DigestID?, reason: String)
    }

    private var influxes: [Reader: Influx] = [:]
    /// Until when somebody has quiet hours, and how many messages wait for their end.
    private var quiet: [Reader: (until: Timestamp, count: Int)] = [:]

    /// Readers who are remembered before those are forgotten of whom nothing matters any more.
    private static let most = 4096

    /// Whether `work`'s message may go to its lane at `now`.
    mutating func judge(_ work: Dispatcher.Work, by rulebook: Rulebook, at now: Timestamp) -> Passage {
        let leased = work.leased
        let delivery = leased.delivery
        guard delivery.kind != .event else { return .now }
        let policy = rulebook.digestPolicy(for: delivery.person, on: delivery.channel)
        let reader = Reader(person: delivery.person, channel: delivery.channel)
        let size = rulebook.channels[delivery.channel]?.digestSize ?? 1
        if let subject = work.subject, let until = rulebook.quietEnd(for: delivery, of: subject, at: now) {
            // What may have arrived already keeps its own name, under which a copy is known as one.
            let mayJoin = policy != nil && delivery.kind.isLine && leased.attempt == 1 && leased.digest == nil
            let digest = mayJoin ? next(reader, until: until, size: size) : leased.digest
            return .hold(until: until, digest: digest, reason: DigestWords.quiet)
        }
        guard let policy, leased.attempt == 1 else { return .now }
        if influxes.count > Self.most { influxes = influxes.filter { !$0.value.isOver(at: now, policy) } }
        guard leased.digest == nil else {
            influxes[reader, default: Influx()].note(1, at: now, policy)
            return .now
        }
        let admission = influxes[reader, default: Influx()].admit(
            delivery.kind, nextStep: work.subject?.nextDeadline, at: now, by: policy, most: size)
        guard case .hold(let until, let part) = admission else { return .now }
        let digest = DigestID(person: reader.person, channel: reader.channel, at: until, part: part)
        return .hold(until: until, digest: digest, reason: DigestWords.waits)
    }

    /// The name of what goes to `reader` when their quiet hours end.
    private mutating func next(_ reader: Reader, until: Timestamp, size: Int) -> DigestID {
        let count = quiet[reader].map { $0.until == until ? $0.count : 0 } ?? 0
        quiet[reader] = (until, count + 1)
        return DigestID(person: reader.person, channel: reader.channel, at: until, part: count / max(1, size))
    }
}

extension Rulebook {
    /// Whether the gate must know the case of `leased` to judge its message at `now`.
    func wantsCase(of leased: LeasedDelivery, at now: Timestamp) -> Bool {
        let delivery = leased.delivery
        guard delivery.kind != .event else { return false }
        if leased.attempt == 1, leased.digest == nil, delivery.kind.joinsDigests,
            digestPolicy(for: delivery.person, on: delivery.channel) != nil
        {
            return true
        }
        return delivery.kind.keepsQuiet
            && person(delivery.person)?.quietEnd(on: delivery.channel, at: now) != nil
    }
}
