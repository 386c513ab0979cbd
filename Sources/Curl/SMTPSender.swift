// The public face of mail: an envelope and a message go in, what it came to comes out. Mail has threads of its own,
// because libcurl waits for the relay's last word inside one call. Fails at the start if the relay's settings can't be
// used; later failures are each mail's own.

import CCurl

/// Hands mail to one relay through libcurl.
///
/// - Up to `relay.connections` mails are handed over at a time, each on a thread and a connection of its own; the
///   others wait in order. Threads start with the first mail that needs them and sleep when there is none.
/// - A connection is kept, logged in, for the next mail and ended politely (QUIT) after half a minute without one. A
///   kept connection that turns out to be dead is replaced once for a mail.
/// - SIGPIPE is ignored for the whole process from the first sender on.
public final class SMTPSender: Sendable {
    private let queue: SMTPQueue

    /// Makes a sender; nothing is connected before the first mail.
    public convenience init(relay: SMTPRelay) throws(TransferFailure) {
        try self.init(relay: relay, idleSeconds: 30)
    }

    /// A sender that keeps a connection without mail for so many seconds; relays commonly give up after minutes.
    init(relay: SMTPRelay, idleSeconds: Int) throws(TransferFailure) {
        try CurlLibrary.start()
        queue = SMTPQueue(relay: relay, url: try relay.url(), idleSeconds: idleSeconds)
    }

    deinit {
        queue.close()
    }

    /// Hands over one mail for one recipient.
    ///
    /// - Parameters:
    ///   - envelope: From whom and for whom.
    ///   - message: The whole message (RFC 5322), every line ended by CR LF; dots at line starts are taken care of.
    ///   - transcript: Takes down what is said over the mail, if it is wanted.
    ///   - token: The access token, for a relay that logs in by one; printable ASCII without spaces.
    ///
    /// Cancelling the task abandons the mail at once: `failed` or, when it was all out already, `unknown`.
    public func send(
        _ envelope: SMTPEnvelope, message: [UInt8], transcript: SMTPTranscript? = nil, token: String? = nil
    ) async -> SMTPOutcome {
        let job = SMTPJob(
            envelope: envelope, message: message, transcript: transcript, token: token, timeouts: queue.relay.timeouts)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                queue.submit(job, continuation)
            }
        } onCancel: {
            queue.cancel(job)
        }
    }

    /// Ends the sender: waiting mails fail with kind `closed`, those on their way are abandoned (`failed`, or `unknown`
    /// when all was out), connections are closed, the threads end.
    ///
    /// Returns when all that is done.
    public func shutdown() async {
        await withCheckedContinuation { queue.close(then: $0) }
    }
}
