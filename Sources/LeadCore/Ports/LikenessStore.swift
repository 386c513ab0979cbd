// What the core needs of an index of who has asked before. It is held current by whatever writes the cases.

/// Finds leads that may be of the same person or firm.
public protocol LikenessStore: Sendable {
    /// From now on leads are put into the index as their cases are written; adds those that it lacks first. That takes a
    /// while where there are many.
    func findAlike() async throws(StoreFailure)

    /// From now on the index is left as it is.
    func forgetAlike()

    /// For each list of keys the cases that have one of them, newest first, at most `limit` a key.
    func known(alike keys: [[Int64]], limit: Int) async throws(StoreFailure) -> [[KnownLead]]

    /// The inquiries whose own id begins with `prefix`, with the case that each has joined; at most `limit`.
    func inquiries(
        withPrefix prefix: String, limit: Int
    ) async throws(StoreFailure) -> [(id: CaseID, key: IntakeKey, joined: CaseID)]
}
