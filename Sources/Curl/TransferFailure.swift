// Why a transfer failed: a kind to decide by, libcurl's code, how far it came, and a plain sentence.
// Sentences are written here or come from fixed tables, never from libcurl's error buffer, because that
// one repeats host names and more. Used by everyone who sends.

import CCurl
import Glibc

/// A transfer that gave no full answer, with what is known about how far it came.
///
/// No part of it repeats the URL, user information, headers, bodies or addresses, so it may be logged.
public struct TransferFailure: Error, Sendable, Equatable {
    /// What went wrong.
    public enum Kind: String, Sendable, CaseIterable {
        /// The URL (or proxy) can't be used: not one, a forbidden scheme, or control characters in it.
        case malformedURL
        /// A request header can't be sent as it is: not a token, control characters, or a framing header.
        case malformedHeader
        /// The relay's settings can't be used: host, port, greeting name or credentials.
        case malformedRelay
        /// The host name has no address.
        case resolve
        /// Every address of the host is one that the address policy refuses; nothing was connected.
        case addressRefused
        /// No connection came about.
        case connect
        /// The TLS handshake failed, other than for the certificate.
        case tls
        /// The peer's certificate is expired, untrusted, or another host's.
        case certificate
        /// The trusted certificates could not be read from their file.
        case trustStore
        /// A limit of `Timeouts` passed.
        case timedOut
        /// The connection broke while sending.
        case sendFailed
        /// The connection broke, or ended too early, while receiving.
        case receiveFailed
        /// What the peer sent is not the protocol.
        case protocolError
        /// The response is larger than the request allows.
        case responseTooLarge
        /// The task that waited was cancelled.
        case cancelled
        /// The client or sender was shut down.
        case closed
        /// The relay does not offer STARTTLS, or refused it.
        case tlsNotOffered
        /// Credentials are configured, and the relay offers no way to use them.
        case authNotOffered
        /// The relay refused the credentials.
        case loginRefused
        /// Anything else; `code` says what.
        case other
    }

    /// How far a transfer came.
    public enum Stage: Sendable {
        /// No byte of the request (of the message, for mail) had left.
        case beforeRequest
        /// The request was being sent or had been sent.
        case afterRequest
    }

    /// What went wrong.
    public var kind: Kind
    /// libcurl's code (`CURLcode`), 0 if libcurl was not the one to fail.
    public var code: Int32
    /// Whether it went wrong before or after the request began to leave.
    public var stage: Stage
    /// True when request bytes had left and no full answer came: the peer may have acted on the request.
    public var mayHaveArrived: Bool
    /// The HTTP status, or the last SMTP reply code, if one had come before the failure.
    public var status: Int?
    /// How long the peer asked to be left alone, as in `HTTPResponse`, if the head of its answer had come; nil if it didn't.
    public var retryAfter: Duration?
    /// One plain sentence.
    public var message: String

    /// A failure described by the caller.
    public init(
        kind: Kind, code: Int32 = 0, stage: Stage = .beforeRequest, mayHaveArrived: Bool = false, status: Int? = nil,
        retryAfter: Duration? = nil, message: String
    ) {
        self.kind = kind
        self.code = code
        self.stage = stage
        self.mayHaveArrived = mayHaveArrived
        self.status = status
        self.retryAfter = retryAfter
        self.message = message
    }

    init(kind: Kind, code: CURLcode, message: String) {
        self.init(kind: kind, code: Int32(bitPattern: code.rawValue), message: message)
    }
}

/// What is known at the end of a transfer beyond libcurl's code; the input of the classification.
struct TransferEvidence: Sendable {
    /// Addresses that the policy refused, and those it let pass.
    var addressesRefused = 0
    var addressesTried = 0
    /// Whether a connection stood and the request was about to leave.
    var requestBegan = false
    /// Whether any byte of the request was handed to the system.
    var requestBytesLeft = false
    /// The system's error number and OpenSSL's verification result, 0 if none.
    var systemError: Int32 = 0
    var verification: Int = 0
    /// The HTTP status or SMTP code, if one had come.
    var status: Int?
    /// What the answer's head asked for.
    var retryAfter: Duration?
    /// Set where our own code stopped the transfer, for this reason.
    var stopped: TransferFailure.Kind?
}

