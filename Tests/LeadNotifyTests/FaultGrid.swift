// The table of faults: every way in which a peer of webhooks can fail, and what each kind of channel makes of it. And what
// holds for all faults: nothing else waits for them.

import LeadTestKit
import PeerKit
import Testing

@testable import LeadCore
@testable import LeadNotify

/// A fault and what each channel makes of it.
struct Fault: Sendable {
    let name: String
    /// The address, given the plain peer's and a token to keep secret.
    let address: @Sendable (GridPeers) -> String
    let outcome: Set<OutcomeKind>
    /// What some kinds make of it instead, by their names.
    var others: [String: OutcomeKind] = [:]
    /// What of a Retry-After is kept; nil where it isn't looked at.
    var wait: ClosedRange<Duration>?

    /// What a channel of `kind` is to make of it.
    func outcome(of kind: String) -> Set<OutcomeKind> { others[kind].map { [$0] } ?? outcome }

    /// The same where every 2xx is a success.
    var outcomeByStatus: Set<OutcomeKind> {
        let takes = ["/json", "/status/200", "/huge"].contains { name.hasPrefix($0) } && name != "/huge-headers"
        return takes ? [.sent] : outcome
    }

    /// Whether all that ends it is that the time is over.
    var hangs: Bool { ["hang", "/hang", "/drip"].contains { name.hasPrefix($0) } }

    /// A path of the plain peer.
    static func path(
        _ path: String, _ outcome: OutcomeKind..., others: [String: OutcomeKind] = [:],
        wait: ClosedRange<Duration>? = nil
    ) -> Fault {
        Fault(
            name: path, address: { $0.plain.url(path + (path.contains("?") ? "&" : "?") + Peers.token) },
            outcome: Set(outcome), others: others, wait: wait)
    }

    static let all: [Fault] = [
        Fault(name: "refused", address: { "http://127.0.0.1:\($0.refused)/" }, outcome: [.unavailable]),
        Fault(name: "hang at connect", address: { "http://127.0.0.1:\($0.full.port)/" }, outcome: [.unavailable]),
        Fault(name: "hang at TLS", address: { "https://127.0.0.1:\($0.silent.port)/" }, outcome: [.unavailable]),
        Fault(name: "no such host", address: { _ in "https://no-such-host.invalid/" }, outcome: [.unavailable]),
        path("/hang-headers", .unknown), path("/hang-body", .unknown), path("/reset", .unknown),
        path("/half", .unknown), path("/drip", .unknown), path("/drip-headers", .unknown),
        // Of a long answer the beginning is judged as any other.
        path("/huge", .failed, others: ["teams": .sent]),
        path("/huge-headers", .unknown), path("/garbage", .unknown),
        path("/redirect", .stopped), path("/status/301", .stopped), path("/status/400", .failed),
        path("/status/401", .stopped), path("/status/403", .stopped), path("/status/404", .stopped),
        path("/status/410", .stopped), path("/status/413", .failed),
        path("/status/429", .unavailable, wait: .zero ... .zero),
        path("/status/429?retry_after=7", .unavailable, wait: .seconds(7) ... .seconds(7)),
        path("/status/429?retry_after=Wed,%2021%20Oct%202015%2007:28:00%20GMT", .unavailable, wait: .zero ... .zero),
        path(
            "/status/429?retry_after=Fri,%2031%20Dec%202100%2023:59:59%20GMT", .unavailable,
            wait: .seconds(86_400) ... .seconds(3_155_760_000)),
        path("/status/429?retry_after=99999999999999999999", .unavailable, wait: .zero ... .seconds(3_155_760_000)),
        path("/status/429?retry_after=soon", .unavailable, wait: .zero ... .zero),
        // What a cut answer's head says counts.
        path("/half-status/429?retry_after=7", .unavailable, wait: .seconds(7) ... .seconds(7)),
        path("/status/500", .unavailable), path("/status/503", .unavailable),
        path("/json?body=%7B%22error%22:%7B%22code%22:%22BadRequest%22,%22message%22:%22no%22%7D%7D", .failed),
        // A word of Slack's; a flow of Teams says what it likes with a success, as long as it is no error.
        path("/status/200?body=no_service", .failed, others: ["slack": .stopped, "teams": .sent]),
        path(
            "/json?body=%7B%22ok%22:false,%22error%22:%22invalid_auth%22%7D", .failed, others: ["slack-bot": .stopped]),
    ]
}

/// The peers that the grid's cells share.
struct GridPeers: Sendable {
    let plain: Peer
    let refused: Int
    let full: SilentPeer
    let silent: SilentPeer

    init() throws {
        plain = try Peer.http()
        refused = try SilentPeer.refusedPort()
        full = try SilentPeer.full()
        silent = try SilentPeer.accepting()
    }
}

/// One fault on one channel.
struct FaultCell: Sendable {
    /// Whether it takes as long as the channel has time.
    let hangs: Bool
    let attempt: @Sendable () async throws -> Void

    /// The time that each attempt has.
    static let timeout: Duration = .seconds(4)
}

/// Tries all `cells` at once, and expects that forty messages one after the other, which `send` sends by a healthy channel
/// after `someHang`, have gone before the time of the first cell that hangs is over: none of them has waited for any.
func expectUndelayed(
    _ send: @escaping @Sendable () async -> DeliveryOutcome, beside cells: [FaultCell],
    after someHang: @escaping @Sendable () async throws -> Void,
    location: SourceLocation = #_sourceLocation
) async throws {
    enum End { case sent, hung, answered }
    let ends = try await withThrowingTaskGroup(of: End.self) { group in
        for cell in cells {
            group.addTask {
                try await cell.attempt()
                return cell.hangs ? .hung : .answered
            }
        }
        group.addTask {
            try await someHang()
            for _ in 0..<40 { #expect(await send().kind == .sent, sourceLocation: location) }
            return .sent
        }
        return try await group.reduce(into: []) { $0.append($1) }
    }
    let hung = try #require(ends.firstIndex(of: .hung), sourceLocation: location)
    #expect(ends.firstIndex(of: .sent).map { $0 < hung } == true, "a time-out came first", sourceLocation: location)
}
