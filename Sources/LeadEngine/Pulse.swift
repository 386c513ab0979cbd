// How a loop shows that it is alive: a step that began and doesn't end is stuck; an idle loop is well. Read by the health
// pages and the watchdog.

import LeadCore
import Synchronization

/// The sign of life of one loop.
final class Pulse: Sendable {
    private struct State {
        var next = 0
        var running: [Int: Timestamp] = [:]
        var trouble: String?
    }
    private let state = Mutex(State())
    let name: String

    /// A step may take this long before the loop counts as stuck.
    static let patience: Duration = .seconds(120)

    /// The pulse of the loop called `name`.
    init(name: String) { self.name = name }

    /// A step begins; the answer names it.
    func begin(_ now: Timestamp) -> Int {
        state.withLock { state in
            state.next += 1
            state.running[state.next] = now
            return state.next
        }
    }

    /// The step goes on with its next part: a long one that moves is not stuck.
    func goOn(_ step: Int, _ now: Timestamp) { state.withLock { $0.running[step] = now } }

    /// Whether no step is under way.
    var isIdle: Bool { state.withLock { $0.running.isEmpty } }

    /// The step ended.
    func end(_ step: Int) { state.withLock { _ = $0.running.removeValue(forKey: step) } }

    /// What the last step ran into; nil when it went well.
    func trouble(_ reason: String?) { state.withLock { $0.trouble = reason } }

    /// Whether the loop moves.
    func liveness(_ now: Timestamp) -> HealthCheck {
        let oldest = state.withLock { $0.running.values.min() }
        let age = oldest.map { now - $0 } ?? .zero
        return HealthCheck(
            name: name, isWell: age < Self.patience,
            detail: oldest == nil ? "idle" : "in a step for \(age.words)")
    }

    /// Whether the last step went well.
    func readiness() -> HealthCheck {
        let trouble = state.withLock { $0.trouble }
        return HealthCheck(name: name, isWell: trouble == nil, detail: trouble ?? "well")
    }
}
