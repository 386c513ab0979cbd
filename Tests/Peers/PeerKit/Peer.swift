// Real peers for tests: a mail relay and an HTTP server, Python programs beside this file, each with the fault that a
// test asks for. They listen on loopback, end with the test run at the latest, and log before they answer, so that what
// a client was told about is there to be read.

import Foundation
import Synchronization

/// A peer that could not be started or read.
public struct PeerFault: Error, CustomStringConvertible {
    /// What went wrong.
    public let description: String

    /// A fault in the words of the test.
    public init(description: String) {
        self.description = description
    }
}

/// Which certificate a peer shows.
public enum PeerCertificate: String, Sendable, CaseIterable {
    /// Valid for `localhost`, `127.0.0.1` and `::1`, issued by `Peer.caFile`.
    case good
    /// The same, expired yesterday.
    case expired
    /// Another host's.
    case wrongHost = "wrong-host"
    /// Signed by itself.
    case selfSigned = "self-signed"
}

/// A running peer program.
public final class Peer: Sendable {
    /// The login that the mail relay accepts.
    public static let username = "leadbell"
    /// Its password.
    public static let password = "swordfish"

    /// The TCP port on 127.0.0.1.
    public let port: Int
    /// The PEM file of the authority that issued the peers' certificates.
    public let caFile: String
    /// Where a Postfix has its files; nil for others.
    public let folder: String?
    private let secure: Bool
    private let logFile: URL
    private let program: Mutex<Program>

    /// Starts a mail relay.
    ///
    /// Each fault is described in smtp_peer.py.
    public static func smtp(mode: String = "ok", cert certificate: PeerCertificate = .good) throws -> Peer {
        try Peer(
            script: "smtp_peer.py", arguments: ["--mode", mode, "--cert", certificate.rawValue],
            secure: true)
    }

    /// Starts a Postfix of its own, which hands what it takes to `next`; see postfix_peer.py.
    public static func postfix(next: Peer) throws -> Peer {
        try Peer(script: "postfix_peer.py", arguments: ["--next", "\(next.port)"], secure: true)
    }

    /// Starts an HTTP server, with TLS if a certificate is given.
    ///
    /// The faults that paths choose are described in http_peer.py.
    public static func http(cert certificate: PeerCertificate? = nil) throws -> Peer {
        try Peer(
            script: "http_peer.py", arguments: certificate.map { ["--cert", $0.rawValue] } ?? [],
            secure: certificate != nil)
    }

    /// Starts a Slack workspace.
    ///
    /// What it answers is described in slack_peer.py; with `keepsLimits` it takes no more than Slack's documented rates, by
    /// the machine's clock, whatever the clock of the test.
    public static func slack(keepsLimits: Bool = false) throws -> Peer {
        try Peer(script: "slack_peer.py", arguments: keepsLimits ? ["--limits"] : [], secure: false)
    }

    private init(script: String, arguments: [String], secure: Bool) throws {
        self.secure = secure
        let scriptFile = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent(script)
        let shared = try Self.runDirectory.get()
        logFile = shared.appendingPathComponent("log-\(UUID().uuidString)")
        let started = try Program(
            ["/usr/bin/python3", scriptFile.path] + arguments
                + ["--certificates", shared.path, "--log", logFile.path])
        let ready = try Program.readLine(from: started.output)
        guard let line = try JSONSerialization.jsonObject(with: ready) as? [String: Any],
            let port = line["port"] as? Int
        else { throw PeerFault(description: "\(script) did not say that it is ready") }
        self.port = port
        folder = line["folder"] as? String
        caFile = shared.appendingPathComponent("ca.pem").path
        program = Mutex(started)
    }

    deinit {
        stop()
    }

    /// Where the logs of one test run are, and the certificates, made by the first peer that needs them.
    private static let runDirectory: Result<URL, any Error> = Result {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
            "peers-\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        atexit { Peer.removeRunDirectory() }
        return directory
    }

    private static func removeRunDirectory() {
        do {
            try FileManager.default.removeItem(at: runDirectory.get())
        } catch {
            FileHandle.standardError.write(Data("the peers' directory is left behind: \(error)\n".utf8))
        }
    }

    /// The URL of a path on this HTTP server, by address.
    public func url(_ path: String) -> String {
        "\(secure ? "https" : "http")://127.0.0.1:\(port)\(path)"
    }

