// The state of one mail in the dialogue with a relay, read from its replies: how far it came, and what that means once
// libcurl has given its code. Pure; SMTPHandle feeds it from libcurl's callbacks.

import CCurl

struct SMTPConversation {
    /// What the next reply answers.
    enum Phase: Equatable {
        /// Greeting, EHLO, STARTTLS and login, up to a usable connection.
        case opening
        case sender
        case recipient
        case data
        /// The whole message with its final dot.
        case content
        /// The relay has the mail.
        case accepted
        /// The relay has refused the mail at a stage. What it says from here on answers libcurl's QUIT.
        case refused(SMTPStage)
    }

    enum Permission {
        case goOn
        case stop
    }

    private(set) var phase = Phase.opening
    /// The lines of the last whole reply to this mail.
    private var whole: [SMTPReply.Line] = []
    /// Whether a connection was opened for this mail, rather than one used that had been kept.
    var openedConnection = false
    /// How many bytes of the message libcurl has taken, and of how many.
    var bytesTaken = 0
    let messageBytes: Int
    var evidence = TransferEvidence()

    private let needsLogin: Bool
    private var loggedIn = false
    private var triedLogin = false
    private var partial: [SMTPReply.Line] = []
    private static let mostLines = 100

    init(needsLogin: Bool, messageBytes: Int) {
        self.needsLogin = needsLogin
        self.messageBytes = messageBytes
    }

    /// Takes a line that the relay sent.
    mutating func receive(_ bytes: some Collection<UInt8>) {
        guard let line = SMTPReply.Line(bytes) else { return }
        // Whoever goes on and on is heard to the end and quoted from the beginning.
        if partial.count == Self.mostLines { partial.removeLast() }
        partial.append(line)
        guard line.isLast else { return }
        defer { partial = [] }
        // 221 answers QUIT, which libcurl sends before it gives its code for a refusal.
        guard refusal == nil, line.code != 221 else { return }
        whole = partial
        advance(after: line.code)
    }

    /// The last whole reply to this mail.
    var reply: SMTPReply? { SMTPReply(whole) }

    /// How many lines of replies are kept.
    var linesInHand: Int { whole.count + partial.count }

    /// At which stage the relay has refused the mail; nil where it hasn't.
    private var refusal: SMTPStage? { if case .refused(let stage) = phase { stage } else { nil } }

    private mutating func advance(after code: Int) {
        switch (phase, code) {
        case (.opening, 235):
            loggedIn = true
        case (.opening, 334):
            triedLogin = true
        case (.sender, 200..<300):
            phase = .recipient
        case (.recipient, 200..<300):
            phase = .data
        case (.data, 354):
            phase = .content
        case (.content, 200..<300):
            phase = .accepted
        case (.sender, 400...): phase = .refused(.sender)
        case (.recipient, 400...): phase = .refused(.recipient)
        case (.data, 400...), (.content, 400...): phase = .refused(.message)
        default:
            break
        }
    }

    /// The connection stands, and the mail is about to begin.
    ///
    /// libcurl goes on without a login if the relay offers none, so this is where that ends.
    mutating func begin() -> Permission {
        if needsLogin, openedConnection, !loggedIn {
            evidence.stopped = .authNotOffered
            return .stop
        }
        phase = .sender
        whole = []
        evidence.requestBegan = true
        return .goOn
    }

    /// Whether a kept connection turned out to be dead before the relay had a word about this mail, so that it
    /// deserves a fresh one.
    func calls(forFreshConnectionAfter code: CURLcode) -> Bool {
        guard !openedConnection, evidence.stopped == nil else { return false }
        switch phase {
        case .opening, .sender, .recipient, .data:
            return code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING
        case .refused:
            // "Closing the channel", said to an idle connection and read as the answer to the next command.
            return reply?.code == 421 && bytesTaken == 0
        case .content, .accepted:
            return false
        }
    }

    /// What the mail came to.
    func outcome(code: CURLcode) -> SMTPOutcome {
        if let reply {
            // The relay's word counts, whatever befell the connection afterwards.
            switch phase {
            case .accepted: return .accepted(reply)
            case .refused where (400..<500).contains(reply.code): return .refusedForNow(reply)
            case .refused(let stage) where (500..<600).contains(reply.code): return .refused(reply, at: stage)
            case .opening where Self.isRefusal(code) && (400..<600).contains(reply.code): return .unserved(reply)
            default: break
            }
        }
        var evidence = evidence
        evidence.status = reply?.code
        if code == CURLE_LOGIN_DENIED, evidence.stopped == nil {
            let refused = triedLogin || (reply?.code ?? 0) >= 400
            evidence.stopped = refused ? .loginRefused : .authNotOffered
        }
        evidence.requestBytesLeft = bytesTaken > 0
        var failure = TransferFailure(code: code, evidence: evidence)
        // Without its final dot, which follows the last byte, a relay can't take a message for complete.
        failure.mayHaveArrived = phase == .content && bytesTaken == messageBytes
        return failure.mayHaveArrived ? .unknown(failure) : .failed(failure)
    }

    /// libcurl's codes for a greeting or EHLO reply that it did not like, as opposed to a connection that broke after.
    private static func isRefusal(_ code: CURLcode) -> Bool {
        code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_REMOTE_ACCESS_DENIED
    }
}
