// What the core needs of a place where answers from outside are kept for a while, so that the same question isn't asked
// again for every lead.

import Crypto

/// What was answered to a question.
public struct KeptAnswer: Sendable, Equatable {
    /// Texts by field; empty when nothing is known, which is an answer too.
    public let values: [FieldName: String]
    /// When it was given.
    public let at: Timestamp
    /// Until when it is good.
    public let until: Timestamp

    /// An answer.
    public init(values: [FieldName: String], at: Timestamp, until: Timestamp) {
        self.values = values
        self.at = at
        self.until = until
    }
}

/// A question as answers are kept by: it names what was asked without repeating it.
public struct QuestionKey: Hashable, Sendable {
    /// 64 hexadecimal digits.
    public let text: String

    /// The key of a question that consists of `parts`.
    public init(_ parts: [String]) {
        var hash = SHA256()
        for part in parts {
            // The length before each keeps ["ab", "c"] and ["a", "bc"] apart.
            hash.update(data: Array("\(part.utf8.count):".utf8))
            hash.update(data: Array(part.utf8))
        }
        text = Hex.string(hash.finalize())
    }
}

/// Keeps answers; what fails here is asked again.
public protocol AnswerStore: Sendable {
    /// The last answer to `question`, even one that is no longer good; nil when there is none.
    func answer(to question: QuestionKey) async throws(StoreFailure) -> KeptAnswer?

    /// Keeps `answer` in place of an earlier one, and forgets some that are no longer good.
    func keep(_ answer: KeptAnswer, to question: QuestionKey) async throws(StoreFailure)
}
