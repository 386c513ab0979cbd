// Refusals of enrichers, on their way to the operators: a message belongs to a case, so each waits for the next lead that is
// taken in, which as a rule is the one that was asked about. What could not be put on record waits on.

import LeadCore
import Synchronization

/// What the operators are still to be told of enrichers.
public final class Refusals: Sendable {
    private let waiting = Mutex<[EnricherRefusal]>([])

    /// None yet.
    public init() {}

    /// Has the operators told of `refusal`.
    public func add(_ refusal: EnricherRefusal) {
        waiting.withLock { waiting in
            waiting.removeAll { $0.enricher == refusal.enricher }
            waiting.append(refusal)
        }
    }

    /// What is to be told; whoever can't puts it back.
    func take() -> [EnricherRefusal] {
        waiting.withLock { waiting in
            guard !waiting.isEmpty else { return [] }
            defer { waiting = [] }
            return waiting
        }
    }
}
