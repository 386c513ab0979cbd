// How fast the leads of each source may come, and the looks of each person. What is turned away in the end gives its room
// back: a mistake costs nobody the leads that are none.

import LeadCore
import Synchronization

/// The room that each name has at this moment: a source's for leads, or a person's for looks.
final class Rates: Sendable {
    private let buckets = Mutex<[String: [TokenBucket]]>([:])
    private let make: @Sendable (String) -> [TokenBucket]

    /// `make` gives the full buckets of a name; one that has none may do what it likes.
    init(_ make: @escaping @Sendable (String) -> [TokenBucket]) { self.make = make }

    /// With the buckets of each door, as far as `buckets` gives it some.
    convenience init(_ doors: [SourceDoor], _ buckets: (SourceDoor) -> [TokenBucket]?) {
        let all = Dictionary(doors.map { ($0.name, buckets($0) ?? []) }) { first, _ in first }
        self.init { all[$0] ?? [] }
    }

    /// Takes room for `count` turns of `name` at `now`; where there is none, gives after how many seconds each limit has
    /// some.
    func take(_ count: Int, of name: String, now: Timestamp) -> Int? {
        buckets.withLock { all in
            var own = all[name] ?? make(name)
            defer { all[name] = own }
            let openings = own.indices.map { own[$0].take(count, at: now) }
            guard let last = openings.compactMap(\.self).max() else { return nil }
            // Of several limits all are used or none is.
            for index in own.indices where openings[index] == nil { own[index].putBack(count) }
            return max(1, Int((last - now).milliseconds + 999) / 1000)
        }
    }

    /// Gives room back that was taken for nothing.
    func putBack(_ count: Int, of name: String) {
        guard count > 0 else { return }
        buckets.withLock { all in
            for index in (all[name] ?? []).indices { all[name]?[index].putBack(count) }
        }
    }
}

extension SourceDoor.Access {
    /// Holds two seconds' worth.
    var bucket: TokenBucket { TokenBucket(RateLimit(rate, per: .seconds(1)), burst: 2 * rate) }
}

extension SourceDoor.Form {
    /// Each holds what may come in its time.
    var buckets: [TokenBucket] { limits.map { TokenBucket($0, burst: $0.count) } }
}
