// The attempts to have one post stored. Several may be under way at once, since a browser or a program tries again before it
// has the answer; what became of one says nothing of the others. Used by the books of tickets and of requests. Pure.

import Crypto

/// How far the attempts of one post have come.
struct PostAttempts {
    private let digest: SHA256Digest
    private var underWay = 1
    /// True when one of them made the post durable.
    private(set) var isStored = false

    /// With the first attempt of the post whose body has this digest.
    init(_ digest: SHA256Digest) { self.digest = digest }

    /// Begins one more attempt; false, and nothing begins, when `digest` is another post's.
    mutating func begin(_ digest: SHA256Digest) -> Bool {
        guard digest == self.digest else { return false }
        underWay += 1
        return true
    }

    /// An attempt made the post durable.
    mutating func succeed() { isStored = true }

    /// An attempt came to nothing; true when the post may be forgotten, since no other has stored it or may still do so.
    mutating func fail() -> Bool {
        underWay -= 1
        return underWay == 0 && !isStored
    }
}
