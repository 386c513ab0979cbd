// What the kernel has told since it was last asked, between the thread that listens and the task that reads. Bounded:
// when nobody takes the names, they are dropped and the directory is to be scanned instead.

import LeadCore
import Synchronization

/// Names that have arrived.
final class Arrivals: Sendable {
    /// What has come together.
    struct Pile {
        /// In the order in which they came.
        var names: [FileName] = []
        /// Why names are missing; nil when none is.
        var loss: String?
        /// Why nothing more will come; nil while the watch goes on.
        var end: String?
    }

    private static let most = 65_536

    private let pile = Mutex(Pile())
    private let bell: Bell

    /// Rings `bell` when there is something to take.
    init(bell: Bell) { self.bell = bell }

    /// Adds names that arrived together.
    func add(_ names: [FileName]) {
        guard !names.isEmpty else { return }
        let isFirst = pile.withLock { pile in
            let isFirst = pile.names.isEmpty
            if pile.names.count + names.count <= Self.most {
                pile.names += names
            } else {
                pile.loss = "files came faster than they could be read"
            }
            return isFirst
        }
        // Who has been rung for the first takes the others with it.
        if isFirst { bell.ring() }
    }

    /// Notes that names are missing.
    func lose(_ reason: String) {
        pile.withLock { $0.loss = reason }
        bell.ring()
    }

    /// Notes that nothing more will come.
    func end(_ reason: String) {
        pile.withLock { $0.end = reason }
        bell.ring()
    }

    /// Hands over what has come together.
    func take() -> Pile {
        pile.withLock { pile in
            defer { pile = Pile() }
            return pile
        }
    }
}
