// What was said between us and a relay over one mail, for whoever tries a channel out. Logins are left out as they are
// taken down, so no transcript ever holds a password.

import Synchronization

/// The dialogue over one mail, line by line: `> ` is ours, `< ` the relay's.
public final class SMTPTranscript: Sendable {
    private let said = Mutex<[String]>([])

    private static let verbs: Set<String> = [
        "EHLO", "HELO", "STARTTLS", "MAIL", "RCPT", "DATA", "QUIT", "RSET", "NOOP",
    ]
    private static let most = 200

    /// An empty transcript.
    public init() {}

    /// The dialogue so far, printable.
    public var lines: [String] { said.withLock { $0 } }

    /// Takes down what we say: commands, never the message.
    func say(_ bytes: some Collection<UInt8>) {
        for line in Self.split(bytes) {
            let verb = line.split(separator: " ").first?.uppercased() ?? ""
            // Whatever is no command is the rest of a login.
            add(verb == "AUTH" ? "> AUTH ‹login›" : Self.verbs.contains(verb) ? "> \(line)" : "> ‹login›")
        }
    }

    /// Takes down what the relay says.
    func hear(_ bytes: some Collection<UInt8>) {
        for line in Self.split(bytes) {
            // 334 asks for the next part of a login, and may repeat the one before.
            add(line.hasPrefix("334") ? "< 334 ‹login›" : "< \(line)")
        }
    }

    private func add(_ line: String) {
        said.withLock { if $0.count < Self.most { $0.append(line) } }
    }

    private static func split(_ bytes: some Collection<UInt8>) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map { line in
            let scalars = line.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }
            return String(String.UnicodeScalarView(scalars))
        }
    }
}
