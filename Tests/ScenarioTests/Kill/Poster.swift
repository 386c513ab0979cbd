// A program that posts leads, to a daemon that is killed again and again: one half it tries until it is told that they are
// taken, the other half once. Used by the kill test.

import Curl
import Foundation
import Synchronization
import Testing

/// Posts leads over HTTP and remembers what was promised of them.
final class Poster: Sendable {
    /// What came of the posts.
    struct Outcome: Sendable {
        /// Those that were answered with 202.
        var taken: Set<Int> = []
        /// Those that were given up without an answer: they may have been taken or not.
        var uncertain: Set<Int> = []
        /// How often one was tried again.
        var retries = 0
    }

    private struct State {
        var outcome = Outcome()
        var open = 0
        var waiter: CheckedContinuation<Outcome, Never>?
    }

    private let url: String
    private let token: String
    private let client: HTTPClient
    private let state = Mutex(State())
    private static let pause: DispatchTimeInterval = .milliseconds(30)

    /// Posts to `url` with `token`.
    init(_ url: String, token: String, client: HTTPClient) {
        self.url = url
        self.token = token
        self.client = client
    }

    /// Begins to post lead `number`, with an idempotency key or without one.
    func post(_ text: String, _ number: Int, key: String?) {
        state.withLock { $0.open += 1 }
        Task { await attempt(text, number, key) }
    }

    /// What came of all posts, when all have ended. A daemon must be there for them.
    func end() async -> Outcome {
        await withCheckedContinuation { continuation in
            let ended = state.withLock { state -> Outcome? in
                guard state.open > 0 else { return state.outcome }
                state.waiter = continuation
                return nil
            }
            if let ended { continuation.resume(returning: ended) }
        }
    }

    private func attempt(_ text: String, _ number: Int, _ key: String?) async {
        while true {
            let request = HTTPRequest(
                method: .post, url: url,
                headers: [("Authorization", "Bearer \(token)"), ("Content-Type", "application/json")]
                    + (key.map { [("Idempotency-Key", $0)] } ?? []), body: Array(text.utf8),
                addresses: .includingLoopback, allowPlainHTTP: true)
            switch await client.send(request) {
            case .success(let answer) where answer.status == 202: return close { $0.taken.insert(number) }
            case .success(let answer) where answer.status != 503:
                Issue.record("post \(number) was answered with \(answer.status)")
                return close { $0.uncertain.insert(number) }
            case .success, .failure:
                // Every other one has a sender who doesn't know better.
                guard number % 8 == 2 else { return close { $0.uncertain.insert(number) } }
                state.withLock { $0.outcome.retries += 1 }
                await Self.rest()
            }
        }
    }

    private static func rest() async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().asyncAfter(deadline: .now() + pause) { continuation.resume() }
        }
    }

    private func close(_ change: (inout Outcome) -> Void) {
        let (waiter, outcome) = state.withLock { state in
            change(&state.outcome)
            state.open -= 1
            guard state.open == 0 else { return (nil as CheckedContinuation<Outcome, Never>?, state.outcome) }
            defer { state.waiter = nil }
            return (state.waiter, state.outcome)
        }
        waiter?.resume(returning: outcome)
    }
}
