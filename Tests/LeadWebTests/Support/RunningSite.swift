// The real server on a free loopback port for the length of one test, and a client that speaks to it in raw bytes.

import Foundation
import LeadCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

@testable import LeadWeb

/// A site that is being served.
struct RunningSite: Sendable {
    let port: Int
    let desk: ScriptedDesk
    let clock: ManualClock
    let rulebook: Current<Rulebook>
    let absences: ScriptedAbsences

    /// Serves `cases` while `body` runs.
    static func run(
        _ cases: [StoredCase] = [Fixture.opened()], rulebook: Rulebook = Fixture.rulebook, health: Bool = true,
        clock: ManualClock = ManualClock(), logger: Logger = quiet, settings: WebSettings = loopback,
        doors: [SourceDoor] = [], inbox: (any LeadInbox)? = nil, finder: (any LeadFinder)? = nil,
        chats: [ChannelID: any ChatDoor] = [:],
        _ body: @escaping @Sendable (RunningSite) async throws -> Void
    ) async throws {
        let book = Current(rulebook)
        let desk = ScriptedDesk(cases, rulebook: book, clock: clock)
        let absences = ScriptedAbsences(rulebook: book)
        let site = LeadSite(
            desk: desk, absences: absences, rulebook: book, keys: Current(Fixture.keys),
            health: ScriptedHealth(isWell: health), clock: clock, logger: logger, settings: settings, doors: doors,
            inbox: inbox, finder: finder, chats: Current(chats))
        let (ports, ready) = AsyncStream.makeStream(of: Int.self)
        let group = ServiceGroup(
            services: [
                site.application { port in
                    ready.yield(port)
                    ready.finish()
                }
            ], logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { ready.finish() }
                try await group.run()
            }
            for await port in ports {
                do {
                    try await body(
                        RunningSite(port: port, desk: desk, clock: clock, rulebook: book, absences: absences))
                } catch {
                    await group.triggerGracefulShutdown()
                    throw error
                }
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// Any free port of the loopback address.
    static let loopback = WebSettings(listen: .tcp(host: "127.0.0.1", port: 0))

    static let quiet = Logger(label: "tests", factory: { _ in SwiftLogNoOpLogHandler() })

    // MARK: Requests

    static let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile Safari"

    func send(
        _ method: String, _ path: String, headers: [String] = [], body: String? = nil, userAgent: String = phone
    ) async throws -> Answer {
        var lines = [
            "\(method) \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Connection: close", "User-Agent: \(userAgent)",
        ]
        if let body {
            lines += ["Content-Type: application/x-www-form-urlencoded", "Content-Length: \(body.utf8.count)"]
        }
        let text = (lines + headers).joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
        return try await exchange(Array(text.utf8))
    }

    func get(_ token: String = Fixture.token(), query: String = "") async throws -> Answer {
        try await send("GET", "/l/\(token)\(query)")
    }

    func post(
        _ fields: [(String, String)], token: String = Fixture.token(), headers: [String] = [],
        userAgent: String = phone
    ) async throws -> Answer {
        let pairs = fields.map { "\($0)=\(Self.escape($1))" }
        return try await send(
            "POST", "/l/\(token)", headers: headers, body: pairs.joined(separator: "&"), userAgent: userAgent)
    }

    /// A nonce as the page of `link` has it, and then enough time for a person to have read the page.
    func nonce(_ link: Link = Fixture.link(), age: Duration = .seconds(5)) -> String {
        let nonce = Fixture.keys.nonce(for: link, issued: clock.now())
        clock.advance(by: age)
        return nonce
    }

    /// Sends bytes and reads until the server closes.
    func exchange(_ bytes: [UInt8]) async throws -> Answer { Answer(try await connect { try await $0.send(bytes) }) }

    /// Opens a connection, lets `body` write, and reads until the server closes.
    func connect(
        unix path: String? = nil, _ body: @escaping @Sendable (Wire) async throws -> Void
    ) async throws -> [UInt8] {
        let wrap: @Sendable (any NIOCore.Channel) -> EventLoopFuture<NIOAsyncChannel<ByteBuffer, ByteBuffer>> = { raw in
            raw.eventLoop.makeCompletedFuture { try NIOAsyncChannel(wrappingChannelSynchronously: raw) }
        }
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
        let channel =
            if let path {
                try await bootstrap.connect(unixDomainSocketPath: path, channelInitializer: wrap)
            } else {
                try await bootstrap.connect(host: "127.0.0.1", port: port, channelInitializer: wrap)
            }
        return try await channel.executeThenClose { inbound, outbound in
            var received: [UInt8] = []
            do {
                try await body(Wire(outbound: outbound))
                for try await part in inbound { received += Array(part.readableBytesView) }
            } catch let error as IOError where error.errnoCode == ECONNRESET || error.errnoCode == EPIPE {
                return received
            }
            return received
        }
    }

    static func escape(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}

/// The writing half of a connection.
struct Wire: Sendable {
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

    func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }
    func send(_ text: String) async throws { try await send(Array(text.utf8)) }
}

/// What the server answered.
struct Answer: Sendable, Equatable {
    let status: Int
    let headers: [String: String]
    let body: String

    init(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        let lines = (parts.first ?? "").split(separator: "\r\n")
        status = lines.first.flatMap { Int($0.split(separator: " ").dropFirst().first ?? "") } ?? 0
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1)
            guard pair.count == 2 else { continue }
            headers[pair[0].lowercased()] = pair[1].trimmingCharacters(in: .whitespaces)
        }
        self.headers = headers
        body = parts.count > 1 ? String(parts[1]) : ""
    }

    /// The value of the hidden field called `name`.
    func field(_ name: String) -> String? {
        guard let start = body.firstRange(of: "name=\"\(name)\" value=\"") else { return nil }
        return String(body[start.upperBound...].prefix { $0 != "\"" })
    }
}
