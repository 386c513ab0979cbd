// Managers who take turns: the one whose last turn is longest ago is next. It goes by person and not by place in a list, so
// whoever is away gives their turns to all others evenly, and a list that changes needs no new beginning.

/// When people had their last turns, in order.
public struct Turns: Sendable, Equatable {
    private var last: [PersonID: Int] = [:]
    private var count = 0

    /// Turns that were taken so far, of each person the last; the one that is longest ago comes first.
    public init(_ people: [PersonID] = []) {
        for person in people { take(person) }
    }

    /// `person` has a turn.
    public mutating func take(_ person: PersonID) {
        count += 1
        last[person] = count
    }

    /// `people` as their turns come; who had none comes first, and among those the first of `people`.
    func order(_ people: [PersonID]) -> [PersonID] {
        people.enumerated()
            .sorted { (last[$0.element] ?? 0, $0.offset) < (last[$1.element] ?? 0, $1.offset) }
            .map(\.element)
    }
}
