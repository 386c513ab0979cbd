// What an operator is to hear of somebody outside: once when they fail for a while or refuse what they are asked with, and
// once when they answer again; not for every lead.

import LeadCore
import Synchronization

/// What the operator is to know of those who are asked.
public enum OutsideNews: Sendable, Equatable {
    /// Answers can't be kept or looked up; the questions are asked all the same.
    case notKept(StoreFailure)
    /// It refuses the token or password with which it is asked, until somebody renews it.
    case refused(enricher: String, reason: String)
    /// It failed so often in a row that it is left alone for a while.
    case leftAlone(enricher: String, reason: String)
    /// After one of those it answers again.
    case answersAgain(enricher: String)
}

/// What is complained of somebody.
final class Complaints: Sendable {
    private enum Standing {
        case well
        case leftAlone(String)
        case refused(String)
    }

    private let enricher: String
    private let standing = Mutex(Standing.well)

    init(of enricher: String) { self.enricher = enricher }

    /// Why it gives nothing at present; nil when nothing is known against it.
    var reason: String? {
        switch standing.withLock({ $0 }) {
        case .well: nil
        case .leftAlone(let reason), .refused(let reason): reason
        }
    }

    /// What is to be told of an answer that came; nil when it was no news.
    func answered() -> OutsideNews? {
        standing.withLock { standing in
            defer { standing = .well }
            return if case .well = standing { nil } else { .answersAgain(enricher: enricher) }
        }
    }

    /// What is to be told of a failure for `reason`, by which it is `leftAlone` from now on, or which lies in what it is
    /// asked with; nil when it was told already, or is none of that. That it is refused is news even of one that has failed
    /// otherwise: it won't mend by itself.
    func failed(_ reason: String, leftAlone: Bool, refused: Bool) -> OutsideNews? {
        standing.withLock { standing in
            switch standing {
            case .well where leftAlone && !refused:
                standing = .leftAlone(reason)
                return .leftAlone(enricher: enricher, reason: reason)
            case .well where refused, .leftAlone where refused:
                standing = .refused(reason)
                return .refused(enricher: enricher, reason: reason)
            default: return nil
            }
        }
    }
}
