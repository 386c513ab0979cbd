// Many requests at once: connections are shared and limited, everybody is answered, cancelling and shutting down too.

import PeerKit
import Testing

@testable import Curl

@Suite("HTTP concurrency", .timeLimit(.minutes(1)))
struct HTTPConcurrencyTests {
    @Test("requests one after the other share one connection, plain and over TLS", arguments: [false, true])
    func keepAlive(_ secure: Bool) async throws {
        let peer = try Peer.http(cert: secure ? .good : nil)
        let client = try HTTPClient()
        for _ in 0..<20 {
            let request = HTTPRequest.post(peer.url("/ok")).with(\.trust, TLSTrust(caFile: peer.caFile))
            #expect(try await client.send(request).get().status == 200)
        }
        #expect(try peer.connections() == 1)
    }

    @Test("1,000 requests at once are all answered, over as many connections as allowed")
    func thousand() async throws {
        let peer = try Peer.http()
        let client = try HTTPClient(maximumConnectionsPerHost: 6)
        let answers = await withTaskGroup(of: String?.self) { group in
            for number in 0..<1000 {
                group.addTask {
                    try? await client.send(.post(peer.url("/echo"), "\(number)", total: .seconds(50))).get().text
                }
            }
            return await group.reduce(into: Set<String>()) { $0.insert($1 ?? "failed") }
        }
        #expect(answers == Set((0..<1000).map(String.init)))
        #expect(try peer.requests().count == 1000)
        #expect(try (1...6).contains(peer.connections()))
    }

    @Test("a host that hangs holds up no other host, and its own requests for their time at most")
    func hangingHost() async throws {
        let silent = try SilentPeer.accepting()
        let peer = try TestPeers.plain.get()
        let client = try HTTPClient(maximumConnectionsPerHost: 2)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    let request = HTTPRequest.post("http://127.0.0.1:\(silent.port)/", total: .milliseconds(600))
                    #expect(await client.send(request).failure?.kind == .timedOut)
                }
            }
            for _ in 0..<20 {
                group.addTask {
                    #expect(await client.send(.post(peer.url("/ok"))).failure == nil)
                }
            }
        }
    }

    @Test("requests that time out in the queue were not sent, and say so")
    func timedOutWaiting() async throws {
        let peer = try Peer.http()
        let client = try HTTPClient(maximumConnectionsPerHost: 1)
        let running = Task { await client.send(.post(peer.url("/hang-headers"), total: .seconds(60))) }
        try await peer.awaitEvent(.hang)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<5 {
                group.addTask {
                    let failure = await client.send(.post(peer.url("/ok"), total: .milliseconds(200))).failure
                    #expect(failure?.kind == .timedOut)
                    #expect(failure?.mayHaveArrived == false)
                }
            }
        }
        #expect(try peer.requests().count == 1)
        running.cancel()
        _ = await running.value
    }

    @Test("with all connections taken by one host, a turn is still given to the others")
    func turns() async throws {
        let first = try TestPeers.plain.get()
        let second = try Peer.http()
        let client = try HTTPClient(maximumConnectionsPerHost: 2, maximumConnections: 2)
        await withTaskGroup(of: Void.self) { group in
            for peer in [first, second] {
                for _ in 0..<10 {
                    group.addTask { #expect(await client.send(.post(peer.url("/ok?delay=5"))).failure == nil) }
                }
            }
        }
        #expect(try second.requests().count == 10)
    }

    @Test("cancelling a task ends its transfer at once")
    func cancellation() async throws {
        let peer = try Peer.http()
        let client = try HTTPClient(maximumConnectionsPerHost: 1)
        let request = HTTPRequest.post(peer.url("/hang-headers"), total: .seconds(60))
        let sent = Task { await client.send(request) }
        try await peer.awaitEvent(.hang)
        let waiting = Task { await client.send(request) }
        waiting.cancel()
        let unsentFailure = try #require(await waiting.value.failure)
        #expect(unsentFailure.kind == .cancelled)
        #expect(!unsentFailure.mayHaveArrived)
        sent.cancel()
        let failure = try #require(await sent.value.failure)
        #expect(failure.kind == .cancelled)
        #expect(failure.mayHaveArrived)
        // The connection's place is free again.
        #expect(try await client.send(.post(peer.url("/ok"))).get().status == 200)
    }

    @Test("1,000 cancelled requests are all answered")
    func manyCancellations() async throws {
        let peer = try TestPeers.plain.get()
        let client = try HTTPClient(maximumConnectionsPerHost: 2)
        let tasks = (0..<1000).map { _ in
            Task { await client.send(.post(peer.url("/ok?delay=20"), total: .seconds(60))) }
        }
        for task in tasks { task.cancel() }
        for task in tasks {
            if let failure = await task.value.failure { #expect(failure.kind == .cancelled) }
        }
    }

    @Test("shutting down answers everybody, and later requests too")
    func shutdown() async throws {
        let peer = try Peer.http()
        let client = try HTTPClient(maximumConnectionsPerHost: 1)
        let request = HTTPRequest.post(peer.url("/hang-headers"), total: .seconds(60))
        let sent = Task { await client.send(request) }
        try await peer.awaitEvent(.hang)
        let waiting = (0..<10).map { _ in Task { await client.send(request) } }
        async let first: Void = client.shutdown()
        async let second: Void = client.shutdown()
        _ = await (first, second)
        #expect(await sent.value.failure?.kind == .closed)
        #expect(await sent.value.failure?.mayHaveArrived == true)
        for task in waiting {
            #expect(await task.value.failure?.kind == .closed)
            #expect(await task.value.failure?.mayHaveArrived == false)
        }
        #expect(await client.send(request).failure?.kind == .closed)
        await client.shutdown()
    }

    @Test("clients come and go without leaving threads that matter")
    func manyClients() async throws {
        let peer = try TestPeers.plain.get()
        for _ in 0..<50 {
            let client = try HTTPClient()
            #expect(try await client.send(.post(peer.url("/ok"))).get().status == 200)
        }
    }
}
