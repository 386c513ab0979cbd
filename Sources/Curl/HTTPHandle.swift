// One easy handle for HTTP and what its callbacks gather: the response's head and body, and the evidence of how far
// the transfer came. Handles are used again and again by the loop's thread; only what differs is set anew.

import CCurl

final class HTTPHandle {
    /// What rarely changes from one request to the next; another profile means a reset.
    private struct Profile: Equatable {
        var trust: TLSTrust
        var allowPlainHTTP: Bool
        var proxy: String?
    }

    /// The largest head (all header lines together) to accept, which libcurl 7.88 itself does not limit.
    private static let maximumHeadBytes = 64 * 1024
    /// The first attempt and one more on another connection.
    private static let maximumAttempts = 2

    let easy: EasyHandle
    private(set) var transfer: HTTPTransfer?
    private var profile: Profile?
    private var method: HTTPMethod = .get

    private var head: [UInt8] = []
    private var headBytes = 0
    private var headIsComplete = false
    private var body: [UInt8] = []
    /// True when `body` is the beginning of one that is too long, and that is enough.
    private var bodyIsCut = false
    private var attempts = 0
    private var evidence = TransferEvidence()

    init?() {
        guard let easy = EasyHandle() else { return nil }
        self.easy = easy
    }

    /// Sets the handle up for a transfer; a code other than CURLE_OK means that libcurl refused an option.
    func prepare(_ transfer: HTTPTransfer, now: Int) -> CURLcode {
        self.transfer = transfer
        head = []
        headBytes = 0
        bodyIsCut = false
        headIsComplete = false
        body = []
        attempts = 0
        evidence = TransferEvidence()

        let request = transfer.request
        let wanted = Profile(trust: request.trust, allowPlainHTTP: request.allowPlainHTTP, proxy: request.proxy)
        if profile != wanted { adopt(wanted) }
        easy.set(CURLOPT_URL, request.url)
        easy.set(CURLOPT_HTTPHEADER, list: transfer.headerList)
        easy.set(CURLOPT_TIMEOUT_MS, max(1, transfer.deadline - now))
        easy.set(CURLOPT_CONNECTTIMEOUT_MS, request.timeouts.connect.curlMilliseconds)
        setMethod(request)
        return easy.takeRefusal()
    }

    private func setMethod(_ request: HTTPRequest) {
        let carriesBody = !request.body.isEmpty
        switch request.method {
        case .get where !carriesBody, .delete where !carriesBody:
            easy.set(CURLOPT_HTTPGET, 1)
        default:
            // libcurl reads the bytes where they are. The array is a `let` of the transfer, which this handle keeps
            // until the transfer ends, and a native array's storage does not move while it is not changed.
            request.body.withUnsafeBytes { bytes in
                easy.note(ccurl_set_body(easy.pointer, bytes.baseAddress, curl_off_t(bytes.count)))
            }
        }
        let needsName =
            switch request.method {
            case .get: carriesBody
            case .post: false
            case .put, .patch, .delete: true
            }
        easy.set(CURLOPT_CUSTOMREQUEST, needsName ? request.method.rawValue : nil)
    }

    private func adopt(_ wanted: Profile) {
        easy.reset()
        easy.setCommonOptions(trust: wanted.trust)
        easy.set(CURLOPT_PROTOCOLS_STR, wanted.allowPlainHTTP ? "http,https" : "https")
        easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        easy.set(CURLOPT_FOLLOWLOCATION, 0)
        if let proxy = wanted.proxy { easy.set(CURLOPT_PROXY, proxy) }
        // The head of the proxy's answer to CONNECT is not the response's.
        easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // Idle connections are not used again after the time at which common servers close them, and none for so long
        // that a changed address would go unnoticed.
        easy.set(CURLOPT_MAXAGE_CONN, 50)
        easy.set(CURLOPT_MAXLIFETIME_CONN, 600)
        let context = Unmanaged.passUnretained(self).toOpaque()
        easy.note(ccurl_set_write_function(easy.pointer, receiveBody, context))
        easy.note(ccurl_set_header_function(easy.pointer, receiveHeader, context))
        easy.note(ccurl_set_open_socket_function(easy.pointer, openSocket, context))
        easy.note(ccurl_set_prerequest_function(easy.pointer, requestBegins, context))
        profile = wanted
    }

