// The time limits of a transfer and the trust in its peer. Values; nothing here fails.

/// The time limits of one transfer.
public struct Timeouts: Sendable, Equatable {
    /// Until the connection stands, TLS included (and for mail, the relay's greeting and login); 10 s.
    public var connect: Duration
    /// From handing in the request to the whole answer, time in the queue included; 30 s.
    public var total: Duration
    /// For each SMTP reply, in whole seconds rounded up, which is all that libcurl 7.88 knows; 30 s.
    ///
    /// HTTP has none.
    public var reply: Duration

    /// Time limits, each with its default.
    public init(connect: Duration = .seconds(10), total: Duration = .seconds(30), reply: Duration = .seconds(30)) {
        self.connect = connect
        self.total = total
        self.reply = reply
    }

    /// For mail: a relay may think for a while after the message (RFC 5321, 4.5.3.2.6), and giving up then leaves in
    /// doubt whether it was accepted.
    ///
    /// 10 s, 120 s in total, 60 s a reply.
    public static let mail = Timeouts(total: .seconds(120), reply: .seconds(60))
}

/// Whom to trust as a TLS peer; the certificate and the host's name in it are always verified.
public struct TLSTrust: Sendable, Equatable {
    /// A PEM file with the only trusted issuers, or nil for the system's store.
    public var caFile: String?

    /// Trust in the system's store, or in the issuers of one file alone.
    public init(caFile: String? = nil) {
        self.caFile = caFile
    }
}

extension Duration {
    /// Whole milliseconds for libcurl: rounded up, at least 1 (its 0 means "no limit"), at most what a C int holds.
    var curlMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < Int64(Int32.max) / 1000 else { return Int(Int32.max) }
        let milliseconds = seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int(max(1, milliseconds))
    }

    /// Whole seconds for libcurl: rounded up, at least 1.
    var curlSeconds: Int {
        max(1, (curlMilliseconds + 999) / 1000)
    }
}
