// Those who wait for late answers on behalf of leads that have gone out. There are never more than a few thousand, and a
// daemon that stops waits for none of them: an answer that is late may be lost, a lead may not.

import LeadCore
import Synchronization

/// The late answers that are waited for.
final class Followers: Sendable {
    private struct State {
        var next = 0
        var answers: [Int: LateAnswers] = [:]
        var isOver = false
    }
    private let state = Mutex(State())

    /// More wait at the same time only when something outside has hung for long.
    static let most = 4096

    /// Hands what comes of `answers` to `take`, one after the other.
    func follow(_ answers: LateAnswers, _ take: @escaping @Sendable (LateFindings) async -> Void) {
        let number = state.withLock { state -> Int? in
            guard !state.isOver, state.answers.count < Self.most else { return nil }
            state.next += 1
            state.answers[state.next] = answers
            return state.next
        }
        guard let number else { return answers.cancel() }
        Task {
            for await findings in answers.findings { await take(findings) }
            state.withLock { _ = $0.answers.removeValue(forKey: number) }
        }
    }

    /// Gives all of them up.
    func dismiss() {
        let given = state.withLock { state -> [LateAnswers] in
            state.isOver = true
            defer { state.answers = [:] }
            return Array(state.answers.values)
        }
        for answers in given { answers.cancel() }
    }
}
