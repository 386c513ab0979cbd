// How the spool is set up, and why it can't be used.

/// How the spool works; the program's configuration fills it in.
public struct SpoolSettings: Sendable, Equatable {
    /// The directory that holds `incoming/` and `failed/`.
    public var directory: String
    /// A larger file is moved aside unread.
    public var maximumFileBytes: Int
    /// For how long a file must have been left alone before it is taken for complete without its writer having said so.
    public var settle: Duration
    /// How often the directory is read through, whatever the kernel has told.
    public var sweep: Duration
    /// A file of more records is moved aside; bounds the memory that a file of tiny records takes.
    public var maximumRecords: Int

    /// Settings; 1 MiB, 2 s, 30 s and 10,000 records unless told.
    public init(
        directory: String, maximumFileBytes: Int = 1_048_576, settle: Duration = .seconds(2),
        sweep: Duration = .seconds(30), maximumRecords: Int = 10_000
    ) {
        self.directory = directory
        self.maximumFileBytes = maximumFileBytes
        self.settle = settle
        self.sweep = sweep
        self.maximumRecords = maximumRecords
    }
}

/// Why the spool can't be used; the sentence says what to do about it.
public struct SpoolFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of fault it is.
    public enum Code: String, Sendable {
        /// The directories can't be made, opened or written.
        case unavailable
        /// The name can't be a lead file's.
        case badName
    }

    /// The kind.
    public let code: Code
    /// A plain sentence with the remedy; holds no lead's data.
    public let description: String

    /// A failure.
    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