    /// Ends the program; what it logged stays readable until the peer goes.
    public func stop() {
        program.withLock { $0.end() }
    }

    /// What a peer tells of itself while it runs.
    public enum Event: String, Sendable {
        /// It hangs, as a mode or a path told it to.
        case hang
        /// A client of the relay in mode `tell-quit` said QUIT.
        case quit
        /// The relay in mode `greylist` took a mail.
        case mail
    }

    /// Waits until the peer tells of an event; each counts once.
    public func awaitEvent(_ event: Event) async throws {
        let output = program.withLock { $0.output }
        let line: Data = try await withCheckedThrowingContinuation { continuation in
            // A thread of its own, so that no test that needs the shared ones waits behind it.
            Thread { continuation.resume(with: Result { try Program.readLine(from: output) }) }.start()
        }
        guard String(decoding: line, as: UTF8.self).contains("\"\(event.rawValue)\"") else {
            throw PeerFault(description: "the peer said something else")
        }
    }

    // MARK: What it saw

    /// The requests that the HTTP server read, in order.
    public func requests() throws -> [PeerRequest] {
        try entries().compactMap(PeerRequest.init)
    }

    /// The mails that the relay accepted, in order.
    public func mails() throws -> [PeerMail] {
        try entries().compactMap(PeerMail.init)
    }

    /// How many TCP connections the peer accepted.
    public func connections() throws -> Int {
        try entries().filter { $0["kind"] as? String == "connection" }.count
    }

    func entries() throws -> [[String: Any]] {
        guard FileManager.default.fileExists(atPath: logFile.path) else { return [] }
        let lines = try String(contentsOf: logFile, encoding: .utf8).components(separatedBy: "\n")
        // What follows the last line end is a line that is still being written, on behalf of another test.
        return try lines.dropLast().map { line in
            guard let entry = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
                throw PeerFault(description: "a log line is no object")
            }
            return entry
        }
    }
}

/// A request that the HTTP server read.
public struct PeerRequest: Sendable {
    /// Such as `POST`.
    public let method: String
    /// Without the query.
    public let path: String
    /// Without the question mark; empty for none.
    public let query: String
    /// In the order in which they came.
    public let headers: [(name: String, value: String)]
    /// The body's bytes.
    public let body: [UInt8]
    /// On which of the server's connections it came, from 1.
    public let connection: Int
    /// When the server had read it, in seconds by a clock of its own that isn't set.
    public let at: Double

    /// The body as UTF-8.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The value of the first header of that name, whatever its case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    init?(_ entry: [String: Any]) {
        guard entry["kind"] as? String == "request", let method = entry["method"] as? String,
            let path = entry["path"] as? String, let query = entry["query"] as? String,
            let headers = entry["headers"] as? [[String]], let connection = entry["connection"] as? Int,
            let at = entry["at"] as? Double, let base64 = entry["body_base64"] as? String,
            let body = Data(base64Encoded: base64)
        else { return nil }
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers.map { ($0.first ?? "", $0.last ?? "") }
        self.body = [UInt8](body)
        self.connection = connection
        self.at = at
    }
}

/// A mail that the relay accepted.
public struct PeerMail: Sendable {
    /// `MAIL FROM`.
    public let from: String
    /// `RCPT TO`.
    public let to: [String]
    /// The message's bytes, dots unstuffed.
    public let data: [UInt8]
    /// Whether it came over TLS.
    public let tls: Bool
    /// Who had logged in, if anybody.
    public let auth: String?
    /// How the client greeted.
    public let helo: String
    /// On which of the relay's connections it came, from 1.
    public let connection: Int

    /// The message as UTF-8.
    public var text: String { String(decoding: data, as: UTF8.self) }

    init?(_ entry: [String: Any]) {
        guard entry["kind"] as? String == "mail", let from = entry["from"] as? String,
            let to = entry["to"] as? [String],
            let base64 = entry["data_base64"] as? String, let data = Data(base64Encoded: base64),
            let tls = entry["tls"] as? Bool, let connection = entry["connection"] as? Int
        else { return nil }
        self.from = from
        self.to = to
        self.data = [UInt8](data)
        self.tls = tls
        auth = entry["auth"] as? String
        helo = entry["helo"] as? String ?? ""
        self.connection = connection
    }
}
