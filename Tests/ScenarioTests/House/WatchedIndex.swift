// The real index of who has asked before; a story may have something happen just after somebody has looked into it.

import LeadCore
import Synchronization

/// The real index, with something that happens between a look into it and what comes of that.
final class WatchedIndex: LikenessStore {
    private let index: any LikenessStore
    private let interruption = Mutex<(@Sendable () async -> Void)?>(nil)

    init(_ index: any LikenessStore) { self.index = index }

    /// Has `interruption` happen once, after the next look.
    func interrupt(_ interruption: @escaping @Sendable () async -> Void) {
        self.interruption.withLock { $0 = interruption }
    }

    func findAlike() async throws(StoreFailure) { try await index.findAlike() }

    func forgetAlike() { index.forgetAlike() }

    func known(alike keys: [[Int64]], limit: Int) async throws(StoreFailure) -> [[KnownLead]] {
        let known = try await index.known(alike: keys, limit: limit)
        let interruption = interruption.withLock { interruption in
            defer { interruption = nil }
            return interruption
        }
        await interruption?()
        return known
    }

    func inquiries(
        withPrefix prefix: String, limit: Int
    ) async throws(StoreFailure) -> [(id: CaseID, key: IntakeKey, joined: CaseID)] {
        try await index.inquiries(withPrefix: prefix, limit: limit)
    }
}
