// What the program tells of itself: to `/healthz` and `/readyz`, to systemd's status line and watchdog.

/// One thing that must be well.
public struct HealthCheck: Sendable, Equatable, Codable {
    /// "spool", "store", "dispatch".
    public let name: String
    /// Whether it is well.
    public let isWell: Bool
    /// What is wrong, or what it is doing; no secrets, no leads' data.
    public let detail: String

    /// A check.
    public init(name: String, isWell: Bool, detail: String) {
        self.name = name
        self.isWell = isWell
        self.detail = detail
    }
}

/// Tells how the daemon is.
public protocol HealthSource: Sendable {
    /// The checks of the loops: a loop that is stuck is not well. For `/healthz` and the watchdog.
    func liveness() async -> [HealthCheck]
    /// The checks of what the daemon needs to take leads: store, spool. For `/readyz`.
    func readiness() async -> [HealthCheck]
}
