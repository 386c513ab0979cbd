// Finds the cases that a lead may belong to while somebody types it in, by the same index and the same measure by which
// intake joins leads. It only looks.

import LeadCore

/// Looks through the index of who has asked before.
struct CaseFinder: LeadFinder {
    let likenesses: (any LikenessStore)?
    let rulebook: Current<Rulebook>
    let clock: any TimeSource
    /// What can be known of a lead at once, such as its number in E.164.
    let complete: @Sendable (Lead) async -> Lead

    /// A person who looks at them tells weaker matches apart than the program would dare to join.
    private static let least = 45
    private static let most = 5

    func alike(_ lead: Lead) async throws(StoreFailure) -> [DuplicateMatch] {
        guard let settings = rulebook.now.duplicates, let likenesses else { return [] }
        let own = Likeness(await complete(lead))
        let known = try await likenesses.known(alike: [own.keys], limit: Reception.candidates)
        let now = clock.now()
        return settings.matches(of: own, among: known.flatMap(\.self)).filter {
            $0.resemblance.score >= Self.least && now - $0.known.lastAt <= settings.memory
        }.prefix(Self.most).map(\.self)
    }
}
