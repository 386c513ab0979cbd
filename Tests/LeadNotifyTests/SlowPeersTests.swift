// Peers that are slow, in every way and many at once, beside one that is quick: its messages take no longer for them.

import Curl
import LeadTestKit
import PeerKit
import Testing

@testable import LeadCore
@testable import LeadNotify

@Suite("Slow peers", .timeLimit(.minutes(5))) struct SlowPeersTests {
    @Test("fifty requests that hang at the very host delay no other: its p99 stays within twice of its own alone")
    func sameHost() async throws {
        let good = try Peer.http()
        try await expectQuick(good, beside: Array(repeating: good.url("/hang-headers"), count: 50), hanging: good)
    }

    @Test("fifty that are slow in every way, from the connection to the last byte, delay no other either")
    func everyWay() async throws {
        let (good, slow) = (try Peer.http(), try Peer.http())
        let (full, silent) = (try SilentPeer.full(), try SilentPeer.accepting())
        let ways = [
            "http://127.0.0.1:\(full.port)/", "https://127.0.0.1:\(silent.port)/", slow.url("/hang-headers"),
            slow.url("/hang-body"), slow.url("/drip"), slow.url("/drip-headers"),
        ]
        try await expectQuick(good, beside: ways.flatMap { Array(repeating: $0, count: 9) }, hanging: slow)
    }

    /// Expects that the p99 of messages to `good` stays within twice of its own alone while there are requests under way to all
    /// of `slow`, those of them that have reached a hanging path of `peer`.
    private func expectQuick(_ good: Peer, beside slow: [String], hanging peer: Peer) async throws {
        let briefing = try Fixture.briefing(.assigned)
        let clients = (
            alone: try HTTPClient(maximumConnectionsPerHost: 64), busy: try HTTPClient(maximumConnectionsPerHost: 64)
        )
        let patience: [String: OptionValue] = ["timeout": .duration(.seconds(60))]
        let alone = try Peers.webhook(.slack, patience, client: clients.alone)
        let busy = try Peers.webhook(.slack, patience, client: clients.busy)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for url in slow {
                group.addTask {
                    // The time for a connection is over before that for an answer.
                    while !Task.isCancelled {
                        let outcome = await busy.send(briefing, to: Secret(url))
                        #expect(outcome.kind != .sent)
                    }
                }
            }
            for _ in slow.filter({ $0.contains("/hang-") }) { try await peer.awaitEvent(.hang) }
            let times = try await PairedTimes.measure(rounds: 11, of: 100) { way in
                let outcome = await (way == .alone ? alone : busy).send(briefing, to: Secret(good.url("/slack")))
                try #require(outcome.kind == .sent)
            }
            let (before, after) = (times.quantile(0.99, .alone), times.quantile(0.99, .beside))
            #expect(after <= before * 2, "p99 \(after) beside \(slow.count) that are slow, alone \(before)")
            group.cancelAll()
        }
        await clients.alone.shutdown()
        await clients.busy.shutdown()
    }
}
