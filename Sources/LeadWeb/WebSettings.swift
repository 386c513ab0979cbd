// Where the pages are served and within which limits. Each limit is set here and enforced in `Server/`; none is left to
// a library's default.

/// Where the server listens and what it bears with.
public struct WebSettings: Sendable, Equatable {
    /// What the server listens on.
    public enum Listen: Sendable, Equatable {
        /// A host's name or address, and a port; 0 for any free one.
        case tcp(host: String, port: Int)
        /// A socket in the file system; one that an earlier run left there is replaced.
        case unix(path: String)
    }

    /// What the server listens on.
    public var listen: Listen
    /// The largest request body in bytes; 64 KiB unless told.
    public var maximumBodyBytes = 65_536
    /// The largest request head in bytes, path and all headers together; 16 KiB unless told.
    public var maximumHeaderBytes = 16_384
    /// The most headers in one request; 64 unless told.
    public var maximumHeaderCount = 64
    /// The most connections at once; 512 unless told.
    ///
    /// One more is accepted all the same, and the one that has kept its request waiting the longest is closed for it,
    /// so that slow sockets never lock others out; for a moment there may be twice as many, since none is closed that has
    /// only just come. Keep twice this below the process's limit of open files.
    public var maximumConnections = 512
    /// How long a connection may lie idle between two requests; 60 s unless told.
    public var keepAlive: Duration = .seconds(60)
    /// Within which time a request must be read and answered, counted from the opening of the connection for the first
    /// one and from its head for others; 20 s unless told.
    public var requestDeadline: Duration = .seconds(20)

    /// Settings with the default limits.
    public init(listen: Listen) { self.listen = listen }
}
