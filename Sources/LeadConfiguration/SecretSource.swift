// Where secrets come from: `env:NAME`, `file:PATH`, `credential:NAME`. What can't be had is named by its reference; the
// value itself goes nowhere but into a `Secret`.

import Glibc
import LeadCore

/// The surroundings in which references to secrets are looked up.
public struct SecretSource: Sendable {
    /// Variables for `env:NAME`.
    public var environment: [String: String]
    /// The folder for `credential:NAME`: systemd's `$CREDENTIALS_DIRECTORY`, nil when there is none.
    public var credentialsDirectory: String?
    /// Reads a file whole.
    public var readFile: @Sendable (String) -> FileReading

    /// True when nothing is looked up and each reference stands for a text without meaning: for commands that need the
    /// configuration but none of its secrets, and may be run by those who can't read them.
    public var isBlind = false

    /// Surroundings; files are read from disk unless told otherwise.
    public init(
        environment: [String: String], credentialsDirectory: String?,
        readFile: @escaping @Sendable (String) -> FileReading = { FileReading.fromDisk($0) }
    ) {
        self.environment = environment
        self.credentialsDirectory = credentialsDirectory
        self.readFile = readFile
    }

    /// Surroundings in which no secret is looked up.
    public static var blind: SecretSource {
        var source = SecretSource(environment: [:], credentialsDirectory: nil)
        source.isBlind = true
        return source
    }

    /// What every reference stands for in blind surroundings: long enough for a key.
    static let placeholder = Secret(String(repeating: "0", count: 64))

    /// What the unit's `LoadCredential=` puts before the name of every file of its folder.
    static let credentialPrefix = "leadbell_"
}

/// What came of reading a file.
public enum FileReading: Sendable {
    /// The bytes, and whether anyone but the owner may do something with the file.
    case read(bytes: [UInt8], isOpenToOthers: Bool)
    /// Why not: "it does not exist".
    case unreadable(reason: String)

    /// Reads the regular file at `path`, at most `limit` bytes; a mebibyte unless told.
    public static func fromDisk(_ path: String, limit: Int = 1_048_576) -> FileReading {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return .unreadable(reason: words(errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return .unreadable(reason: words(errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else { return .unreadable(reason: "it is not a regular file") }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return .unreadable(reason: words(errno)) }
            guard count > 0 else { break }
            bytes += chunk[..<count]
            guard bytes.count <= limit else {
                return .unreadable(reason: "it is larger than \(limit / 1_048_576)MiB")
            }
        }
        return .read(bytes: bytes, isOpenToOthers: status.st_mode & 0o077 != 0)
    }

    private static func words(_ code: Int32) -> String {
        switch code {
        case ENOENT: "it does not exist"
        case EACCES: "permission denied"
        default: String(cString: strerror(code)).lowercased()
        }
    }
}

/// A reference to a secret as the file writes it.
enum SecretReference: CustomStringConvertible {
    case environment(String)
    case file(String)
    case credential(String)

    static let rule = "write env:NAME, file:PATH or credential:NAME"

    /// Reads `env:NAME` and its like; nil for anything else.
    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let name = String(text[text.index(after: colon)...])
        switch text[..<colon] {
        case "env" where Self.isName(name, punctuation: "_"): self = .environment(name)
        case "file" where !name.isEmpty: self = .file(name)
        case "credential" where Self.isName(name, punctuation: "_-.") && !name.hasPrefix("."): self = .credential(name)
        default: return nil
        }
    }

    var description: String {
        switch self {
        case .environment(let name): "env:\(name)"
        case .file(let path): "file:\(path)"
        case .credential(let name): "credential:\(name)"
        }
    }

    private static func isName(_ text: String, punctuation: String) -> Bool {
        !text.isEmpty
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || punctuation.contains($0)) }
    }
}
