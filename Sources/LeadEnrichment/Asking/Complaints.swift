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

/// Who has been complained of.
final class Complaints: Sendable {
    private let enricher: String
    private let isOpen = Mutex(false)

    init(of enricher: String) { self.enricher = enricher }

    /// What is to be told of an answer that came; nil when it was no news.
    func answered() -> OutsideNews? {
        isOpen.withLock { isOpen in
            defer { isOpen = false }
            return isOpen ? .answersAgain(enricher: enricher) : nil
        }
    }

    /// What is to be told of a failure for `reason`, by which it is `leftAlone` from now on, or which lies in what it is
    /// asked with; nil when it was told already, or is none of that.
    func failed(_ reason: String, leftAlone: Bool, refused: Bool) -> OutsideNews? {
        guard leftAlone || refused else { return nil }
        return isOpen.withLock { isOpen in
            guard !isOpen else { return nil }
            isOpen = true
            return refused
                ? .refused(enricher: enricher, reason: reason) : .leftAlone(enricher: enricher, reason: reason)
        }
    }
}
