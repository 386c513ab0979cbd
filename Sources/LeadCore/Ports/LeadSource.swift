// What the core needs of the spool: batches of files with their records, and two ways to be rid of a file.

/// What is wrong with a file or a record.
public struct IntakeFault: Sendable, Equatable, Codable {
    /// What: "not valid JSON: unexpected character".
    public let what: String
    /// 1-based line in the file, where known.
    public let line: Int?
    /// 1-based column in bytes, where known.
    public let column: Int?
    /// How to fix it.
    public let remedy: String

    /// A fault.
    public init(what: String, line: Int? = nil, column: Int? = nil, remedy: String) {
        self.what = what
        self.line = line
        self.column = column
        self.remedy = remedy
    }
}

/// A lead as a file gave it.
public struct IntakeRecord: Sendable, Equatable {
    /// What makes it this lead and no other.
    public let key: IntakeKey
    /// What the file says.
    public let lead: Lead

    /// A record.
    public init(key: IntakeKey, lead: Lead) {
        self.key = key
        self.lead = lead
    }
}

/// What a file gave: all of it, or the next portion of one that is too large for that.
public struct IntakeFile: Sendable {
    /// How much of its file the records are.
    public enum Extent: Sendable, Equatable {
        /// All of it.
        case whole
        /// A portion that isn't the last; the next is given when this one is retired.
        case part
        /// The last portion of several.
        case end
    }

    /// The name of the way in that the file came by; empty for the one that has none.
    public let origin: String
    /// Where the file is, as the source identifies it; no path.
    public let name: String
    /// The file's device, inode, size and change time, so that a file that was replaced meanwhile isn't removed.
    public let identity: String
    /// The good records, in order.
    public let records: [IntakeRecord]
    /// The bad ones' raw bytes with what is wrong; the whole file's when nothing of it can be read.
    public let rejected: [(bytes: [UInt8], fault: IntakeFault)]
    /// What the bad ones need before them to be read again: the names of columns.
    public let preamble: [UInt8]
    /// How much of its file this is.
    public let extent: Extent

    /// A file's records.
    public init(
        name: String, identity: String, records: [IntakeRecord], rejected: [(bytes: [UInt8], fault: IntakeFault)],
        preamble: [UInt8] = [], extent: Extent = .whole, origin: String = ""
    ) {
        self.origin = origin
        self.name = name
        self.identity = identity
        self.records = records
        self.rejected = rejected
        self.preamble = preamble
        self.extent = extent
    }
}

/// Something that happened in the spool which an operator should see in the log.
public enum IntakeNotice: Sendable, Equatable {
    /// A file or records of it went to `failed/`.
    case quarantined(name: String, fault: IntakeFault, records: Int)
    /// A file could not be removed, moved or read; it will be tried again.
    case trouble(name: String, reason: String)
    /// So many records of a large file are taken in, which is that much of it.
    case progress(name: String, records: Int, percent: Int)
    /// The watch lost events and everything was scanned again.
    case rescanned(reason: String)
}

/// Where leads come from.
public protocol LeadSource: Sendable {
    /// Waits until files are there and gives up to `limit` of them, read; ends (nil) once the task is cancelled.
    ///
    /// A file that was given and not yet retired isn't given again, unless `release` was called for it.
    func next(limit: Int) async -> [IntakeFile]?

    /// Removes files whose leads are durable, and goes on in those of which a portion is; keeps rejected records in
    /// `failed/` with their reasons first.
    func retire(_ files: [IntakeFile]) async

    /// Leaves files where they are, to be given again after a while, because their leads could not be stored.
    func release(_ files: [IntakeFile]) async

    /// What happened since the last call.
    func notices() async -> [IntakeNotice]
}
