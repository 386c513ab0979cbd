// The real index of who has asked before; a story may have something happen just after somebody has looked into it.

import LeadCore
import Synchronization

/// The real index, with something that happens between a look into it and what comes of that.
final class WatchedIndex: LikenessStore {
    private let index: any LikenessStore
    private let interruption = Mutex<(looks: Int, act: @Sendable () async -> Void)?>(nil)

    init(_ index: any LikenessStore) { self.index = index }

    /// Has `act` happen once, after the next look, or after so many.
    func interrupt(after looks: Int = 1, _ act: @escaping @Sendable () async -> Void) {
        interruption.withLock { $0 = (looks, act) }
    }

    func findAlike() async throws(StoreFailure) { try await index.findAlike() }

    func forgetAlike() { index.forgetAlike() }

    func known(alike keys: [[Int64]], limit: Int) async throws(StoreFailure) -> [[KnownLead]] {
        let known = try await index.known(alike: keys, limit: limit)
        let act = interruption.withLock { interruption -> (@Sendable () async -> Void)? in
            guard let (looks, act) = interruption else { return nil }
            interruption = looks > 1 ? (looks - 1, act) : nil
            return looks > 1 ? nil : act
        }
        await act?()
        return known
    }

    func inquiries(
        withPrefix prefix: String, limit: Int
    ) async throws(StoreFailure) -> [(id: CaseID, key: IntakeKey, joined: CaseID)] {
        try await index.inquiries(withPrefix: prefix, limit: limit)
    }
}
