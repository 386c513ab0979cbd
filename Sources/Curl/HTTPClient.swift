// The public face of HTTP: requests go in, whole responses or typed failures come out. One thread owns libcurl's
// multi handle (HTTPLoop); this file only hands work to it. Fails at the start if libcurl or the system refuses;
// later failures are each request's own.

import CCurl

/// An HTTP/1.1 client on one libcurl multi handle and one thread.
///
/// - Connections are kept alive and shared by the requests to one scheme, host and port; at most
///   `maximumConnectionsPerHost` requests run towards each, the others wait in order, and hosts take turns. A host
///   that hangs holds up none but its own requests, as long as `maximumConnections` exceeds what hangs.
/// - HTTP/1.1 alone, on purpose: a message is one small request, and a lost connection leaves exactly one request in
///   doubt, where HTTP/2 would leave all that share it.
/// - TLS 1.2 or later, peer and host verified. Redirects are not followed: a 3xx is the response. No cookies, no
///   content codings, no proxy but the request's own, no configuration from the environment.
/// - A request on a kept-alive connection that the peer turns out to have closed is sent once more on another one, as
///   browsers do; a second such loss is a failure with `mayHaveArrived`.
/// - Without work the thread sleeps: it has no periodic wake-ups.
/// - SIGPIPE is ignored for the whole process from the first client on.
public final class HTTPClient: Sendable {
    private let inbox: HTTPInbox

    /// Starts a client with its thread.
    ///
    /// - Parameters:
    ///   - maximumConnectionsPerHost: Requests in flight towards one scheme, host and port; 8.
    ///   - maximumConnections: Requests in flight in all; 128.
    public init(maximumConnectionsPerHost: Int = 8, maximumConnections: Int = 128) throws(TransferFailure) {
        try CurlLibrary.start()
        guard let multi = MultiHandle() else {
            throw TransferFailure(kind: .other, code: CURLE_OUT_OF_MEMORY, message: "libcurl has no memory left.")
        }
        let inbox = HTTPInbox(multi: multi)
        let limits = HTTPLoop.Limits(
            connectionsPerHost: max(1, maximumConnectionsPerHost), connections: max(1, maximumConnections))
        try PlatformThread.start(named: "curl-http") {
            HTTPLoop(multi: multi, inbox: inbox, limits: limits).run()
        }
        self.inbox = inbox
    }

    deinit {
        inbox.close()
    }

    /// Sends a request and waits for the whole response.
    ///
    /// Any status is a response, 3xx, 4xx and 5xx included. Cancelling the task abandons the transfer at once (kind
    /// `cancelled`); `mayHaveArrived` says whether bytes of the request had left.
    public func send(_ request: HTTPRequest) async -> Result<HTTPResponse, TransferFailure> {
        let transfer: HTTPTransfer
        do {
            transfer = try HTTPTransfer(request)
        } catch {
            return .failure(error)
        }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                inbox.submit(transfer, continuation)
            }
        } onCancel: {
            inbox.cancel(transfer)
        }
        // Read here and not on the loop's thread, which has others to serve.
        return outcome.map(HTTPResponse.init(received:))
    }

    /// Ends the client: what is pending fails with kind `closed`, connections are closed, the thread ends.
    ///
    /// Returns when all that is done; later requests fail with kind `closed`.
    public func shutdown() async {
        await withCheckedContinuation { inbox.close(then: $0) }
    }
}

/// A response as the loop's thread hands it over, its head still unread.
struct HTTPReceived: Sendable {
    var status: Int
    var head: [UInt8]
    var body: [UInt8]
    var curlRetryAfter: Int64
}

extension HTTPResponse {
    init(received: HTTPReceived) {
        self.init(status: received.status, headers: HTTPSyntax.fields(in: received.head), body: received.body)
        retryAfter = HTTPSyntax.retryAfter(field: header("retry-after"), curlSeconds: received.curlRetryAfter)
    }
}
