// How the spool is set up, and why it can't be used.

import LeadCore

/// How the spool works; the program's configuration fills it in.
public struct SpoolSettings: Sendable, Equatable {
    /// The directory that holds `incoming/` and `failed/`.
    public var directory: String
    /// A larger file is moved aside unread.
    public var maximumFileBytes: Int
    /// A larger mail is moved aside unread; with what is attached, mails are larger than leads.
    public var maximumMailBytes: Int
    /// A larger file of rows is moved aside unread; such files are read in portions, so this bounds time, not memory.
    public var maximumRowsBytes: Int
    /// For how long a file must have been left alone before it is taken for complete without its writer having said so.
    public var settle: Duration
    /// How often the directory is read through, whatever the kernel has told.
    public var sweep: Duration
    /// A file of more records is moved aside; bounds the memory that a file of tiny records takes.
    public var maximumRecords: Int
    /// What the names in its files mean.
    public var mapping = FieldMapping.canonical
    /// The name of the source whose files come here; nil where each lead names its own.
    public var source: String?
    /// What stands for a lead's source where it names none.
    public var label: String?

    /// Settings; 1 MiB, 25 MiB for mails and 2 GiB for rows, 2 s, 30 s and 10,000 records unless told.
    public init(
        directory: String, maximumFileBytes: Int = 1_048_576, maximumMailBytes: Int = 26_214_400,
        maximumRowsBytes: Int = 2_147_483_648, settle: Duration = .seconds(2), sweep: Duration = .seconds(30),
        maximumRecords: Int = 10_000
    ) {
        self.directory = directory
        self.maximumFileBytes = maximumFileBytes
        self.maximumMailBytes = maximumMailBytes
        self.maximumRowsBytes = maximumRowsBytes
        self.settle = settle
        self.sweep = sweep
        self.maximumRecords = maximumRecords
    }

    /// How the records in it are read.
    public var rules: ReadingRules {
        ReadingRules(mostRecords: maximumRecords, mapping: mapping, source: source, label: label)
    }

    /// How many bytes a file of `format` may have.
    public func limit(_ format: RecordFormat?) -> Int {
        switch format?.size {
        case .mail: max(maximumMailBytes, maximumFileBytes)
        case .rows: max(maximumRowsBytes, maximumFileBytes)
        case .ordinary, nil: maximumFileBytes
        }
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
