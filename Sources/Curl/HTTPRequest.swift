// What is asked for and what is answered over HTTP. Values; a request is checked when it is sent.

/// The method of a request.
public enum HTTPMethod: String, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
}

/// One HTTP request with all that limits it.
public struct HTTPRequest: Sendable {
    /// The method; any method may carry a body.
    public var method: HTTPMethod
    /// An absolute URL, `https://` (or `http://` if `allowPlainHTTP`).
    ///
    /// Never in a log or an error of this module.
    public var url: String
    /// Header fields in the order in which they are sent.
    ///
    /// `Content-Length`, `Transfer-Encoding`, `Connection`, `TE`, `Trailer`, `Upgrade` and `Expect` are the client's
    /// own business and refused.
    public var headers: [(name: String, value: String)]
    /// The body; sent with its length, and empty for none.
    public var body: [UInt8]
    /// Time limits; `reply` is not used.
    public var timeouts: Timeouts
    /// The largest body to accept, in bytes; 64 KiB.
    ///
    /// A larger one fails with `responseTooLarge`, unless `cutsLongResponses`.
    public var maximumResponseBytes: Int
    /// Whether of a larger body the beginning is given, as a success, and the connection closed; false.
    public var cutsLongResponses = false
    /// Which addresses may be contacted; public ones alone by default.
    public var addresses: AddressPolicy
    /// Whom to trust; the system's store by default.
    public var trust: TLSTrust
    /// Whether `http://` is allowed too; false.
    public var allowPlainHTTP: Bool
    /// The URL of a proxy, or nil for none; the environment is never asked.
    ///
    /// The proxy itself may be at a private or loopback address; a host written as a number is still judged by
    /// `addresses`, a name by the proxy alone.
    public var proxy: String?

    /// A request with the defaults of each limit.
    public init(
        method: HTTPMethod = .get,
        url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        timeouts: Timeouts = Timeouts(),
        maximumResponseBytes: Int = 64 * 1024,
        addresses: AddressPolicy = .publicOnly,
        trust: TLSTrust = TLSTrust(),
        allowPlainHTTP: Bool = false,
        proxy: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeouts = timeouts
        self.maximumResponseBytes = maximumResponseBytes
        self.addresses = addresses
        self.trust = trust
        self.allowPlainHTTP = allowPlainHTTP
        self.proxy = proxy
    }
}

/// A complete HTTP response, whatever its status; redirects are not followed.
public struct HTTPResponse: Sendable {
    /// The status, such as 200.
    public var status: Int
    /// Header fields in the order in which they came.
    public var headers: [(name: String, value: String)]
    /// The body, as it came (no content coding is asked for).
    public var body: [UInt8]
    /// How long the peer asks to be left alone (Retry-After in seconds or as a date), from 0 to 24 h; nil if it
    /// doesn't say.
    public var retryAfter: Duration?

    /// A response by its parts.
    public init(
        status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = [], retryAfter: Duration? = nil
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.retryAfter = retryAfter
    }

    /// The value of the first header field of that name, whatever its case.
    public func header(_ name: String) -> String? {
        headers.first {
            $0.name.utf8.elementsEqual(name.utf8) { HTTPSyntax.lowercase($0) == HTTPSyntax.lowercase($1) }
        }?
        .value
    }
}
