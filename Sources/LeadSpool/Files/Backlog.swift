// Which names are to be looked at, in which order and when. Pure: the spool tells it what happened and what time it is.
//
//            arrived, found                take            give
//   (name) ────────────────▶ queued ────────────▶ inHand ──────▶ given ──forget──▶
//                             ▲  ▲ └─ arrived meanwhile ─┘ │        │
//                             │  └──── changed ────────────┼────────┤
//                   time over └──────── resting ◀── rest ──┴────────┘
//
// It is bounded: what doesn't fit is found again by a later scan.

import LeadCore

/// The names that are being dealt with.
struct Backlog {
    /// What is known of a name.
    struct Entry {
        fileprivate(set) var standing: Standing
        /// True when its writer has closed it or moved it in, so that it can be read without waiting.
        fileprivate(set) var isClosed: Bool
        /// How often in a row it could not be dealt with.
        fileprivate(set) var failures = 0
        /// The state in which it was last found unsettled.
        fileprivate(set) var seen: Sighting?
    }

    enum Standing: Equatable {
        case queued
        /// Being looked at; `again` when something arrived meanwhile.
        case inHand(again: Bool)
        /// In the hands of whoever asked for it; `again` when something arrived meanwhile.
        case given(again: Bool)
        case resting(until: Timestamp)
    }

    /// A scan adds no names beyond this many.
    static let most = 20_000
    private static let longestPause: Duration = .seconds(30)

    private var entries: [FileName: Entry] = [:]
    private var queue: [FileName] = []
    private var head = 0
    private var rests = RestQueue()
    private var lastNow: Timestamp?

    /// How many names there are in all.
    var count: Int { entries.count }
    /// True when a scan may add names.
    var hasRoom: Bool { entries.count < Self.most }
    /// How many names a scan may add.
    var room: Int { max(0, Self.most - entries.count) }
    /// True when `name` is being dealt with.
    func knows(_ name: FileName) -> Bool { entries[name] != nil }
    /// True when no name is waiting to be looked at.
    var isIdle: Bool { head == queue.count }
    /// When the next resting name is due.
    mutating func nextDue() -> Timestamp? {
        while let first = rests.first, entries[first.name]?.standing != .resting(until: first.at) {
            rests.removeFirst()
        }
        return rests.first?.at
    }

    /// A writer has closed `name` or moved it in.
    mutating func arrived(_ name: FileName) {
        switch entries[name]?.standing {
        case nil:
            entries[name] = Entry(standing: .queued, isClosed: true)
            queue.append(name)
        case .queued: entries[name]?.isClosed = true
        case .inHand: entries[name]?.standing = .inHand(again: true)
        case .given: entries[name]?.standing = .given(again: true)
        case .resting: requeue(name, isClosed: true)
        }
    }

    /// A scan has come upon `name`; nobody knows whether its writer is done.
    mutating func found(_ name: FileName) -> Addition {
        if entries[name] != nil { return .added }
        guard hasRoom else { return .full }
        entries[name] = Entry(standing: .queued, isClosed: false)
        queue.append(name)
        return .added
    }

    /// Whether a name that was found is in the backlog now.
    enum Addition {
        case added, full
    }

    /// The next name to be looked at.
    mutating func take() -> (name: FileName, entry: Entry)? {
        while head < queue.count {
            let name = queue[head]
            head += 1
            if head == queue.count || head == Self.most {
                queue.removeFirst(head)
                head = 0
            }
            guard var entry = entries[name], entry.standing == .queued else { continue }
            entry.standing = .inHand(again: false)
            entries[name] = entry
            return (name, entry)
        }
        return nil
    }

    /// `name` was handed out.
    mutating func give(_ name: FileName) {
        guard case .inHand(let again) = entries[name]?.standing else { return }
        entries[name]?.standing = .given(again: again)
    }

    /// `name` isn't there any more.
    mutating func forget(_ name: FileName) {
        switch entries[name]?.standing {
        case nil, .queued: return
        case .inHand(true), .given(true): requeue(name, isClosed: true)
        case .inHand, .given, .resting: entries[name] = nil
        }
    }

    /// `name` has become another file while it was in use.
    mutating func changed(_ name: FileName) {
        switch entries[name]?.standing {
        case .inHand(let again), .given(let again): requeue(name, isClosed: again)
        case nil, .queued, .resting: return
        }
    }

    /// `name` may still be written: looks again at `instant`.
    mutating func rest(_ name: FileName, until instant: Timestamp, seen: Sighting) {
        guard case .inHand(let again) = entries[name]?.standing else { return }
        if again { return requeue(name, isClosed: true) }
        entries[name]?.seen = seen
        entries[name]?.standing = .resting(until: instant)
        rests.insert(name, at: instant)
    }

    /// `name` could not be dealt with: looks again after a pause that doubles, from 1 s to 30 s.
    mutating func pause(_ name: FileName, now: Timestamp) {
        switch entries[name]?.standing {
        case nil, .queued, .resting: return
        case .inHand, .given: break
        }
        let failures = entries[name]?.failures ?? 0
        let instant = now + Self.pause(after: failures + 1)
        entries[name]?.failures = failures + 1
        entries[name]?.standing = .resting(until: instant)
        rests.insert(name, at: instant)
    }

    /// How long to wait after the failure number `count`, from 1.
    static func pause(after count: Int) -> Duration {
        min(.seconds(1 << min(max(count - 1, 0), 5)), longestPause)
    }

    /// Queues the names whose rest is over; all of them when the clock was set back, because nobody knows how long they
    /// have rested. Says whether it was.
    mutating func wake(now: Timestamp) -> ClockStep {
        let isBack = lastNow.map { now < $0 - .seconds(1) } ?? false
        lastNow = now
        while let first = rests.first, isBack || first.at <= now {
            rests.removeFirst()
            // A name that has not rested to the end, because it arrived again, is still in the queue of rests.
            guard let entry = entries[first.name], entry.standing == .resting(until: first.at) else { continue }
            requeue(first.name, isClosed: entry.isClosed)
        }
        return isBack ? .back : .forward
    }

    /// Which way the clock went.
    enum ClockStep {
        case forward, back
    }

    private mutating func requeue(_ name: FileName, isClosed: Bool) {
        entries[name]?.standing = .queued
        entries[name]?.isClosed = isClosed
        queue.append(name)
    }
}

/// Names by the instant at which their rest is over: a binary heap.
private struct RestQueue {
    private var heap: [(at: Timestamp, name: FileName)] = []

    var first: (at: Timestamp, name: FileName)? { heap.first }

    mutating func insert(_ name: FileName, at instant: Timestamp) {
        heap.append((at: instant, name: name))
        var child = heap.count - 1
        while child > 0, heap[child].at < heap[(child - 1) / 2].at {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func removeFirst() {
        guard !heap.isEmpty else { return }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].at < heap[least].at {
                least = child
            }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
