// Who gives way when there are too many connections, with a clock that the test moves.

import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import LeadWeb

@Suite("ConnectionLimit")
struct ConnectionLimitTests {
    private final class Watch: Sendable {
        private let instant = Mutex(NIODeadline.uptimeNanoseconds(1_000_000_000))
        var now: NIODeadline { instant.withLock { $0 } }
        func pass(_ time: TimeAmount) { instant.withLock { $0 = $0 + time } }
    }

    private let watch = Watch()

    private func limit(_ maximum: Int) -> ConnectionLimit {
        ConnectionLimit(maximum: maximum, now: { [watch] in watch.now })
    }

    private func connect() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    @Test("the connection that has waited the longest gives way, as soon as it isn't young any more")
    func oldest() throws {
        let limit = limit(2)
        let old = try (0..<2).map { _ in try connect() }
        for channel in old { _ = limit.waits(channel) }
        watch.pass(.milliseconds(249))
        let young = try connect()
        _ = limit.waits(young)
        #expect(old.allSatisfy(\.isActive) && young.isActive, "a burst is borne with")
        watch.pass(.milliseconds(1))
        let fresh = try connect()
        _ = limit.waits(fresh)
        #expect(old.allSatisfy { !$0.isActive }, "and over: there are two again")
        #expect(young.isActive && fresh.isActive)
    }

    @Test("when there are twice too many, the newcomer is refused while all have just come; then the oldest gives way")
    func refused() throws {
        let limit = limit(2)
        let first = try (0..<4).map { _ in try connect() }
        for channel in first { _ = limit.waits(channel) }
        watch.pass(.milliseconds(24))
        let newcomer = try connect()
        let ticket = limit.waits(newcomer)
        #expect(!newcomer.isActive && first.allSatisfy(\.isActive))
        limit.left(ticket)
        watch.pass(.milliseconds(1))
        let fresh = try connect()
        _ = limit.waits(fresh)
        #expect(first.map(\.isActive) == [false, true, true, true] && fresh.isActive)
        watch.pass(.milliseconds(225))
        _ = limit.waits(try connect())
        #expect(first.map(\.isActive) == [false, false, false, false] && fresh.isActive)
    }

    @Test("a connection that is being answered counts, and is never closed for another")
    func busy() throws {
        let limit = limit(1)
        let answering = try connect()
        limit.answers(limit.waits(answering))
        watch.pass(.seconds(1))
        let waiting = try connect()
        _ = limit.waits(waiting)
        watch.pass(.seconds(1))
        let fresh = try connect()
        _ = limit.waits(fresh)
        #expect(answering.isActive && !waiting.isActive && fresh.isActive)
    }
}
