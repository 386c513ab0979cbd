// One easy handle for mail: its options, its callbacks and one attempt at a mail. It belongs to one worker's thread,
// and its connection cache is the kept connection.

import CCurl
import Glibc

final class SMTPHandle {
    enum Connection {
        case keptOrFresh
        case fresh
    }

    enum Attempt {
        case outcome(SMTPOutcome)
        case keptConnectionDied
    }

    private let easy: EasyHandle
    private let relay: SMTPRelay
    private let line: SMTPLine
    private let setUp: CURLcode
    private var job: SMTPJob?
    private var conversation = SMTPConversation(needsLogin: false, messageBytes: 0)

    init?(relay: SMTPRelay, url: String, line: SMTPLine) {
        guard let easy = EasyHandle() else { return nil }
        self.easy = easy
        self.relay = relay
        self.line = line
        easy.setCommonOptions(trust: relay.trust)
        easy.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        easy.set(CURLOPT_URL, url)
        if case .startTLS = relay.security { easy.set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue)) }
        if let (username, password) = relay.credentials {
            easy.set(CURLOPT_USERNAME, username)
            if !relay.logsInByToken { easy.set(CURLOPT_PASSWORD, password) }
            // Others that libcurl prefers (GSSAPI, NTLM) need more than a user name and a password to succeed.
            easy.set(CURLOPT_LOGIN_OPTIONS, relay.logsInByToken ? "AUTH=XOAUTH2" : "AUTH=PLAIN;AUTH=LOGIN")
        }
        easy.set(CURLOPT_UPLOAD, 1)
        easy.set(CURLOPT_CONNECTTIMEOUT_MS, relay.timeouts.connect.curlMilliseconds)
        easy.set(CURLOPT_SERVER_RESPONSE_TIMEOUT, relay.timeouts.reply.curlSeconds)
        setUp = easy.takeRefusal()
        let context = Unmanaged.passUnretained(self).toOpaque()
        easy.note(ccurl_set_read_function(easy.pointer, giveMessage, context))
        easy.note(ccurl_set_header_function(easy.pointer, receiveReply, context))
        easy.note(ccurl_set_write_function(easy.pointer, ignoreBody, context))
        easy.note(ccurl_set_progress_function(easy.pointer, continueOrStop, context))
        easy.note(ccurl_set_prerequest_function(easy.pointer, mailBegins, context))
        easy.note(ccurl_set_open_socket_function(easy.pointer, openSocket, context))
        // The connection may outlive the transfer, so it gets the line, which outlives the handle.
        easy.note(
            ccurl_set_close_socket_function(easy.pointer, closeSocket, Unmanaged.passUnretained(line).toOpaque()))
    }

    /// Tries to hand over a mail once, blocking until that is decided.
    func attempt(_ job: SMTPJob, connection: Connection) -> Attempt {
        self.job = job
        defer { self.job = nil }
        conversation = SMTPConversation(needsLogin: relay.credentials != nil, messageBytes: job.message.count)
        let left = job.deadline - MonotonicClock.milliseconds()
        guard left > 0 else { return .outcome(unsent(.timedOut, CURLE_OPERATION_TIMEDOUT)) }
        if let stopped = job.stopped { return .outcome(unsent(stopped, CURLE_ABORTED_BY_CALLBACK)) }

        let recipients = curl_slist_append(nil, "<\(job.envelope.recipient)>")
        defer { curl_slist_free_all(recipients) }
        easy.set(CURLOPT_MAIL_FROM, "<\(job.envelope.sender)>")
        easy.set(CURLOPT_MAIL_RCPT, list: recipients)
        easy.set(CURLOPT_INFILESIZE_LARGE, offset: job.message.count)
        easy.set(CURLOPT_TIMEOUT_MS, left)
        // A kept connection with another token is another login, and isn't used.
        if relay.logsInByToken {
            easy.set(CURLOPT_XOAUTH2_BEARER, job.token ?? "")
            easy.set(CURLOPT_SASL_IR, 1)
        }
        easy.set(CURLOPT_FRESH_CONNECT, connection == .fresh ? 1 : 0)
        if job.transcript != nil {
            easy.note(
                ccurl_set_debug_function(easy.pointer, noteDialogue, Unmanaged.passUnretained(self).toOpaque()))
        }
        easy.set(CURLOPT_VERBOSE, job.transcript == nil ? 0 : 1)
        let refusal = easy.takeRefusal()
        var code = recipients == nil ? CURLE_OUT_OF_MEMORY : setUp == CURLE_OK ? refusal : setUp
        if code == CURLE_OK { code = curl_easy_perform(easy.pointer) }
        easy.set(CURLOPT_MAIL_RCPT, list: nil)

        if let stopped = job.stopped { conversation.evidence.stopped = stopped }
        if connection == .keptOrFresh, conversation.calls(forFreshConnectionAfter: code) { return .keptConnectionDied }
        easy.addEvidence(to: &conversation.evidence)
        return .outcome(conversation.outcome(code: code))
    }

    private func unsent(_ kind: TransferFailure.Kind, _ code: CURLcode) -> SMTPOutcome {
        .failed(TransferFailure(code: code, evidence: TransferEvidence(stopped: kind)))
    }

    // MARK: The callbacks

    fileprivate func give(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let message = job?.message else { return Int(CURL_READFUNC_ABORT) }
        let end = min(message.count, conversation.bytesTaken + buffer.count)
        let count = end - conversation.bytesTaken
        buffer.copyBytes(from: message[conversation.bytesTaken..<end])
        conversation.bytesTaken = end
        return count
    }

    fileprivate func receive(reply bytes: UnsafeRawBufferPointer) {
        job?.transcript?.hear(bytes)
        conversation.receive(bytes)
    }

    /// What libcurl says to the relay; replies come to `receive`.
    fileprivate func takeDown(_ kind: curl_infotype, _ bytes: UnsafeRawBufferPointer) {
        if kind == CURLINFO_HEADER_OUT { job?.transcript?.say(bytes) }
    }

    fileprivate var mustStop: Bool {
        job?.stopped != nil
    }

    fileprivate func begin() -> Int32 {
        conversation.begin() == .goOn ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
    }

    fileprivate func open(_ address: UnsafeMutablePointer<curl_sockaddr>?) -> curl_socket_t {
        let socket = SocketOpener.open(address, policy: relay.addresses, evidence: &conversation.evidence)
        if socket >= 0 {
            conversation.openedConnection = true
            line.opened(socket)
        }
        return socket
    }
}

