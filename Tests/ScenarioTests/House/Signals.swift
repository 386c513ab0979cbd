// How stories wait: whatever happens in the house gives a signal, and whoever waits looks again. Nothing sleeps; a slow
// heartbeat only lets a wait that nothing ends find out that its time is over, and say what it waited for.

import Dispatch
import Synchronization

/// A wait that was in vain, or anything else that ends a story early.
struct StoryFault: Error, CustomStringConvertible {
    let description: String
}

/// Tells those who wait that something has happened.
final class Signals: Sendable {
    private struct State {
        var version = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    init() { beat() }

    private func beat() {
        DispatchQueue.global().asyncAfter(deadline: .now() + 1) { [weak self] in
            self?.note()
            self?.beat()
        }
    }

    /// Something has happened.
    func note() {
        let waiters = state.withLock { state in
            state.version += 1
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns once `condition` holds; throws when it doesn't within `patience`, with `state` in words.
    func wait(
        for what: String, patience: Duration = .seconds(60), state words: () async -> String = { "" },
        until condition: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + patience
        while true {
            let seen = state.withLock { $0.version }
            if try await condition() { return }
            guard ContinuousClock.now < deadline else {
                throw StoryFault(description: "waited in vain for \(what). \(await words())")
            }
            await next(after: seen)
        }
    }

    private func next(after seen: Int) async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                guard state.version == seen else { return true }
                state.waiters.append(continuation)
                return false
            }
            if isOver { continuation.resume() }
        }
    }
}
