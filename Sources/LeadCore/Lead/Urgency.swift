// How urgent a lead is, as words say it: sources and administrators have words of their own, so most can be compared and some
// can't. Pure.

/// A word for how urgent something is.
struct Urgency {
    private let rank: Int?

    /// As the lead or the configuration has it.
    init(_ word: String) { rank = Self.ranks[word.trimmed.lowercased()] }

    /// Whether a case of urgency `other` is raised by this one. A word that nobody knows is taken for a high one: as a
    /// case's it is only raised by another unknown one, and as the configuration's it raises whatever is known.
    func raises(_ other: Urgency) -> Bool { (rank ?? Self.beyond) > (other.rank ?? Self.beyond - 1) }

    private static let words = [
        ["low", "lowest", "cold", "none", "niedrig", "gering"], ["normal", "medium", "warm", "mittel"],
        ["high", "hot", "soon", "hoch", "bald"],
        ["highest", "urgent", "critical", "immediate", "immediately", "asap", "now", "dringend", "kritisch", "sofort"],
    ]
    private static let beyond = words.count
    private static let ranks = Dictionary(
        uniqueKeysWithValues: words.enumerated().flatMap { rank, words in words.map { ($0, rank) } })
}