extension SMTPHandle {
    fileprivate static func from(_ context: UnsafeMutableRawPointer?) -> SMTPHandle? {
        context.map { Unmanaged<SMTPHandle>.fromOpaque($0).takeUnretainedValue() }
    }
}

private func giveMessage(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    SMTPHandle.from(context)?.give(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
        ?? Int(CURL_READFUNC_ABORT)
}

private func receiveReply(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    SMTPHandle.from(context)?.receive(reply: UnsafeRawBufferPointer(start: bytes, count: size * count))
    return size * count
}

private func noteDialogue(
    _ easy: UnsafeMutableRawPointer?, _ kind: curl_infotype, _ bytes: UnsafeMutablePointer<CChar>?,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int32 {
    SMTPHandle.from(context)?.takeDown(kind, UnsafeRawBufferPointer(start: bytes, count: count))
    return 0
}

/// Mail has no body to receive; without this libcurl would write to standard output.
private func ignoreBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    size * count
}

private func continueOrStop(
    _ context: UnsafeMutableRawPointer?, _ toReceive: curl_off_t, _ received: curl_off_t, _ toSend: curl_off_t,
    _ sent: curl_off_t
) -> Int32 {
    SMTPHandle.from(context)?.mustStop == true ? 1 : 0
}

private func mailBegins(
    _ context: UnsafeMutableRawPointer?, _ peer: UnsafeMutablePointer<CChar>?, _ local: UnsafeMutablePointer<CChar>?,
    _ peerPort: Int32, _ localPort: Int32
) -> Int32 {
    SMTPHandle.from(context)?.begin() ?? CURL_PREREQFUNC_ABORT
}

private func openSocket(
    _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    SMTPHandle.from(context)?.open(address) ?? -1
}

private func closeSocket(_ context: UnsafeMutableRawPointer?, _ socket: curl_socket_t) -> Int32 {
    guard let context else { return Glibc.close(socket) }
    return Unmanaged<SMTPLine>.fromOpaque(context).takeUnretainedValue().close(socket)
}
