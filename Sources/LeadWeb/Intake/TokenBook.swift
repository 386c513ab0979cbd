// Which source a token belongs to, and how fast its leads may come. Tokens are known by their hashes alone.

import Crypto
import LeadCore
import Synchronization

/// The tokens of all sources.
struct TokenBook: Sendable {
    private let entries: [(hash: [UInt8], door: SourceDoor)]

    init(_ doors: [SourceDoor]) {
        entries = doors.flatMap { door in (door.access?.tokenHashes ?? []).map { ($0, door) } }
    }

    /// The source whose token `token` is. Takes the same time whichever it is.
    func door(of token: String) -> SourceDoor? {
        let hash = Array(SHA256.hash(data: Array(token.utf8)))
        var found: SourceDoor?
        for entry in entries {
            var difference: UInt8 = 0
            for index in hash.indices { difference |= hash[index] ^ entry.hash[index] }
            if difference == 0 { found = entry.door }
        }
        return found
    }
}

/// How many leads of each source have come lately: a bucket that holds two seconds' worth and is filled all the time.
final class RateLimit: Sendable {
    private struct Bucket {
        var level: Double
        var at: Timestamp
    }
    private let buckets = Mutex<[String: Bucket]>([:])

    /// Takes room for `count` leads of `source` at `now`; gives after how many seconds there will be some when there is
    /// none.
    func take(_ count: Int, of source: String, rate: Int, now: Timestamp) -> Int? {
        buckets.withLock { buckets in
            let most = Double(2 * rate)
            var bucket = buckets[source] ?? Bucket(level: most, at: now)
            let passed = Double(max(0, (now - bucket.at).milliseconds)) / 1000
            bucket.level = min(most, bucket.level + passed * Double(rate))
            bucket.at = now
            defer { buckets[source] = bucket }
            // A post of more leads than the bucket holds is taken when it is full, and paid for afterwards.
            let needed = min(Double(count), most)
            guard bucket.level >= needed else {
                return max(1, Int(((needed - bucket.level) / Double(rate)).rounded(.up)))
            }
            bucket.level -= Double(count)
            return nil
        }
    }
}

/// The keys under which programs sent their last posts, and what those were: a key that comes with another post is a
/// program's mistake.
final class RequestBook: Sendable {
    private struct State {
        var bodies: [String: [UInt8]] = [:]
        var order: [String] = []
    }
    private let state = Mutex(State())
    private static let most = 10_000

    /// Whether `request` of `source` is new, or came with the same body before.
    func agrees(_ request: String, of source: String, body: [UInt8]) -> Bool {
        let digest = Array(SHA256.hash(data: body))
        let key = "\(source)\n\(request)"
        return state.withLock { state in
            if let known = state.bodies[key] { return known == digest }
            state.bodies[key] = digest
            state.order.append(key)
            if state.order.count > 2 * Self.most {
                for old in state.order.prefix(Self.most) { state.bodies[old] = nil }
                state.order.removeFirst(Self.most)
            }
            return true
        }
    }
}
