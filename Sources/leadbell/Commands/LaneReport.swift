// How one destination stands, as `leadbell channels` shows it and the control socket carries it.

import LeadCore

/// One destination.
struct LaneReport: Codable, Sendable, Equatable {
    enum State: String, Codable, Sendable {
        /// Nothing was sent there yet in this run, or no daemon runs.
        case unused
        case ready
        /// Its rate, or what the peer asked for, lets nothing begin before `until`.
        case waiting
        /// The breaker is open until `until`.
        case resting
        /// One message finds out whether the peer is well again.
        case probing
        /// Nothing goes there until the configuration is mended.
        case stopped
    }

    let lane: String
    let channel: String
    let kind: String
    /// Who is reached there; none for one that all share.
    let people: [String]
    let state: State
    let until: String?
    /// While changes to messages wait for their channel, and new messages don't; nil where nothing is unsent.
    let changesUntil: String?
    /// Unsent messages, those under way among them.
    let queue: Int
    let underWay: Int
    let held: Int
    let rate: String
    let concurrency: Int
    /// Failures in a row.
    let failures: Int
    let lastSent: String?
    let lastError: String?
    let lastErrorAt: String?
    /// What somebody should mend, though the channel's messages go out all the same.
    let complaint: String?

    /// A report on every destination that `rulebook` has, and on others that the outbox has messages for.
    static func all(
        by rulebook: Rulebook, statuses: [LaneStatus]?, queues: [LaneID: LaneQueue],
        complaints: [ChannelID: String] = [:]
    ) -> [LaneReport] {
        let known = Dictionary((statuses ?? []).map { ($0.id, $0) }) { first, _ in first }
        var lanes: [LaneID: (settings: ChannelSettings?, people: [PersonID])] = [:]
        for person in rulebook.people {
            for reach in person.reach {
                guard let settings = rulebook.channels[reach.channel] else { continue }
                let lane = rulebook.lane(of: settings, for: person.id)
                let others = lanes[lane]?.people ?? []
                lanes[lane] = (settings, settings.isShared ? [] : others + [person.id])
            }
        }
        for settings in rulebook.channels.values where settings.events != nil {
            lanes[LaneID(settings.id.text)] = (settings, [])
        }
        for lane in queues.keys where lanes[lane] == nil { lanes[lane] = (nil, []) }
        return lanes.sorted { $0.key < $1.key }.map { lane, owner in
            LaneReport(
                lane, owner.settings, owner.people, known[lane], queues[lane] ?? LaneQueue(),
                owner.settings.flatMap { complaints[$0.id] })
        }
    }

    private init(
        _ id: LaneID, _ settings: ChannelSettings?, _ people: [PersonID], _ status: LaneStatus?,
        _ queue: LaneQueue, _ complaint: String?
    ) {
        self.complaint = complaint
        lane = id.text
        channel = settings?.id.text ?? id.text.split(separator: "/").first.map(String.init) ?? id.text
        kind = settings?.kind ?? "gone from the configuration"
        self.people = people.map(\.text)
        (state, failures) = Self.state(status)
        until = status?.opensAt.map { CivilTime($0).rfc3339 }
        changesUntil = queue.changes == 0 ? nil : status?.changesOpenAt.map { CivilTime($0).rfc3339 }
        self.queue = queue.unsent
        underWay = status?.lane.underWay ?? 0
        held = queue.held
        rate = settings?.limits.words ?? "none"
        concurrency = settings?.lanePolicy.concurrency ?? 1
        lastSent = status?.lane.lastSent.map { CivilTime($0).rfc3339 }
        lastError = status?.lane.stop?.reason ?? status?.lane.lastTrouble?.reason
        lastErrorAt = (status?.lane.stop?.at ?? status?.lane.lastTrouble?.at).map {
            CivilTime($0).rfc3339
        }
    }

    private static func state(_ status: LaneStatus?) -> (State, failures: Int) {
        guard let status else { return (.unused, 0) }
        if status.lane.stop != nil { return (.stopped, 0) }
        switch status.lane.breaker {
        case .open: return (.resting, status.lane.failures)
        case .probing: return (.probing, status.lane.failures)
        case .closed: return (status.opensAt == nil ? .ready : .waiting, status.lane.failures)
        }
    }

    /// The lane, and who is reached there where it is more than one.
    var title: String { people.count > 1 ? "\(lane) (\(people.joined(separator: ", ")))" : lane }

    /// "rests until 2026-11-27T10:00:00Z".
    var words: String {
        let end = until.map { " until \($0)" } ?? ""
        let changes = changesUntil.map { $0 == until ? "" : ", changes wait until \($0)" } ?? ""
        switch state {
        case .unused: return "not used yet"
        case .ready:
            let row = failures == 0 ? "" : ", \(failures) failure\(failures == 1 ? "" : "s") in a row"
            return "ready\(row)\(changes)"
        case .waiting: return "waits\(end)\(changes)"
        case .resting: return "rests\(end)"
        case .probing: return "probes"
        case .stopped: return "stopped"
        }
    }
}
