// The keys under which programs sent their last posts, and what those were: a key that comes with another post is a
// program's mistake. Kept in memory alone; after a restart the spool still knows a post that comes again as it was.

import Crypto
import LeadCore
import Synchronization

/// The last posts' keys.
final class RequestBook: Sendable {
    /// Two generations of posts: when the younger one is full it becomes the older one, and what that held is forgotten.
    private struct State {
        let most: Int
        var young: [String: PostAttempts] = [:]
        var old: [String: PostAttempts] = [:]

        /// Whatever is used is young again.
        subscript(key: String) -> PostAttempts? {
            get { young[key] ?? old[key] }
            set {
                if newValue != nil, young[key] == nil, young.count >= most {
                    old = young
                    young = [:]
                }
                young[key] = newValue
                old[key] = nil
            }
        }
    }
    private let state: Mutex<State>

    /// A book of the last `most` posts, and of up to as many before them; each takes some 200 bytes.
    init(most: Int = 10_000) { state = Mutex(State(most: max(1, most))) }

    /// Begins an attempt of the post of `body` that `source` calls `request`; false when it called another post so. Whoever
    /// begins tells what became of it.
    func begin(_ request: String, of source: String, body: [UInt8]) -> Bool {
        let digest = SHA256.hash(data: body)
        let key = Self.key(request, source)
        return state.withLock { state in
            if let goesOn = state[key]?.begin(digest) { return goesOn }
            state[key] = PostAttempts(digest)
            return true
        }
    }

    /// The post is durable.
    func stored(_ request: String, of source: String) {
        state.withLock { $0[Self.key(request, source)]?.succeed() }
    }

    /// An attempt of the post failed for now; the key stays this post's, to be tried again.
    func failed(_ request: String, of source: String) {
        state.withLock { _ = $0[Self.key(request, source)]?.fail() }
    }

    /// An attempt of the post was refused; the key is good for another post, unless another attempt has stored this one
    /// or may still do so.
    func release(_ request: String, of source: String) {
        let key = Self.key(request, source)
        state.withLock { state in
            if state[key]?.fail() == true { state[key] = nil }
        }
    }

    private static func key(_ request: String, _ source: String) -> String { "\(source)\n\(request)" }
}
