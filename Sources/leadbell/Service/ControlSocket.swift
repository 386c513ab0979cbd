// The control socket: how commands reach the running daemon. One request a connection, one JSON line each way, on a Unix
// socket of mode 0660, so whoever may write to it may choose. Commands work directly on the database when nobody listens.

import Foundation
import LeadCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// What a command asks of the daemon.
enum ControlRequest: Codable, Sendable, Equatable {
    /// Gives a lead to a rep; `reassign` takes it from whoever has it, `anyway` says that warnings were read.
    case assign(lead: String, rep: String, manager: String, note: String?, reassign: Bool, anyway: Bool)
    /// Makes an inquiry that joined a case a case of its own.
    case split(lead: String)
    /// Somebody will be away, or is.
    case away(Absence)
    /// Somebody is back.
    case back(person: PersonID)
    /// Read the configuration anew; `recompute` plans open leads anew by it.
    case reload(recompute: Bool)
    /// How each destination stands.
    case channels
    /// Try what is stopped again: one channel, or all.
    case resume(channel: String?)
    /// Send undelivered messages again: a message, those of a lead, or all.
    case retry(id: String?)
}

/// What the daemon answers: a sentence, and whether it is a yes.
struct ControlAnswer: Codable, Sendable, Equatable {
    let isDone: Bool
    let sentence: String
    /// Destinations, if the request was for them.
    var lanes: [LaneReport]?

    init(isDone: Bool, sentence: String, lanes: [LaneReport]? = nil) {
        self.isDone = isDone
        self.sentence = sentence
        self.lanes = lanes
    }
}

/// The daemon's side.
struct ControlServer: Service {
    let path: String
    let answer: @Sendable (ControlRequest) async -> ControlAnswer
    let log: Logger
    /// Rings when commands can reach the daemon.
    let isListening = Bell()

    private static let longestRequest = 64 << 10

    func run() async throws {
        unlink(path)
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(IdleStateHandler(allTimeout: .seconds(10)))
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        guard chmod(path, 0o660) == 0 else {
            throw CommandFailure("\(path) can't be given mode 0660: \(String(cString: strerror(errno)))")
        }
        defer { unlink(path) }
        isListening.ring()
        try await server.serveUntilShutdown(serve)
    }

    private func serve(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async {
        do {
            try await connection.executeThenClose { inbound, outbound in
                var received = ByteBuffer()
                for try await part in inbound {
                    received.writeImmutableBuffer(part)
                    guard received.readableBytes <= Self.longestRequest else { return }
                    guard received.readableBytesView.contains(UInt8(ascii: "\n")) else { continue }
                    let request = try JSONDecoder().decode(ControlRequest.self, from: Data(received.readableBytesView))
                    let line = try JSONEncoder().encode(await answer(request)) + Data("\n".utf8)
                    try await outbound.write(ByteBuffer(bytes: line))
                    return
                }
            }
        } catch {
            log.warning("a control request was not understood", metadata: ["reason": "\(error)"])
        }
    }
}

/// The command's side.
enum ControlClient {
    /// The daemon's answer; nil when no daemon listens at `path`.
    static func ask(_ request: ControlRequest, at path: String) throws -> ControlAnswer? {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw CommandFailure("no socket: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        guard let (address, length) = unixAddress(path) else {
            throw CommandFailure("\(path) is too long for a socket")
        }
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let connected = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, length) }
        }
        guard connected == 0 else {
            if errno == ENOENT || errno == ECONNREFUSED { return nil }
            let reason = String(cString: strerror(errno))
            throw CommandFailure(
                "the daemon's socket \(path) can't be reached: \(reason); run as a member of its group")
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        try handle.write(contentsOf: JSONEncoder().encode(request) + Data("\n".utf8))
        guard let answer = try handle.readToEnd(), !answer.isEmpty else {
            throw CommandFailure("the daemon gave no answer; see its log")
        }
        return try JSONDecoder().decode(ControlAnswer.self, from: answer)
    }
}
