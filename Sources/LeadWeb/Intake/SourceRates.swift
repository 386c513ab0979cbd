// How fast the leads of each source may come, and the looks of each person. What is turned away in the end gives its room back: a mistake costs nobody the
// leads that are none.

import LeadCore
import Synchronization

/// The room that each source has at this moment; people count as sources of looks.
final class SourceRates: Sendable {
    private let buckets = Mutex<[String: [TokenBucket]]>([:])
    private let make: @Sendable (String) -> [TokenBucket]

    /// `make` gives the full buckets of the source of a name; one that has none may do what it likes.
    init(_ make: @escaping @Sendable (String) -> [TokenBucket]) { self.make = make }

    /// With the buckets of each door, as far as `buckets` gives it some.
    convenience init(_ doors: [SourceDoor], _ buckets: (SourceDoor) -> [TokenBucket]?) {
        let all = Dictionary(doors.map { ($0.name, buckets($0) ?? []) }) { first, _ in first }
        self.init { all[$0] ?? [] }
    }

    /// Takes room for `count` leads of `source` at `now`; gives after how many seconds there will be some when there is
    /// none.
    func take(_ count: Int, of source: String, now: Timestamp) -> Int? {
        buckets.withLock { all in
            var own = all[source] ?? make(source)
            var opening: Timestamp?
            for index in own.indices {
                guard let next = own[index].take(count, at: now) else { continue }
                opening = max(opening ?? next, next)
                // Of several limits all are kept or none is used.
                for earlier in 0..<index { own[earlier].putBack(count) }
                break
            }
            all[source] = own
            return opening.map { max(1, Int(($0 - now).milliseconds + 999) / 1000) }
        }
    }

    /// Gives room back that was taken for nothing.
    func putBack(_ count: Int, of source: String) {
        guard count > 0 else { return }
        buckets.withLock { all in
            for index in (all[source] ?? []).indices { all[source]?[index].putBack(count) }
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
