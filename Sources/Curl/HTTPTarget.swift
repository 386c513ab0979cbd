// Where a request goes: its URL read once by libcurl's own parser, so that what is checked is what is used.
// Fails for what is no URL, for forbidden schemes and for control characters.

import CCurl

struct HTTPTarget: Equatable {
    /// Scheme, host and port: requests of one lane share connections and their limit.
    let lane: String

    init(_ request: HTTPRequest) throws(TransferFailure) {
        let malformed = TransferFailure(code: CURLE_URL_MALFORMAT, evidence: TransferEvidence())
        guard request.url.utf8.allSatisfy({ !HTTPSyntax.isControl($0) }),
            let parts = Self.parts(of: request.url)
        else { throw malformed }
        guard parts.scheme == "https" || (parts.scheme == "http" && request.allowPlainHTTP) else { throw malformed }
        if let proxy = request.proxy {
            guard !proxy.isEmpty, proxy.utf8.allSatisfy({ !HTTPSyntax.isControl($0) }) else { throw malformed }
            // The proxy opens the connection, out of our callback's sight.
            guard Self.judgeUnresolved(parts.host, by: request.addresses) == .allowed else {
                let evidence = TransferEvidence(addressesRefused: 1)
                throw TransferFailure(code: CURLE_COULDNT_CONNECT, evidence: evidence)
            }
        }
        lane = "\(parts.scheme)://\(parts.host):\(parts.port)"
    }

    /// Judges a host that stays unresolved here; a name other than localhost can't be judged and passes.
    private static func judgeUnresolved(_ host: String, by policy: AddressPolicy) -> AddressVerdict {
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        if let address = IPAddress(bare) { return policy.judge(address) }
        let name = bare.lowercased()
        if name == "localhost" || name.hasSuffix(".localhost") || name == "localhost." {
            return policy.judge(.v4(0x7F00_0001))
        }
        return .allowed
    }

    private static func parts(of url: String) -> (scheme: String, host: String, port: String)? {
        guard let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        guard curl_url_set(handle, CURLUPART_URL, url, 0) == CURLUE_OK,
            let scheme = part(CURLUPART_SCHEME, of: handle),
            let host = part(CURLUPART_HOST, of: handle),
            let port = part(CURLUPART_PORT, of: handle)
        else { return nil }
        return (scheme, host, port)
    }

    private static func part(_ what: CURLUPart, of handle: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, what, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
