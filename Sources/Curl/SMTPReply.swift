// What a relay says and what a mail came to. Values. The reading of reply lines is forgiving: a relay that writes
// nonsense is an answer that libcurl refuses, never a crash here.

/// A relay's reply to a command (RFC 5321, 4.2).
public struct SMTPReply: Sendable, Equatable {
    /// The code, such as 250.
    public var code: Int
    /// The enhanced status code (RFC 3463), such as "5.7.1", if the relay gave one.
    public var enhanced: String?
    /// The text of its lines in one, printable, at most 200 characters.
    public var text: String

    /// A reply by its parts.
    public init(code: Int, enhanced: String? = nil, text: String = "") {
        self.code = code
        self.enhanced = enhanced
        self.text = text
    }
}

/// What of a mail a relay had been told when it gave its word.
public enum SMTPStage: Sendable, Equatable {
    /// Whom it is from, and nothing else of it.
    case sender
    /// Whom it is for.
    case recipient
    /// That the message follows, or the message itself.
    case message
}

/// What a mail came to.
public enum SMTPOutcome: Sendable, Equatable {
    /// The relay has the mail and the duty to deliver it.
    case accepted(SMTPReply)
    /// The relay refused it with a 4xx: the same may succeed later.
    case refusedForNow(SMTPReply)
    /// The relay refused it with a 5xx at that stage: the same will be refused again.
    case refused(SMTPReply, at: SMTPStage)
    /// The relay takes no mail from us at the moment: it refused the connection or the greeting, before it heard of any.
    case unserved(SMTPReply)
    /// The mail was not handed over, and surely not accepted: no connection, no TLS, no login, a limit of time.
    case failed(TransferFailure)
    /// The connection was lost or the time over when the whole mail was out and the relay's word was due: it may have
    /// the mail. Sending again, with the same Message-ID, may deliver it twice.
    case unknown(TransferFailure)
}

extension SMTPReply {
    private static let longestText = 200
    /// Of a line, in bytes; enough for the longest text.
    private static let longestLine = 1000

    /// One line of a reply, if it is one. Of most replies only the code is of interest, so the text is read when it is asked
    /// for.
    struct Line {
        let code: Int
        let isLast: Bool
        private let bytes: [UInt8]

        init?(_ bytes: some Collection<UInt8>) {
            let bytes = Array(bytes.prefix(SMTPReply.longestLine))
            // libcurl, too, passes over lines of fewer than four bytes with their line end.
            guard bytes.count >= 4, bytes[..<3].allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
            self.bytes = bytes
            code = bytes[..<3].reduce(0) { $0 * 10 + Int($1 - 0x30) }
            isLast = bytes[3] != UInt8(ascii: "-")
        }

        /// What stands after the code, without the line end.
        fileprivate var text: Substring {
            String(decoding: bytes.dropFirst(4), as: UTF8.self).prefix { $0 != "\r" && $0 != "\n" && $0 != "\r\n" }
        }
    }

    /// The reply that these lines are; nil when there are none.
    init?(_ lines: [Line]) {
        guard let last = lines.last else { return nil }
        self.init(code: last.code)
        for line in lines { add(line) }
    }

    private mutating func add(_ line: Line) {
        var rest = line.text.drop { $0 == " " }
        if let status = Self.enhancedStatus(in: rest) {
            if enhanced == nil { enhanced = String(status) }
            rest = rest.dropFirst(status.count).drop { $0 == " " }
        }
        guard text.count < Self.longestText, !rest.isEmpty else { return }
        if !text.isEmpty { text += " " }
        text += rest.unicodeScalars.reduce(into: "") { result, scalar in
            result.unicodeScalars.append(Self.isPrintable(scalar) ? scalar : "?")
        }
        text = String(text.prefix(Self.longestText))
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }

    /// RFC 3463, 2: class 2, 4 or 5, then two numbers of up to three digits.
    private static func enhancedStatus(in text: Substring) -> Substring? {
        let status = text.prefix { $0 != " " }
        let parts = status.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, ["2", "4", "5"].contains(parts[0]),
            parts.dropFirst().allSatisfy({ (1...3).contains($0.utf8.count) && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }
            )
        else { return nil }
        return status
    }
}
