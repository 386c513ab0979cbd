// The demo's mail receiver: as much of SMTP (RFC 5321) as a relay's client needs, on loopback, without TLS. For looking
// at, not for mail: nothing is delivered or kept beyond the demo's run.

import Foundation
import LeadCore
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Takes mails into the demo's inbox.
struct DemoMailServer: Service {
    let server: NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>
    let inbox: DemoInbox
    let clock: any TimeSource

    private static let longestMessage = 1 << 20

    /// Binds a free port on loopback.
    init(inbox: DemoInbox, clock: any TimeSource) async throws {
        self.inbox = inbox
        self.clock = clock
        server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(IdleStateHandler(allTimeout: .seconds(120)))
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
    }

    /// The port that it listens on.
    var port: Int { server.channel.localAddress?.port ?? 0 }

    func run() async throws { try await server.serveUntilShutdown(serve) }

    private func serve(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async {
        do {
            try await connection.executeThenClose { inbound, outbound in
                var session = SMTPSession()
                try await outbound.write(ByteBuffer(string: "220 demo.leadbell ESMTP\r\n"))
                for try await part in inbound {
                    session.received += part.readableBytesView
                    guard session.received.count <= Self.longestMessage else { return }
                    while let reply = session.next() {
                        if let mail = reply.mail { await keep(mail, for: session.lastRecipient) }
                        try await outbound.write(ByteBuffer(string: reply.line + "\r\n"))
                        if reply.isLast { return }
                    }
                }
            }
        } catch is CancellationError {
            // The demo is ending.
        } catch {
            Terminal.complain("the demo's mail receiver lost a connection: \(error)")
        }
    }

    private func keep(_ message: String, for recipient: String) async {
        let mail = MailReading(message)
        await inbox.add(
            InboxMessage(
                kind: .mail, recipient: recipient, receivedAt: clock.now(), headline: mail.subject, html: mail.html,
                link: mail.link))
    }
}

/// One SMTP conversation as plain state: bytes in, replies out.
struct SMTPSession {
    /// What to answer, and the mail that has just come in whole.
    struct Reply: Equatable {
        let line: String
        var mail: String?
        var isLast = false
    }

    /// Bytes not yet understood.
    var received: [UInt8] = []
    /// Whom the current mail is for.
    private(set) var lastRecipient = ""
    private var isInData = false

    /// The reply to the next complete command or message; nil until there is one.
    mutating func next() -> Reply? { isInData ? message() : command() }

    private mutating func message() -> Reply? {
        let end = Array("\r\n.\r\n".utf8)
        guard let range = received.firstRange(of: end) else { return nil }
        let text = String(decoding: received[..<range.lowerBound], as: UTF8.self)
        received.removeSubrange(..<range.upperBound)
        isInData = false
        return Reply(line: "250 2.0.0 kept in the inbox", mail: text.replacing("\r\n..", with: "\r\n."))
    }

    private mutating func command() -> Reply? {
        guard let end = received.firstRange(of: Array("\r\n".utf8)) else { return nil }
        let line = String(decoding: received[..<end.lowerBound], as: UTF8.self)
        received.removeSubrange(..<end.upperBound)
        let upper = line.uppercased()
        switch upper.prefix(4) {
        case "EHLO": return Reply(line: "250-demo.leadbell\r\n250-8BITMIME\r\n250 SIZE 1048576")
        case "HELO", "MAIL", "RSET", "NOOP": return Reply(line: "250 2.0.0 fine")
        case "RCPT":
            lastRecipient = line.firstMatch(of: /<([^>]*)>/).map { String($0.1) } ?? ""
            return Reply(line: "250 2.1.5 fine")
        case "DATA":
            isInData = true
            return Reply(line: "354 go ahead, end with a dot")
        case "QUIT": return Reply(line: "221 2.0.0 bye", isLast: true)
        default: return Reply(line: "502 5.5.1 not understood here")
        }
    }
}
