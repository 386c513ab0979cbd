// The keys under which programs sent their last posts, and what those were: a key that comes with another post is a
// program's mistake. Kept in memory alone; after a restart the spool still knows a post that comes again as it was.

import Crypto
import LeadCore
import Synchronization

/// The last posts' keys.
final class RequestBook: Sendable {
    private struct State {
        var bodies: [String: [UInt8]] = [:]
        var order: [String] = []
    }
    private let state = Mutex(State())
    private static let most = 10_000

    /// What is known of a key.
    enum Finding {
        case new
        /// It came with the same body before.
        case known
        /// It came with another body before.
        case another
    }

    /// What `request` of `source` is; from now on it belongs to `body`.
    func note(_ request: String, of source: String, body: [UInt8]) -> Finding {
        let digest = Array(SHA256.hash(data: body))
        let key = Self.key(request, source)
        return state.withLock { state in
            if let known = state.bodies[key] { return known == digest ? .known : .another }
            state.bodies[key] = digest
            state.order.append(key)
            if state.order.count > 2 * Self.most {
                for old in state.order.prefix(Self.most) { state.bodies[old] = nil }
                state.order.removeFirst(Self.most)
            }
            return .new
        }
    }

    /// The post of `request` was not taken, and may come again otherwise.
    func forget(_ request: String, of source: String) {
        state.withLock { $0.bodies[Self.key(request, source)] = nil }
    }

    private static func key(_ request: String, _ source: String) -> String { "\(source)\n\(request)" }
}
