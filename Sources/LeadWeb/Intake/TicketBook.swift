// Which tickets of web forms have been used: each is good for one post, and for the same one again, as a browser sends it
// when its button is pressed twice. What is under way is known in memory, within bounds: when there are too many, the older
// half is forgotten, and tickets of its age no longer count. The store knows it beyond the end of the run; while the store
// fails, forms go by memory alone.

import Crypto
import LeadCore
import Logging
import Synchronization

/// The tickets that were used.
final class TicketBook: Sendable {
    private struct Entry {
        let issued: Timestamp
        var attempts: PostAttempts
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// Tickets that were issued before are too old to be known.
        var horizon: Timestamp?

        /// Makes room: what has expired is of no use; of the others the older half goes, and the horizon moves to it.
        mutating func forget(before expiry: Timestamp, most: Int) {
            entries = entries.filter { $0.value.issued > expiry }
            guard entries.count >= most else { return }
            let instants = entries.values.map(\.issued).sorted()
            let middle = instants[instants.count / 2]
            entries = entries.filter { $0.value.issued > middle }
            horizon = max(horizon ?? middle, middle)
        }
    }
    private let state = Mutex(State())
    private let store: (any TicketStore)?
    private let logger: Logger
    private let most: Int

    /// What a post may do with its ticket.
    enum Use: Equatable {
        /// It is to be stored.
        case post
        /// It is stored already.
        case stored
        /// Another post has come with the ticket, or may have.
        case spent
    }

    /// How many tickets are known.
    var count: Int { state.withLock { $0.entries.count } }

    /// A book over `store`, of at most so many tickets, each some 200 bytes; 20,000 unless told.
    init(store: (any TicketStore)? = nil, logger: Logger, most: Int = 20_000) {
        self.store = store
        self.logger = logger
        self.most = max(2, most)
    }

    /// What a post of `body` may do with the genuine `ticket`, which was issued then. Whoever is told to store it tells what
    /// became of that.
    func use(_ ticket: String, issued: Timestamp, for body: [UInt8], now: Timestamp) -> Use {
        let digest = SHA256.hash(data: body)
        return state.withLock { state in
            if var known = state.entries[ticket] {
                guard known.attempts.begin(digest) else { return .spent }
                state.entries[ticket] = known
                return known.attempts.isStored ? .stored : .post
            }
            if let horizon = state.horizon, issued <= horizon { return .spent }
            if state.entries.count >= most { state.forget(before: now - LinkKeys.nonceLifetime, most: most) }
            state.entries[ticket] = Entry(issued: issued, attempts: PostAttempts(digest))
            return .post
        }
    }

    /// Notes in the store that a post of `body`, which may use `ticket`, does so; false when another has, in a former run.
    /// Comes before the post is stored: what a crash leaves is a post that may come again, never a ticket that may.
    func note(_ ticket: String, issued: Timestamp, for body: [UInt8], now: Timestamp) async -> Bool {
        guard let store else { return true }
        let digest = Hex.string(SHA256.hash(data: body))
        do throws(StoreFailure) {
            let until = issued + LinkKeys.nonceLifetime
            return try await store.use(ticket: ticket, for: digest, until: until, at: now) == digest
        } catch {
            warn(error)
            return true
        }
    }

    /// The post is durable.
    func stored(_ ticket: String) { state.withLock { $0.entries[ticket]?.attempts.succeed() } }

    /// An attempt of the post came to nothing; the ticket is as good as before, unless another attempt has stored the post
    /// or may still do so.
    func release(_ ticket: String) async {
        guard leave(ticket), let store else { return }
        do throws(StoreFailure) {
            try await store.release(ticket: ticket)
        } catch {
            warn(error)
        }
    }

    /// The same for a post that the store was not told of, or that is not the ticket's; true when memory forgets it.
    @discardableResult
    func leave(_ ticket: String) -> Bool {
        state.withLock { state in
            guard state.entries[ticket]?.attempts.fail() == true else { return false }
            state.entries[ticket] = nil
            return true
        }
    }

    private func warn(_ failure: StoreFailure) {
        logger.warning("a form's ticket is known in memory alone", metadata: ["reason": "\(failure)"])
    }
}