extension TransferFailure {
    /// Classifies the end of a transfer.
    init(code: CURLcode, evidence: TransferEvidence) {
        let kind = evidence.stopped ?? Kind(code: code, evidence: evidence)
        self.init(
            kind: kind,
            code: Int32(bitPattern: code.rawValue),
            stage: evidence.requestBytesLeft ? .afterRequest : .beforeRequest,
            mayHaveArrived: evidence.requestBytesLeft,
            status: evidence.status,
            retryAfter: evidence.retryAfter,
            message: Self.sentence(kind, code: code, evidence: evidence)
        )
    }

    private static func sentence(_ kind: Kind, code: CURLcode, evidence: TransferEvidence) -> String {
        switch kind {
        case .malformedURL: "The URL can't be used: it is malformed, or its scheme is not allowed here."
        case .malformedHeader: "A request header can't be sent as it is."
        case .malformedRelay: "The relay's settings can't be used."
        case .resolve: "The host name could not be resolved; check it, and the name servers."
        case .addressRefused: "The host's address is one that must not be contacted from here."
        case .connect: "No connection came about" + cause(evidence) + "."
        case .tls: "The TLS handshake failed."
        case .certificate: "The peer's certificate was refused: \(certificateFault(evidence.verification))."
        case .trustStore: "The file of trusted certificates could not be read."
        case .timedOut:
            evidence.requestBytesLeft
                ? "The peer did not answer in time." : "The time was over before anything could be sent."
        case .sendFailed: "The connection broke while sending" + cause(evidence) + "."
        case .receiveFailed: "The connection ended before a full answer came" + cause(evidence) + "."
        case .protocolError: "The peer's answer is not in the protocol that was expected."
        case .responseTooLarge: "The response is larger than allowed."
        case .cancelled: "The transfer was cancelled."
        case .closed: "The sender was shut down."
        case .tlsNotOffered: "The relay does not offer STARTTLS, which is required."
        case .authNotOffered:
            "The relay offers no login that fits the configured credentials (PLAIN or LOGIN, XOAUTH2 with a token)."
        case .loginRefused: "The relay refused the login; check the user name and the password or token."
        case .other: "libcurl failed: " + String(cString: curl_easy_strerror(code)) + "."
        }
    }

    private static func cause(_ evidence: TransferEvidence) -> String {
        guard evidence.systemError != 0, let text = strerror(evidence.systemError) else { return "" }
        return " (\(String(cString: text)))"
    }

    /// OpenSSL's X509_V_ERR_* numbers, from x509_vfy.h.
    private static func certificateFault(_ verification: Int) -> String {
        switch verification {
        // 1 is libcurl's "not asked yet": it compares the names first.
        case 0, 1: "it is not for this host"
        case 9: "it is not valid yet"
        case 10: "it has expired"
        case 18, 19: "it is self-signed"
        case 2, 20, 21: "its issuer is not trusted"
        case 23: "it was revoked"
        default: "verification code \(verification)"
        }
    }
}

extension TransferFailure.Kind {
    fileprivate init(code: CURLcode, evidence: TransferEvidence) {
        switch code {
        case CURLE_URL_MALFORMAT:
            self = .malformedURL
        case CURLE_UNSUPPORTED_PROTOCOL:
            // After the request this is libcurl's word for an answer without a status line (HTTP/0.9).
            self = evidence.requestBegan ? .protocolError : .malformedURL
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            self = .resolve
        case CURLE_COULDNT_CONNECT:
            self = evidence.addressesRefused > 0 && evidence.addressesTried == 0 ? .addressRefused : .connect
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CERTPROBLEM:
            self = .tls
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            self = .certificate
        case CURLE_SSL_CACERT_BADFILE:
            self = .trustStore
        case CURLE_OPERATION_TIMEDOUT:
            self = .timedOut
        case CURLE_SEND_ERROR, CURLE_SEND_FAIL_REWIND:
            self = .sendFailed
        case CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE:
            self = .receiveFailed
        case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2, CURLE_HTTP2_STREAM,
            CURLE_REMOTE_ACCESS_DENIED:
            self = .protocolError
        case CURLE_FILESIZE_EXCEEDED:
            self = .responseTooLarge
        case CURLE_USE_SSL_FAILED:
            self = .tlsNotOffered
        case CURLE_LOGIN_DENIED:
            self = .loginRefused
        default:
            self = .other
        }
    }
}