    /// Forgets the transfer, so that no pointer into it outlives it.
    func release() {
        easy.set(CURLOPT_HTTPHEADER, list: nil)
        easy.note(ccurl_clear_body(easy.pointer))
        transfer = nil
        head = []
        body = []
    }

    // MARK: The end of a transfer

    /// What the transfer came to, by libcurl's word.
    func outcome(code: CURLcode) -> HTTPOutcome {
        let received = HTTPReceived(
            status: easy.long(CURLINFO_RESPONSE_CODE), head: head, body: body,
            curlRetryAfter: easy.offset(CURLINFO_RETRY_AFTER))
        if code == CURLE_OK || bodyIsCut, headIsComplete { return .success(received) }
        if headIsComplete, received.status > 0 {
            evidence.status = received.status
            evidence.retryAfter = HTTPResponse(received: received).retryAfter
        }
        evidence.requestBegan = attempts > 0
        evidence.requestBytesLeft = attempts > 0 && easy.long(CURLINFO_REQUEST_SIZE) > 0
        easy.addEvidence(to: &evidence)
        return .failure(TransferFailure(code: code == CURLE_OK ? CURLE_WEIRD_SERVER_REPLY : code, evidence: evidence))
    }

    /// What the transfer came to that we end before libcurl does.
    func outcome(stopped kind: TransferFailure.Kind) -> HTTPOutcome {
        evidence.stopped = kind
        return outcome(code: CURLE_ABORTED_BY_CALLBACK)
    }

    // MARK: The callbacks

    fileprivate func receive(body bytes: UnsafeRawBufferPointer) -> Int {
        let room = (transfer?.request.maximumResponseBytes ?? 0) - body.count
        guard bytes.count <= room else {
            bodyIsCut = transfer?.request.cutsLongResponses ?? false
            if bodyIsCut { body.append(contentsOf: bytes.prefix(room)) } else { evidence.stopped = .responseTooLarge }
            return 0
        }
        body.append(contentsOf: bytes)
        return bytes.count
    }

    fileprivate func receive(header line: UnsafeRawBufferPointer) -> Int {
        headBytes += line.count
        guard headBytes <= Self.maximumHeadBytes else {
            evidence.stopped = .responseTooLarge
            return 0
        }
        if line.starts(with: "HTTP/".utf8) {
            // Another head follows an interim one (1xx).
            head.removeAll(keepingCapacity: true)
            headIsComplete = false
        } else if line.first == 0x0D || line.first == 0x0A {
            headIsComplete = true
        } else if !headIsComplete {
            head.append(contentsOf: line)
        }
        return line.count
    }

    fileprivate func open(_ address: UnsafeMutablePointer<curl_sockaddr>?) -> curl_socket_t {
        SocketOpener.open(address, policy: policy, evidence: &evidence)
    }

    /// A connection stands, new or kept alive, and the request is about to leave on it.
    fileprivate func begin(peer: UnsafeMutablePointer<CChar>?) -> Int32 {
        // A kept-alive connection was opened under the policy of another request.
        guard let peer, let address = IPAddress(String(cString: peer)), policy.judge(address) == .allowed else {
            evidence.stopped = .addressRefused
            return CURL_PREREQFUNC_ABORT
        }
        attempts += 1
        guard attempts <= Self.maximumAttempts else {
            evidence.stopped = .receiveFailed
            return CURL_PREREQFUNC_ABORT
        }
        return CURL_PREREQFUNC_OK
    }

    private var policy: AddressPolicy {
        guard let request = transfer?.request else { return .publicOnly }
        // The socket is the proxy's, which the configuration names; the host behind it was judged before.
        return request.proxy == nil ? request.addresses : .includingLoopback
    }
}

extension HTTPHandle {
    fileprivate static func from(_ context: UnsafeMutableRawPointer?) -> HTTPHandle? {
        context.map { Unmanaged<HTTPHandle>.fromOpaque($0).takeUnretainedValue() }
    }
}

private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    HTTPHandle.from(context)?.receive(body: UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
}

private func receiveHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    HTTPHandle.from(context)?.receive(header: UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
}

private func openSocket(
    _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    HTTPHandle.from(context)?.open(address) ?? -1
}

private func requestBegins(
    _ context: UnsafeMutableRawPointer?, _ peer: UnsafeMutablePointer<CChar>?, _ local: UnsafeMutablePointer<CChar>?,
    _ peerPort: Int32, _ localPort: Int32
) -> Int32 {
    HTTPHandle.from(context)?.begin(peer: peer) ?? CURL_PREREQFUNC_ABORT
}
