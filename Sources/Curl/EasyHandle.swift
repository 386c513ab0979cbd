// One libcurl easy handle with its options set by type. Setting never throws: the first refusal is kept
// and asked for once, before the transfer starts. Used by HTTPHandle and SMTPHandle, on their threads.

import CCurl

final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    private var refusal = CURLE_OK

    /// A handle with libcurl's own defaults, or nil if there is no memory for it.
    init?() {
        guard let pointer = curl_easy_init() else { return nil }
        self.pointer = pointer
    }

    deinit {
        curl_easy_cleanup(pointer)
    }

    /// Back to libcurl's own defaults; connections, sessions and names already resolved stay.
    func reset() {
        curl_easy_reset(pointer)
        refusal = CURLE_OK
    }

    /// The first refusal of an option since the last call, or CURLE_OK.
    func takeRefusal() -> CURLcode {
        defer { refusal = CURLE_OK }
        return refusal
    }

    func note(_ code: CURLcode) {
        if code != CURLE_OK, refusal == CURLE_OK { refusal = code }
    }

    func set(_ option: CURLoption, _ value: Int) {
        note(ccurl_set_long(pointer, option, value))
    }

    func set(_ option: CURLoption, offset value: Int) {
        note(ccurl_set_offset(pointer, option, curl_off_t(value)))
    }

    func set(_ option: CURLoption, _ value: String?) {
        if let value {
            note(value.withCString { ccurl_set_string(pointer, option, $0) })
        } else {
            note(ccurl_set_string(pointer, option, nil))
        }
    }

    func set(_ option: CURLoption, pointer value: UnsafeMutableRawPointer?) {
        note(ccurl_set_pointer(pointer, option, value))
    }

    func set(_ option: CURLoption, list: UnsafeMutablePointer<curl_slist>?) {
        note(ccurl_set_list(pointer, option, list))
    }

    func long(_ info: CURLINFO) -> Int {
        var value = 0
        return ccurl_get_long(pointer, info, &value) == CURLE_OK ? value : 0
    }

    func offset(_ info: CURLINFO) -> Int64 {
        var value: curl_off_t = 0
        return ccurl_get_offset(pointer, info, &value) == CURLE_OK ? Int64(value) : 0
    }

    /// What every transfer of ours has in common, HTTP or mail.
    func setCommonOptions(trust: TLSTrust) {
        set(CURLOPT_NOSIGNAL, 1)
        // A name server that hangs must not hold up the thread: without this libcurl waits for the thread that
        // resolves a name even after the transfer's time is over.
        set(CURLOPT_QUICK_EXIT, 1)
        // Empty, not null: null would let the environment (http_proxy, no_proxy) decide.
        set(CURLOPT_PROXY, "")
        set(CURLOPT_NOPROXY, "")
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let caFile = trust.caFile {
            set(CURLOPT_CAINFO, caFile)
            // Otherwise the system's directory of issuers would be trusted besides the file.
            set(CURLOPT_CAPATH, nil)
        }
    }

    /// The evidence that libcurl itself has about the transfer that just ended.
    func addEvidence(to evidence: inout TransferEvidence) {
        evidence.systemError = Int32(truncatingIfNeeded: long(CURLINFO_OS_ERRNO))
        evidence.verification = long(CURLINFO_SSL_VERIFYRESULT)
    }
}

/// Opens the sockets that libcurl asks for, if the policy lets it.
enum SocketOpener {
    /// The socket, or CURL_SOCKET_BAD with the refusal counted.
    static func open(
        _ address: UnsafeMutablePointer<curl_sockaddr>?, policy: AddressPolicy, evidence: inout TransferEvidence
    ) -> curl_socket_t {
        guard let address else { return -1 }
        let target = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16) { bytes -> IPAddress? in
            bytes.initialize(repeating: 0)
            let count = Int(ccurl_address_bytes(address, bytes.baseAddress))
            return IPAddress(networkBytes: bytes.prefix(count))
        }
        guard let target, policy.judge(target) == .allowed else {
            evidence.addressesRefused += 1
            return -1
        }
        evidence.addressesTried += 1
        return ccurl_open_socket(address)
    }
}
